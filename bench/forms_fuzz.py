"""Hostile questionnaires, XForms, answers and formulas, as long as one likes.

Run: python -m bench forms_fuzz --seconds 600 [--keep FOLDER]
Every input must be answered or refused in French, within the time of `fuzzing.SECONDS`; anything
else is a finding, reduced by hypothesis to its smallest form and printed (written in FOLDER, to be
added to tests/engine/forms/corpus). The exit code is 1 when there is one.
"""

from __future__ import annotations

import argparse
import collections
import resource
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisWarning

from tests.engine.forms import fuzzing, hostile_inputs
from tests.engine.forms.xpath.test_robustness import ATOM, combined

BATCH = 100
SECONDS = 60
LIMIT_MB = 2_000
"""Memory that the whole run may reach: what is refused must not have been kept."""

SIGNS = "()[]/@.,'\"=<>|*+-${} :"
formulas = st.one_of(
    st.recursive(ATOM, combined, max_leaves=12),
    st.sampled_from(hostile_inputs.FORMULAS),
    st.text(max_size=60),
    st.lists(st.sampled_from([*SIGNS, "div", "a", "1", "..", "//"]), max_size=40).map("".join),
)

# Name → inputs, how one is written down, what is done with it.
TARGETS: dict[str, tuple[st.SearchStrategy[object], str, Callable[..., None]]] = {
    "sheets": (
        hostile_inputs.sheets,
        ".txt",
        lambda rows: fuzzing.probe_sheet(hostile_inputs.workbook(*rows)),
    ),
    "xforms": (
        st.builds(hostile_inputs.mutate, st.integers(0, 20), hostile_inputs.mutations),
        ".xform",
        fuzzing.probe_xform,
    ),
    "answers": (hostile_inputs.answers, ".json", fuzzing.probe_answers),
    "instances": (
        hostile_inputs.trees.map(hostile_inputs.instance),
        ".instance",
        fuzzing.probe_instance,
    ),
    "xpath": (formulas, ".xpath", fuzzing.probe_xpath),
    "bytes": (
        st.tuples(st.binary(max_size=400), st.sampled_from(["a.xlsx", "a.xls", "a.md", "a.xml"])),
        ".bytes",
        lambda pair: fuzzing.probe_sheet(*pair),
    ),
}


class Run:
    """Examples tried, the slowest input, the findings."""

    def __init__(self, keep: Path | None) -> None:
        self.keep = keep
        self.tried: collections.Counter[str] = collections.Counter()
        self.slowest: dict[str, float] = collections.defaultdict(float)
        self.findings: dict[str, str] = {}

    def batch(self, name: str, number: int) -> None:
        strategy, suffix, probe = TARGETS[name]
        last: list[object] = []

        @seed(number)
        @settings(
            max_examples=BATCH,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def attempt(example: object) -> None:
            last[:] = [example]
            self.tried[name] += 1
            taken = fuzzing.timed(probe, example)
            self.slowest[name] = max(self.slowest[name], taken)

        try:
            attempt()
        except Exception:
            where = traceback.format_exc().strip().splitlines()
            kind = f"{name}: {_place(where)}"
            if kind not in self.findings:
                self.findings[kind] = repr(last[0])[:2000]
                print(f"\nFinding in {kind}\n  {self.findings[kind]}", flush=True)
                if self.keep is not None:
                    self.keep.mkdir(parents=True, exist_ok=True)
                    text = last[0] if isinstance(last[0], str) else repr(last[0])
                    path = self.keep / f"{name}-{len(self.findings)}{suffix}"
                    path.write_text(text, encoding="utf-8", errors="backslashreplace")


def _place(lines: list[str]) -> str:
    """The last line of the engine in a traceback, and the error."""
    ours = [line.strip() for line in lines if "/engine/forms/" in line]
    error = next((line for line in reversed(lines) if not line.startswith((" ", "Falsify"))), "")
    return f"{ours[-1].rpartition('/')[2] if ours else ''} {error[:160]}"


def rounds(seconds: float) -> Iterator[tuple[str, int]]:
    """Each kind of input in turn, until the time is over."""
    end = time.monotonic() + seconds
    number = int(time.time())
    while True:
        for name in TARGETS:
            if time.monotonic() >= end:
                return
            yield name, number
        number += 1


def main() -> int:
    """1 when an input did anything else than being answered or refused."""
    parser = argparse.ArgumentParser(prog="bench forms_fuzz")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--keep", type=Path)
    options, _ = parser.parse_known_args(sys.argv[1:])
    warnings.simplefilter("ignore", HypothesisWarning)
    run = Run(options.keep)
    start = time.monotonic()
    for name, number in rounds(options.seconds):
        run.batch(name, number)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for name in TARGETS:
        print(f"  {name:10}{run.tried[name]:8} inputs, the slowest {run.slowest[name]:.2f} s")
    print(
        f"  {time.monotonic() - start:.0f} s, {run.tried.total()} inputs, {megabytes:.0f} MB "
        f"at most (limit {LIMIT_MB}), {len(run.findings)} findings"
    )
    return 1 if run.findings or megabytes > LIMIT_MB else 0


if __name__ == "__main__":
    raise SystemExit(main())
