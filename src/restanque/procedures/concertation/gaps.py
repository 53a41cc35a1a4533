"""What was announced compared with what was done: pure, dates in, gaps out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from restanque.kit.text import format_date, plural

ONE_DAY = timedelta(days=1)


class GapKind(StrEnum):
    """What differs."""

    NOT_DONE = "not_done"
    FEWER = "fewer"
    NOT_THROUGHOUT = "not_throughout"
    OUTSIDE = "outside"
    UNPROVEN = "unproven"
    NO_FILE = "no_file"
    NOT_ANNOUNCED = "not_announced"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    GapKind.NOT_DONE: "annoncé, non réalisé",
    GapKind.FEWER: "moins que l’annoncé",
    GapKind.NOT_THROUGHOUT: "interrompu",
    GapKind.OUTSIDE: "hors période",
    GapKind.UNPROVEN: "sans preuve",
    GapKind.NO_FILE: "pièce non jointe",
    GapKind.NOT_ANNOUNCED: "non annoncé",
}
#: What may be held against the procedure; the others are reminders.
GRAVE = (
    GapKind.NOT_DONE,
    GapKind.FEWER,
    GapKind.NOT_THROUGHOUT,
    GapKind.OUTSIDE,
    GapKind.UNPROVEN,
)


@dataclass(frozen=True, slots=True)
class Announced:
    """A modality: `quantity` is the least number announced, None without one."""

    key: int
    text: str
    quantity: int | None = None
    throughout: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """A means from `start` to `end`, both included; `carries` are the keys of its modalities."""

    key: int
    what: str
    start: date
    end: date
    carries: frozenset[int]
    count: int = 1
    proven: bool = True
    has_file: bool = True


@dataclass(frozen=True, slots=True)
class Period:
    """From the prescription to the arrêt, both included; `end` None: the arrêt is to come."""

    start: date
    end: date | None = None

    def meets(self, one: Done) -> bool:
        """Whether the means lasts at least a day within it."""
        return one.end >= self.start and (self.end is None or one.start <= self.end)


@dataclass(frozen=True, slots=True)
class Gap:
    """One difference, about a modality or a means. `final`: it can no longer be made up."""

    kind: GapKind
    message: str
    modality: int | None = None
    means: int | None = None
    final: bool = False

    @property
    def is_grave(self) -> bool:
        """Whether it may be held against the procedure."""
        return self.kind in GRAVE


@dataclass(frozen=True, slots=True)
class Carried:
    """How far a modality is carried out: done within the period, and still to come."""

    done: int
    planned: int


def carried(modality: Announced, means: Iterable[Done], *, period: Period, today: date) -> Carried:
    """Count what carries a modality out. What falls outside the period does not count."""
    done = planned = 0
    for one in means:
        if modality.key in one.carries and period.meets(one):
            if one.start > today:
                planned += one.count
            else:
                done += one.count
    return Carried(done, planned)


def gaps_of(
    modalities: Sequence[Announced], means: Sequence[Done], *, period: Period, today: date
) -> tuple[Gap, ...]:
    """Every gap, in the order of the modalities, then of the means."""
    found: list[Gap] = []
    for modality in modalities:
        found += _of_modality(modality, means, period, today)
    for one in means:
        if one.start <= today:
            found += _of_means(one, period)
    return tuple(found)


def _of_modality(
    modality: Announced, means: Sequence[Done], period: Period, today: date
) -> list[Gap]:
    final = period.end is not None
    count = carried(modality, means, period=period, today=today)
    coming = f" ; {plural(count.planned, 'prévu')}" if count.planned else ""

    def gap(kind: GapKind, message: str) -> Gap:
        return Gap(kind, message, modality=modality.key, final=final)

    if count.done == 0:
        word = "n’a pas été réalisé" if final else "n’est pas encore réalisé"
        return [gap(GapKind.NOT_DONE, f"« {modality.text} » {word}{coming}.")]
    found = []
    if modality.quantity is not None and count.done < modality.quantity:
        least, real = modality.quantity, plural(count.done, "réalisé")
        said = f"« {modality.text} » : {least} au moins annoncés, {real}"
        found.append(gap(GapKind.FEWER, f"{said}{coming}."))
    if modality.throughout:
        last = period.end or today
        own = [one for one in means if modality.key in one.carries and one.start <= today]
        for start, end in holes(own, period.start, last):
            when = (
                f"le {format_date(start)}"
                if start == end
                else f"du {format_date(start)} au {format_date(end)}"
            )
            words = f"« {modality.text} » : annoncé pour toute la concertation, rien {when}."
            found.append(gap(GapKind.NOT_THROUGHOUT, words))
    return found


def holes(means: Iterable[Done], start: date, end: date) -> list[tuple[date, date]]:
    """The spells of [start, end] during which no means lasts."""
    free, found = start, []
    for one in sorted(means, key=lambda m: m.start):
        if one.start > end:
            break
        if one.start > free:
            found.append((free, one.start - ONE_DAY))
        free = max(free, one.end + ONE_DAY)
    if free <= end:
        found.append((free, end))
    return found


def _of_means(one: Done, period: Period) -> list[Gap]:
    found = []
    if not period.meets(one):
        before = one.end < period.start
        when = (
            f"avant la prescription ({format_date(period.start)})"
            if before
            else f"après l’arrêt du projet ({format_date(period.end)})"
        )
        words = f"« {one.what} » a eu lieu {when} : il ne compte pas dans la concertation."
        found.append(Gap(GapKind.OUTSIDE, words, means=one.key, final=True))
    if not one.proven:
        words = f"« {one.what} » : rien ne prouve qu’il a eu lieu."
        found.append(Gap(GapKind.UNPROVEN, words, means=one.key))
    elif not one.has_file:
        words = f"« {one.what} » : la preuve est citée, la pièce n’est pas jointe."
        found.append(Gap(GapKind.NO_FILE, words, means=one.key))
    if not one.carries:
        words = f"« {one.what} » n’est rattaché à aucune modalité annoncée."
        found.append(Gap(GapKind.NOT_ANNOUNCED, words, means=one.key))
    return found
