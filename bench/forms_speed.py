"""The form engine beside JavaRosa, the engine of ODK Collect, in one run.

Run: python -m bench forms_speed
Three forms: sixty questions made here, the shipped questionnaire, and the 551 binds of the WHO
verbal autopsy when the recorded forms are there (RESTANQUE_CONFORMANCE). For each, the time of a
new answer, everything computed, in both engines; ours for a full recomputation. Then a thousand
different submissions of the shipped questionnaire, read, recomputed and validated on one core.
JavaRosa needs a JDK; without one its column is empty, and the bounds that remain are held.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from lxml import etree

from bench.forms_recompute import NOW, memory, milliseconds, workbook
from restanque.engine.forms import Form, FormError, Session, convert_xlsform, parse_form
from tests.conformance.javarosa.driver import JavaRosa, compile_oracle

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "src/restanque/surveys/questionnaires/pain-restauration-collective.xlsx"
POOL = Path(os.environ.get("RESTANQUE_CONFORMANCE", ROOT.parent / "shared/data/conformance"))
VERBAL_AUTOPSY = "whova_form.xml"

SUBMISSIONS = 1_000
ROUNDS = 60
# A new answer may cost this many of JavaRosa's, which is compiled; measured: 0.2 to 4.
BOUND = 12.0
# Checking a submission may cost this many readings of its XML by lxml alone; measured: 130.
BOUND_CHECK = 400.0


def main() -> int:
    """1 when a bound is passed."""
    failed = False
    with ExitStack() as stack:
        oracle = _javarosa(stack)
        print(
            f"{'form':26}{'binds':>6}{'answers':>9}{'parse':>9}{'memory':>9}{'recompute':>11}",
            end="",
        )
        print(f"{'new answer':>12}{'JavaRosa':>10}{'ratio':>7}")
        for name, xform in forms():
            failed |= _compare(name, xform, oracle) > BOUND
    ratio = _check_submissions(parse_form(_xform(SHIPPED)))
    print(f"  a check ÷ reading its XML {ratio:.0f} (at most {BOUND_CHECK:.0f})")
    return 1 if failed or ratio > BOUND_CHECK else 0


def forms() -> Iterator[tuple[str, str]]:
    made = convert_xlsform(workbook(), filename="banc.xlsx").xform
    assert made is not None
    yield "sixty questions", made
    yield "shipped questionnaire", _xform(SHIPPED)
    found = next(POOL.rglob(VERBAL_AUTOPSY), None)
    if found is None:
        print(f"({VERBAL_AUTOPSY} is not in {POOL}: the form of 551 binds is left out)")
    else:
        yield "WHO verbal autopsy", found.read_text(encoding="utf-8")


def _xform(path: Path) -> str:
    xform = convert_xlsform(path.read_bytes(), filename=path.name).xform
    assert xform is not None
    return xform


def _javarosa(stack: ExitStack) -> JavaRosa | None:
    if shutil.which("javac") is None:
        print("(no JDK: nothing to compare with)")
        return None
    classes = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    compile_oracle(classes)
    return stack.enter_context(JavaRosa(classes))


def _compare(name: str, xform: str, oracle: JavaRosa | None) -> float:
    """Print a line; ours ÷ JavaRosa's for a new answer, 0 when there is no JavaRosa."""
    form = parse_form(xform)
    session = _answered(form, seed=1, visits=4)
    rounds = 200 if len(form.binds) < 200 else ROUNDS
    ours = milliseconds(lambda: Session(form, now=NOW), rounds)
    print(f"{name:26}{len(form.binds):>6}{len(session.flat()):>9}", end="")
    print(f"{milliseconds(lambda: parse_form(xform), 10):>6.1f} ms", end="")
    print(f"{memory(lambda: parse_form(xform)):>6.1f} MB", end="")
    print(f"{milliseconds(session.recompute, rounds):>8.2f} ms{ours:>9.2f} ms", end="")
    if oracle is None:
        print()
        return 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xml"
        path.write_text(xform, encoding="utf-8")
        oracle.open(path, path.parent)
        oracle.time(rounds)  # the virtual machine compiles what it sees often
        theirs = min(oracle.time(rounds) for _ in range(3)) * 1000
    print(f"{theirs:>7.2f} ms{ours / theirs:>6.1f}×")
    return ours / theirs


def _check_submissions(form: Form) -> float:
    """Check a thousand different submissions; seconds ÷ those of reading their XML."""
    submissions = [_answered(form, seed).to_xml(prune=True) for seed in range(SUBMISSIONS)]
    sound = 0

    def check() -> None:
        nonlocal sound
        for xml in submissions:
            session = Session(form, now=NOW, instance=xml)
            sound += not session.validate()
            session.flat()

    spent = _seconds(check)
    reading = min(
        _seconds(lambda: [etree.fromstring(x.encode()) for x in submissions]) for _ in "abc"
    )
    print(
        f"{SUBMISSIONS} submissions ({len(set(submissions))} different, {sound} without fault) "
        f"checked in {spent:.1f} s, {spent / SUBMISSIONS * 1000:.1f} ms each"
    )
    return spent / reading


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _answered(form: Form, seed: int, visits: int = 1) -> Session:
    """Plausible answers, some of them wrong, to what each visit of the pages finds asked."""
    draw = random.Random(seed)
    session = Session(form, now=NOW, seed=seed)
    for page in form.pages * visits:
        for top in session.visible_items(page):
            for item in top.walk():
                if item.kind == "question" and item.state is not None and not item.state.value:
                    _answer(session, item.path, draw)
    session.recompute()
    return session


def _answer(session: Session, path: str, draw: random.Random) -> None:
    control = session.form.question(path)
    values = [choice.value for choice in session.choices(path)]
    by_type = {"int": "12", "decimal": "3.5", "date": "2026-03-01", "geopoint": "43.3 5.4"}
    if control.kind == "select":
        text = " ".join(value for value in values if draw.random() < 0.4)
    elif values:
        text = draw.choice(values)
    else:
        text = by_type.get(control.type, draw.choice(["Figeac", "0442000000", "x@y.fr"]))
    try:
        session.set(path, text)
    except FormError:
        # The answer before closed the turn that this question was in.
        return


if __name__ == "__main__":
    raise SystemExit(main())
