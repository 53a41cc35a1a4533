"""`restanque timeline` prints a calendar, or says in French why it cannot."""

import json
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

DOCS = Path(__file__).parents[2] / "docs" / "timeline"
BASE = ("--kind", "scot-aec-revision", "--prescription", "2023-06-20", "--today", "2026-11-24")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        call_command("timeline", *arguments)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def written(tmp_path: Path, content: object) -> str:
    file = tmp_path / "faits.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(file)


def test_the_json_follows_facts_targets_and_conditions(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    facts = written(tmp_path, [{"step": "debat-pas", "date": "2026-10-31", "proof": "délib. 4"}])
    code, out, err = run(
        capsys,
        *BASE,
        *("--events", facts, "--target", "approbation=2028-06-30"),
        *("--condition", "littoral=non", "--format", "json"),
    )
    assert (code, err) == (0, "")
    content = json.loads(out)
    steps = {one["step"]: one for one in content["steps"]}
    assert steps["arret"]["earliest"] == "2027-02-28"
    assert steps["approbation"]["latest"] == "2028-06-30"
    assert steps["accord-prefet-maritime"]["status"] == "not_applicable"
    assert content["clocks"]


def test_the_published_example_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str],
) -> None:
    facts = str(DOCS / "events.example.json")
    target = ("--target", "approbation=2028-06-30")
    _, out, _ = run(capsys, *BASE, "--events", facts, *target, "--format", "json")
    assert json.loads(out) == json.loads((DOCS / "timeline.example.json").read_text("utf-8"))


def test_the_text_names_the_regime(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *BASE)
    assert code == 0
    assert "avant le 26 mai 2026" in out


def test_the_calendar_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *BASE, "--format", "ics")
    assert code == 0
    assert out.startswith("BEGIN:VCALENDAR\r\n")
    assert out.endswith("END:VCALENDAR\r\n")


def test_today_is_the_day_in_paris_when_it_is_not_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with time_machine.travel("2026-11-24T23:30:00+00:00", tick=False):
        _, out, _ = run(capsys, *BASE[:4], "--format", "json")
    assert json.loads(out)["today"] == "2026-11-25"


def test_a_moment_is_taken_at_its_date_in_paris(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    facts = written(tmp_path, [{"step": "debat-pas", "date": "2026-10-24T22:30:00Z"}])
    _, out, _ = run(capsys, *BASE, "--events", facts, "--format", "json")
    steps = {one["step"]: one for one in json.loads(out)["steps"]}
    assert steps["debat-pas"]["done"] == "2026-10-25"


def test_kinds_and_steps_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--list-kinds")
    assert {line.split()[0] for line in out.splitlines()} >= {"scot-aec-revision", "plh", "pcaet"}
    _, out, _ = run(capsys, "--kind", "plh", "--list-steps")
    assert [line.split()[0] for line in out.splitlines()][:2] == ["engagement", "arret"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--kind", "scot-aec-revison", "--prescription", "2023-06-20"), "Vouliez-vous dire"),
        (("--kind", "x", "--prescription", "2023-06-20"), "--list-kinds"),
        (("--prescription", "2023-06-20"), "Indiquez --kind"),
        (("--kind", "plh"), "Indiquez --prescription"),
        ((*BASE, "--format", "pdf"), "Format"),
        ((*BASE, "--events", "absent.json"), "illisible"),
        ((*BASE, "--events", "."), "illisible"),
    ],
)
def test_what_does_not_exist_ends_with_2(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--kind", "plh", "--prescription", "20/06/2023"), "AAAA-MM-JJ"),
        (("--kind", "plh", "--prescription", "2023-02-29"), "AAAA-MM-JJ"),
        (("--kind", "plh", "--prescription", "0203-02-20"), "plausible"),
        ((*BASE, "--target", "arret"), "ÉTAPE=DATE"),
        ((*BASE, "--target", "aret=2027-01-01"), "arret"),
        ((*BASE, "--target", "arret=demain"), "demain"),
        ((*BASE, "--condition", "littoral=peut-être"), "oui ou non"),
        ((*BASE, "--condition", "volcan=oui"), "volcan"),
        ((*BASE, "--participation", "referendum"), "referendum"),
    ],
)
def test_a_bad_argument_ends_with_1(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (1, "")
    assert message in err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("pas du JSON", "JSON"),
        ("[" * 100_000, "JSON"),
        ({"step": "arret"}, "liste"),
        (["arret"], "Fait n°\u00a01"),
        ([{"date": "2026-01-01"}], "step"),
        ([{"step": "arret"}], "date"),
        ([{"step": "arret", "date": 20260101}], "20260101"),
        ([{"step": "arret", "date": "2026-13-01"}], "2026-13-01"),
        ([{"step": "arret", "date": "2026-01-01T10:00:00"}], "fuseau"),
        ([{"step": "arret", "date": "2026-01-01", "preuve": "x"}], "preuve"),
        ([{"step": "arret", "date": "2026-01-01", "proof": 3}], "proof"),
        ([{"step": "aret", "date": "2026-01-01"}], "arret"),
    ],
)
def test_bad_facts_end_with_1_and_name_their_rank(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: object, message: str
) -> None:
    code, out, err = run(capsys, *BASE, "--events", written(tmp_path, content))
    assert (code, out) == (1, "")
    assert message in err
    assert "Traceback" not in err


def test_every_bad_fact_is_told_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    facts = [{"step": "arret"}, {"step": "debat-pas", "date": "2026-01-01"}, {"step": "zzz"}]
    _, _, err = run(capsys, *BASE, "--events", written(tmp_path, facts))
    assert [line[:9] for line in err.splitlines()] == ["Fait n°\u00a01", "Fait n°\u00a03"]
