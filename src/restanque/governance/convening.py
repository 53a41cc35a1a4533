"""Is a sitting validly convened? The last legal day of dispatch, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from restanque.engine.deadlines import (
    Convening,
    Convocation,
    Derivation,
    Fact,
    convocation,
    deadline,
    with_weekday,
)
from restanque.engine.law import RuleSet, Use
from restanque.governance.models import Dispatch, Sitting
from restanque.governance.nomenclature import ConvenedAs
from restanque.kit.text import plural

CONVENINGS = {
    ConvenedAs.ORDINARY: Convening.ORDINARY,
    ConvenedAs.URGENT: Convening.URGENT,
    ConvenedAs.SECOND: Convening.SECOND,
}


class Verdict(StrEnum):
    """What can be said of a convocation today. Unproven: in time, but not all of it is proven."""

    FREE = "free"
    TO_SEND = "to_send"
    VALID = "valid"
    LATE = "late"
    UNPROVEN = "unproven"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def badge(self) -> str:
        return _BADGES[self]


_LABELS = {
    Verdict.FREE: "sans délai légal",
    Verdict.TO_SEND: "à envoyer",
    Verdict.VALID: "valablement convoquée",
    Verdict.LATE: "trop tard",
    Verdict.UNPROVEN: "non prouvé",
}
_BADGES = {
    Verdict.FREE: "attente",
    Verdict.TO_SEND: "cours",
    Verdict.VALID: "fait",
    Verdict.LATE: "retard",
    Verdict.UNPROVEN: "valider",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The verdict, the sentence that explains it, and the derivation it rests on.

    `found` is None for a body that does not deliberate: no text gives a time.
    """

    verdict: Verdict
    sentence: str
    found: Convocation | None
    today: date

    @property
    def last_dispatch(self) -> date | None:
        """Last legal day to send; None without legal time."""
        return self.found.last_dispatch if self.found else None

    @property
    def left(self) -> int | None:
        """Days before the last one, below zero when it is past; None without legal time."""
        return (self.found.last_dispatch - self.today).days if self.found else None


def read(
    sitting: Sitting,
    law: RuleSet,
    today: date,
    *,
    dispatches: list[Dispatch],
    proofs: dict[int, str],
    seats: int,
) -> Reading:
    """The verdict on a sitting. `proofs`: what proves each dispatch (`proofs_of`); `seats`: how
    many members in office had to be convened."""
    counted = [one for one in dispatches if one.counts]
    if not sitting.body.deliberates:
        sent = f" Envoyée le {with_weekday(counted[-1].sent_on)}." if counted else ""
        return Reading(
            Verdict.FREE,
            "Cette instance ne délibère pas : aucun texte de la base ne fixe de délai." + sent,
            None,
            today,
        )
    latest = max(counted, key=lambda one: (one.sent_on, one.pk), default=None)
    unproven = [one for one in counted if not proofs.get(one.pk)]
    words = "" if latest is None or unproven else proofs[latest.pk]
    fact = Fact("Envoi de la convocation", latest.sent_on, words or None) if latest else None
    found = convocation(
        law, sitting.day, convening=CONVENINGS[ConvenedAs(sitting.convened_as)], sent=fact
    )
    verdict, sentence = _judge(found, latest, unproven, today)
    if verdict is Verdict.VALID and (short := _missed(counted, seats)):
        verdict, sentence = Verdict.UNPROVEN, f"{sentence} {short}"
    if verdict is Verdict.VALID and sitting.convened_as == ConvenedAs.URGENT:
        verdict, sentence = _urgent(sitting, sentence, today)
    return Reading(verdict, sentence, found, today)


def _urgent(sitting: Sitting, sentence: str, today: date) -> tuple[Verdict, str]:
    """A sitting convened in urgency, in time: the body must still admit the urgency."""
    if sitting.urgency_ratified is False:
        return Verdict.LATE, (
            f"{sentence} Mais l’instance n’a pas admis l’urgence : l’affaire est à renvoyer à une "
            "autre séance (à vérifier)."
        )
    if sitting.urgency_ratified is None and today >= sitting.day:
        return Verdict.UNPROVEN, (
            f"{sentence} Il manque la décision de l’instance sur l’urgence : notez-la."
        )
    return Verdict.VALID, sentence


def _missed(counted: list[Dispatch], seats: int) -> str:
    """What to say when the sendings, all counted, reached fewer members than there are."""
    if any(one.recipients is None for one in counted):
        return ""
    reached = sum(one.recipients or 0 for one in counted)
    if reached >= seats:
        return ""
    return (
        f"Mais {plural(reached, 'membre convoqué', 'membres convoqués')} sur {seats} en exercice : "
        "enregistrez l’envoi aux autres."
    )


def _judge(
    found: Convocation, latest: Dispatch | None, unproven: list[Dispatch], today: date
) -> tuple[Verdict, str]:
    last = with_weekday(found.last_dispatch)
    if latest is None:
        if today <= found.last_dispatch:
            left = (found.last_dispatch - today).days
            when = "aujourd’hui" if left == 0 else f"dans {plural(left, 'jour')}"
            return Verdict.TO_SEND, f"À envoyer au plus tard le {last}, {when}."
        if today < found.session:
            return Verdict.LATE, (
                f"Le dernier jour légal d’envoi, {last}, est passé. Reportez la séance, ou "
                "convoquez en urgence si le motif le justifie."
            )
        return Verdict.UNPROVEN, (
            f"Aucun envoi n’est enregistré. Le dernier jour légal était le {last}."
        )
    clear = plural(max(0, found.clear_days or 0), "jour franc", "jours francs")
    if latest.sent_on > found.last_dispatch:
        return Verdict.LATE, (
            f"Envoyée le {with_weekday(latest.sent_on)}, soit {clear} avant la séance : le dernier "
            f"jour légal était le {last}."
        )
    if unproven:
        return Verdict.UNPROVEN, (
            f"Envoyée à temps, le {with_weekday(latest.sent_on)}, mais rien ne le prouve : "
            "joignez l’accusé, le cachet ou le journal de la plateforme."
        )
    return Verdict.VALID, (
        f"Envoyée le {with_weekday(latest.sent_on)}, soit {clear} avant la séance, preuve à "
        f"l’appui. Le dernier jour légal était le {last}."
    )


def proofs_of(dispatches: list[Dispatch]) -> dict[int, str]:
    """What proves each dispatch (read `with_mail`), in words; nothing for those not proven.

    Messages sent from here prove the sending once every one of them has left.
    """
    found: dict[int, str] = {}
    for one in dispatches:
        if one.proof_reference or one.proof:
            found[one.pk] = one.proof_reference or one.proof_name
            continue
        made, left = mail_count(one)
        if one.by_mail and made and made == left:
            found[one.pk] = f"{plural(left, 'message envoyé', 'messages envoyés')} d’ici"
    return found


def mail_count(dispatch: Dispatch) -> tuple[int, int]:
    """Messages made for a dispatch read `with_mail`, and those that have left."""
    return dispatch.__dict__["mail_total"], dispatch.__dict__["mail_sent"]


def second_sitting(law: RuleSet, sent_on: date) -> Derivation:
    """The first day (`date`) of a second sitting whose convocation leaves that day."""
    return deadline(
        law, Convening.SECOND.value, Fact("Envoi de la seconde convocation", sent_on), use=Use.WAIT
    )
