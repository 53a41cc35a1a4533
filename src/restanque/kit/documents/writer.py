"""Word documents written piece by piece, with named styles that a team can restyle.

`render_docx` fills a template written by hand; this writes what no template knows beforehand: any
number of sections, pictures and tables.
"""

import datetime as dt
import functools
import io
import zipfile
import zlib
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

from restanque.kit import palette
from restanque.kit.documents.tables import FICTITIOUS
from restanque.kit.documents.word import DocumentError

# Name of a style → what it is for. A template must have them all.
STYLES = {
    "Title": "titre du document",
    "Subtitle": "sous-titre",
    "Heading 1": "titre de partie",
    "Heading 2": "titre d’encadré ou de tableau",
    "Normal": "texte courant",
    "Caption": "légende sous une figure, un tableau",
    "List Bullet": "liste",
    "Restanque chapeau": "réponse en tête de partie",
    "Restanque question": "question de la première page",
    "Restanque réponse": "réponse à cette question",
    "Restanque source": "effectif, source, date",
    "Restanque encadré": "notice encadrée",
    "Restanque mention": "« Données fictives »",
    "Restanque cellule": "texte d’un tableau",
    "Restanque tableau": "tableau",
}
_SERIF, _SANS = "Georgia", "Calibri"
_WIDTH = Cm(17)
# What a template may weigh once unpacked: its bytes are read in memory.
_MOST_UNPACKED, _MOST_PARTS = 40 * 1024 * 1024, 500
# Programs and foreign documents that a Word file can carry, by their place in it.
_ACTIVE = ("vbaproject", "vbadata", "activex", "embeddings/", "afchunk")
_UNREADABLE = (
    PackageNotFoundError, zipfile.BadZipFile, zlib.error, etree.LxmlError, ValueError, KeyError,
    OSError, RuntimeError, EOFError,
)  # fmt: skip


def check_template(data: bytes) -> None:
    """Raise DocumentError (French) unless `data` is a Word file that has every style needed, and
    nothing that would act on the computer of whoever opens a document made from it."""
    _check_package(data)
    document = _open(data)
    known = {style.name for style in document.styles}
    if missing := [f"« {name} » ({use})" for name, use in STYLES.items() if name not in known]:
        raise DocumentError(
            f"Il manque au modèle {'le style' if len(missing) == 1 else 'les styles'} "
            f"{', '.join(missing)}. Partez du modèle fourni : changez ses polices, ses couleurs, "
            "son en-tête, sans renommer ses styles."
        )


@functools.lru_cache(maxsize=1)
def default_template() -> bytes:
    """Our template: an empty document with the named styles, in fonts that every office has."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    _base_styles(document.styles)
    _own_styles(document.styles)
    _table_style(document.styles)
    _page_number(section.footer.paragraphs[0])
    return _saved(document)


class WordWriter:
    """A document in the making. `template` is the team's, checked; else ours.

    `landscape` lays its pages on their side, for wide tables. `numbered` False leaves our page
    numbers out, for letters printed together; a team's template keeps its own.
    """

    def __init__(
        self,
        *,
        title: str,
        author: str,
        created_at: dt.datetime,
        fictitious: bool = False,
        template: bytes | None = None,
        landscape: bool = False,
        numbered: bool = True,
    ) -> None:
        if template is not None:
            check_template(template)
        self._document = _open(template or default_template())
        self._figures = self._tables = 0
        self._width = _turned(self._document.sections[-1]) if landscape else _WIDTH
        if not numbered and template is None:
            for paragraph in self._document.sections[0].footer.paragraphs:
                paragraph.clear()
        body = self._document.element.body
        for child in list(body):
            if child.tag != qn("w:sectPr"):
                body.remove(child)
        properties = self._document.core_properties
        properties.title, properties.author, properties.language = title, author, "fr-FR"
        properties.created = properties.modified = created_at
        properties.last_modified_by, properties.comments = author, ""
        if fictitious:
            self._mark()

    def heading(self, text: str, level: int, *, new_page: bool = False) -> None:
        """A title; level 0 is that of the document."""
        paragraph = self.paragraph(text, "Title" if level == 0 else f"Heading {level}")
        paragraph.paragraph_format.page_break_before = new_page or None

    def paragraph(self, text: str, style: str = "Normal") -> Any:
        """Text in one of `STYLES`."""
        return self._document.add_paragraph(text, style=style)

    def lines(self, pairs: Sequence[tuple[str, str]], style: str) -> None:
        """« Label : text » lines, the label in bold."""
        for label, text in pairs:
            paragraph = self.paragraph("", style)
            if label:
                paragraph.add_run(f"{label}\u00a0: ").bold = True
            paragraph.add_run(text)

    def picture(
        self, png: bytes, *, alt: str, caption: str, source: str, width: float = 17
    ) -> None:
        """A picture `width` cm wide, said to who does not see it, numbered under it."""
        paragraph = self.paragraph("")
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(width))
        named = shape._inline.docPr
        named.set("descr", alt)
        self._figures += 1
        named.set("name", f"Figure {self._figures}")
        self._caption("Figure", self._figures, caption).paragraph_format.keep_with_next = True
        self.paragraph(source, "Restanque source")

    def table(
        self,
        title: str,
        headers: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        numeric: Sequence[int] = (),
        widths: Sequence[float] = (),
        source: str = "",
    ) -> None:
        """A table whose header is repeated on each page; `widths` are shares of the page."""
        self._tables += 1
        self._caption("Tableau", self._tables, title).paragraph_format.keep_with_next = True
        table = self._document.add_table(rows=0, cols=len(headers), style="Restanque tableau")
        table.autofit = False
        shares = list(widths) or [1.0] * len(headers)
        sizes = [int(self._width * share / sum(shares)) for share in shares]
        for column, size in zip(table.columns, sizes, strict=True):
            column.width = size
        _row_property(self._row(table, headers, sizes, numeric, bold=True), "w:tblHeader")
        model = self._row(table, [""] * len(headers), sizes, numeric)._tr
        model.getparent().remove(model)
        for cells in rows:  # copied: python-docx is slow for thousands of rows made one by one
            made = deepcopy(model)
            for cell, text in zip(made.tc_lst, cells, strict=True):
                cell.p_lst[0].r_lst[0].text = str(text)
            table._tbl.append(made)
        self.paragraph(source, "Restanque source")

    def to_bytes(self) -> bytes:
        """The file."""
        return _saved(self._document)

    def _row(
        self,
        table: Any,
        cells: Sequence[str],
        sizes: Sequence[int],
        numeric: Sequence[int],
        *,
        bold: bool = False,
    ) -> Any:
        """A new row of a table, which no page break cuts."""
        row = table.add_row()
        _row_property(row, "w:cantSplit")
        for place, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = sizes[place]
            paragraph = cell.paragraphs[0]
            paragraph.style = "Restanque cellule"
            paragraph.add_run(str(text)).bold = bold or None
            if place in numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        return row

    def _caption(self, word: str, number: int, text: str) -> Any:
        """« Figure 3. Text », its number a field that Word keeps up to date."""
        paragraph = self.paragraph(f"{word} ", "Caption")
        _field(paragraph, f"SEQ {word} \\* ARABIC", str(number))
        paragraph.add_run(f". {text}")
        return paragraph

    def _mark(self) -> None:
        """On every page, whatever headers the template has, and in the text."""
        for section in self._document.sections:
            headers = [section.header]
            if section.different_first_page_header_footer:
                headers.append(section.first_page_header)
            if self._document.settings.odd_and_even_pages_header_footer:
                headers.append(section.even_page_header)
            for header in headers:
                header.is_linked_to_previous = False
                header.add_paragraph(FICTITIOUS, style="Restanque mention")
        self.paragraph(FICTITIOUS, "Restanque mention")


def _open(data: bytes) -> Any:
    try:
        return docx.Document(io.BytesIO(data))
    except _UNREADABLE as error:
        raise DocumentError("Le modèle n’est pas un fichier Word (.docx) lisible.") from error


def _check_package(data: bytes) -> None:
    """Refuse a template that unpacks to a huge one, carries programs, or fetches from elsewhere."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED:
                raise DocumentError(
                    "Le modèle, une fois décompressé, est trop volumineux : retirez-en les images "
                    "trop lourdes."
                )
            if any(word in part.filename.lower() for part in parts for word in _ACTIVE):
                raise DocumentError(
                    "Le modèle contient une macro ou un document incorporé : retirez-les, puis "
                    "enregistrez-le de nouveau au format .docx."
                )
            links = [package.read(p) for p in parts if p.filename.lower().endswith(".rels")]
        fetches = any(_fetches(link) for link in links)
    except _UNREADABLE as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError("Le modèle n’est pas un fichier Word (.docx) lisible.") from error
    if fetches:
        raise DocumentError(
            "Le modèle va chercher une image ou un modèle ailleurs : insérez l’image dans le "
            "fichier, détachez le modèle joint, puis enregistrez-le de nouveau."
        )


def _fetches(relationships: bytes) -> bool:
    """Whether opening the file would read another address; a link to click on does not."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return any(
        one.get("TargetMode", "").lower() == "external"
        and not one.get("Type", "").endswith("/hyperlink")
        for one in etree.fromstring(relationships, parser).iter("{*}Relationship")
    )


def _turned(section: Any) -> int:
    """Lay a section's pages on their side; the width left between the margins."""
    section.orientation = WD_ORIENT.LANDSCAPE
    short, long = sorted((section.page_width, section.page_height))
    section.page_width, section.page_height = long, short
    return int(long - section.left_margin - section.right_margin)


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _base_styles(styles: Any) -> None:
    _font(styles["Normal"], _SANS, 10.5, palette.INK)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    _french(styles["Normal"])
    for name, size, before in (("Title", 24, 0), ("Heading 1", 16, 18), ("Heading 2", 12.5, 12)):
        style = styles[name]
        _font(style, _SERIF, size, palette.INK, bold=name == "Heading 2")
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(6)
        style.paragraph_format.keep_with_next = True
        _border(style, "top" if name == "Heading 1" else "")
    _font(styles["Subtitle"], _SANS, 12, palette.INK_2)
    styles["Subtitle"].font.italic = False
    for name in ("Title", "Subtitle"):  # letters set apart, in the library's template
        properties = styles[name].element.get_or_add_rPr()
        for spaced in properties.findall(qn("w:spacing")):
            properties.remove(spaced)
    _font(styles["Caption"], _SANS, 9.5, palette.INK, bold=True)
    styles["Caption"].paragraph_format.space_after = Pt(2)
    styles["List Bullet"].paragraph_format.space_after = Pt(3)


def _own_styles(styles: Any) -> None:
    for name, family, size, colour, bold in (
        ("Restanque chapeau", _SANS, 12, palette.INK, False),
        ("Restanque question", _SANS, 10.5, palette.OLIVE_DARK, True),
        ("Restanque réponse", _SERIF, 14, palette.INK, False),
        ("Restanque source", _SANS, 8.5, palette.INK_2, False),
        ("Restanque encadré", _SANS, 10, palette.INK, False),
        ("Restanque mention", _SANS, 10, palette.OCHRE_DARK, True),
        ("Restanque cellule", _SANS, 9, palette.INK, False),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = styles["Normal"], True
        _font(style, family, size, colour, bold=bold)
    styles["Restanque question"].paragraph_format.space_before = Pt(10)
    for name in ("Restanque question", "Restanque réponse"):
        styles[name].paragraph_format.space_after = Pt(1)
        styles[name].paragraph_format.keep_with_next = True
    styles["Restanque source"].paragraph_format.space_after = Pt(10)
    cell = styles["Restanque cellule"].paragraph_format
    cell.space_before = cell.space_after = Pt(2)
    framed = styles["Restanque encadré"]
    framed.paragraph_format.space_after = Pt(3)
    framed.paragraph_format.left_indent = framed.paragraph_format.right_indent = Cm(0.2)
    _border(framed, "left")
    _shade(framed.element.get_or_add_pPr(), palette.OLIVE_LIGHT)


def _table_style(styles: Any) -> None:
    """Rules under the header and between rows, no box: as on screen."""
    style = styles.add_style("Restanque tableau", WD_STYLE_TYPE.TABLE)
    style.base_style = styles["Normal Table"]
    _font(style, _SANS, 9, palette.INK)
    properties, borders = OxmlElement("w:tblPr"), OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        borders.append(_line(side, "4", palette.STONE))
    properties.append(borders)
    style.element.append(properties)
    first = OxmlElement("w:tblStylePr")
    first.set(qn("w:type"), "firstRow")
    cell, edges = OxmlElement("w:tcPr"), OxmlElement("w:tcBorders")
    edges.append(_line("bottom", "8", palette.INK))
    cell.append(edges)
    first.append(cell)
    style.element.append(first)


def _font(style: Any, family: str, size: float, colour: str, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = family, Pt(size), bold
    style.font.color.rgb = RGBColor.from_string(colour[1:].upper())
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if "heme" in name:  # a theme's font would win over ours
            del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), family)


def _french(style: Any) -> None:
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    style.element.get_or_add_rPr().append(language)


def _border(style: Any, side: str) -> None:
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    if side:
        borders = OxmlElement("w:pBdr")
        colour = palette.INK if side == "top" else palette.OLIVE
        borders.append(_line(side, "12" if side == "top" else "24", colour, space="4"))
        _insert(properties, borders)


def _line(side: str, size: str, colour: str, *, space: str = "0") -> Any:
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", size), ("space", space), ("color", colour[1:])):
        line.set(qn(f"w:{name}"), value)
    return line


def _shade(properties: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour[1:])):
        shade.set(qn(f"w:{name}"), value)
    _insert(properties, shade)


def _insert(properties: Any, element: Any) -> None:
    """Where the schema wants it: before spacing and what follows it."""
    after = [
        properties.find(qn(f"w:{tag}")) for tag in ("shd", "spacing", "ind", "jc", "outlineLvl")
    ]
    place = next((node for node in after if node is not None), None)
    if place is None:
        properties.append(element)
    else:
        place.addprevious(element)


def _row_property(row: Any, tag: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(tag))


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run("Page ")
    _field(paragraph, "PAGE", "1")
    paragraph.add_run(" sur ")
    _field(paragraph, "NUMPAGES", "1")


def _field(paragraph: Any, instruction: str, shown: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
