"""Opening hours, from the OpenStreetMap syntax kept in the data to French lines."""

import re

from restanque.kit.text import NO_BREAK_SPACE

_DAYS = {
    "Mo": "lundi",
    "Tu": "mardi",
    "We": "mercredi",
    "Th": "jeudi",
    "Fr": "vendredi",
    "Sa": "samedi",
    "Su": "dimanche",
}
_SPAN = re.compile(r"(?P<first>\w\w)(?:-(?P<last>\w\w))? (?P<hours>[\d:,-]+)")


def hours_lines(text: str) -> list[str]:
    """« Du lundi au jeudi : 8 h – 12 h, 13 h 30 – 17 h », one line a span of days.

    Raises ValueError on a text that is not of the syntax that `reference.town_halls` writes.
    """
    lines = []
    for span in filter(None, text.split("; ")):
        match = _SPAN.fullmatch(span)
        if match is None:
            raise ValueError(f"unreadable opening hours: {span!r}")
        first, last = _DAYS[match["first"]], match["last"]
        days = f"Du {first} au {_DAYS[last]}" if last else first.capitalize()
        slots = ", ".join(_slot(slot) for slot in match["hours"].split(","))
        lines.append(f"{days}{NO_BREAK_SPACE}: {slots}")
    return lines


def _slot(slot: str) -> str:
    start, end = (_hour(time) for time in slot.split("-"))
    return f"{start} – {end}"


def _hour(time: str) -> str:
    hour, minute = time.split(":")
    shown = f"{int(hour)}{NO_BREAK_SPACE}h"
    return shown if minute == "00" else f"{shown}{NO_BREAK_SPACE}{minute}"
