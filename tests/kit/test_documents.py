"""Files that leave the house."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pypdf
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from restanque.kit import documents
from restanque.kit.tabular import read_table

MOMENT = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
BODY = '#import "base.typ": *\n= Le pain de #data.name\n#lede[Réponse.]\n#source[n = #data.n]\n'


def pdf_of(source: str = BODY, **options) -> pypdf.PdfReader:
    options = {"title": "Fiche", "created_at": MOMENT, "data": {"name": "Aix", "n": 12}} | options
    data = options.pop("data")
    return pypdf.PdfReader(io.BytesIO(documents.render_pdf(source, data, **options)))


def word(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_pdf_is_tagged_titled_and_in_french() -> None:
    reader = pdf_of()
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("fr")
    assert reader.metadata.title == "Fiche"
    metadata = root["/Metadata"].get_data()
    assert b"pdfuaid" in metadata
    text = reader.pages[0].extract_text()
    assert "Le pain de Aix" in text
    assert "Page 1 sur 1" in text


def test_pdf_is_the_same_for_the_same_input() -> None:
    options = {"title": "Fiche", "created_at": MOMENT}
    data = {"name": "Aix", "n": Decimal("1.5"), "on": dt.date(2026, 1, 2)}
    assert documents.render_pdf(BODY, data, **options) == documents.render_pdf(
        BODY, data, **options
    )


def test_pdf_uses_only_the_fonts_of_the_house() -> None:
    fonts = {
        font.get_object()["/BaseFont"].split("+")[-1]
        for font in pdf_of().pages[0]["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all(name.startswith(("RestanqueSans", "Spectral")) for name in fonts)


@pytest.mark.parametrize("fictitious", [True, False])
def test_fictitious_pdf_says_so_on_every_page(fictitious: bool) -> None:
    reader = pdf_of(BODY + "#pagebreak()\nSuite", fictitious=fictitious)
    assert len(reader.pages) == 2
    for page in reader.pages:
        assert ("Données fictives" in page.extract_text()) is fictitious


def test_pdf_holds_pictures_with_their_alternative_only() -> None:
    square = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
    pdf_of(BODY + '#image("a.svg", alt: "un carré")', files={"a.svg": square})
    with pytest.raises(documents.PdfError, match="alt"):
        pdf_of(BODY + '#image("a.svg")', files={"a.svg": square})


def test_data_is_text_never_code() -> None:
    assert "#panic" in pdf_of(data={"name": '#panic("x")', "n": 1}).pages[0].extract_text()


def test_word_template_is_filled_and_escaped() -> None:
    data = documents.render_docx(
        word("Mairie de {{ name }}", "{{ price|nombre(2) }} €", "{{ day|jour }}"),
        {"name": "Bouc & <Bel-Air>", "price": Decimal("1234.5"), "day": dt.date(2026, 11, 24)},
    )
    texts = [p.text for p in Document(io.BytesIO(data)).paragraphs]
    assert texts == ["Mairie de Bouc & <Bel-Air>", "1\u202f234,50 €", "24\u00a0nov.\u00a02026"]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (word("{{ unknown }}"), "champ inconnu"),
        (word("{% if %}"), "mal écrite"),
        (word("{{ name.__class__.__mro__ }}"), "interdite"),
        (b"not a document", "n’est pas un fichier Word"),
    ],
)
def test_wrong_word_templates_are_refused_in_words(template: bytes, message: str) -> None:
    with pytest.raises(documents.DocumentError, match=message):
        documents.render_docx(template, {"name": "A"})


def book(**options) -> openpyxl.Workbook:
    rows = [
        ["Aix", 1200, Decimal("4.5"), dt.date(2026, 11, 24), MOMENT, True, None, 2024],
        ["=1+1", 0, 0.25, None, None, False, "http://exemple.fr", 2025],
    ]
    headers = ["Nom", "Élèves", "Prix", "Jour", "Moment", "Bio", "Site", "Année"]
    sheet = documents.Sheet("Cantines : 2026/27", headers, rows, notes=[("Source", "campagne")])
    return openpyxl.load_workbook(io.BytesIO(documents.xlsx_bytes([sheet, sheet], **options)))


def test_workbook_keeps_types_and_formats() -> None:
    workbook = book()
    assert workbook.sheetnames == ["Cantines\u00a0 202627", "Cantines\u00a0 202627 2", "À propos"]
    sheet = workbook.worksheets[0]
    first = [cell.value for cell in sheet[2]]
    assert first[:4] == ["Aix", 1200, 4.5, dt.datetime(2026, 11, 24)]  # noqa: DTZ001 - spreadsheets have no zone
    assert first[4] == dt.datetime(2026, 11, 24, 10, 30)  # noqa: DTZ001
    assert first[5:] == ["oui", None, 2024]
    assert sheet["A3"].data_type == "s"
    assert [sheet[f"{c}1"].value for c in "AB"] == ["Nom", "Élèves"]
    assert sheet.column_dimensions["B"].width > 3
    assert sheet.freeze_panes == "A2"


def test_fictitious_workbook_says_so_on_every_sheet() -> None:
    workbook = book(fictitious=True)
    assert [sheet["A1"].value for sheet in workbook.worksheets] == ["Données fictives"] * 3
    assert workbook.worksheets[0]["A2"].value == "Nom"


def test_csv_opens_rightly_in_french_spreadsheets() -> None:
    data = documents.csv_bytes(
        ["Nom", "Prix", "Jour"],
        [["Été", Decimal("4.50"), dt.date(2026, 11, 24)], [None, 1e-7, MOMENT]],
    )
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines[:3] == ["Nom;Prix;Jour", "Été;4,50;24/11/2026", ";0,0000001;24/11/2026 10:30"]


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\t=1", "＝1"])
def test_csv_never_runs_a_formula(text: str) -> None:
    line = documents.csv_bytes(["x"], [[text]]).decode("utf-8-sig").split("\r\n")[1]
    assert line.lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["-4,5", "+33 4 90 00 00 00", "04 90", "a=b", "–"])
def test_csv_leaves_plain_values_alone(text: str) -> None:
    assert documents.csv_bytes(["x"], [[text]]).decode("utf-8-sig").split("\r\n")[1] == text


@given(
    st.lists(
        st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20),
        min_size=2,
        max_size=2,
    )
)
def test_csv_reads_back(cells: list[str]) -> None:
    data = documents.csv_bytes(["a", "b"], [["ancre", "x"], cells])
    for row in read_table(data, "x.csv").rows[1:]:
        shown = [(cell or "") for cell in row.cells]
        assert [c.lstrip("'") for c in shown] == [
            c.strip(" \t\u00a0\u202f\ufeff").lstrip("'") for c in cells
        ]


def test_downloads_have_a_safe_name_and_type() -> None:
    response = documents.file_response(b"x", "Été « pain ».XLSX")
    assert response["Content-Disposition"] == 'attachment; filename="ete-pain.xlsx"'
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert documents.file_response(b"x", "a.bin")["Content-Type"] == "application/octet-stream"


def test_workbooks_are_sound_archives() -> None:
    data = documents.xlsx_bytes([documents.Sheet("A", ["x"], [[1]])])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None


def test_pages_lie_on_their_side_for_wide_tables_and_letters_bear_no_number() -> None:
    wide = documents.WordWriter(title="Large", author="Équipe", created_at=MOMENT, landscape=True)
    wide.table("Tableau", ("Un", "Deux"), [("1", "ligne\nautre"), ("2", "b")], numeric=(0,))
    document = Document(io.BytesIO(wide.to_bytes()))
    section, table = document.sections[0], document.tables[0]
    assert section.page_width > section.page_height
    whole = section.page_width - section.left_margin - section.right_margin
    assert abs(sum(cell.width for cell in table.rows[1].cells) - whole) < 10
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Un", "Deux"], ["1", "ligne\nautre"], ["2", "b"],
    ]  # fmt: skip
    assert table.rows[0].cells[0].paragraphs[0].runs[0].bold
    assert not table.rows[1].cells[0].paragraphs[0].runs[0].bold
    letter = documents.WordWriter(
        title="Lettre", author="Équipe", created_at=MOMENT, numbered=False
    )
    feet = Document(io.BytesIO(letter.to_bytes())).sections[0].footer.paragraphs
    assert [one.text for one in feet] == [""]
