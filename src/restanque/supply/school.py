"""Days a canteen is open in a school year, from breaks and public holidays. Pure.

No date is shipped: breaks come from the official file that a team imports. Public holidays are
those of metropolitan France, without Alsace-Moselle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.db import models

from restanque.engine.deadlines import french_holidays


class Zone(models.TextChoices):
    """Zones of the school calendar of metropolitan France."""

    A = "A", "zone A"
    B = "B", "zone B"
    C = "C", "zone C"
    CORSE = "Corse", "Corse"


class Rhythm(models.TextChoices):
    """Days on which a canteen serves in a week of class."""

    FOUR = "4", "4 jours (lundi, mardi, jeudi, vendredi)"
    FOUR_HALF = "4.5", "4 jours et demi (mercredi compté pour moitié)"
    FIVE = "5", "5 jours (mercredi compris)"


#: Weight of each weekday (Monday is 0).
WEIGHTS: Mapping[str, Mapping[int, float]] = {
    Rhythm.FOUR: {0: 1.0, 1: 1.0, 3: 1.0, 4: 1.0},
    Rhythm.FOUR_HALF: {0: 1.0, 1: 1.0, 2: 0.5, 3: 1.0, 4: 1.0},
    Rhythm.FIVE: {0: 1.0, 1: 1.0, 2: 1.0, 3: 1.0, 4: 1.0},
}
#: A break that long is the summer's: a school year goes from the end of one to the next.
SUMMER_DAYS = 40
#: A year of class lasts so many days; two summers farther apart miss one between them.
YEAR = (250, 330)


@dataclass(frozen=True, slots=True)
class Break:
    """First day without class, day classes begin again (None: the file does not say yet)."""

    starts_on: date
    resumes_on: date | None
    name: str = ""

    @property
    def is_summer(self) -> bool:
        """Whether a school year ends with it. Only a summer may begin without its end."""
        return self.resumes_on is None or (self.resumes_on - self.starts_on).days >= SUMMER_DAYS


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """A year of class: its first day, and the first day of the summer that ends it."""

    begins_on: date
    ends_before: date

    @property
    def label(self) -> str:
        """« 2026-2027 »."""
        return f"{self.begins_on.year}-{self.ends_before.year}"


@dataclass(frozen=True, slots=True)
class ServiceDays:
    """Days of service of a school year. `days` counts a half Wednesday for a half; `breaks` and
    `holidays` are what they took from the days that would have been served."""

    year: SchoolYear
    rhythm: str
    days: float
    breaks: float
    holidays: float
    holiday_dates: tuple[date, ...]

    @property
    def whole(self) -> int:
        """To the nearest day, as a need keeps it."""
        return round(self.days)


def school_years(breaks: Iterable[Break]) -> list[SchoolYear]:
    """Every year that two summers of the same calendar close, oldest first."""
    summers = sorted((one for one in breaks if one.is_summer), key=lambda one: one.starts_on)
    return [
        SchoolYear(before.resumes_on, after.starts_on)
        for before, after in pairwise(summers)
        if before.resumes_on and YEAR[0] <= (after.starts_on - before.resumes_on).days <= YEAR[1]
    ]


def service_days(year: SchoolYear, breaks: Sequence[Break], rhythm: str) -> ServiceDays:
    """Days served between the first day of class and the summer."""
    weights = WEIGHTS[rhythm]
    off = [(b.starts_on, b.resumes_on) for b in breaks if b.resumes_on and not b.is_summer]
    public = french_holidays(year.begins_on.year) | french_holidays(year.ends_before.year)
    served = away = feast = 0.0
    feasts = []
    day = year.begins_on
    while day < year.ends_before:
        weight = weights.get(day.weekday(), 0.0)
        if any(first <= day < last for first, last in off):
            away += weight
        elif weight and day in public:
            feast += weight
            feasts.append(day)
        else:
            served += weight
        day += timedelta(days=1)
    return ServiceDays(year, rhythm, served, away, feast, tuple(feasts))
