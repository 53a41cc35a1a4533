"""Order statistics of small samples, exact on decimals. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from math import floor


def quantile(values: Sequence[Decimal], share: Decimal) -> Decimal:
    """The value below which `share` of the sample lies, linear between two ranks (Hyndman-Fan 7).

    Raises ValueError on an empty sample.
    """
    if not values:
        raise ValueError("No value.")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle value."""
    return quantile(values, Decimal("0.5"))


def quartiles(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """First and third quartiles: half of the values lie between."""
    return quantile(values, Decimal("0.25")), quantile(values, Decimal("0.75"))


def mean(values: Sequence[Decimal]) -> Decimal:
    """The arithmetic mean; ValueError on an empty sample."""
    if not values:
        raise ValueError("No value.")
    return sum(values, Decimal(0)) / len(values)


_NICE = tuple(Decimal(text) for text in ("1", "2", "2.5", "5", "10"))


def nice_step(values: Sequence[Decimal], classes: int = 10) -> Decimal:
    """A round class width that cuts the range in about `classes`; 1 when all values are equal."""
    spread = max(values) - min(values)
    if not spread:
        return Decimal(1)
    raw = spread / classes
    power = Decimal(10) ** raw.adjusted()
    return next(nice * power for nice in _NICE if nice * power >= raw)
