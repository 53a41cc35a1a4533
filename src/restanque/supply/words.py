"""Sentences made of pieces, put in French typography before anybody reads them."""

import re

from restanque.kit.text import NARROW_SPACE, NO_BREAK_SPACE

_RULES = (
    (re.compile(r"[ \u00a0](?=[;?!])"), NARROW_SPACE),
    (re.compile(r" (?=[:»])"), NO_BREAK_SPACE),
    (re.compile(r"(?<=«) "), NO_BREAK_SPACE),
    (re.compile(r"(?<=\d) (?=(?:kg|km|€|ha|%|jours?)\b|€|%)"), NO_BREAK_SPACE),
)


def tidy(text: str) -> str:
    """The same sentence with the no-break spaces that French wants."""
    for rule, space in _RULES:
        text = rule.sub(space, text)
    return text


def listed(names: list[str], most: int = 6) -> str:
    """« A, B et C »; beyond `most`, « A, B et 5 autres »."""
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} autres"]
    return " et ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
