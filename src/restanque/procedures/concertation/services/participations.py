"""Writes on the consultation of the public: its form, its planned dates, its steps done."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from restanque.accounts.models import User
from restanque.procedures.concertation.participation import ways_of
from restanque.procedures.models import Participation, Procedure, ProcedureFact, PublicPage
from restanque.procedures.reading import Reading
from restanque.procedures.services import facts, procedures
from restanque.procedures.services.saving import save


class ParticipationFields(TypedDict, total=False):
    """What may be written of a participation."""

    commissioner: str
    reference: str
    paper_places: str


@transaction.atomic
def prepare(
    *, procedure: Procedure, way: str, today: date, **fields: Unpack[ParticipationFields]
) -> Participation:
    """Prepare one way of consulting the public; it becomes the procedure's.

    ValidationError when the regime of the procedure does not know this way.
    """
    choice = next((one for one in ways_of(Reading(procedure, today)) if one.way == way), None)
    if choice is None or not choice.allowed:
        reason = choice.reason if choice else "Cette forme n’existe pas."
        raise ValidationError({"way": f"Cette forme n’est pas ouverte à la procédure. {reason}"})
    made = Participation(procedure=procedure, way=way, fictitious=procedure.fictitious)
    made = _write(made, fields)
    procedures.update_procedure(procedure=procedure, participation=way)
    return made


@transaction.atomic
def change(*, participation: Participation, **fields: Unpack[ParticipationFields]) -> Participation:
    """Correct what is recorded of it."""
    return _write(participation, fields)


@transaction.atomic
def plan(*, participation: Participation, days: Mapping[str, date | None]) -> None:
    """Plan the steps not done: their days become the procedure's targets. None plans no more."""
    procedure = participation.procedure
    by_id = procedure.engine_kind.by_id
    for step, day in days.items():
        if step not in by_id or by_id[step].branch != participation.way:
            raise ValidationError("Cette étape n’est pas de cette participation.")
        procedures.set_target(procedure=procedure, step=step, wished_on=day)


@transaction.atomic
def record_step(
    *,
    participation: Participation,
    step: str,
    happened_on: date,
    proof_kind: str = "",
    proof_reference: str = "",
    proof: "UploadedFile[Any] | None" = None,
    by: User | None = None,
) -> ProcedureFact:
    """A step of the participation is done: a fact of the procedure, with what proves it."""
    by_id = participation.procedure.engine_kind.by_id
    if step not in by_id or by_id[step].branch != participation.way:
        raise ValidationError("Cette étape n’est pas de cette participation.")
    return facts.record_fact(
        procedure=participation.procedure,
        step=step,
        happened_on=happened_on,
        proof_kind=proof_kind,
        proof_reference=proof_reference,
        proof=proof,
        by=by,
        fictitious=participation.fictitious,
    )


def _write(participation: Participation, fields: ParticipationFields) -> Participation:
    values: dict[str, Any] = dict(fields)
    for name, value in values.items():
        setattr(participation, name, value)
    if (
        participation.commissioner
        and not PublicPage.objects.filter(procedure=participation.procedure).exists()
    ):
        raise ValidationError(
            {
                "commissioner": "Un nom n’est gardé qu’avec une date d’effacement : préparez "
                "d’abord la page publique, qui la porte."
            }
        )
    return save(participation)
