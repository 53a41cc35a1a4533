"""What a page says of one question: bare figures beside estimates, by group, few kept hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from restanque.kit.text import NO_BREAK_SPACE, format_number
from restanque.surveys.analysis.figure import Figure
from restanque.surveys.analysis.groups import Group
from restanque.surveys.analysis.questions import Kind, Question
from restanque.surveys.analysis.study import QUANTITIES, Study
from restanque.surveys.analysis.tabulate import FEWEST, hide_few

PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Line:
    """A choice, or a measure of a number. `figure` None: not shown of few.

    `scale` multiplies for the page (100 for shares), `decimals` are those shown.
    """

    code: str
    label: str
    figure: Figure | None
    scale: int
    decimals: int
    unit: str

    def _said(self, value: float | None) -> str:
        shown = format_number(None if value is None else value * self.scale, self.decimals)
        return shown if value is None or not self.unit else f"{shown}{NO_BREAK_SPACE}{self.unit}"

    @property
    def bare(self) -> str:
        """The figure of the respondents."""
        return self._said(self.figure.unweighted) if self.figure is not None else ""

    @property
    def estimate(self) -> str:
        """The weighted figure, « – » when weights are refused."""
        if self.figure is None:
            return ""
        return self._said(self.figure.value if self.figure.weighted else None)

    @property
    def interval(self) -> str:
        """« de 36 à 55 % »."""
        if self.figure is None or self.figure.low is None or self.figure.high is None:
            return "–"
        low = format_number(self.figure.low * self.scale, self.decimals)
        return f"de {low} à {self._said(self.figure.high)}"


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group of a crossing; `n` None: not shown. `lines` follow the headers."""

    key: str
    label: str
    n: int | None
    population: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A question by groups: the heads of its columns, one line a group."""

    headers: tuple[tuple[str, str], ...]
    groups: tuple[GroupLine, ...]


class Reading:
    """One question of a study, for the team (`hide` False) or for others."""

    def __init__(
        self, study: Study, question: Question, *, hide: bool, within: Group | None = None
    ) -> None:
        self.study, self.question, self.hide, self.within = study, question, hide, within

    @cached_property
    def n(self) -> int:
        """Answers to the question, of the group when there is one."""
        return self._n(self.within)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """A choice each, or the measures of a number; choices of several, most frequent first."""
        if self.question.kind == Kind.NUMBER:
            return self._measures(self.within, total=True)
        found = self._shares(self.within)
        if self.hide:
            found = self._hidden([found], [self._n(self.within)])[0]
        if self.question.kind == Kind.MANY:
            found = sorted(found, key=lambda line: -_value(line))
        return tuple(found)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the engine says of these figures, each once; outside the team, no small count."""
        return self._notes_of(self.lines)

    def crossing(self, groups: Sequence[Group]) -> Crossing:
        """By these groups. Choices that nobody took are left out."""
        groups = [self._narrowed(group) for group in groups]
        sizes = self._sizes([self._n(group) for group in groups])
        if self.question.kind == Kind.NUMBER:
            return Crossing(
                (("q1", "Premier quartile"), ("q2", "Médiane"), ("q3", "Troisième quartile"),
                 ("mean", "Moyenne")),
                tuple(
                    GroupLine(
                        group.key, group.label, size, group.population,
                        () if size is None else self._measures(group, total=False),
                    )
                    for group, size in zip(groups, sizes, strict=True)
                ),
            )  # fmt: skip
        table = [self._shares(group) for group in groups]
        if self.hide:
            table = self._hidden(table, [self._n(group) for group in groups])
        taken = [
            place
            for place in range(len(table[0]) if table else 0)
            if any(_taken(row[place]) for row in table)
        ]
        heads = tuple((table[0][place].code, table[0][place].label) for place in taken)
        return Crossing(
            heads,
            tuple(
                GroupLine(
                    group.key, group.label, size, group.population,
                    tuple(row[place] for place in taken),
                )
                for group, size, row in zip(groups, sizes, table, strict=True)
            ),
        )  # fmt: skip

    def notes_of(self, crossing: Crossing) -> tuple[str, ...]:
        """The same for a crossing."""
        return self._notes_of([line for group in crossing.groups for line in group.lines])

    def _n(self, group: Group | None) -> int:
        column = self.study.column(self.question)
        told = column.told & column.concerned
        return int((told if group is None else told & group.rows).sum())

    def _narrowed(self, group: Group) -> Group:
        if self.within is None:
            return group
        return Group(group.key, group.label, group.rows & self.within.rows)

    def _sizes(self, sizes: Sequence[int]) -> list[int | None]:
        """n of each group; outside the team those of few, and what would tell them."""
        if not self.hide:
            return list(sizes)
        return hide_few([sizes], totals=[max(FEWEST, sum(sizes))])[0]

    def _shares(self, group: Group | None) -> list[Line]:
        return [
            Line(one.code, one.label, one.figure, 100, 0, PERCENT)
            for one in self.study.shares(self.question, within=group)
        ]

    def _hidden(self, table: Sequence[Sequence[Line]], totals: Sequence[int]) -> list[list[Line]]:
        """The same lines; where a count must not be known the figure goes."""
        counts = [[line.figure.count if line.figure else None for line in row] for row in table]
        several = self.question.kind == Kind.MANY or bool(self.question.repeat)
        shown = hide_few(counts, totals=totals, several=several)
        return [
            [
                line if count is not None else _without(line)
                for line, count in zip(row, kept, strict=True)
            ]
            for row, kept in zip(table, shown, strict=True)
        ]

    def _measures(self, group: Group | None, *, total: bool) -> tuple[Line, ...]:
        question, decimals = self.question, decimals_of(self.question)
        if self.hide and self._n(group) < FEWEST:
            return ()
        first, middle, third = self.study.quantiles(question, within=group)
        named: list[tuple[str, str, Figure]] = [
            ("q1", "Premier quartile", first),
            ("q2", "Médiane", middle),
            ("q3", "Troisième quartile", third),
            ("mean", "Moyenne", self.study.mean(question, within=group)),
        ]
        if total and question.fact in QUANTITIES:
            whole = self.study.total(question, within=group, by_population=True)
            named.append(("total", "Total", whole))
        return tuple(
            Line(code, label, figure, 1, 0 if code == "total" else decimals, question.unit)
            for code, label, figure in named
        )

    def _notes_of(self, lines: Sequence[Line]) -> tuple[str, ...]:
        found = dict.fromkeys(
            note for line in lines if line.figure is not None for note in line.figure.notes
        )
        if self.hide:
            return tuple(note for note in found if not any(sign.isdigit() for sign in note))
        return tuple(found)


def decimals_of(question: Question) -> int:
    """Prices show cents, other amounts one decimal at most."""
    return 2 if "€" in question.unit else 1


def _taken(line: Line) -> bool:
    """Whether somebody made this choice, or it must not be known."""
    return line.figure is None or bool(line.figure.count)


def _value(line: Line) -> float:
    return (line.figure.value or 0.0) if line.figure is not None else -1.0


def _without(line: Line) -> Line:
    return Line(line.code, line.label, None, line.scale, line.decimals, line.unit)
