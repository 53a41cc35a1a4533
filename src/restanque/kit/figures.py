"""Charts and maps have one life: drawn in a page, with their table, and downloaded.

A view hands its figures to `serve`; the answer is a file when `?figure=name&format=…` asks for
one, else None and the page goes on.
"""

import datetime as dt
import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from lxml import etree

from restanque.kit import documents, svg
from restanque.kit.documents.pdf import FONTS
from restanque.kit.text import format_date, safe_file_name

vl_convert.register_font_directory(str(FONTS))


@dataclass(frozen=True, kw_only=True)
class Figure(ABC):
    """What every figure says of itself. `name` is unique in its page and appears in addresses."""

    name: str
    title: str
    n: str
    source: str
    date: dt.date | None
    description: str = ""
    fictitious: bool = False

    @abstractmethod
    def draw(self, width: int = 640) -> etree._Element:
        """The drawing, `width` pixels wide, with its colours in attributes."""

    @property
    @abstractmethod
    def table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """Headers and rows of the same facts."""

    @property
    def formats(self) -> tuple[str, ...]:
        """What one may download."""
        return ("svg", "png", "csv")

    @property
    def key(self) -> str:
        """The name, fit for an id."""
        return safe_file_name(self.name)

    @property
    def caption(self) -> str:
        """« n = 77 réponses · campagne 2026 · 24 nov. 2026 »."""
        day = format_date(self.date) if self.date else ""
        return " · ".join(
            part for part in (f"n = {self.n}" if self.n else "", self.source, day) if part
        )

    @property
    def downloads(self) -> list[tuple[str, str]]:
        """(label, format) of the links under the figure."""
        return [(name.upper() if name != "geojson" else "GeoJSON", name) for name in self.formats]

    def inline(self, width: int = 520, suffix: str = "") -> SafeString:
        """The drawing for a page: named for screen readers, nothing the policy would block."""
        prefix = f"f-{self.key}{suffix}"
        root = self.draw(width)
        for attribute in ("width", "height"):
            root.attrib.pop(attribute, "")
        svg.name_drawing(root, prefix, self.title, self.description)
        return mark_safe(svg.to_text(root))

    @property
    def inline_narrow(self) -> SafeString:
        """The same for a phone's width, with its letters at full size."""
        return self.inline(340, "-n")

    def file_svg(self, width: int = 800, *, captioned: bool = True) -> bytes:
        """The drawing alone: title, n, source, date, mark, so that it can be passed around.

        A document that writes title and caption itself asks for it without (`captioned=False`).
        """
        return self._file_of(self.draw(width), captioned=captioned)

    def png(self, width: int = 800, scale: float = 2, *, captioned: bool = True) -> bytes:
        """The same as an image, for Word and slides."""
        drawing = self.file_svg(width, captioned=captioned)
        return bytes(vl_convert.svg_to_png(drawing.decode(), scale=scale))

    def _file_of(self, drawing: etree._Element, *, captioned: bool) -> bytes:
        lines = [line for line in (self.description, self.caption) if line and captioned]
        mark = documents.FICTITIOUS if self.fictitious else ""
        title = self.title if captioned else ""
        return svg.to_text(svg.framed(drawing, title=title, lines=lines, fictitious=mark)).encode()

    def csv(self) -> bytes:
        """The table as a CSV."""
        headers, rows = self.table
        return documents.csv_bytes(headers, rows, fictitious=self.fictitious)

    def file(self, file_format: str) -> bytes:
        """The figure in one of its formats; KeyError for another."""
        makers = {"svg": self.file_svg, "png": self.png, "csv": self.csv}
        return makers[file_format]()


def serve(request: HttpRequest, *figures: Figure) -> HttpResponse | None:
    """The download that the query string asks for, or None when it asks for none.

    An unknown figure or format is a 404. GeoJSON is shown inline: the page's own script reads it.
    """
    name = request.GET.get("figure")
    if not name:
        return None
    file_format = request.GET.get("format", "")
    for figure in figures:
        if figure.name == name and file_format in figure.formats:
            data = figure.file(file_format)
            return documents.file_response(
                data, f"{figure.name}.{file_format}", inline=file_format == "geojson"
            )
    raise Http404(f"Figure inconnue : {name}")


def to_json(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
