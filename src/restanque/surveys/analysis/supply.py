"""Where the bread comes from, in kilos a day: in the commune, near, in the territory, beyond.

A commune's kilos are shared out between its suppliers by the part each is said to bring, or evenly
when no part is said. The place is what the answer says; a name that is no commune of France is
« non précisée ».
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property

import numpy as np

from restanque.engine.estimation import Design, Estimate, total
from restanque.surveys.analysis.columns import BoolArray, FloatArray
from restanque.surveys.analysis.figure import Figure
from restanque.surveys.analysis.study import Study
from restanque.territories.models import Commune
from restanque.territories.resolve import resolve_many

KILOS, INSIDE = "need.kg_per_day", "need.supplier_in_commune"
# Names, in the series of suppliers of the shipped questionnaire, of what no fact carries.
_COMMUNE, _PART = "four_commune", "four_part"
_SAME = "="
ORIGINS = (
    ("commune", "Dans la commune"),
    ("epci", "Ailleurs dans l’intercommunalité"),
    ("territory", "Ailleurs dans le territoire"),
    ("outside", "Hors du territoire"),
    ("unknown", "Commune non précisée"),
)


@dataclass(frozen=True, slots=True)
class OriginLine:
    """An origin: kilos a day and its share of all the kilos."""

    code: str
    label: str
    kilos: Figure
    share: Figure


class Supply:
    """The supply of a study. `is_asked` tells whether the questionnaire knows of it."""

    def __init__(self, study: Study) -> None:
        self.study = study

    @property
    def is_asked(self) -> bool:
        """Kilos and the place of suppliers are asked."""
        return self.study.has(KILOS) and self.study.has(INSIDE)

    @cached_property
    def lines(self) -> tuple[OriginLine, ...]:
        """Each origin with its weighted kilos and its share; those without a kilo left out."""
        whole = np.sum([self._kilos[code] for code, _ in ORIGINS], axis=0)
        everybody = np.ones(len(whole), dtype=np.bool_)
        found = []
        for code, label in ORIGINS:
            y = self._kilos[code]
            if not np.nansum(y):
                continue
            with_none = np.where(self.study.without_canteen, 0.0, y)
            found.append(
                OriginLine(
                    code,
                    label,
                    self.study.estimator.figure(with_none, everybody, _total, _sum),
                    _as_share(self.study.estimator.ratio(y, whole, ~self.study.without_canteen)),
                )
            )
        return tuple(found)

    @cached_property
    def matrix(self) -> tuple[tuple[str, tuple[float, ...]], ...]:
        """Kilos a day told by the respondents: one row an intercommunalité, in `ORIGINS` order."""
        rows: dict[str, list[float]] = {}
        for rank, place in enumerate(self.study.places):
            row = rows.setdefault(place.epci, [0.0] * len(ORIGINS))
            for column, (code, _) in enumerate(ORIGINS):
                value = self._kilos[code][rank]
                row[column] += 0.0 if np.isnan(value) else float(value)
        return tuple((name, tuple(row)) for name, row in sorted(rows.items()) if sum(row))

    @cached_property
    def _kilos(self) -> dict[str, FloatArray]:
        """Origin → kilos of each respondent; NaN where kilos or suppliers are not told."""
        told = self.study.column(KILOS).numbers
        made = {code: np.full(len(told), np.nan) for code, _ in ORIGINS}
        for rank, place in enumerate(self.study.places):
            parts = self._parts[rank]
            if np.isnan(told[rank]) or not parts:
                continue
            for code, _ in ORIGINS:
                made[code][rank] = 0.0
            for where, part in parts:
                made[self._origin(place.code, place.epci, where)][rank] += told[rank] * part
        return made

    @cached_property
    def _parts(self) -> list[list[tuple[str, float]]]:
        """Respondent → (place said, part of its bread) of each supplier."""
        question = self.study.question(INSIDE)
        inside = question.path[len(question.repeat) :]
        found = []
        for row in self.study.respondents:
            turns = sorted(
                {
                    path[: path.index("]", len(question.repeat)) + 1]
                    for path in row.asked
                    if path.startswith(f"{question.repeat}[")
                }
            )
            said = [(self._place(row.flat, turn, inside), _part(row.flat, turn)) for turn in turns]
            whole = sum(part for _, part in said if part is not None)
            blank = sum(part is None for _, part in said)
            if blank or not whole:
                found.append([(where, 1 / len(said)) for where, _ in said] if said else [])
            else:
                found.append([(where, (part or 0) / whole) for where, part in said])
        return found

    def _place(self, flat: Mapping[str, str], turn: str, inside: str) -> str:
        """« = » for the commune itself, a typed name, or "" when it is not told."""
        if flat.get(f"{turn}{inside}") in ("oui", "true", "1"):
            return _SAME
        return flat.get(f"{turn}/{_COMMUNE}", "").strip()

    def _origin(self, code: str, epci: str, where: str) -> str:
        if where == _SAME:
            return "commune"
        commune = self._named.get(where)
        if commune is None:
            return "unknown"
        if commune.code == code:
            return "commune"
        if commune.epci is not None and commune.epci.name == epci:
            return "epci"
        return "territory" if commune.code in self.study.population.codes else "outside"

    @cached_property
    def _named(self) -> dict[str, Commune]:
        """Typed name → commune, the territory's names first. A few queries."""
        typed = {where for parts in self._parts for where, _ in parts} - {"", _SAME}
        if not typed:
            return {}
        codes = list(self.study.population.codes)
        near = resolve_many(sorted(typed), within=Commune.objects.filter(pk__in=codes)).lines
        found = {line.text: line.commune for line in near if line.commune is not None}
        if far := sorted(typed - set(found)):
            lines = resolve_many(far).lines
            found |= {line.text: line.commune for line in lines if line.commune is not None}
        return found


def _as_share(figure: Figure) -> Figure:
    """A ratio's interval is symmetric; a share's cannot leave 0 to 1."""
    if figure.low is None or figure.high is None:
        return figure
    return replace(figure, low=max(0.0, figure.low), high=min(1.0, figure.high))


def _total(design: Design, y: FloatArray, *, domain: BoolArray | None) -> Estimate:
    return total(design, y, domain=domain, nonnegative=True)


def _sum(values: FloatArray) -> float:
    return float(values.sum())


def _part(flat: Mapping[str, str], turn: str) -> float | None:
    text = flat.get(f"{turn}/{_PART}", "")
    try:
        return float(Decimal(text)) if text else None
    except InvalidOperation:
        return None
