"""Agreement of the XPath engine with ODK Web Forms and JavaRosa, against a committed score."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.corpus import LEDGER, load_cases
from tests.conformance.xpath import evaltest, webforms
from tests.conformance.xpath.disagreements import DISAGREEMENTS, REASONS

Case = dict[str, Any]

pytestmark = pytest.mark.conformance

WEB_FORMS = "webforms_xpath_cases.json.gz"
JAVAROSA = "javarosa_cases.json"


@pytest.fixture(scope="module")
def web_forms_cases() -> list[Case]:
    return load_cases(WEB_FORMS)


@pytest.fixture(scope="module")
def javarosa_cases() -> list[Case]:
    return load_cases(JAVAROSA)


def digest(cases: list[Case]) -> str:
    return hashlib.sha256(json.dumps(cases, sort_keys=True).encode()).hexdigest()[:16]


def score(name: str) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(LEDGER.read_text())[name]
    return entry


def failures(
    cases: list[tuple[int, Case]], passes: Callable[[Case], bool]
) -> list[tuple[int, str]]:
    return [(number, case["expr"]) for number, case in cases if not passes(case)]


def test_recorded_cases_are_those_of_the_ledger(
    web_forms_cases: list[Case], javarosa_cases: list[Case]
) -> None:
    assert digest(web_forms_cases) == score("xpath/web-forms")["digest"]
    assert digest(javarosa_cases) == score("xpath/javarosa")["digest"]


def test_web_forms_score_does_not_drop(web_forms_cases: list[Case]) -> None:
    decided = [
        (number, case)
        for number, case in enumerate(web_forms_cases)
        if webforms.is_decidable(case) and number not in REASONS
    ]
    failed = failures(decided, webforms.passes)
    known = score("xpath/web-forms")
    assert len(decided) >= known["decided"]
    assert len(decided) - len(failed) >= known["passed"], failed


def test_every_listed_disagreement_is_one(web_forms_cases: list[Case]) -> None:
    settled = [
        (number, web_forms_cases[number]["expr"])
        for number in REASONS
        if webforms.passes(web_forms_cases[number])
    ]
    assert settled == []


def test_no_case_is_excused_twice() -> None:
    assert sum(len(disagreement.cases) for disagreement in DISAGREEMENTS) == len(REASONS)


def test_javarosa_score_does_not_drop(javarosa_cases: list[Case]) -> None:
    failed = failures(list(enumerate(javarosa_cases)), evaltest.passes)
    known = score("xpath/javarosa")
    assert len(javarosa_cases) >= known["decided"]
    assert len(javarosa_cases) - len(failed) >= known["passed"], failed
