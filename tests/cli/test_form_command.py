"""`form check` and `form eval` on hostile files: an exit code, a sentence, never a traceback."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command

SHEET = "| survey |\n| | type | name | label |\n| | integer | n | N |\n| | text | t | T |\n"
SHIPPED = (
    Path(__file__).parents[2] / "src/restanque/surveys/questionnaires/exemple-court.xlsx"
).read_bytes()


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, what is printed, what is said on the error stream."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("form", *arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 150_000_000)
    return out.getvalue()


def test_a_good_questionnaire_has_exit_code_0(tmp_path: Path) -> None:
    (tmp_path / "q.xlsx").write_bytes(SHIPPED)
    code, out, err = run("check", str(tmp_path / "q.xlsx"))
    assert (code, err) == (0, "")
    assert "0 erreur(s)" in out


def test_a_questionnaire_with_an_error_has_exit_code_1(tmp_path: Path) -> None:
    wrong = tmp_path / "q.md"
    wrong.write_text(
        "| survey |\n| | type | name | label | relevant |\n| | text | a | A | ${b} |\n"
    )
    code, out, _ = run("check", str(wrong))
    assert code == 1
    assert "ligne 2" in out
    (tmp_path / "a.json").write_text("{}")
    code, out, err = run("eval", str(wrong), str(tmp_path / "a.json"))
    assert (code, out) == (1, "")
    assert "${b}" in err


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("coupe.xlsx", SHIPPED[: len(SHIPPED) // 2]),
        ("image.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100),
        ("image.xlsx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100),
        ("vide.xlsx", b""),
        ("vide.xml", b""),
        ("bombe.xlsx", bomb()),
        ("bombe.xml", b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">]><h>&a;</h>'),
        ("tronque.xml", b"<a>"),
        ("latin.xml", "<é/>".encode("latin-1")),
        ("q.ods", b"PK"),
        ("hasard.csv", bytes(range(256)) * 20),
        ("sans_extension", b"x"),
    ],
)
@pytest.mark.parametrize("action", ["check", "eval"])
def test_a_file_that_is_no_questionnaire_has_exit_code_2(
    action: str, name: str, data: bytes, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "a.json").write_text("{}")
    answers = [str(tmp_path / "a.json")] if action == "eval" else []
    code, out, err = run(action, str(tmp_path / name), *answers)
    assert (code, out) == (2, "")
    assert err.strip().endswith(".")


def test_a_file_that_is_not_there_has_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "dossier.xlsx").mkdir()
    for name in ("absent.xlsx", "dossier.xlsx"):
        code, _, err = run("check", str(tmp_path / name))
        assert code == 2
        assert "illisible" in err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "n’est pas du JSON"),
        ("", "n’est pas du JSON"),
        ("[" * 100_000, "n’est pas du JSON"),
        ('{"/data/n": ' + "9" * 5000 + "}", "n’est pas du JSON"),
        ("[1, 2]", "un objet est attendu"),
        ("null", "un objet est attendu"),
        ('"texte"', "un objet est attendu"),
        ('{"/data/n": 12}', "« /data/n » doit être un texte"),
        ('{"/data/n": null}', "« /data/n » doit être un texte"),
        ('{"/data/n": ["12"]}', "« /data/n » doit être un texte"),
        ('{"/data/n": {"a": "12"}}', "« /data/n » doit être un texte"),
        ('{"/data/rien": "12"}', "/data/rien"),
    ],
)
def test_answers_that_are_none_have_exit_code_1(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "q.md").write_text(SHEET)
    (tmp_path / "a.json").write_text(text)
    code, out, err = run("eval", str(tmp_path / "q.md"), str(tmp_path / "a.json"))
    assert (code, out) == (1, "")
    assert sentence in err


def test_answers_are_applied_in_order_and_every_node_is_said(tmp_path: Path) -> None:
    (tmp_path / "q.md").write_text(SHEET)
    (tmp_path / "a.json").write_text(
        '\ufeff{"/data/n": "12", "/data/t": "\\u0000é", "/data/n": "x"}'
    )
    code, out, _ = run("eval", str(tmp_path / "q.md"), str(tmp_path / "a.json"))
    assert code == 0
    found = {node["path"]: node for node in json.loads(out)}
    assert set(found["/data/n"]) == {"path", "relevant", "value", "required", "valid", "message"}
    assert (found["/data/n"]["value"], found["/data/n"]["valid"]) == ("x", False)
    assert found["/data/n"]["message"] == "Un nombre entier est attendu (par exemple 120)."
    assert found["/data/t"]["value"] == "é"


def test_the_files_that_a_form_reads_are_looked_for_beside_it(tmp_path: Path) -> None:
    (tmp_path / "communes.csv").write_text("name,label\n13001,Aix\n")
    (tmp_path / "q.md").write_text(
        "| survey |\n| | type | name | label |\n| | select_one_from_file communes.csv | c | C |\n"
    )
    (tmp_path / "a.json").write_text('{"/data/c": "13001"}')
    code, out, err = run("eval", str(tmp_path / "q.md"), str(tmp_path / "a.json"))
    assert (code, err) == (0, "")
    assert [node["valid"] for node in json.loads(out) if node["path"] == "/data/c"] == [True]
