"""Events and targets as typed by people or written in EVENTS.json."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from restanque.engine.deadlines.calculus import legal_date
from restanque.engine.deadlines.errors import DeadlineError
from restanque.engine.deadlines.facts import Event, known_step
from restanque.engine.deadlines.steps import ProcedureKind

_FIELDS = {"step", "date", "proof"}
# Wide enough for any plan, narrow enough to catch a slip of the hand.
FIRST_YEAR, LAST_YEAR = 1950, 2150


def read_date(text: Any, where: str) -> date:
    """A date AAAA-MM-JJ, or a moment with its time zone taken at its civil date in Paris.

    Raises DeadlineError, naming `where` and the value.
    """
    wrong = DeadlineError(
        f"{where} : « {text} » n’est pas une date. Écrivez-la AAAA-MM-JJ, par exemple 2026-11-24."
    )
    if not isinstance(text, str):
        raise wrong
    try:
        day = _parsed(text.strip())
    except DeadlineError as error:
        raise DeadlineError(f"{where} : {error}") from None
    except (ValueError, OverflowError):
        raise wrong from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DeadlineError(
            f"{where} : l’année {day.year} n’est pas plausible ({FIRST_YEAR} à {LAST_YEAR})."
        )
    return day


def _parsed(text: str) -> date:
    if len(text) == 10 and text[4] == text[7] == "-":
        return date.fromisoformat(text)
    if "T" in text:
        return legal_date(datetime.fromisoformat(text))
    raise ValueError(text)


def read_events(content: Any, kind: ProcedureKind) -> tuple[Event, ...]:
    """The events of a parsed EVENTS.json: a list of {step, date, proof}.

    Every fault is told at once, each with its rank (from 1), its field and its value.
    """
    if not isinstance(content, list):
        raise DeadlineError(
            'Le fichier des faits est une liste : [{"step": …, "date": …, "proof": …}].'
        )
    events, faults = [], []
    for rank, item in enumerate(content, start=1):
        try:
            events.append(_read_event(item, f"Fait n° {rank}", kind))
        except DeadlineError as error:
            faults.append(str(error))
    if faults:
        raise DeadlineError("\n".join(faults))
    return tuple(events)


def _read_event(item: Any, where: str, kind: ProcedureKind) -> Event:
    if not isinstance(item, dict):
        raise DeadlineError(f"{where} : un objet avec « step », « date » et « proof » est attendu.")
    unknown = sorted(set(item) - _FIELDS)
    if unknown:
        raise DeadlineError(
            f"{where} : champ inconnu « {unknown[0]} ». Champs : step, date, proof."
        )
    name, proof = item.get("step"), item.get("proof")
    if not isinstance(name, str) or not name:
        raise DeadlineError(f"{where} : le champ « step » manque.")
    if proof is not None and not isinstance(proof, str):
        raise DeadlineError(f"{where} : « proof » est un texte, ou null sans preuve.")
    try:
        known_step(kind, name)
    except DeadlineError as error:
        raise DeadlineError(f"{where} : {error}") from None
    day = read_date(item.get("date"), f"{where}, champ « date »")
    return Event(name, day, (proof or "").strip() or None)
