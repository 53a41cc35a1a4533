"""The French sentences that go with a figure."""

from __future__ import annotations

from collections.abc import Sequence

from restanque.engine.estimation.errors import quoted

NO_ANSWER = "Aucune réponse : rien ne peut être estimé."
ONE_ANSWER = "Une seule réponse : aucun intervalle ne peut être calculé."
CENSUS = (
    "Toutes les unités des cellules concernées ont répondu : chiffre exact, sans marge d’erreur."
)
SAME_ANSWERS = (
    "Dans chaque cellule, toutes les réponses sont identiques : la marge d’erreur ne se mesure pas."
)
SAME_CHANGE = (
    "Tous les répondants ont évolué de la même façon : la marge d’erreur ne se mesure pas."
)
NO_FREEDOM = "Une seule réponse par cellule : aucun intervalle ne peut être calculé."
EXACT_SHARE = "Réponses unanimes : borne exacte, d’après le nombre d’unités qui n’ont pas répondu."
DOMAIN_SIZE = "L’effectif de ce groupe est lui-même estimé."
ZERO_DENOMINATOR = "Le dénominateur est nul : le rapport n’existe pas."
EXTREME_QUANTILE = "Trop peu de réponses au-delà de ce quantile pour en borner l’intervalle."
ZERO_VALUE = "Le total estimé est nul : aucun intervalle ne peut être calculé."


def leaving_out(units: Sequence[str]) -> str:
    """« hors X »: what the figures do not cover."""
    return f"Hors {', '.join(units)} : sans réponse, et jamais imputé."


def missing_items(missing: int) -> str:
    """Blank answers of respondents."""
    if missing == 1:
        return (
            "1 répondant n’a pas rempli cette question ; les autres de sa cellule le représentent."
        )
    return (
        f"{missing} répondants n’ont pas rempli cette question ; les autres de leur cellule les "
        "représentent."
    )


def lonely(names: Sequence[str]) -> str:
    """Strata with one respondent for several units."""
    return f"Une seule réponse dans {quoted(names)} : l’intervalle est élargi par prudence."


def both_without(units: Sequence[str]) -> str:
    """Self-representing units that are silent in one of two campaigns."""
    return f"Comparaison hors {', '.join(units)} : sans réponse à l’une des deux campagnes."


def common_units(both: int) -> str:
    """How much of the comparison rests on the same units."""
    if both == 0:
        return "Aucune unité n’a répondu aux deux campagnes : elles sont comparées en bloc."
    if both == 1:
        return "Une unité a répondu aux deux campagnes."
    return f"{both} unités ont répondu aux deux campagnes."
