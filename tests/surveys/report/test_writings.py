"""The four writings say the same, can be read by all, and are marked when they must."""

import io
import zipfile
from typing import Any

import docx
import pytest
from bs4 import BeautifulSoup
from docx.oxml.ns import qn
from pptx import Presentation
from pypdf import PdfReader

from restanque.kit.documents import DocumentError, WordWriter, check_template, default_template
from restanque.surveys.report import page, pdf, slides, tables, word
from tests.surveys.report.made import MADE_AT, chart, ground, report

MARK = "Données fictives"


@pytest.fixture(scope="module")
def word_file() -> bytes:
    return word.render(report(fictitious=True))


@pytest.fixture(scope="module")
def pdf_file() -> bytes:
    return pdf.render(report(fictitious=True))


@pytest.fixture(scope="module")
def slides_file() -> bytes:
    return slides.render(report(fictitious=True))


@pytest.fixture(scope="module")
def body() -> BeautifulSoup:
    return BeautifulSoup(page.render(report(fictitious=True)), "html.parser")


def word_text(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def pdf_text(data: bytes) -> str:
    return "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(data)).pages)


def slides_text(data: bytes) -> str:
    deck = Presentation(io.BytesIO(data))
    said = [
        shape.text_frame.text for s in deck.slides for shape in s.shapes if shape.has_text_frame
    ]
    return "\n".join([*said, *(s.notes_slide.notes_text_frame.text for s in deck.slides)])


@pytest.mark.parametrize("figure", [chart(), ground()], ids=["chart", "map"])
def test_the_numbers_of_a_picture_are_in_the_documents_and_the_page(
    figure: object, word_file: bytes, pdf_file: bytes, body: BeautifulSoup
) -> None:
    table = tables.of_panel(figure)  # type: ignore[arg-type]
    texts = {"word": word_text(word_file), "pdf": pdf_text(pdf_file), "page": body.get_text("\n")}
    for name, text in texts.items():
        flat = " ".join(text.split())
        for row in table.rows:
            assert " ".join(" ".join(row).split()) in flat or all(c in flat for c in row), name
        assert figure.caption.split(" · ")[1] in flat, name  # type: ignore[attr-defined]


def test_a_slide_bears_its_figures_and_its_notes_the_rest(slides_file: bytes) -> None:
    text = slides_text(slides_file)
    assert "Boulanger artisan | 74 | 67 | 80 | 57" in text
    assert "3 550 kg par jour" in text
    assert "entre 3 120 et 4 110 ; n = 53" in text
    assert "À côté." in text


def test_signs_of_markup_are_text(word_file: bytes, pdf_file: bytes, body: BeautifulSoup) -> None:
    for text in (word_text(word_file), pdf_text(pdf_file), body.get_text()):
        assert "#commande, $x$ et <b>balise</b>" in " ".join(text.split())
        assert "Groupe <3> & #strong[_]" in text
    assert not body.find_all("b")


def test_word_has_real_styles_captions_and_repeated_headers(word_file: bytes) -> None:
    document: Any = docx.Document(io.BytesIO(word_file))
    styles = {p.text: p.style.name for p in document.paragraphs if p.style is not None}
    assert styles["Le pain & la farine"] == "Title"
    assert styles["L’essentiel"] == styles["La suite"] == "Heading 1"
    assert styles["Une limite."] == "List Bullet"
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert captions[0].startswith("Figure ")
    assert len([c for c in captions if c.startswith("Tableau")]) == len(document.tables)
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    drawings = document.element.body.iter(qn("wp:docPr"))
    alternatives = [one.get("descr") for one in drawings]
    assert len(alternatives) == 2
    assert "Les trois quarts achètent à un artisan." in alternatives[0]
    assert all(alternatives)
    language = document.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert language.get(qn("w:val")) == "fr-FR"
    assert document.core_properties.title == "Le pain & la farine"


def test_the_pdf_is_tagged_titled_in_french_and_its_pictures_have_words(pdf_file: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf_file))
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("fr")
    assert reader.metadata is not None
    assert reader.metadata.title == "Le pain & la farine"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    kinds: dict[str, int] = {}
    alternatives = []
    stack = [root["/StructTreeRoot"]]
    while stack:
        node = stack.pop()
        if "/S" in node:
            kinds[node["/S"]] = kinds.get(node["/S"], 0) + 1
            if node["/S"] == "/Figure":
                alternatives.append(str(node.get("/Alt", "")))
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            child = child.get_object() if hasattr(child, "get_object") else child
            if isinstance(child, dict):
                stack.append(child)
    assert kinds["/H1"] == 1
    assert kinds["/H2"] == 3
    assert kinds["/Table"] == 3
    assert kinds["/TH"] >= 6
    assert len(alternatives) >= 2
    assert all(alternatives)


def test_slides_have_titles_alternatives_and_letters_to_be_read_from_afar(
    slides_file: bytes,
) -> None:
    deck = Presentation(io.BytesIO(slides_file))
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, abs=0.01)
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles == ["Un message", "Des chiffres", "Une carte"]
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.shape_type == 13:
                assert shape._element.nvPicPr.cNvPr.get("descr")
                assert shape.left + shape.width <= deck.slide_width
                assert shape.top + shape.height <= deck.slide_height
            if shape.has_text_frame:
                sizes = [r.font.size.pt for p in shape.text_frame.paragraphs for r in p.runs]
                assert min(sizes, default=14) >= 14
        assert slide.notes_slide.notes_text_frame.text


def test_the_page_names_its_pictures_and_its_tables(body: BeautifulSoup) -> None:
    assert [h.get_text() for h in body.find_all("h2")] == ["L’essentiel", "La suite"]
    for figure in body.find_all("figure"):
        assert figure["aria-label"]
        assert figure.find("table") is not None
    for table in body.find_all("table"):
        assert table.find("caption") is not None
        assert all(th.get("scope") for th in table.find_all("th"))
    assert not body.find_all(["script", "style", "a", "form"])
    assert not [tag for tag in body.find_all(True) if tag.has_attr("style")]
    ids = [tag["id"] for tag in body.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_every_page_slide_and_picture_says_that_data_are_invented(
    word_file: bytes, pdf_file: bytes, slides_file: bytes, body: BeautifulSoup
) -> None:
    document = docx.Document(io.BytesIO(word_file))
    assert all(MARK in "".join(p.text for p in s.header.paragraphs) for s in document.sections)
    for one in PdfReader(io.BytesIO(pdf_file)).pages:
        assert MARK in one.extract_text()
    for slide in Presentation(io.BytesIO(slides_file)).slides:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert MARK in texts
    assert all(MARK in figure.get_text() for figure in body.find_all("figure"))
    for figure in (chart(fictitious=True), ground(fictitious=True)):
        assert MARK in figure.file_svg(captioned=False).decode()


def test_real_data_are_never_marked() -> None:
    real = report()
    assert MARK not in word_text(word.render(real))
    with zipfile.ZipFile(io.BytesIO(word.render(real))) as archive:
        assert not [n for n in archive.namelist() if MARK.encode() in archive.read(n)]
    assert MARK not in pdf_text(pdf.render(real))
    assert MARK not in slides_text(slides.render(real))
    assert MARK not in page.render(real)


def test_a_team_s_template_gives_its_styles_and_keeps_its_header() -> None:
    document = docx.Document(io.BytesIO(default_template()))
    document.styles["Title"].font.name = "Marianne"
    document.sections[0].header.paragraphs[0].text = "PETR du Pays d’Essai"
    document.add_paragraph("Texte resté dans le modèle.")
    saved = io.BytesIO()
    document.save(saved)
    made = docx.Document(
        io.BytesIO(word.render(report(fictitious=True), template=saved.getvalue()))
    )
    assert made.styles["Title"].font.name == "Marianne"
    header = [p.text for p in made.sections[0].header.paragraphs]
    assert header[0] == "PETR du Pays d’Essai"
    assert MARK in header
    assert "Texte resté" not in "".join(p.text for p in made.paragraphs)


def test_a_template_without_a_style_is_refused_by_its_name() -> None:
    document = docx.Document(io.BytesIO(default_template()))
    style = document.styles["Restanque encadré"]
    style.element.getparent().remove(style.element)
    saved = io.BytesIO()
    document.save(saved)
    with pytest.raises(DocumentError, match="Restanque encadré"):
        check_template(saved.getvalue())
    with pytest.raises(DocumentError, match="lisible"):
        WordWriter(title="", author="", created_at=MADE_AT, template=b"not a document")


def test_the_same_report_gives_the_same_page_and_pdf() -> None:
    assert page.render(report()) == page.render(report())
    assert pdf.render(report()) == pdf.render(report())
