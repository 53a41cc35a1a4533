"""Who to call next, and why: one table of reasons, in order. Pure: values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# A message is given this long to be answered before somebody calls.
PATIENCE = timedelta(days=7)
# An answer left half-way is left alone this long.
PAUSE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of an invitation that awaits an answer. Days are local ones."""

    pk: int
    name: str
    state: str
    population: int | None
    has_address: bool
    has_phone: bool
    sent_on: date | None
    started_on: date | None
    call_back_on: date | None
    last_call_on: date | None
    last_outcome: str
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why to call: `rank` orders the list (1 first), `words` are for the caller."""

    rank: int
    words: str


# What each rank means, in words: shown above the list, so that nobody wonders.
RULE = (
    "Les rappels promis pour aujourd’hui ou avant.",
    f"Les réponses commencées et laissées depuis {PAUSE.days} jours ou plus.",
    "Les mairies qu’aucun courriel n’atteint : adresse en erreur, ou pas d’adresse.",
    f"Les mairies restées silencieuses {PATIENCE.days} jours après le dernier envoi.",
)
RULE_END = (
    "À rang égal, les communes les plus peuplées d’abord. N’y sont pas : celles qui ont répondu ou "
    "refusé, celles déjà appelées aujourd’hui, celles à rappeler plus tard."
)


def reason_to_call(situation: Situation, today: date) -> Reason | None:
    """Why to call now, or None when it is not the moment."""
    if situation.last_call_on == today:
        return None
    if situation.call_back_on is not None:
        if situation.call_back_on > today:
            return None
        late = (today - situation.call_back_on).days
        return Reason(
            1, "Rappel promis aujourd’hui" if not late else f"Rappel promis il y a {late} j"
        )
    if situation.state == "started" and situation.started_on is not None:
        days = (today - situation.started_on).days
        return Reason(2, f"Réponse commencée il y a {days} jours") if days >= PAUSE.days else None
    if situation.state == "bounced":
        return Reason(3, "Adresse électronique en erreur")
    if not situation.has_address:
        return Reason(3, "Aucune adresse électronique connue")
    if situation.sent_on is None:
        return None
    silence = (today - situation.sent_on).days
    if silence < PATIENCE.days:
        return None
    again = f", {situation.messages} messages" if situation.messages > 1 else ""
    return Reason(4, f"Sans réponse depuis {silence} jours{again}")


def call_order(situations: Sequence[Situation], today: date) -> list[tuple[Situation, Reason]]:
    """Those to call now, first to last. Without a telephone they stand at the end of their rank."""
    due = [
        (situation, reason)
        for situation in situations
        if (reason := reason_to_call(situation, today)) is not None
    ]
    return sorted(
        due,
        key=lambda pair: (
            pair[1].rank,
            not pair[0].has_phone,
            -(pair[0].population or 0),
            pair[0].name,
            pair[0].pk,
        ),
    )
