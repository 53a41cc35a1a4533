"""The figures of a study as a report may show them: nothing of few for the public."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from restanque.engine.estimation import EstimationError, mean
from restanque.surveys.analysis.figure import Figure
from restanque.surveys.analysis.groups import Group
from restanque.surveys.analysis.questions import Kind
from restanque.surveys.analysis.study import Study
from restanque.surveys.analysis.tabulate import FEWEST, hide_few, tells_few
from restanque.surveys.report.parts import Audience

Quartiles = tuple[Figure, Figure, Figure]


@dataclass(frozen=True, slots=True)
class Line:
    """A choice, its words, its figure; None: not to be published."""

    code: str
    label: str
    figure: Figure | None


class Reader:
    """Reads a study for an audience. A question that the questionnaire lacks gives None or ()."""

    def __init__(self, study: Study, audience: Audience) -> None:
        self.study, self.audience = study, audience

    @property
    def hides(self) -> bool:
        """Whether what rests on 1 to 4 answers is left out."""
        return self.audience == Audience.PUBLIC

    def has(self, which: str) -> bool:
        """Whether the questionnaire asks it."""
        return self.study.has(which)

    def label(self, which: str) -> str:
        """The question as it was asked."""
        return self.study.question(which).label

    def share(self, which: str, codes: str | tuple[str, ...]) -> Figure | None:
        """Share of one or several choices."""
        if not self.has(which):
            return None
        found = self.study.share(which, codes)
        few = tells_few(found.count or 0, found.n - (found.count or 0))
        return None if self.hides and few else found

    def lines(self, which: str, *, sort: bool = True) -> tuple[Line, ...]:
        """The choices somebody made, the most frequent first."""
        if not self.has(which):
            return ()
        found = [line for line in self.study.shares(which) if line.figure.count]
        if sort:
            found.sort(key=lambda line: -(line.figure.value or 0.0))
        shown: list[int | None] = [line.figure.count for line in found]
        if self.hides and found:
            question = self.study.question(which)
            several = question.kind == Kind.MANY or bool(question.repeat)
            shown = hide_few([shown], totals=[found[0].figure.n], several=several)[0]
        return tuple(
            Line(line.code, line.label, line.figure if count is not None else None)
            for line, count in zip(found, shown, strict=True)
        )

    def quartiles(self, which: str, within: Group | None = None) -> Quartiles | None:
        """Quartiles of an amount; None under five answers, for anybody."""
        if not self.has(which):
            return None
        found = self.study.quantiles(which, within=within)
        return None if found[1].value is None or found[1].n < FEWEST else found

    def quartiles_by(self, which: str, by: str) -> tuple[tuple[str, str, Quartiles | None], ...]:
        """(code, label, quartiles) in each group of another question that has an answer."""
        if not (self.has(which) and self.has(by)):
            return ()
        groups = [group for group in self.study.by(by) if group.n]
        return tuple((group.key, group.label, self.quartiles(which, group)) for group in groups)

    def is_ahead(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """Whether a choice is conclusively above another, both (question, code).

        The communes that answered both questions are compared one by one: the mean of the
        differences, whose interval must leave zero out. Never without weights.
        """
        study, weighting = self.study, self.study.weighting
        if weighting is None:
            return False
        first, second = study.column(one[0]), study.column(other[0])
        difference = first.ticks(one[1]) - second.ticks(other[1])
        domain = first.concerned & second.concerned
        try:
            found = mean(weighting.design, difference, domain=domain)
        except EstimationError:  # a cell left without answer: nothing can be compared
            return False
        return found.interval is not None and found.interval[0] > 0

    def comparer(
        self, which: str
    ) -> Callable[[tuple[str, str, Figure], tuple[str, str, Figure]], bool]:
        """`is_ahead` between two choices (code, label, figure) of a question."""
        return lambda a, b: self.is_ahead((which, a[0]), (which, b[0]))

    def total(self, which: str) -> Figure | None:
        """A total over the territory, by its ratio to inhabitants."""
        if not self.has(which):
            return None
        found = self.study.total(which, by_population=True)
        return None if found.value is None or found.n < FEWEST else found
