"""What may be said of an estimate, in French. Pure: estimates in, sentences out.

One rule commands the others: **a sentence is true for every value of the interval**. « La
majorité » needs the whole interval above one half; « environ » needs an interval all of which is
near; a rank is said only when nothing else may hold it. Where nothing may be said, the sentence
says so. Bounds are rounded outwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from restanque.kit.text import NARROW_SPACE, NO_BREAK_SPACE, format_number, plural

_Row = TypeVar("_Row")


class Estimate(Protocol):
    """What is read of an estimate: the engine's, or a figure of the study."""

    @property
    def value(self) -> float | None: ...  # the estimate; a share lies between 0 and 1
    @property
    def interval(self) -> tuple[float, float] | None: ...  # None: not measured
    @property
    def n(self) -> int: ...  # answers it rests upon
    @property
    def unweighted(self) -> float | None: ...  # the same figure on the bare answers


# Under this many answers no figure is commented.
FEWEST = 5
# « Environ » covers at most this much on each side of the fraction named.
NEAR = 0.10
# A quantity whose interval goes further than this share of it is an order of magnitude.
_ROUGH = 0.30
_SIGN = f"{NO_BREAK_SPACE}%"
_COLON = f"{NO_BREAK_SPACE}: "
_SEMICOLON = f"{NARROW_SPACE}; "
# Names in a list of leaders; beyond, none stands out.
_MOST_LEADERS = 3


@dataclass(frozen=True, slots=True)
class Noun:
    """What is counted: commune, communes (feminine)."""

    singular: str
    plural: str
    feminine: bool = False

    @property
    def of(self) -> str:
        """« des communes »."""
        return f"des {self.plural}"

    @property
    def one(self) -> str:
        """« une commune »."""
        return f"{'une' if self.feminine else 'un'} {self.singular}"


COMMUNES = Noun("commune", "communes", feminine=True)
SUPPLIERS = Noun("fournisseur", "fournisseurs")

_FLOORS = (
    (0.90, "plus de neuf {plural} sur dix"),
    (0.75, "plus des trois quarts {of}"),
    (2 / 3, "plus des deux tiers {of}"),
    (0.60, "plus de six {plural} sur dix"),
    (0.50, "la majorité {of}"),
    (0.40, "plus de quatre {plural} sur dix"),
    (1 / 3, "plus d’un tiers {of}"),
    (0.25, "plus d’un quart {of}"),
    (0.10, "plus d’{one} sur dix"),
)
_CEILINGS = (
    (0.10, "moins d’{one} sur dix"),
    (0.25, "moins d’un quart {of}"),
    (1 / 3, "moins d’un tiers {of}"),
    (0.40, "moins de quatre {plural} sur dix"),
    (0.50, "moins de la moitié {of}"),
    (0.60, "moins de six {plural} sur dix"),
    (2 / 3, "moins des deux tiers {of}"),
    (0.75, "moins des trois quarts {of}"),
)
_ABOUT = (
    (0.25, "environ un quart {of}"),
    (1 / 3, "environ un tiers {of}"),
    (0.50, "environ la moitié {of}"),
    (2 / 3, "environ les deux tiers {of}"),
    (0.75, "environ les trois quarts {of}"),
)


def quantifier(low: float, high: float, value: float, noun: Noun = COMMUNES) -> str:
    """The most telling quantity that is true from `low` to `high`; « » when there is none.

    « environ la moitié des communes », « plus d’un quart et moins de la moitié des communes »…
    """
    words = _about(low, high, value) or _between(low, high)
    return words.format(of=noun.of, one=noun.one, plural=noun.plural)


def _about(low: float, high: float, value: float) -> str:
    near = [
        (abs(fraction - value), words)
        for fraction, words in _ABOUT
        if fraction - NEAR <= low <= high <= fraction + NEAR
        # Which side of one half is what people want to know: never blurred when it is known.
        and (fraction != 0.5 or low <= 0.5 <= high)
        and (fraction == 0.5 or not low <= 0.5 <= high)
    ]
    return min(near)[1] if near else ""


def _between(low: float, high: float) -> str:
    floor = next(((bound, words) for bound, words in _FLOORS if low > bound), None)
    ceiling = next(((bound, words) for bound, words in _CEILINGS if high < bound), None)
    if floor is None:
        return ceiling[1] if ceiling is not None else ""
    if ceiling is None or floor[0] >= 0.5 or ceiling[0] <= 0.4:
        return floor[1] if ceiling is None or floor[0] >= 0.5 else ceiling[1]
    if ceiling[0] > 0.5:
        return floor[1]
    if floor[0] < 0.25 or "sur dix" in floor[1]:
        return ceiling[1]
    return f"{floor[1].removesuffix(' {of}')} et {ceiling[1]}"


def share_sentence(estimate: Estimate, what: str, noun: Noun = COMMUNES) -> str:
    """« La majorité des communes achètent à un artisan (62 %, entre 53 et 71 %). »

    `what`: a verb in the plural and its complement.
    """
    if estimate.value is None or estimate.n < FEWEST:
        return too_few(estimate.n)
    if estimate.interval is None:
        count = round((estimate.unweighted or 0) * estimate.n)
        return (
            f"Sur {format_number(estimate.n)} {noun.plural} qui ont répondu, "
            f"{format_number(count)} {what}{_SEMICOLON}la marge d’erreur ne se mesure pas."
        )
    low, high = estimate.interval
    figures = f"({share_figures(estimate)})"
    if is_exact(estimate):
        return f"{percent(estimate.value)} {noun.of} {what}{answers_of(estimate)}."
    words = quantifier(low, high, estimate.value, noun)
    doubtful = low <= 0.5 <= high and not words.startswith("environ")
    if not words or (doubtful and high - low > 0.5):
        return f"On ne peut pas dire quelle part {noun.of} {what} {figures}."
    end = f"{_COLON}on ne peut pas dire si c’est plus ou moins de la moitié." if doubtful else "."
    return f"{_capital(words)} {what} {figures}{end}"


def share_headline(estimate: Estimate, what: str, noun: Noun = COMMUNES) -> str:
    """The same without figures, for a title; « » when nothing short can be said."""
    if estimate.value is None or estimate.interval is None or estimate.n < FEWEST:
        return ""
    words = quantifier(*estimate.interval, estimate.value, noun)
    return f"{_capital(words)} {what}" if words else ""


def answers_of(estimate: Estimate) -> str:
    """« (n = 72) », for exact figures."""
    return f" (n = {format_number(estimate.n)})"


def too_few(n: int) -> str:
    """What is said of a question hardly anybody answered."""
    if n == 0:
        return "Aucune réponse à cette question."
    return f"Trop peu de réponses ({format_number(n)}) pour en tirer un chiffre."


def is_exact(estimate: Estimate) -> bool:
    """Whether everybody answered: no margin of error."""
    return estimate.interval is not None and estimate.interval[0] == estimate.interval[1]


def percent(share: float) -> str:
    """« 62 % »."""
    return f"{format_number(100 * share)}{_SIGN}"


def share_bounds(low: float, high: float) -> str:
    """« entre 53 et 71 % », bounds rounded outwards."""
    # 1e-9: 0.29 × 100 is 28.999…, which is no reason to say 28.
    lowest = max(0, math.floor(100 * low + 1e-9))
    highest = min(100, math.ceil(100 * high - 1e-9))
    return f"entre {lowest} et {highest}{_SIGN}"


def share_figures(estimate: Estimate) -> str:
    """« 62 %, entre 53 et 71 % »."""
    if estimate.value is None:
        return "–"
    shown = percent(estimate.value)
    if estimate.interval is None or is_exact(estimate):
        return shown
    return f"{shown}, {share_bounds(*estimate.interval)}"


def amount_figures(estimate: Estimate, unit: str = "", *, decimals: int | None = None) -> str:
    """« 5 200 kg, entre 4 600 et 5 900 », no finer than the interval deserves."""
    if estimate.value is None:
        return "–"
    value, bounds = amount_parts(estimate, decimals=decimals)
    said = f"{value}{NO_BREAK_SPACE}{unit}" if unit else value
    return f"{said}, {bounds}" if bounds else said


def amount_parts(estimate: Estimate, *, decimals: int | None = None) -> tuple[str, str]:
    """(« 5 200 », « entre 4 600 et 5 900 »); no bounds for an exact or unmeasured figure."""
    if estimate.value is None:
        return "–", ""
    step = 10.0**-decimals if decimals is not None else _step(estimate)
    shown = max(0, -math.floor(math.log10(step) + 1e-9))
    value = format_number(round(estimate.value / step) * step, shown)
    if estimate.interval is None or is_exact(estimate):
        return value, ""
    low = math.floor(estimate.interval[0] / step + 1e-9) * step
    high = math.ceil(estimate.interval[1] / step - 1e-9) * step
    return value, f"entre {format_number(low, shown)} et {format_number(high, shown)}"


def _step(estimate: Estimate) -> float:
    """What figures are rounded to: the power of ten just under a fifth of the half-width."""
    if estimate.interval is None or is_exact(estimate):
        return 1.0 if abs(estimate.value or 0) >= 10 else 0.1
    half = (estimate.interval[1] - estimate.interval[0]) / 2
    return float(10.0 ** math.floor(math.log10(half / 5))) if half > 0 else 1.0


@dataclass(frozen=True, slots=True)
class Scaled:
    """An estimate in another unit."""

    value: float | None
    interval: tuple[float, float] | None
    n: int
    unweighted: float | None


def scaled(estimate: Estimate, factor: float) -> Scaled:
    """The same in a unit `1 / factor` times as large: `scaled(kilos, 0.001)` is in tonnes."""
    low, high = estimate.interval or (None, None)
    return Scaled(
        None if estimate.value is None else estimate.value * factor,
        None if low is None or high is None else (low * factor, high * factor),
        estimate.n,
        None if estimate.unweighted is None else estimate.unweighted * factor,
    )


def about(estimate: Estimate) -> str:
    """« environ », or « de l’ordre de » when the interval is wide; « » when exact."""
    if estimate.value is None or estimate.interval is None or is_exact(estimate):
        return ""
    low, high = estimate.interval
    if not estimate.value:
        return "environ"
    rough = max(high - estimate.value, estimate.value - low) > _ROUGH * abs(estimate.value)
    return "de l’ordre de" if rough else "environ"


def amount_sentence(
    estimate: Estimate, before: str, unit: str, *, decimals: int | None = None
) -> str:
    """« Les cantines achètent environ 5 200 kg de pain par jour (entre 4 600 et 5 900). »"""
    if estimate.value is None or estimate.n < FEWEST:
        return too_few(estimate.n)
    value, bounds = amount_parts(estimate, decimals=decimals)
    said = " ".join(part for part in (before, about(estimate), value) if part)
    end = f" ({bounds})." if bounds else "."
    if estimate.interval is None:
        end = f"{_SEMICOLON}la marge d’erreur ne se mesure pas."
    return f"{said}{NO_BREAK_SPACE}{unit}{end}"


def is_ahead(first: Estimate, second: Estimate) -> bool:
    """Whether the first is surely above the second: their intervals do not meet.

    More severe than a test of the difference; never wrong where that would be right.
    """
    if first.interval is None or second.interval is None:
        return False
    return first.interval[0] > second.interval[1]


def leaders(
    rows: Sequence[_Row],
    estimate_of: Callable[[_Row], Estimate],
    ahead: Callable[[_Row, _Row], bool] | None = None,
) -> list[_Row]:
    """The rows that may hold the first place: the highest, and those it is not surely ahead of.

    Rows without value or of few answers are left out. `ahead(a, b)` tells whether a is conclusively
    above b; by default, disjoint intervals. What is higher than a leader is one too, so that a list
    of leaders never skips a figure.
    """
    known = [row for row in rows if _said(estimate_of(row))]
    known.sort(key=lambda row: -(estimate_of(row).value or 0.0))
    if not known:
        return []
    surely = ahead or (lambda a, b: is_ahead(estimate_of(a), estimate_of(b)))
    last = max(rank for rank, row in enumerate(known) if not rank or not surely(known[0], row))
    return known[: last + 1]


def _said(estimate: Estimate) -> bool:
    return bool(estimate.value) and estimate.n >= FEWEST


def first_sentence(leading: Sequence[tuple[str, Estimate]], *, what: str) -> str:
    """Who comes first, or who may. `leading` comes from `leaders`; `what`: « piste » (feminine)."""
    if not leading:
        return f"On ne peut pas dire quelle {what} vient en tête."
    named = [f"«{NO_BREAK_SPACE}{label}{NO_BREAK_SPACE}» ({share_figures(e)})" for label, e in
             leading[:_MOST_LEADERS]]  # fmt: skip
    if len(leading) == 1:
        return f"Vient en tête{_COLON}{named[0]}."
    if len(leading) <= _MOST_LEADERS:
        listed = " et ".join([", ".join(named[:-1]), named[-1]])
        return f"Viennent en tête, sans qu’on puisse les départager{_COLON}{listed}."
    return (
        f"{_capital(in_words(len(leading)))} {what}s peuvent venir en tête, sans qu’on puisse les "
        f"départager{_SEMICOLON}les plus citées dans les réponses{_COLON}{', '.join(named)}."
    )


_WORDS = ("zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")


def in_words(count: int) -> str:
    """« cinq », for feminine things; figures beyond ten."""
    return _WORDS[count] if count < len(_WORDS) else format_number(count)


def difference_sentence(
    first: str, one: Estimate, second: str, other: Estimate, *, more: str
) -> str:
    """« A achète plus cher que B » when sure, else that it cannot be said; « » without figures.

    `more`: what the higher one is or does (« plus cher »).
    """
    if min(one.n, other.n) < FEWEST or None in (one.value, other.value):
        return ""
    if is_ahead(one, other):
        return f"{_capital(first)} est {more} que {second}."
    if is_ahead(other, one):
        return f"{_capital(second)} est {more} que {first}."
    return f"On ne peut pas dire si {first} est {more} que {second}."


def participation(answered: int, invited: int, noun: Noun = COMMUNES) -> str:
    """« 77 communes sur 121 ont répondu (64 %). »"""
    if not invited:
        end = "e" if noun.feminine else ""
        return f"Aucun{end} {noun.singular} n’a été interrogé{end}."
    verb = "ont" if answered > 1 else "a"
    rate = percent(answered / invited)
    who = plural(answered, noun.singular, noun.plural)
    return f"{who} sur {format_number(invited)} {verb} répondu ({rate})."


def widest_margin(estimates: Sequence[Estimate]) -> float | None:
    """The largest half-width of the intervals of these shares, between 0 and 1."""
    margins = [(e.interval[1] - e.interval[0]) / 2 for e in estimates if e.interval is not None]
    return max(margins) if margins else None


def trust(answered: int, invited: int, margin: float | None) -> str:
    """Whether the figures can be relied upon, in one sentence; `margin` from `widest_margin`."""
    if not answered or margin is None or not invited:
        return f"Non{_COLON}trop peu de réponses pour parler de l’ensemble."
    points = f"{format_number(math.ceil(100 * margin - 1e-9))}{NO_BREAK_SPACE}points"
    if margin <= 0.12 and answered / invited >= 0.5:
        start = "Oui, pour les grandes tendances"
        return f"{start}{_COLON}les parts sont connues à {points} près au plus."
    if margin <= 0.20:
        return f"Avec prudence{_COLON}les parts ne sont connues qu’à {points} près."
    return f"Pas pour un chiffre précis{_COLON}les parts ne sont connues qu’à {points} près."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
