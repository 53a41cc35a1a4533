"""The key figures of the board: what can already be said, and of how many. Reading only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from restanque.engine.forms import FormError
from restanque.kit.text import NO_BREAK_SPACE, format_date, format_number, plural
from restanque.surveys.analysis.numbers import median, quartiles
from restanque.surveys.board.counts import state_of
from restanque.surveys.definitions import form_of
from restanque.surveys.models import Campaign, Invitation
from restanque.surveys.models.campaigns import ANSWERED_STATES
from restanque.surveys.services.flags import facts_of


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure with what it is, a comparison, and its n, source and date."""

    value: str
    unit: str
    label: str
    source: str
    compare: str = ""
    trend: str = ""


def key_figures(
    campaign: Campaign, invitations: Sequence[Invitation], today: date, *, show_small: bool
) -> list[KeyFigure]:
    """Rate, inhabitants covered, then what the facts of the questionnaire allow.

    Figures over fewer than 5 units are not shown outside the team (`show_small` false).
    """
    answered = [one for one in invitations if state_of(one) in ANSWERED_STATES]
    day = format_date(today)
    figures = [
        _rate(invitations, answered, today),
        _inhabitants(invitations, answered, day),
    ]
    facts = [_facts(one) for one in answered]
    for figure, n in (_price(facts, len(answered), day), _local_baker(facts, day)):
        if figure is not None and (show_small or n >= 5):
            figures.append(figure)
    return figures


def _rate(
    invitations: Sequence[Invitation], answered: Sequence[Invitation], today: date
) -> KeyFigure:
    total, number = len(invitations), len(answered)
    week = today - timedelta(days=7)
    recent = sum(1 for one in answered if _submitted_on(one) > week)
    points = round(100 * recent / total) if total else 0
    compare = f"+ {plural(points, 'point')} en une semaine" if points else "Aucune en une semaine"
    return KeyFigure(
        format_number(100 * number / total) if total else "–",
        "%",
        "des organismes invités ont répondu",
        f"n = {number} sur {plural(total, 'invitation')} · campagne · {format_date(today)}",
        compare,
        "mieux" if points else "",
    )


def _inhabitants(
    invitations: Sequence[Invitation], answered: Sequence[Invitation], day: str
) -> KeyFigure:
    every = {c.code: c for one in invitations if (c := one.organisation.commune)}
    covered = {c.code: c for one in answered if (c := one.organisation.commune)}
    whole = sum(c.population or 0 for c in every.values())
    part = sum(c.population or 0 for c in covered.values())
    unknown = sum(c.population is None for c in every.values())
    source = f"n = {plural(len(covered), 'commune')} sur {len(every)} · population municipale 2023"
    return KeyFigure(
        format_number(100 * part / whole) if whole else "–",
        "%",
        "des habitants dans une commune qui a répondu",
        f"{source} (INSEE) · {day}" + (f" · {unknown} inconnues" if unknown else ""),
        f"{format_number(part)} habitants",
    )


def _price(
    facts: Sequence[list[tuple[str, str, str]]], answers: int, day: str
) -> tuple[KeyFigure | None, int]:
    """The median price, one figure an answer: the mean of its suppliers' prices."""
    prices = [price for one in facts if (price := _mean(_numbers(one, "need.price_per_kg")))]
    if not prices:
        return None, 0
    low, high = quartiles(prices)
    figure = KeyFigure(
        format_number(median(prices), 2),
        "€",
        "prix médian du pain, par kilo HT",
        f"n = {plural(len(prices), 'prix', 'prix')} sur {plural(answers, 'réponse')} · {day}",
        f"La moitié va de {format_number(low, 2)} à {format_number(high, 2)}{NO_BREAK_SPACE}€",
    )
    return figure, len(prices)


def _local_baker(
    facts: Sequence[list[tuple[str, str, str]]], day: str
) -> tuple[KeyFigure | None, int]:
    """Among the answers that say where their bread is made, how many have it made at home."""
    told = [
        values
        for one in facts
        if (
            values := [
                v for f, _, v in one if f == "need.supplier_in_commune" and v in ("oui", "non")
            ]
        )
    ]
    if not told:
        return None, 0
    here = sum("oui" in values for values in told)
    figure = KeyFigure(
        format_number(100 * here / len(told)),
        "%",
        "ont un pain fabriqué dans leur commune",
        f"n = {plural(len(told), 'réponse')} qui le savent, non redressé · {day}",
        plural(here, "organisme"),
    )
    return figure, len(told)


def _facts(invitation: Invitation) -> list[tuple[str, str, str]]:
    response = invitation.response
    try:
        form = form_of(response.version)
    except FormError:
        return []
    return facts_of(form, response.flat)


def _numbers(facts: Iterable[tuple[str, str, str]], name: str) -> list[Decimal]:
    found = []
    for fact, _, text in facts:
        if fact == name:
            try:
                found.append(Decimal(text))
            except ArithmeticError:
                continue
    return found


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None


def _submitted_on(invitation: Invitation) -> date:
    moment = invitation.response.submitted_at
    return timezone.localtime(moment).date() if moment is not None else date.min
