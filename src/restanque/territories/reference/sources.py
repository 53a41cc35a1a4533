"""Where each reference figure comes from: the content of `data/sources.json`."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DATA_DIR = Path(__file__).resolve().parent.parent / "data"
SOURCES_FILE = "sources.json"


@dataclass(frozen=True, slots=True)
class Source:
    """One data file: what it holds, from whom, of when, under which licence, with which limits.

    `extracted_on` is the ISO day on which the file last changed, so a rebuild that finds the same
    data leaves it alone.
    """

    file: str
    title: str
    contents: str
    producer: str
    vintage: str
    licence: str
    package: str
    package_version: str
    package_sha256: str
    extracted_on: str
    rows: int
    bytes: int
    sha256: str
    caveats: tuple[str, ...]

    @property
    def extracted_day(self) -> date:
        """`extracted_on` as a date."""
        return date.fromisoformat(self.extracted_on)


def write_sources(folder: Path, entries: list[Source]) -> None:
    """Write `sources.json`, with the digest of the whole set."""
    content = {
        "digest": digest_of(entries),
        "files": [asdict(entry) for entry in sorted(entries, key=lambda e: e.file)],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    (folder / SOURCES_FILE).write_text(text, encoding="utf-8")


def read_sources(folder: Path) -> tuple[str, tuple[Source, ...]]:
    """Return (digest of the set, sources). Raises `FileNotFoundError` before the first build."""
    content = json.loads((folder / SOURCES_FILE).read_text(encoding="utf-8"))
    return content["digest"], tuple(_source(entry) for entry in content["files"])


@cache
def sources() -> dict[str, Source]:
    """The sources of the data shipped with the package, by file name."""
    return {source.file: source for source in read_sources(DATA_DIR)[1]}


def digest_of(entries: list[Source]) -> str:
    """One SHA-256 for the set of files: the same data have the same digest."""
    lines = "\n".join(sorted(f"{entry.sha256}  {entry.file}" for entry in entries))
    return hashlib.sha256(lines.encode()).hexdigest()


def _source(entry: dict[str, Any]) -> Source:
    return Source(**{**entry, "caveats": tuple(entry["caveats"])})
