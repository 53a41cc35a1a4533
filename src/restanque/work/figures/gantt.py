"""The plan of tasks, drawn on the server: bars, dependencies, today, with its table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lxml import etree

from restanque.kit import palette
from restanque.kit.figures import Figure
from restanque.kit.svg import element
from restanque.work.figures.drawing import box, canvas, fitted, length, line, small, words
from restanque.work.models import TaskState
from restanque.work.reading import Line

ROW, BAR, AXIS = 44.0, 11.0, 30.0
_LEGEND_LINE = 24.0
_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
           "nov.", "déc.")  # fmt: skip
#: fill, outline, its thickness: told apart by lightness and outline, not by hue alone.
_LOOKS = {
    "à faire": (palette.PAPER, palette.OLIVE, 1.5),
    "en cours": (palette.OLIVE_MID, palette.OLIVE_DARK, 1.5),
    "terminée": (palette.OLIVE_DARK, palette.OLIVE_DARK, 1.5),
    "en retard": (palette.PAPER, palette.BAUXITE, 3.0),
}
_CRITICAL = "chemin critique"
HEADERS = (
    "Tâche", "Pilote", "État", "Début", "Échéance", "Finie au mieux le", "Marge (jours ouvrés)",
    "Chemin critique", "Après",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Range:
    """The days shown, both included, ticked every week or every month."""

    first: date
    last: date
    monthly: bool

    def ticks(self) -> Iterator[tuple[date, str]]:
        """(day, label) of each Monday, or of each first of the month."""
        day = self.first
        while day <= self.last:
            if self.monthly and day.day == 1:
                yield day, f"{_MONTHS[day.month - 1]} {day.year}"
            elif not self.monthly and day.weekday() == 0:
                yield day, f"{day.day} {_MONTHS[day.month - 1]}"
            day += timedelta(days=1)

    def holds(self, first: date | None, last: date | None) -> bool:
        """Whether something is to be seen there."""
        return first is not None and last is not None and first <= self.last and last >= self.first


@dataclass(frozen=True)
class _Row:
    """What the table's first cell links to."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class GanttPanel(Figure):
    """`lines` that the range holds, one under the other. `today` is the dashed line."""

    lines: Sequence[Line]
    span: Range
    today: date

    @property
    def table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """What is drawn, and what the engine found."""
        return HEADERS, [(line.task.title, *_cells(line)) for line in self.lines]

    @property
    def linked_rows(self) -> list[tuple[_Row, Sequence[Any]]]:
        """The same, the tasks linked."""
        return [
            (_Row(line.task.title, line.task.get_absolute_url()), _cells(line))
            for line in self.lines
        ]

    def draw(self, width: int = 640) -> etree._Element:
        """The plan for that width; legend, axis, then a name and a bar a task."""
        legend, top = _legend(width)
        height = top + AXIS + ROW * max(1, len(self.lines)) + 4
        root = canvas(width, height)
        root.extend(legend)
        root.extend(self._axis(width, top, height))
        places = {one.task.pk: top + AXIS + rank * ROW + 30 for rank, one in enumerate(self.lines)}
        root.extend(self._links(width, places))
        for one in self.lines:
            root.extend(self._row(one, places[one.task.pk], width))
        return root

    def _x(self, day: date, width: float) -> float:
        whole = (self.span.last - self.span.first).days + 1
        return min(max((day - self.span.first).days / whole, 0), 1) * width

    def _axis(self, width: int, top: float, height: float) -> Iterator[etree._Element]:
        taken = -1.0
        for day, label in self.span.ticks():
            x = self._x(day, width)
            yield line(x, top + AXIS - 6, x, height, stroke=palette.JOINT)
            if x >= taken and x + length(label, 13) <= width:
                yield small(label, x, top + AXIS - 10)
                taken = x + length(label, 13) + 10
        if self.span.first <= self.today <= self.span.last:
            x = self._x(self.today, width)
            yield line(x, top + AXIS - 6, x, height, stroke=palette.INK, dash="4 3", thick=1.5)

    def _row(self, one: Line, y: float, width: int) -> Iterator[etree._Element]:
        state = _look(one)
        note = "en retard" if state == "en retard" else ""
        who = one.task.pilot.user.display_name if one.task.pilot else "sans pilote"
        room = width - (length(note) + 12 if note else 0)
        yield words(fitted(f"{one.task.title} · {who}", room), 0, y - 9)
        if note:
            yield words(note, width, y - 9, fill=palette.BAUXITE, anchor="end", weight="600")
        if one.first is None or one.last is None:
            return
        left, right = self._x(one.first, width), self._x(one.last + timedelta(days=1), width)
        fill, stroke, thick = _LOOKS[state]
        yield box(left, y - BAR / 2 + 2, right - left, BAR, fill=fill, stroke=stroke, thick=thick)
        if one.critical:
            yield _diamond(max(right, 7), y + 2)

    def _links(self, width: int, places: dict[int, float]) -> Iterator[etree._Element]:
        """From the end of a task down (or up) to the beginning of what waits for it."""
        by_key = {one.task.pk: one for one in self.lines}
        for one in self.lines:
            for key in one.after_keys:
                before = by_key.get(key)
                if before is None or before.last is None or one.first is None:
                    continue
                x1 = self._x(before.last + timedelta(days=1), width)
                x2, y2 = self._x(one.first, width), places[one.task.pk] + 2
                wrong = one.first <= before.last
                yield element(
                    "path",
                    d=f"M{x1:.1f},{places[key] + 2:.1f} V{y2:.1f} H{x2:.1f}",
                    fill="none",
                    stroke=palette.BAUXITE if wrong else palette.INK_2,
                    stroke_width="1.2",
                )


def _look(one: Line) -> str:
    if one.late:
        return "en retard"
    return TaskState(one.task.state).label


def _cells(one: Line) -> tuple[Any, ...]:
    task = one.task
    return (
        task.pilot.user.display_name if task.pilot else None,
        _look(one),
        task.starts_on,
        task.due_on,
        one.earliest if task.is_open else None,
        one.slack,
        one.critical,
        ", ".join(one.after),
    )


def _diamond(x: float, y: float) -> etree._Element:
    return element(
        "path",
        d=f"M{x:.1f},{y - 7:.1f} l7,7 l-7,7 l-7,-7 Z",
        fill=palette.OCHRE,
        stroke=palette.INK,
        stroke_width="1.2",
    )


def _legend(width: int) -> tuple[list[etree._Element], float]:
    """The swatches with their words, on as many lines as they need; and where they end."""
    nodes: list[etree._Element] = []
    x, y = 0.0, 16.0
    for label in (*_LOOKS, _CRITICAL):
        room = 34 + length(label, 13) + 14
        if x and x + room > width:
            x, y = 0.0, y + _LEGEND_LINE
        if label in _LOOKS:
            fill, stroke, thick = _LOOKS[label]
            nodes.append(box(x + 2, y - 10, 24, BAR, fill=fill, stroke=stroke, thick=thick))
        else:
            nodes.append(_diamond(x + 14, y - 5))
        nodes.append(small(label, x + 34, y))
        x += room
    return nodes, y + 12
