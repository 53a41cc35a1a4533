"""What a report is made of: sections of blocks, as values. Every rendering reads these alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from restanque.kit.figures import Figure


class Audience(StrEnum):
    """Who reads: the team sees communes by name, the public never does."""

    TEAM = "team"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `lead`: the answer of the section, set larger."""

    text: str
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A question a reader asks, its answer in a few words, and what makes it trustworthy."""

    question: str
    answer: str
    detail: str


@dataclass(frozen=True, slots=True)
class Answers:
    """The questions of the first page."""

    items: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure with its unit, what it is, and its interval with n."""

    value: str
    unit: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Figures side by side."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart or a map: the same panel as on screen."""

    figure: Figure

    @property
    def alternative(self) -> str:
        """What it shows, for who does not see it: title, then its message."""
        return f"{self.figure.title}. {self.figure.description or self.figure.caption}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of strings; `numeric`: the columns set to the right; `note`: n and source."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    note: str = ""

    @property
    def widths(self) -> tuple[float, ...]:
        """Parts of the width, by the longest words of each column, within limits."""
        columns = zip(self.headers, *self.rows, strict=True)
        longest = [max(len(text) for text in column) for column in columns]
        return tuple(
            float(max(length, 13) if place in self.numeric else min(max(length, 13), 64))
            for place, length in enumerate(longest)
        )


@dataclass(frozen=True, slots=True)
class Box:
    """A framed notice of labelled lines: the method, the limits."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short sentences."""

    items: tuple[str, ...]


Block = Paragraph | Answers | KeyFigures | Picture | Table | Box | Bullets


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report; `key` is its anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Slide:
    """One message (its title), what shows it, and the source said in the notes."""

    title: str
    block: Picture | KeyFigures
    source: str
    notes: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The whole: `opening` holds what an elected member reads, `sections` the rest."""

    title: str
    subtitle: str
    author: str
    made_at: dt.datetime
    audience: Audience
    fictitious: bool
    opening: Section
    sections: tuple[Section, ...]
    slides: tuple[Slide, ...]

    def pictures(self) -> Iterator[Picture]:
        """Every chart and map, once, in the order they are met."""
        seen: set[str] = set()
        for section in (self.opening, *self.sections):
            for block in section.blocks:
                if isinstance(block, Picture) and block.figure.name not in seen:
                    seen.add(block.figure.name)
                    yield block
