"""A timeline as an iCalendar file (RFC 5545): whole days, stable identifiers, no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

from restanque.engine.deadlines.calculus import ONE_DAY
from restanque.engine.deadlines.timeline import StepState, StepStatus, Timeline

_PRODID = "-//Restanque//Calendrier des procédures//FR"
_SUMMARY = {
    "done": "Fait",
    "planned": "Prévu",
    "latest": "Dernier jour",
}


def to_ics(timeline: Timeline, *, name: str = "") -> str:
    """One event for each date done, planned, and each last day; lines end with CRLF.

    UIDs rest on `name` (the procedure's own identifier, its kind and date otherwise), the step and
    the sort of date: a calendar that reads the file again moves its events. DTSTAMP is the day of
    the evaluation, so that the same timeline gives the same file.
    """
    owner = name or f"{timeline.kind}/{timeline.prescription.isoformat()}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODID}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(timeline.label)}",
    ]
    for state in timeline.steps:
        for sort, day in _dates(state):
            lines += _event(timeline, state, sort, day, owner)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _dates(state: StepState) -> Iterator[tuple[str, date]]:
    if state.status is StepStatus.NOT_APPLICABLE:
        return
    if state.done is not None:
        yield "done", state.done
        return
    if state.planned is not None:
        yield "planned", state.planned
    if state.latest is not None and state.latest != state.planned:
        yield "latest", state.latest


def _event(timeline: Timeline, state: StepState, sort: str, day: date, owner: str) -> list[str]:
    uid = hashlib.sha256(f"{owner}/{state.id}/{sort}".encode()).hexdigest()[:32]
    summary = f"{_SUMMARY[sort]} : {state.step.label}"
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}@restanque",
        f"DTSTAMP:{timeline.today:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + ONE_DAY:%Y%m%d}",
        f"SUMMARY:{escaped(summary)}",
        f"DESCRIPTION:{escaped(_description(state))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _description(state: StepState) -> str:
    words = [f"État : {state.status.label}. Acteur : {state.step.actor}."]
    for found in state.derivations:
        mark = " [à vérifier]" if found.rule.to_verify else ""
        words.append(f"{found.article}{mark} : {found.rule.title}. {found.computation}".rstrip())
        words.append(f"Si ce n’est pas fait : {found.rule.consequence}")
    return "\n".join(words)


def escaped(text: str) -> str:
    """Backslash, semicolon, comma and new line, as RFC 5545 § 3.3.11 asks."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    # A lone carriage return ends a line for some calendar programs.
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """At most 75 octets a line; a continuation starts with a space. No character is cut in two."""
    parts: list[str] = []
    current = ""
    room = 75
    for character in line:
        if len((current + character).encode()) > room:
            parts.append(current)
            current, room = "", 74
        current += character
    return "\r\n ".join([*parts, current])
