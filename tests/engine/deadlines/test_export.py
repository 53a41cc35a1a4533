"""What leaves the engine: JSON that fits its schema, a calendar that reads back, plain text."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from restanque.engine.deadlines import (
    Event,
    Fact,
    Procedure,
    RiskKind,
    StepStatus,
    Timeline,
    aec_clock,
    evaluate,
    kinds,
    to_ics,
    to_json,
    to_text,
)
from restanque.engine.deadlines.ics import escaped, folded
from restanque.engine.law import shipped
from tests.typography import faults_of

DOCS = Path(__file__).parents[3] / "docs" / "timeline"
LAW = shipped()
TODAY = date(2026, 11, 24)


def example() -> Timeline:
    procedure = Procedure(
        "scot-aec-revision",
        date(2023, 6, 20),
        (Event("debat-pas", date(2026, 10, 31), "délibération ; n° 4, « PAS »"),),
        {"approbation": date(2028, 6, 30)},
    )
    return evaluate(procedure, today=TODAY, ruleset=LAW)


def schema(name: str) -> Draft202012Validator:
    content = json.loads((DOCS / name).read_text("utf-8"))
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


def read_back(calendar: str) -> list[dict[str, str]]:
    """A small reader of RFC 5545, apart from our writer: unfold, split, unescape."""
    assert calendar.endswith("\r\n")
    assert "\n" not in calendar.replace("\r\n", "")
    lines = calendar.replace("\r\n ", "").split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    events: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name not in ("END", "BEGIN"):
            assert name not in events[-1]
            events[-1][name] = unescaped(value)
    return events


def unescaped(value: str) -> str:
    words, escaping = "", False
    for character in value:
        if escaping:
            words += "\n" if character in "nN" else character
            escaping = False
        elif character == "\\":
            escaping = True
        else:
            assert character not in ";,"
            words += character
    return words


def test_the_json_of_every_kind_fits_its_schema() -> None:
    validator = schema("timeline.schema.json")
    for kind in kinds():
        timeline = evaluate(Procedure(kind.id, date(2025, 1, 31)), today=TODAY, ruleset=LAW)
        validator.validate(json.loads(json.dumps(to_json(timeline))))


def test_the_json_of_the_example_says_what_the_timeline_says() -> None:
    timeline = example()
    fact = Fact("Approbation", date(2028, 6, 30), happened=False)
    content: dict[str, Any] = to_json(timeline, aec_clock(LAW, fact, until=date(2039, 1, 1)))
    schema("timeline.schema.json").validate(content)
    steps = {one["step"]: one for one in content["steps"]}
    assert steps["arret"]["earliest"] == "2027-02-28"
    assert steps["debat-pas"]["latest_because"] is None
    assert steps["consultation-ppa"]["latest_because"]["rule_id"] == "scot.avis-arret"
    assert steps["debat-pas"]["done"] == "2026-10-31"
    rule = next(one for one in steps["arret"]["rules"] if one["rule_id"] == "scot.debat-pas")
    assert rule["evidence"] == "M-H"
    assert rule["to_verify"] is True
    assert rule["starts_from"].endswith("31 octobre 2026")
    assert content["regime"] == "avant-loi-2025-1129"
    assert [one["clock"] for one in content["clocks"]].count("pcaet") == 3


def test_the_published_examples_fit_their_schemas() -> None:
    events = json.loads((DOCS / "events.example.json").read_text("utf-8"))
    schema("events.schema.json").validate(events)
    shown = json.loads((DOCS / "timeline.example.json").read_text("utf-8"))
    schema("timeline.schema.json").validate(shown)


@pytest.mark.parametrize(
    "wrong",
    [{}, [{"step": "arret"}], [{"step": "arret", "date": "12/01/2026"}], [{"date": "2026-01-01"}]],
)
def test_the_schema_of_events_refuses_what_the_command_refuses(wrong: Any) -> None:
    assert not schema("events.schema.json").is_valid(wrong)


def test_the_calendar_reads_back_as_it_was_written() -> None:
    timeline = example()
    events = read_back(to_ics(timeline))
    states = {state.step.label: state for state in timeline.steps}
    for event in events:
        sort, _, label = event["SUMMARY"].partition("\u00a0: ")
        state = states[label]
        day = {"Fait": state.done, "Prévu": state.planned, "Dernier jour": state.latest}[sort]
        assert day is not None
        assert event["DTSTART;VALUE=DATE"] == f"{day:%Y%m%d}"
        assert event["DTEND;VALUE=DATE"] > event["DTSTART;VALUE=DATE"]
        assert event["DTSTAMP"] == "20261124T000000Z"
    shown = [s for s in timeline.steps if s.status is not StepStatus.NOT_APPLICABLE]
    assert {event["SUMMARY"].partition("\u00a0: ")[2] for event in events} == {
        state.step.label for state in shown
    }


def test_identifiers_are_unique_and_survive_a_moved_date() -> None:
    before = {event["UID"]: event["SUMMARY"] for event in read_back(to_ics(example()))}
    procedure = Procedure(
        "scot-aec-revision",
        date(2023, 6, 20),
        (Event("debat-pas", date(2026, 10, 1), "délibération"),),
        {"approbation": date(2029, 6, 30)},
    )
    moved = read_back(to_ics(evaluate(procedure, today=TODAY, ruleset=LAW)))
    after = {event["UID"]: event["SUMMARY"] for event in moved}
    assert len(before) == len(read_back(to_ics(example())))
    assert before == after
    assert not before.keys() & {e["UID"] for e in read_back(to_ics(example(), name="autre"))}


@given(st.text())
def test_any_text_survives_escaping_and_folding(text: str) -> None:
    text = text.replace("\r", "").replace("\x85", "")
    line = folded(f"SUMMARY:{escaped(text)}")
    assert all(len(one.encode("utf-8", "surrogatepass")) <= 75 for one in line.split("\r\n"))
    assert unescaped(line.replace("\r\n ", "").removeprefix("SUMMARY:")) == text


def test_the_text_is_typeset_and_marks_what_is_to_verify() -> None:
    text = to_text(evaluate(Procedure("scot-aec-revision", TODAY), today=TODAY, ruleset=LAW))
    assert [str(fault) for fault in faults_of(text)] == []
    assert "[M-H, à vérifier]" in text
    assert "CHEMIN CRITIQUE" in text


def test_risks_are_typeset() -> None:
    """Every sort of risk, in one pile of mistakes."""
    facts = (
        Event("debat-pas", date(2025, 1, 15)),
        Event("debat-pas", date(2025, 1, 16)),
        Event("arret", date(2025, 3, 1)),
        Event("ouverture-ppve", date(2026, 1, 1)),
        Event("cloture-enquete", date(2026, 1, 1)),
        Event("rapport-enquete", date(2026, 6, 1)),
        Event("avis-ppa", date(2027, 1, 1)),
    )
    targets = {"approbation": date(2026, 11, 25), "affichage-prescription": date(2026, 11, 1)}
    procedure = Procedure("scot-aec-revision", date(2023, 6, 20), facts, targets, branch="enquete")
    timeline = evaluate(procedure, today=TODAY, ruleset=LAW)
    assert {risk.kind for risk in timeline.risks} == set(RiskKind)
    text = to_text(timeline)
    assert [str(fault) for fault in faults_of(text)] == []
