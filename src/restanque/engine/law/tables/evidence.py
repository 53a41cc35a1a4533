"""How the tables write their evidence: T, S and M, as in the reference file."""

from __future__ import annotations

from datetime import date

from restanque.engine.law.model import Confidence, Evidence, Status

#: The day on which the reference file was closed: the last check of every T and S below.
CHECKED_ON = date(2026, 11, 24)
MEMORY_SOURCE = "de mémoire, texte non lu"
UNSTATED_CONSEQUENCE = "Conséquence non établie dans la base : à vérifier."
EFFECT_UNKNOWN = "Effet du silence non établi dans la base."
CHECK_THE_LAW = "Vérifier l’état du droit."


def read(confidence: str, source: str, *, verify: bool = False) -> Evidence:
    """T: the wording of the text was seen."""
    return Evidence(Status.TEXT, Confidence(confidence), source, CHECKED_ON, verify)


def said(confidence: str, source: str, *, verify: bool = False) -> Evidence:
    """S: a secondary source was seen."""
    return Evidence(Status.SECONDARY, Confidence(confidence), source, CHECKED_ON, verify)


def recalled(confidence: str, source: str = MEMORY_SOURCE) -> Evidence:
    """M: nobody opened the text."""
    return Evidence(Status.MEMORY, Confidence(confidence), source, None, verify=True)
