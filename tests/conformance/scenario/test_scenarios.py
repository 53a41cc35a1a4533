"""Scenario scripts recorded from ODK Web Forms' own tests, played on our engine."""

from __future__ import annotations

import collections
import json
import re
from pathlib import Path

import pytest

from tests.conformance.corpus import load_cases
from tests.conformance.scenario.replay import Replay

LEDGER = Path(__file__).parent / "ledger.json"

#: Scripts on which we do not do what they expect: end of the test's name, and the reason.
DISAGREEMENTS = {
    # The engines disagree; JavaRosa was asked, and we do as it does.
    r"does not update after field becomes relevant$": "JavaRosa sets it (asked)",
    r"updates repeat count, inside( and outside)? repeat$": "in a repeat, JavaRosa reads /data/r "
    "as the turn where the formula stands (asked)",
    r"casts a decimal/fractional value to an integer$": "a wrong type is said, not mended",
    r"nulls out value if value is out of range$": "an answer is refused, never erased",
    r"should order options correctly when the rank question": "the respondent's order is kept",
    # A count that is erased: we put the turns aside (README of engine/forms, §7).
    r"delays updating count when expression produces blank value$": "turns are put aside",
    # We refuse where they only expect an error object, or refuse later, in the linter.
    r"inside and outside of repeat groups > should fail$": "refused, as the test wants",
    r"between fields of the same repeat instance > should fail$": "refused, as the test wants",
    r"self reference cycles in fields of repeat groups > should fail$": "refused by the linter",
    # Errors of the author, of which respondents never hear: the linter tells, or nothing is done.
    r"invalid event names > throws an exception$": "ignored",
    r"throws error when target is an unbound reference$": "told by the linter",
    r"throws on unknown element$": "the value stands for its label",
    r"throws when value is invalid element type$": "the value stands for its label",
    r"unsupported submission method #\d$": "the address of a form is not read",
    r"`mediatype` attribute specifying a file extension$": "not read by the engine",
    r"attribute values can be bound$": "binding attributes is not supported",
    # engine/forms/xpath (its README says why).
    r"when \[called with\] no arg\[ument\]s > \[produces an error\]": "xpath",
    r"produces an error (when the string value|for a non-geopoint value)": "xpath",
    r"handles repeats (two|three) deep \(field: \$calculatedField\) #1$": "xpath: indexed-repeat",
    r"(includes multiple target nodes|excludes target nodes outside)": "xpath: indexed-repeat",
    r"`pulldata` > valid calculation returns expected values": "xpath: key in an attribute",
}

pytestmark = pytest.mark.conformance


def test_scenarios_are_played_as_recorded() -> None:
    cases = load_cases("scenario_cases.json.gz")
    usable = [
        case
        for case in cases
        if not case["err"] and not case["fails"] and any(op["op"] == "expect" for op in case["ops"])
    ]
    passed = 0
    known: list[str] = []
    surprises: list[str] = []
    undecided: collections.Counter[str] = collections.Counter()
    for case in usable:
        result = Replay(case).run()
        if result == "pass":
            passed += 1
        elif result.startswith("undecided"):
            undecided[result] += 1
        elif any(re.search(pattern, case["test"]) for pattern in DISAGREEMENTS):
            known.append(case["test"])
        else:
            surprises.append(f"{case['file']} | {case['test'][-90:]} | {result}")
    print(  # noqa: T201  (the figures of the closing note, seen with -s)
        f"{passed} scripts pass, {len(known)} listed disagreements, "
        f"{undecided.total()} undecided, {len(cases) - len(usable)} not recordable"
    )
    assert surprises == []
    ledger = json.loads(LEDGER.read_text())
    assert passed >= ledger["scripts that pass"]
    assert len(known) <= ledger["listed disagreements"]
