"""From the dispatches to the fact of the procedure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from restanque.accounts.models import User
from restanque.kit.text import format_date, plural
from restanque.procedures.consultations.reading import ConsultationReading
from restanque.procedures.models import ProcedureFact
from restanque.procedures.nomenclature import ProofKind
from restanque.procedures.services.facts import record_fact

#: Steps that are an agreement received: the answer dates them, not the dispatch.
AGREEMENTS = frozenset({"accord-prefet-maritime"})


@dataclass(frozen=True, slots=True)
class StepDate:
    """The date that the step takes, why, and what still prevents it (empty: nothing)."""

    day: date | None
    why: str
    obstacles: tuple[str, ...]
    proven: bool

    @property
    def ready(self) -> bool:
        """Whether the step may be recorded."""
        return self.day is not None and not self.obstacles


def step_date(reading: ConsultationReading) -> StepDate:
    """When the step happened, from each body's own receipt."""
    if reading.consultation.step in AGREEMENTS:
        return _agreement(reading)
    due = [row for row in reading.rows if row.is_due]
    sent = [row for row in reading.rows if row.term.fact is not None]
    obstacles = []
    if not due:
        obstacles.append("La liste n’a aucun organisme à consulter.")
    if waiting := [row.consultee.name for row in due if row.term.dispatch is None]:
        obstacles.append(f"Dossier non envoyé : {_some(waiting)}.")
    unknown = [
        row.consultee.name
        for row in sent
        if row.term.dispatch is not None and row.term.dispatch.received_on is None
    ]
    if unknown:
        obstacles.append(f"Réception non connue : {_some(unknown)}.")
    days = [row.term.fact.day for row in sent if row.term.fact is not None]
    why = (
        "Date de la dernière réception : le délai de chacun court de la sienne, et la procédure "
        "attend celui qui finit le dernier."
    )
    proven = all(row.term.proven for row in sent)
    return StepDate(max(days, default=None), why, tuple(obstacles), proven)


def _agreement(reading: ConsultationReading) -> StepDate:
    given = [row.opinion for row in reading.rows if row.opinion is not None]
    agreed = [one.received_on for one in given if one.sense in ("favourable", "reserved")]
    missing = [row.consultee.name for row in reading.rows if row.is_due and row.opinion is None]
    obstacles = [f"Accord non reçu : {_some(missing)}."] if missing or not given else []
    if given and len(agreed) < len(given):
        obstacles.append("Un accord est refusé.")
    why = "Date du dernier accord reçu : c’est lui qui vaut, non la demande."
    return StepDate(max(agreed, default=None), why, tuple(obstacles), bool(agreed))


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} et {len(names) - 3} autres"


@transaction.atomic
def record_step(*, reading: ConsultationReading, by: User | None = None) -> ProcedureFact:
    """Record the step in the procedure, from the receipts of its bodies.

    ValidationError when a receipt is missing, or when the step is already recorded.
    """
    found, consultation = step_date(reading), reading.consultation
    recorded = reading.procedure.facts.filter(step=consultation.step).select_related("act")
    known = min(recorded, key=lambda one: one.happened_on, default=None)
    if known is not None:
        raise ValidationError(
            f"Cette étape est déjà enregistrée au {format_date(known.happened_on)} : corrigez ce "
            "fait s’il le faut."
        )
    if not found.ready or found.day is None:
        raise ValidationError(list(found.obstacles) or ["Rien n’est encore parti."])
    bodies = [row for row in reading.rows if row.is_sent or row.opinion is not None]
    return record_fact(
        procedure=reading.procedure,
        step=consultation.step,
        happened_on=found.day,
        what=f"{plural(len(bodies), 'organisme')} : {consultation.name}"[:300],
        proof_kind=ProofKind.RECEIPT if found.proven else "",
        proof_reference=(
            f"une preuve par organisme, consultation « {consultation.name} »"[:200]
            if found.proven
            else ""
        ),
        source="consultation suivie ici",
        by=by,
        fictitious=reading.is_fictitious,
    )
