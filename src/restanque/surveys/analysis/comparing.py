"""Two campaigns of one territory: which questions are the same, and what changed for sure.

Both are weighed on the communes of the later one, with the same cells made anew for each question
(engine `weigh_together`), so that the covariance of those who answered twice counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from restanque.engine.estimation import Campaign as Answers
from restanque.engine.estimation import (
    Comparison,
    EstimationError,
    Weighting,
    compare,
    weigh_together,
)
from restanque.surveys.analysis.columns import BoolArray, Column, FloatArray
from restanque.surveys.analysis.questions import Kind, Question
from restanque.surveys.analysis.study import Study
from restanque.surveys.analysis.tabulate import FEWEST, tells_few

_COUNTED = (Kind.ONE, Kind.MANY, Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Pair:
    """The same question in both. `sure`: by fact; else same place and words, to be confirmed."""

    before: Question
    after: Question
    sure: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one choice (points between 0 and 1) or of a mean. `refusal` in French."""

    label: str
    comparison: Comparison | None
    refusal: str = ""
    # A choice that fewer than five gave, or did not give, in both campaigns.
    rare: bool = False

    @property
    def is_conclusive(self) -> bool:
        """Whether something changed for sure."""
        made = self.comparison
        return made is not None and made.conclusive is True and not self.rare

    @property
    def verdict(self) -> str:
        """In plain words."""
        if self.rare:
            return "trop peu de réponses pour conclure"
        if self.comparison is None or self.comparison.conclusive is None:
            return "pas de conclusion possible"
        if not self.comparison.conclusive:
            return "évolution non conclusive"
        return f"évolution conclusive, en {'hausse' if self.comparison.change > 0 else 'baisse'}"


def pairs_of(before: Sequence[Question], after: Sequence[Question]) -> list[Pair]:
    """Questions that both campaigns count, in the order of the later one.

    By fact; else by the same path and the same label, which somebody must confirm: the same words
    may have stood for something else.
    """
    facts = {one.fact: one for one in before if one.fact}
    places = {(one.path, one.label): one for one in before if one.path}
    found = []
    for one in after:
        if one.kind not in _COUNTED:
            continue
        by_fact = facts.get(one.fact) if one.fact else None
        other = by_fact or places.get((one.path, one.label))
        if other is not None and other.kind == one.kind:
            found.append(Pair(other, one, by_fact is not None))
    return found


class Comparing:
    """The changes between two studies; `before` must have been given `after`'s population."""

    def __init__(self, before: Study, after: Study, *, hide: bool) -> None:
        self.before, self.after, self.hide = before, after, hide
        self._weighed: dict[bytes, tuple[Weighting, ...]] = {}

    def changes(self, pair: Pair) -> tuple[Change, ...]:
        """One a choice given in either campaign; the mean of a number."""
        old, new = self.before.column(pair.before), self.after.column(pair.after)
        if pair.after.kind == Kind.NUMBER:
            if self.hide and min(_told(old).sum(), _told(new).sum()) < FEWEST:
                return ()
            return (self._change("Moyenne", old, new, old.numbers, new.numbers, "mean"),)
        labels = dict(self.before.choices(pair.before)) | dict(self.after.choices(pair.after))
        found = []
        for code, label in labels.items():
            ticks = old.ticks(code), new.ticks(code)
            if not any(np.nansum(one) for one in ticks):
                continue
            if self.hide and (_few(old, ticks[0]) or _few(new, ticks[1])):
                continue
            change = self._change(label, old, new, *ticks, "share")
            found.append(replace(change, rare=_rare(old, ticks[0]) and _rare(new, ticks[1])))
        return tuple(found)

    def _change(
        self, label: str, old: Column, new: Column, y1: FloatArray, y2: FloatArray, kind: str
    ) -> Change:
        usable = [~(c.concerned & np.isnan(y)) for c, y in ((old, y1), (new, y2))]
        studies = (self.before, self.after)
        try:
            masks = [_mask(study, kept) for study, kept in zip(studies, usable, strict=True)]
            weighed = self._weigh(masks)
            sides = [
                Answers(weighing.design, y[kept], domain=column.concerned[kept])
                for weighing, y, kept, column in zip(
                    weighed, (y1, y2), usable, (old, new), strict=True
                )
            ]
            made = compare(sides[0], sides[1], "mean" if kind == "mean" else "share")
        except EstimationError as error:
            return Change(label, None, str(error))
        return Change(label, made)

    def _weigh(self, masks: Sequence[BoolArray]) -> tuple[Weighting, ...]:
        """The same for all the choices of a question."""
        key = b"".join(mask.tobytes() for mask in masks)
        if key not in self._weighed:
            self._weighed[key] = weigh_together(self.after.population.frame, masks)
        return self._weighed[key]


def refusal_of(studies: Iterable[Study]) -> str:
    """Why the campaigns cannot be compared; "" when they can."""
    for study in studies:
        if study.refusal:
            return f"« {study.campaign.name} » : {study.refusal}"
    return ""


def _mask(study: Study, usable: BoolArray) -> BoolArray:
    mask = study.responded.copy()
    mask[np.flatnonzero(mask)[~usable]] = False
    return mask


def _told(column: Column) -> BoolArray:
    return column.concerned & column.told


def _rare(column: Column, ticks: FloatArray) -> bool:
    """Whether the choice is too rare, or too common, for a normal interval to mean much."""
    told = _told(column)
    yes = int(np.nansum(np.where(told, ticks, 0.0)))
    return min(yes, int(told.sum()) - yes) < FEWEST


def _few(column: Column, ticks: FloatArray) -> bool:
    told = _told(column)
    yes = int(np.nansum(np.where(told, ticks, 0.0)))
    return tells_few(yes, int(told.sum()) - yes)
