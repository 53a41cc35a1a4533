"""Files people send: tolerant of the file, strict on what is kept."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdsTable
from odf.table import TableCell, TableRow
from odf.text import P

from restanque.kit.tabular import (
    Column,
    Limits,
    TableError,
    help_rows,
    read_table,
    template_workbook,
    validate_rows,
)

COLUMNS = (
    Column("name", "Nom", required=True, example="Cantine Jean-Jaurès", aliases=("intitulé",)),
    Column(
        "pupils", "Élèves", kind="integer", minimum=0, maximum=5000, help="Inscrits à la rentrée"
    ),
    Column("price", "Prix (€/kg)", kind="number", minimum=Decimal("0.5")),
    Column(
        "mode",
        "Mode de gestion",
        kind="choice",
        choices={"direct": "Régie", "conceded": "Concédée"},
    ),
    Column("visited_on", "Date de visite", kind="date"),
    Column("email", "Courriel", kind="email"),
    Column("telephone", "Téléphone", kind="telephone"),
    Column("organic", "Bio", kind="boolean"),
)
TEXT = (
    "Nom;Élèves;Prix (€/kg);Mode de gestion;Date de visite;Téléphone;Bio\r\n"
    "École A;1 200;4,50;régie;24/11/2026;0490000000;oui\r\n"
    "\r\n"
    'École « B »;;"4.2";conceded;;;non\r\n'
)


def xlsx(rows: list[list[Any]], start: int = 0) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Données")
        for i, row in enumerate(rows):
            sheet.write_row(start + i, 0, row)
    return buffer.getvalue()


def ods(rows: list[list[str]]) -> bytes:
    document = OpenDocumentSpreadsheet()
    sheet = OdsTable(name="Feuille1")
    for row in rows:
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            line.addElement(cell)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_every_usual_encoding_is_recognised(encoding: str, found: str) -> None:
    table = read_table(TEXT.encode(encoding), "cantines.csv")
    assert table.encoding == found
    assert table.headers[1] == "Élèves"
    assert table.rows[0].cells[0] == "École A"


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_every_usual_separator_is_recognised(separator: str) -> None:
    text = f'Nom{separator}Prix\n"Pain, bio; complet"{separator}"4,5"\nBaguette{separator}"3,2"\n'
    table = read_table(text.encode(), "x.csv")
    assert table.separator == separator
    assert table.rows[0].cells == ("Pain, bio; complet", "4,5")


def test_decimal_commas_do_not_pass_for_separators() -> None:
    table = read_table(b"code;prix\n1;4,50\n2;3,20\n3;1,10\n", "x.csv")
    assert table.headers == ("code", "prix")


def test_row_numbers_are_those_of_the_file() -> None:
    table = read_table(TEXT.encode(), "x.csv")
    assert [row.number for row in table.rows] == [2, 4]


def test_titles_above_the_header_are_skipped_and_said() -> None:
    table = read_table(b"Liste des cantines;\n;\nNom;Bio\nA;oui\n", "x.csv")
    assert table.headers == ("Nom", "Bio")
    assert (table.header_row, table.rows[0].number) == (3, 4)
    assert table.notes == ("L’en-tête a été trouvé à la ligne 3.",)


def test_excel_separator_directive_is_followed() -> None:
    table = read_table(b"sep=|\r\nNom|Bio\r\nA;B|oui\r\n", "x.csv")
    assert table.rows[0].cells == ("A;B", "oui")
    assert table.rows[0].number == 3


def test_one_column_is_a_table_too() -> None:
    table = read_table("Commune\nAix\nÉguilles\n".encode(), "x.txt")
    assert [row.cells for row in table.rows] == [("Aix",), ("Éguilles",)]


def test_line_breaks_inside_quotes_stay_in_the_cell() -> None:
    table = read_table(b'Nom;Adresse\nA;"1 rue\nBP 2"\nB;x\n', "x.csv")
    assert [row.number for row in table.rows] == [2, 3]
    assert table.rows[0].cells[1] == "1 rue\nBP 2"


def test_twice_encoded_accents_are_mended_and_said() -> None:
    broken = "Nom;Élèves\nÉcole;1\n".encode().decode("cp1252", "replace")
    assert "Ã" in broken
    table = read_table("Nom;Âge é\nécole;1\n".encode().decode("cp1252").encode(), "x.csv")
    assert table.rows[0].cells[0] == "école"
    assert "mal converti" in table.notes[0]


def test_a_stray_byte_in_utf8_does_not_spoil_the_rest() -> None:
    table = read_table("Nom;Élèves\nécole élémentaire été;1\n".encode() + b"x\xff;2\n", "x.csv")
    assert table.headers[1] == "Élèves"
    assert any("�" in note for note in table.notes)


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_give_a_table_or_a_french_message(data: bytes) -> None:
    try:
        table = read_table(data, "inconnu.csv")
    except TableError as error:
        refusal = str(error)
    else:
        refusal = "none"
        assert all(len(row.cells) == len(table.headers) for row in table.rows)
    assert refusal


def test_workbooks_keep_types_and_row_numbers() -> None:
    data = xlsx([["Nom", "Élèves", "Visite"], ["A", 12, dt.date(2026, 11, 24)]], start=3)
    table = read_table(data, "x.xlsx")
    assert table.header_row == 4
    assert table.rows[0].number == 5
    assert table.rows[0].cells == ("A", 12.0, dt.date(2026, 11, 24))


def test_ods_is_read() -> None:
    table = read_table(ods([["Nom", "Bio"], ["École", "oui"]]), "x.ods")
    assert table.rows[0].cells == ("École", "oui")


def test_the_sheet_is_named_or_the_first_filled_one() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Vide"
    other = book.create_sheet("Cantines")
    other.append(["Nom", "Bio"])
    other.append(["A", "oui"])
    buffer = io.BytesIO()
    book.save(buffer)
    table = read_table(buffer.getvalue(), "x.xlsx")
    assert (table.sheet, table.sheets) == ("Cantines", ("Vide", "Cantines"))
    with pytest.raises(TableError, match="pas de feuille « Bilan »"):
        read_table(buffer.getvalue(), "x.xlsx", sheet="Bilan")


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "x.csv", "vide"),
        (b" \r\n\t ", "x.csv", "vide"),
        (b"%PDF-1.7 ...", "x.pdf", "PDF"),
        (b"PK\x03\x04broken", "x.xlsx", "abîmé"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "x.xls", "ne s’ouvre pas"),
        (b";;;\n;;\n", "x.csv", "aucune donnée"),
    ],
)
def test_files_that_are_no_table_are_refused_in_words(data: bytes, name: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read_table(data, name)


def test_limits_are_named_in_the_refusal() -> None:
    lines = b"a;b\n" * 12
    with pytest.raises(TableError, match="12 lignes"):
        read_table(lines, "x.csv", limits=Limits(max_rows=10))
    with pytest.raises(TableError, match="2 colonnes"):
        read_table(lines, "x.csv", limits=Limits(max_columns=1))
    with pytest.raises(TableError, match="Mo"):
        read_table(lines, "x.csv", limits=Limits(max_bytes=10))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 100_000)
    with pytest.raises(TableError, match="volumineux"):
        read_table(buffer.getvalue(), "x.xlsx", limits=Limits(max_unpacked_bytes=1000))


def test_valid_rows_are_typed() -> None:
    checked = validate_rows(read_table(TEXT.encode("cp1252"), "x.csv"), COLUMNS)
    assert checked.problems == ()
    first, second = checked.rows
    assert first.values == {
        "name": "École A",
        "pupils": 1200,
        "price": Decimal("4.50"),
        "mode": "direct",
        "visited_on": dt.date(2026, 11, 24),
        "telephone": "04 90 00 00 00",
        "organic": True,
    }
    assert second.number == 4
    assert second.values["pupils"] is None
    assert second.values["organic"] is False
    assert checked.missing_columns == ("Courriel",)


def test_each_problem_names_row_column_value_and_mend() -> None:
    text = (
        "Nom;Élèves;Prix;Mode de gestion;Visite;Courriel;Tel;Bio;Date de visite;Téléphone\n"
        ";douze;0,1;autre;;pas une adresse;;peut-être;31/02/2026;12\n"
        "B;1,5;x;;;;;;;\n"
        "C;9000;1;;;;;;;\n"
        "D;10;4;;;;;;;\n"
    )
    checked = validate_rows(read_table(text.encode(), "x.csv"), COLUMNS)
    assert [row.values["name"] for row in checked.rows] == ["D"]
    assert (checked.total, checked.rejected) == (4, 3)
    found = {(p.row, p.column) for p in checked.problems}
    assert {
        (2, c)
        for c in ("name", "pupils", "price", "mode", "email", "organic", "visited_on", "telephone")
    } <= found
    assert {(3, "pupils"), (3, "price"), (4, "pupils")} <= found
    assert all(problem.message and problem.mend for problem in checked.problems)
    words = [str(problem) for problem in checked.problems]
    assert (
        "Ligne 3, Élèves : « 1,5 » n’est pas un nombre entier. "
        "Écrivez un nombre entier, par exemple 12." in words
    )
    assert (
        "Ligne 2, Prix (€/kg) : Le nombre doit être au moins 0,5. (lu : « 0,1 ») "
        "Vérifiez l’unité et le signe." in words
    )


@pytest.mark.parametrize(
    "header", ["NOM", "nom *", "Intitule", "noms", "Nom (obligatoire)", "name"]
)
def test_headers_are_matched_whatever_their_dress(header: str) -> None:
    table = read_table(f"{header};autre\nA;x\n".encode(), "x.csv")
    checked = validate_rows(table, COLUMNS)
    assert checked.rows[0].values["name"] == "A"
    assert checked.unknown_headers == ("autre",)
    assert checked.rows[0].extra == {"autre": "x"}


def test_missing_required_column_is_the_only_problem_and_suggests() -> None:
    columns = (Column("commune", "Commune", required=True), Column("n", "Nombre", kind="integer"))
    table = read_table(b"Comune;Nombre\nAix;x\nArles;y\n", "x.csv")
    checked = validate_rows(table, columns)
    assert checked.rows == ()
    assert [p.message for p in checked.problems] == ["La colonne obligatoire « Commune » manque."]
    assert checked.problems[0].mend == "Est-ce « Comune » ? Renommez-la « Commune »."


def test_the_same_column_twice_is_said() -> None:
    checked = validate_rows(read_table(b"Nom;Nom\nA;B\n", "x.csv"), COLUMNS)
    assert checked.rows[0].values["name"] == "A"
    assert "seule la première est lue" in checked.problems[0].message


def test_spreadsheet_oddities() -> None:
    data = xlsx(
        [
            ["Nom", "Téléphone", "Date de visite", "Prix (€/kg)", "Élèves"],
            [13055, 490000000, 46350, 0.1 + 0.2 + 1, 12.0],
            ["#N/A", "", "", "", ""],
        ]
    )
    checked = validate_rows(read_table(data, "x.xlsx"), COLUMNS)
    assert checked.rows[0].values == {
        "name": "13055",
        "telephone": "04 90 00 00 00",
        "visited_on": dt.date(2026, 11, 24),
        "price": Decimal("1.3"),
        "pupils": 12,
    }
    assert "erreur du tableur" in checked.problems[0].message


def test_own_parser_gives_the_value_or_the_message() -> None:
    def parse(text: str) -> str:
        if not text.isdigit():
            raise ValueError("Pas un code.")
        return text.zfill(5)

    columns = (Column("code", "Code", parse=parse, example="01001"),)
    checked = validate_rows(read_table(b"Code;x\n1001;\nabc;\n", "x.csv"), columns)
    assert checked.rows[0].values == {"code": "01001"}
    assert (
        str(checked.problems[0]) == "Ligne 3, Code : Pas un code. (lu : « abc ») Exemple : 01001."
    )


def test_template_comes_back_as_it_was_filled() -> None:
    filled = [
        ["École", 12, 4.5, "Régie", dt.date(2026, 1, 2), "a@exemple.fr", "04 90 00 00 00", "oui"]
    ]
    data = template_workbook(COLUMNS, title="Cantines : à remplir", rows=filled)
    checked = validate_rows(read_table(data, "modele.xlsx"), COLUMNS)
    assert checked.problems == ()
    assert checked.rows[0].values["mode"] == "direct"
    assert checked.rows[0].values["visited_on"] == dt.date(2026, 1, 2)


def test_template_has_drop_downs_and_a_guide_and_no_example_row() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(COLUMNS, title="Cantines")))
    sheet = book["Cantines"]
    assert [cell.value for cell in sheet[1]] == [column.title for column in COLUMNS]
    assert all(cell.value is None for cell in sheet[2])
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert [rule.formula1 for rule in lists] == ["Listes!$D$1:$D$2"]
    guide = list(book["Mode d’emploi"].iter_rows(values_only=True))
    assert guide[1][:4] == ("Nom", "oui", "texte", "Cantine Jean-Jaurès")
    assert book["Listes"].sheet_state == "hidden"


def test_empty_template_is_an_empty_import_not_an_error() -> None:
    checked = validate_rows(read_table(template_workbook(COLUMNS, title="C"), "x.xlsx"), COLUMNS)
    assert (checked.rows, checked.problems, checked.total) == ((), (), 0)


def test_help_says_what_is_expected() -> None:
    lines = {line.title: line for line in help_rows(COLUMNS)}
    assert lines["Mode de gestion"].expects == "un de : « Régie », « Concédée »"
    assert lines["Élèves"].help == "Inscrits à la rentrée"
