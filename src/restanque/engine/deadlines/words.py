"""Dates and reckonings in French words."""

from __future__ import annotations

from datetime import date

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def spelled(day: date) -> str:
    """« 1er janvier 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[day.month - 1]} {day.year}"


def with_weekday(day: date) -> str:
    """« jeudi 1er janvier 2026 »."""
    return f"{_DAYS[day.weekday()]} {spelled(day)}"
