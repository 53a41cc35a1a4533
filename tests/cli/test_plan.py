"""`restanque plan solve`: exit codes, streams, determinism; never a traceback."""

import json
from io import StringIO
from pathlib import Path

import jsonschema
import pytest
from django.core.management import CommandError, call_command

EXAMPLES = Path(__file__).parents[2] / "docs" / "supply" / "examples"
TOY = EXAMPLES / "two-bakeries.json"


def run(*words: str | Path) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("plan", "solve", *map(str, words), stdout=out, stderr=err)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    return code, out.getvalue(), err.getvalue()


def test_a_plan_goes_to_the_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(TOY)
    assert (code, err) == (0, "")
    plan = json.loads(out)
    assert plan["model"] == "potential"
    assert plan["gap"] < 1e-9
    assert plan["checks"]["violations"] == []
    assert set(plan["times"]) == {"read", "solve", "check"}
    # Solvers print nothing of their own beside it.
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("name", ["two-bakeries", "same-baker-new-flour", "too-tight"])
def test_whole_lots_obey_every_rule_and_follow_the_seed(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    words = (EXAMPLES / f"{name}.json", "--model", "award", "--moves", "2000", "--seed", "3")
    plans = [json.loads(run(*words)[1]) for _ in range(2)]
    assert plans[0]["model"] == "award"
    assert plans[0]["checks"]["violations"] == []
    assert plans[0]["bound"] <= plans[0]["objective"]
    assert plans[0]["flows"] == plans[1]["flows"]
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("model", ["potential", "award"])
def test_reasons_are_added_on_request(model: str, capfd: pytest.CaptureFixture[str]) -> None:
    words = (EXAMPLES / "too-tight.json", "--model", model, "--moves", "2000", "--explain")
    code, out, _ = run(*words)
    plan = json.loads(out)
    jsonschema.validate(plan, json.loads((EXAMPLES.parent / "plan.schema.json").read_text("utf-8")))
    assert code == 0
    assert all(flow["reasons"] for flow in plan["flows"])
    assert all(item["reason"] for item in plan["unserved"])
    far = next(item for item in plan["unserved"] if item["line"] == "hameau")
    assert far["would_need"]["remedies"]
    assert capfd.readouterr().out == ""


def test_a_plan_goes_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    assert run(TOY, "--out", target) == (0, "", "")
    assert json.loads(target.read_text("utf-8"))["flows"]
    code, _, err = run(TOY, "--out", tmp_path / "nowhere" / "plan.json")
    assert code == 1
    assert "écriture impossible" in err


def test_a_bad_problem_is_told_line_by_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"bakeries": [{"id": "b"}], "lines": [{"id": "l", "kg": "x"}]}', "utf-8")
    code, out, err = run(bad)
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "/bakeries/0/capacity_kg : ce nombre manque.",
        "/lines/0/kg : un nombre est attendu, pas un texte.",
    ]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"{}"])
def test_what_is_no_problem_has_its_own_code(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_bytes(content)
    code, out, err = run(file)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert run(tmp_path / "absent.json")[0] == 2
    assert run(tmp_path)[0] == 2


def test_moves_are_counted_from_zero() -> None:
    with pytest.raises(CommandError, match="nombre entier"):
        run(TOY, "--moves", "-1")
