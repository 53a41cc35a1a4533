"""Size classes of communes: the one table used by filters, cross-tabulations and legends.

The bounds are thresholds that the Code général des collectivités territoriales gives communes
(1 000, 3 500, 10 000 and 50 000 inhabitants): means and staff change there. They group; no rule
of law is drawn from them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SizeClass:
    """Communes from `lower` to `upper` inhabitants, both included; no upper bound when None."""

    code: str
    label: str
    lower: int
    upper: int | None


SIZE_CLASSES: tuple[SizeClass, ...] = (
    SizeClass("lt1000", "Moins de 1 000 habitants", 0, 999),
    SizeClass("1000-3499", "1 000 à 3 499 habitants", 1_000, 3_499),
    SizeClass("3500-9999", "3 500 à 9 999 habitants", 3_500, 9_999),
    SizeClass("10000-49999", "10 000 à 49 999 habitants", 10_000, 49_999),
    SizeClass("ge50000", "50 000 habitants et plus", 50_000, None),
)
BY_CODE = {size.code: size for size in SIZE_CLASSES}


def size_class(population: int | None) -> SizeClass | None:
    """The class of a municipal population, or None when it is unknown."""
    if population is None:
        return None
    return next(s for s in reversed(SIZE_CLASSES) if population >= s.lower)
