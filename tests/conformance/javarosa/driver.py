"""Both engines behind the same five questions, and the comparison of what they answer."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pyxform

SECONDS_FOR_A_FORM = 60
HERE = Path(__file__).parent
JAR = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"


@dataclass(frozen=True, slots=True)
class Leaf:
    relevant: bool
    required: bool
    readonly: bool
    value: str


class JavaRosaError(RuntimeError):
    """JavaRosa refused the command (its own message)."""


class JavaRosa:
    """The engine of ODK Collect in a process of its own. Use as a context manager."""

    def __init__(self, classes: Path) -> None:
        self._process = subprocess.Popen(
            ["java", "-Duser.timezone=UTC", "-Xss8m", "-cp", f"{classes}:{JAR}", "Oracle"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            bufsize=1,
        )

        self._watchdog: threading.Timer | None = None

    def __enter__(self) -> JavaRosa:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _send(self, *words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\t".join(words) + "\n")
        self._process.stdin.flush()

    def _lines(self) -> Iterator[str]:
        """JavaRosa logs on the same stream: only lines of the protocol are ours."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield line.rstrip("\n")
        raise JavaRosaError("the process has ended")

    def _answer(self, *prefixes: str) -> str:
        for line in self._lines():
            if line.startswith("ERR "):
                raise JavaRosaError(line[4:])
            if line.startswith(prefixes):
                return line
        raise JavaRosaError("no answer")

    def open(self, path: Path, media: Path) -> None:
        """Read a form; the files it names are looked for in `media`."""
        if self._watchdog is not None:
            self._watchdog.cancel()
        self._watchdog = threading.Timer(SECONDS_FOR_A_FORM, self._process.kill)
        self._watchdog.daemon = True
        self._watchdog.start()
        self._send("media", str(media))
        self._answer("MEDIA ok")
        self._send("form", str(path))
        self._answer("FORM ok")

    def set(self, ref: str, value: str) -> str:
        """ "ok", "required", "constraint", "not asked" or "bad type"."""
        self._send("set", ref, value.replace("\n", "\\n"))
        code = self._answer("SET ", "NOQ", "BAD")
        return {
            "SET 0": "ok",
            "SET 1": "required",
            "SET 2": "constraint",
            "NOQ": "not asked",
            "BAD": "bad type",
        }[code]

    def repeat(self, ref: str) -> bool:
        self._send("repeat", ref)
        return self._answer("REPEAT ok", "NOQ") == "REPEAT ok"

    def dump(self) -> dict[str, Leaf]:
        self._send("dump")
        leaves: dict[str, Leaf] = {}
        for line in self._lines():
            if line == "END":
                return leaves
            if line.startswith("ERR "):
                raise JavaRosaError(line[4:])
            fields = line.split("\t")
            if len(fields) == 5 and fields[0].startswith("/"):
                leaves[plain(fields[0])] = Leaf(
                    fields[1] == "true", fields[2] == "true", fields[3] != "true", unline(fields[4])
                )
        return leaves

    def choices(self, ref: str) -> list[tuple[str, str]]:
        self._send("choices", ref)
        found = []
        for line in self._lines():
            if line == "END":
                return found
            if line.startswith("ERR "):
                raise JavaRosaError(line[4:])
            fields = line.split("\t")
            if len(fields) == 2:
                found.append((unline(fields[0]), unline(fields[1])))
        return found

    def submission(self) -> str:
        self._send("xml")
        return unline(self._answer("XML ")[4:])

    def time(self, rounds: int) -> float:
        """Seconds for one fresh, initialised instance of the form."""
        self._send("time", str(rounds))
        return int(self._answer("TIME ")[5:]) / 1e9 / rounds


def unline(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text)


def plain(ref: str) -> str:
    """JavaRosa's /data/orx:meta[1]/orx:instanceID[1] without prefixes."""
    return re.sub(r"/[\w.\-]+:", "/", ref)


def compile_oracle(folder: Path) -> None:
    """Compile Oracle.java into `folder` (a JDK is needed)."""
    options = ["-nowarn", "-encoding", "UTF-8", "-cp", str(JAR), "-d", str(folder)]
    subprocess.run(["javac", *options, str(HERE / "Oracle.java")], check=True, capture_output=True)
