"""Who is how busy: a square a person and a week, with its table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from restanque.kit import palette
from restanque.kit.documents import csv_bytes
from restanque.kit.figures import Figure
from restanque.kit.palette import INK, INK_2
from restanque.kit.text import format_number
from restanque.work.figures.drawing import box, canvas, fitted, length, small, words
from restanque.work.reading import Row, Week

_GAP, _NAME, _CELL = 3.0, 24.0, 38.0
_ROW = _NAME + _CELL + 12
_AXIS = 26.0
#: Above this share of the time available, a week is full.
_FULL = 0.8
# Label, fill, outline, its thickness.
_LOOKS = {
    "rien": ("rien de prévu", palette.PAPER, palette.JOINT, 1.0),
    "libre": ("jusqu’à 80 % du temps", palette.OLIVE_LIGHT, palette.OLIVE_LIGHT, 1.0),
    "plein": ("plus de 80 %", palette.OCHRE_LIGHT, palette.OCHRE, 1.0),
    "trop": ("trop chargée", palette.PAPER, palette.BAUXITE, 3.0),
    "inconnu": ("temps non renseigné", palette.LIMESTONE, palette.STONE, 1.0),
}
_NARROW = 480


@dataclass(frozen=True, kw_only=True)
class HeatPanel(Figure):
    """`rows` of the workload; the picture writes the days planned, and those available if wide."""

    people: Sequence[Row]

    @property
    def table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """A line a person: before, then each week « prévus / disponibles », then undated."""
        mondays = [week.monday for week in self.people[0].weeks] if self.people else []
        headers = (
            "Personne",
            "Avant cette semaine",
            *(f"{day:%d/%m}" for day in mondays),
            "Sans date",
        )
        rows = [
            (row.name, _days(row.before), *map(_both, row.weeks), _days(row.undated))
            for row in self.people
        ]
        return headers, rows

    def csv(self) -> bytes:
        """A line a person and a week, so that figures stay figures."""
        headers = ("Personne", "Semaine du", "Jours prévus", "Jours disponibles")
        rows = [
            (row.name, week.monday, round(week.planned, 2), week.available)
            for row in self.people
            for week in row.weeks
        ]
        return csv_bytes(headers, rows, fictitious=self.fictitious)

    def draw(self, width: int = 640) -> etree._Element:
        """Legend, weeks, then a name and its squares."""
        legend, top = _legend(width)
        root = canvas(width, top + _AXIS + _ROW * max(1, len(self.people)))
        root.extend(legend)
        count = max((len(row.weeks) for row in self.people), default=1)
        step = width / count
        root.extend(self._axis(step, top))
        for rank, row in enumerate(self.people):
            y = top + _AXIS + rank * _ROW
            root.append(words(fitted(row.name, width), 0, y + 17, weight="600"))
            for number, week in enumerate(row.weeks):
                root.extend(_square(week, number * step, y + _NAME, step - _GAP, width))
        return root

    def _axis(self, step: float, top: float) -> Iterator[etree._Element]:
        taken = -1.0
        for number, week in enumerate(self.people[0].weeks if self.people else ()):
            label = f"{week.monday:%d/%m}"
            if number * step >= taken:
                yield small(label, number * step, top + _AXIS - 8)
                taken = number * step + length(label, 13) + 6


def _look(week: Week) -> str:
    if week.is_over:
        return "trop"
    if not week.planned:
        return "rien" if week.available is not None else "inconnu"
    if week.available is None:
        return "inconnu"
    return "plein" if week.planned > _FULL * week.available else "libre"


def _square(week: Week, x: float, y: float, side: float, width: int) -> Iterator[etree._Element]:
    _, fill, stroke, thick = _LOOKS[_look(week)]
    inset = thick / 2
    yield box(
        x + inset, y + inset, side - thick, _CELL - thick, fill=fill, stroke=stroke, thick=thick
    )
    px = 12 if width < _NARROW else 14
    lines = ((_days(week.planned), 16, px, INK), (f"/ {_available(week)}", 31, px - 2, INK_2))
    for text, down, size, ink in lines:
        yield words(text, x + side / 2, y + down, px=size, fill=ink, anchor="middle", halo="none")


def _days(value: float) -> str:
    """Days with one decimal when there is one; « 0 » for none."""
    return format_number(round(value, 1), 0 if abs(value - round(value)) < 0.05 else 1)


def _both(week: Week) -> str:
    return f"{_days(week.planned)} / {_available(week)}"


def _available(week: Week) -> str:
    return "?" if week.available is None else _days(week.available)


def _legend(width: int) -> tuple[list[etree._Element], float]:
    nodes: list[etree._Element] = []
    x, y = 0.0, 16.0
    for label, fill, stroke, thick in _LOOKS.values():
        room = 28 + length(label, 13) + 14
        if x and x + room > width:
            x, y = 0.0, y + 24
        nodes.append(box(x + 2, y - 13, 16, 16, fill=fill, stroke=stroke, thick=thick))
        nodes.append(small(label, x + 26, y))
        x += room
    return nodes, y + 10
