"""Refusals, each with a French sentence that may be shown as it is."""

from __future__ import annotations

from collections.abc import Sequence


class EstimationError(ValueError):
    """A figure that cannot be honestly computed; `str()` is a French message for the user."""


class InputError(EstimationError):
    """Arrays of the wrong length, infinite values, negative counts: the caller's fault."""


class EmptyCellError(EstimationError):
    """A cell of the population holds units and no answer: nobody can stand for it.

    `cells` names them."""

    def __init__(self, cells: Sequence[str]) -> None:
        self.cells = tuple(cells)
        super().__init__(
            f"Aucune réponse dans : {quoted(cells)}. Réunissez ces cellules avec une cellule "
            "voisine, ou relancez leurs unités."
        )


class TooFewRespondentsError(EstimationError):
    """Even merged into one, the cells stay under the minimum."""

    def __init__(self, respondents: int, population: int, minimum: int) -> None:
        self.respondents, self.population, self.minimum = respondents, population, minimum
        super().__init__(
            f"{respondents} réponse{'s' if respondents > 1 else ''} pour {population} unités, "
            f"toutes cellules réunies : il en faut au moins {minimum} pour pondérer. "
            "Les réponses peuvent être lues une à une, mais ne représentent pas l’ensemble."
        )


class RakingError(EstimationError):
    """The margins cannot be met together."""


def quoted(names: Sequence[str], limit: int = 8) -> str:
    """« a », « b » and how many more."""
    shown = ", ".join(f"« {name} »" for name in names[:limit])
    rest = len(names) - limit
    return shown if rest <= 0 else f"{shown} et {rest} autre{'s' if rest > 1 else ''}"
