import io
import zipfile

import openpyxl
import pytest

from restanque.engine.forms import convert_xlsform, lint, parse_form
from tests.engine.forms.samples import CANTEEN, YES_NO, convert


def workbook(**sheets: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SURVEY = [["type", "name", "label"], ["text", "a", "A"], [], ["integer", "b", "B"]]


def test_a_workbook_is_converted_with_its_identity() -> None:
    data = workbook(
        survey=SURVEY,
        settings=[
            ["form_title", "form_id", "version", "default_language"],
            ["Le pain", "pain", "3", "French (fr)"],
        ],
    )
    conversion = convert_xlsform(data, filename="Le pain 2026.xlsx")
    assert conversion.ok
    assert (conversion.form_id, conversion.title, conversion.version) == ("pain", "Le pain", "3")
    assert parse_form(conversion.xform or "").title == "Le pain"


def test_the_row_of_every_question_is_the_one_that_excel_shows() -> None:
    conversion = convert_xlsform(workbook(survey=SURVEY), filename="x.xlsx")
    assert conversion.row_of("/data/a") == 2
    assert conversion.row_of("/data/b") == 4
    assert conversion.row_of("/data/c") is None
    nested = convert(CANTEEN, YES_NO)
    assert nested.row_of("/data/cantine/repas") == 4
    assert nested.row_of("/data/grammes") == 7


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_csv_of_any_spreadsheet_is_read(encoding: str, delimiter: str) -> None:
    lines = ['"survey"', ',"type","name","label"', ',"text","a","Café"']
    data = "\r\n".join(line.replace(",", delimiter) for line in lines).encode(encoding)
    conversion = convert_xlsform(data, filename="x.csv")
    assert conversion.ok, [str(problem) for problem in conversion.problems]
    assert "Café" in (conversion.xform or "")


def test_an_xform_is_taken_as_it_is() -> None:
    xform = convert(CANTEEN, YES_NO).xform or ""
    conversion = convert_xlsform(xform.encode(), filename="x.xml")
    assert (conversion.form_id, conversion.xform) == ("essai", xform)
    assert not [problem for problem in lint(conversion) if problem.is_error]


def test_libreoffice_users_are_told_what_to_do() -> None:
    conversion = convert_xlsform(b"PK", filename="Questionnaire.ods")
    assert not conversion.readable
    assert ".xlsx" in conversion.problems[0].mend


@pytest.mark.parametrize(
    ("filename", "data"),
    [
        ("x.xlsx", b"not a zip"),
        ("x.xlsx", b""),
        ("x.xls", b"\xd0\xcf\x11\xe0 broken"),
        ("x.md", b"bonjour"),
        ("x.csv", b"bonjour"),
        ("x.xml", b"<html/>"),
        ("x.xml", b"<"),
        ("x.pdf", b"%PDF"),
        ("x", b""),
        ("x.xlsx", workbook(feuille1=[["a"]], feuille2=[["b"]])),
    ],
)
def test_a_file_that_is_no_questionnaire_is_said_so_without_a_crash(
    filename: str, data: bytes
) -> None:
    conversion = convert_xlsform(data, filename=filename)
    assert not conversion.readable
    assert conversion.problems[0].message
    assert lint(conversion)


def test_a_zip_that_would_fill_the_memory_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.xml", bytes(50_000_000))
    conversion = convert_xlsform(out.getvalue(), filename="bombe.xlsx")
    assert conversion.problems[0].code == "file-size"


def test_typographic_signs_of_texts_survive_the_conversion() -> None:
    conversion = convert(
        "type | name | label::Français (fr)\ntext | a | L’« école » d’été : combien ?",
        settings="default_language\nFrançais (fr)",
    )
    assert "L’«\u00a0école\u00a0» d’été\u00a0: combien\u00a0?" in (conversion.xform or "")


@pytest.mark.parametrize(
    ("survey", "code", "row"),
    [
        ("type | name | label\ntexte | a | A", "type-unknown", None),
        ("type | name | label\ntext | | A", "name-missing", 2),
        ("type | name | label\n | a | A", "type-missing", 2),
        ("type | name | label\nbegin_group | g | G\ntext | a | A", "group-begin", 2),
        ("type | name | label\ntext | a | A\nend_group | |", "group-end", 3),
        ("type | name | label\ncalculate | a |", "calculation-missing", 2),
        ("type | name | label\nselect_one rien | a | A", "sheet-choices", None),
        (
            "type | name | label | parameters\nrange | a | A | start=x",
            "range-parameters",
            2,
        ),
    ],
)
def test_a_refusal_of_the_converter_is_said_in_french(
    survey: str, code: str, row: int | None
) -> None:
    conversion = convert(survey)
    assert conversion.xform is None
    problem = next(p for p in conversion.problems if p.is_error)
    assert (problem.code, problem.row) == (code, row)
    assert problem.mend


def test_a_problem_reads_as_one_line_with_its_place() -> None:
    problem = convert("type | name | label\ntext | | A").problems[0]
    assert str(problem) == (
        "Erreur (feuille survey, ligne 2, colonne name) : Cette question ou ce groupe n’a pas de "
        "nom. Remplissez la colonne name."
    )
