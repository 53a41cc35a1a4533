"""Scenario scripts recorded from ODK Web Forms' own tests, played on our engine.

A script is decided when at least one of its expectations can be judged; every one that can be must
be met. What the recording lacks makes an expectation undecidable: `ledger.json` counts the scripts
that are for that reason alone, so that none can become so unseen.
"""

from __future__ import annotations

import collections
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.corpus import load_cases
from tests.conformance.scenario.replay import Replay

LEDGER = Path(__file__).parent / "ledger.json"

#: Scripts on which we do not do what they expect: end of the test's name, and the reason. Each was
#: put to JavaRosa (`javarosa/Oracle.java`), which is followed unless the reason says otherwise.
DISAGREEMENTS = {
    r"does not update after field becomes relevant$": "JavaRosa sets the value of what is hidden",
    r"updates repeat count, inside( and outside)? repeat$": "in a turn, count(/data/r) is 1 when "
    "JavaRosa opens an answer, and the number of turns when one is added; always 1 here",
    r"casts a decimal/fractional value to an integer$": "JavaRosa refuses 2.5 for a whole number; "
    "so do we, with a sentence",
    r"should order options correctly when the rank question": "JavaRosa keeps the order in which "
    "choices were ticked",
    r"preloads specified data in bound attributes$": "JavaRosa preloads no attribute",
    r"normalizes combining characters in a": "JavaRosa keeps a text as it was typed",
    r"injects and populates an? (missing )?(orx:)?(instanceID|meta)": "JavaRosa adds no identifier "
    "to a form that has no place for one; the linter's converter always makes one",
    r"form-defined media types > \$description #3$": "JavaRosa keeps mediatype as it is written",
    r"supports codependant relevant conditions$": "JavaRosa opens no form whose relevances wait "
    "for each other",
    # Ours, on purpose (README of engine/forms, §7).
    r"nulls out value if value is out of range$": "an answer is refused, never erased",
    r"delays updating count when expression produces blank value$": "the turns are put aside",
    r"does not produce validation errors for non-relevant questions$": "a question that is not "
    "asked is not said to be required; it has no fault, as the script wants",
}

pytestmark = pytest.mark.conformance


def is_usable(case: dict[str, Any]) -> bool:
    """Recorded whole, and expected to succeed by its own authors."""
    return not case["err"] and not case["fails"] and any(op["op"] == "init" for op in case["ops"])


def test_scenarios_are_played_as_recorded() -> None:
    cases = load_cases("scenario_cases.json.gz")
    ledger = json.loads(LEDGER.read_text())
    passed = in_part = 0
    known: list[str] = []
    surprises: list[str] = []
    undecided: collections.Counter[str] = collections.Counter()
    for case in filter(is_usable, cases):
        replay = Replay(case)
        result = replay.run()
        if result == "pass":
            passed += 1
            in_part += bool(replay.left_out)
        elif result.startswith("undecided: "):
            undecided[result.removeprefix("undecided: ")] += 1
        elif any(re.search(pattern, case["test"]) for pattern in DISAGREEMENTS):
            known.append(case["test"])
        else:
            surprises.append(f"{case['file']} | {case['test'][-90:]} | {result}")
    print(  # noqa: T201  (the figures of the closing note, seen with -s)
        f"{passed} scripts of {passed + len(known)} decided pass ({in_part} in part), {len(known)} "
        f"listed disagreements, undecided: {dict(undecided)}"
    )
    assert surprises == []
    assert passed >= ledger["scripts that pass"]
    assert passed - in_part >= ledger["of which wholly"]
    assert len(known) <= ledger["listed disagreements"]
    assert dict(undecided) == ledger["undecided"]
    assert passed >= 0.95 * (passed + len(known))


def test_every_listed_disagreement_is_one() -> None:
    cases = [case for case in load_cases("scenario_cases.json.gz") if is_usable(case)]
    for pattern in DISAGREEMENTS:
        results = [Replay(c).run() for c in cases if re.search(pattern, c["test"])]
        assert results, pattern
        assert all(result.startswith("fail: ") for result in results), pattern


def test_what_cannot_be_played_is_counted() -> None:
    """Scripts that the recorder lost, and those that Web Forms itself marks as failing."""
    cases = load_cases("scenario_cases.json.gz")
    found = {
        "the recorder failed": sum(bool(case["err"]) for case in cases),
        "marked as failing by Web Forms": sum(
            bool(case["fails"]) and not case["err"] for case in cases
        ),
        "all in a callback that was not recorded": sum(
            not case["err"] and not case["fails"] and not is_usable(case) for case in cases
        ),
    }
    assert found == json.loads(LEDGER.read_text())["not recordable"]
