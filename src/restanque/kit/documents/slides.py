"""Slides that are read from the back of the room: one message each, its picture, its source."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from restanque.kit import palette
from restanque.kit.documents.tables import FICTITIOUS

WIDTH, HEIGHT = 13.333, 7.5  # inches, 16:9
MARGIN, TOP, BOTTOM = 0.6, 1.95, 6.75
BESIDE = 8.3  # where the lines at the right of a picture start
# Points. At five metres on a screen two metres wide, a letter of 18 points is some 18 mm high.
TITLE, BODY, SMALL = 34, 26, 18
_SERIF, _SANS = "Georgia", "Calibri"
_TITLE_ONLY = 5  # its rank among the layouts of python-pptx's own template


class Deck:
    """A presentation in the making; every slide says « Données fictives » when it is due."""

    def __init__(
        self, *, title: str, author: str, created_at: dt.datetime, fictitious: bool = False
    ) -> None:
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self._fictitious = fictitious
        self._layout = self._deck.slide_layouts[_TITLE_ONLY]
        _widen(self._deck.slide_master, self._layout)
        properties = self._deck.core_properties
        properties.title, properties.author, properties.language = title, author, "fr-FR"
        properties.created = properties.modified = created_at
        properties.last_modified_by = author

    def picture(
        self,
        message: str,
        png: bytes,
        *,
        alt: str,
        source: str,
        notes: str,
        beside: Sequence[str] = (),
    ) -> None:
        """One picture, as large as the slide lets it be; `beside`: short lines at its right."""
        slide = self._slide(message, source, notes)
        shape = slide.shapes.add_picture(io.BytesIO(png), 0, 0)
        room = Inches(BESIDE - MARGIN - 0.4 if beside else WIDTH - 2 * MARGIN), Inches(BOTTOM - TOP)
        scale = min(room[0] / shape.width, room[1] / shape.height)
        shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
        shape.left = Emu(int(Inches(MARGIN) + (room[0] - shape.width) / 2))
        shape.top = Inches(TOP)
        shape._element.nvPicPr.cNvPr.set("descr", alt)
        if beside:
            box = _box(slide, BESIDE, TOP + 0.5, WIDTH - MARGIN - BESIDE, BOTTOM - TOP - 0.5)
            for rank, text in enumerate(beside):
                line = _line(box, text, BODY, palette.INK, first=rank == 0)
                line.space_after = Pt(16)

    def figures(
        self, message: str, items: Sequence[tuple[str, str, str]], *, source: str, notes: str
    ) -> None:
        """Up to four figures: (figure, what it is, its interval)."""
        slide = self._slide(message, source, notes)
        columns = 2 if len(items) > 1 else 1
        wide = (WIDTH - 2 * MARGIN - 0.5 * (columns - 1)) / columns
        high = (BOTTOM - TOP) / max(1, -(-len(items) // columns))
        for rank, (value, label, detail) in enumerate(items):
            left = MARGIN + (rank % columns) * (wide + 0.5)
            box = _box(slide, left, TOP + (rank // columns) * high, wide, high - 0.15)
            _line(box, value, 44, palette.OLIVE_DARK, family=_SERIF, first=True)
            _line(box, label, BODY, palette.INK)
            _line(box, detail, SMALL, palette.INK_2)

    def to_bytes(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self._deck.save(out)
        return out.getvalue()

    def _slide(self, message: str, source: str, notes: str) -> Any:
        slide = self._deck.slides.add_slide(self._layout)
        slide.shapes.title.text_frame.text = message
        for run in slide.shapes.title.text_frame.paragraphs[0].runs:
            run.font.size, run.font.name = Pt(TITLE), _SERIF
            run.font.color.rgb = _rgb(palette.INK)
            run._r.get_or_add_rPr().set("lang", "fr-FR")
        slide.shapes.title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        rule = slide.shapes.add_shape(
            MSO_SHAPE.RECTANGLE, Inches(MARGIN), Inches(1.82), Inches(1.6), Inches(0.05)
        )
        rule.fill.solid()
        rule.fill.fore_color.rgb = _rgb(palette.OLIVE)
        rule.line.fill.background()
        rule.shadow.inherit = False
        rule.name = "Filet"
        foot = _box(slide, MARGIN, BOTTOM + 0.1, WIDTH - 2 * MARGIN - 1, 0.5)
        _line(foot, source, 14, palette.INK_2, first=True)
        number = _box(slide, WIDTH - MARGIN - 0.9, BOTTOM + 0.1, 0.9, 0.5)
        rank = _line(number, str(len(self._deck.slides)), 14, palette.INK_2, first=True)
        rank.alignment = PP_ALIGN.RIGHT
        said = notes
        if self._fictitious:
            mark = _box(slide, MARGIN, 0.12, 3.2, 0.38)
            _line(mark, FICTITIOUS, SMALL, palette.OCHRE_DARK, bold=True, first=True)
            said = f"{FICTITIOUS}. {notes}"
        slide.notes_slide.notes_text_frame.text = said
        return slide


def _rgb(colour: str) -> Any:
    return RGBColor(*bytes.fromhex(colour[1:]))  # type: ignore[no-untyped-call]


def _widen(master: Any, layout: Any) -> None:
    """The master of the library is 4:3: its title is set for ours, so that « Reset » keeps it."""
    for place in (master, layout):
        for shape in place.placeholders:
            if shape.placeholder_format.type is not None and shape.placeholder_format.idx == 0:
                shape.left, shape.top = Inches(MARGIN), Inches(0.5)
                shape.width, shape.height = Inches(WIDTH - 2 * MARGIN), Inches(1.3)
                _set_title(shape.text_frame)


def _set_title(frame: Any) -> None:
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT


def _box(slide: Any, left: float, top: float, width: float, height: float) -> Any:
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    return frame


def _line(
    frame: Any,
    text: str,
    size: float,
    colour: str,
    *,
    family: str = _SANS,
    bold: bool = False,
    first: bool = False,
) -> Any:
    paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.name, run.font.bold = Pt(size), family, bold
    run.font.color.rgb = _rgb(colour)
    run._r.get_or_add_rPr().set("lang", "fr-FR")
    return paragraph
