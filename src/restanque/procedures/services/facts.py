"""Writes on facts and on the file that proves them."""

from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from restanque.accounts.models import User
from restanque.core import files
from restanque.law.current import law_of
from restanque.procedures.models import Procedure, ProcedureFact, Target
from restanque.procedures.services.saving import save


class FactFields(TypedDict, total=False):
    """What may be written of a fact besides its step and day."""

    what: str
    proof_kind: str
    proof_reference: str
    who: str
    sent_by: str
    source: str
    to_confirm: bool


@transaction.atomic
def record_fact(
    *,
    procedure: Procedure,
    step: str,
    happened_on: date,
    proof: "UploadedFile[Any] | None" = None,
    by: User | None = None,
    fictitious: bool | None = None,
    **fields: Unpack[FactFields],
) -> ProcedureFact:
    """A step that happened. `proof` is a PDF or a picture. The date aimed at for it goes.

    `fictitious` None: as the procedure. A fact without proof is kept, and shown as not proven.
    """
    fact = ProcedureFact(
        procedure=procedure,
        step=step,
        own_date=happened_on,
        recorded_by=by,
        law_version=law_of(procedure.workspace).version,
        fictitious=procedure.fictitious if fictitious is None else fictitious,
    )
    _fill(fact, fields, proof)
    Target.objects.filter(procedure=procedure, step=step).delete()
    return _save(fact)


@transaction.atomic
def correct_fact(
    *,
    fact: ProcedureFact,
    step: str,
    happened_on: date,
    proof: "UploadedFile[Any] | None" = None,
    **fields: Unpack[FactFields],
) -> ProcedureFact:
    """Correct a fact; a new file replaces the one there is, None keeps it.

    ValidationError for the date or the proof of a fact that an act made: they are the act's.
    """
    if fact.act is not None and happened_on != fact.happened_on:
        raise ValidationError(
            {"happened_on": "La date de ce fait est celle de la délibération : corrigez-la."}
        )
    fact.step = step
    if fact.act is None:
        fact.happened_on = happened_on
    old = fact.proof.name
    _fill(fact, fields, proof)
    if proof is not None and old:
        storage = fact.proof.storage
        transaction.on_commit(lambda: storage.delete(old))
    return _save(fact, reason="corrigé")


@transaction.atomic
def remove_fact(*, fact: ProcedureFact) -> None:
    """Take a fact away, with its file; the history keeps that it was there."""
    name, storage = fact.proof.name, fact.proof.storage
    fact._change_reason = "retiré"  # type: ignore[attr-defined]
    fact.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _save(fact: ProcedureFact, *, reason: str = "") -> ProcedureFact:
    """Save; what is wrong with the column of the day is said of the fact's date."""
    try:
        return save(fact, reason=reason)
    except ValidationError as error:
        faults = error.message_dict
        if "own_date" in faults:
            faults["happened_on"] = faults.pop("own_date")
        raise ValidationError(faults) from error


def _fill(fact: ProcedureFact, fields: FactFields, proof: "UploadedFile[Any] | None") -> None:
    values: dict[str, Any] = dict(fields)
    for name, value in values.items():
        setattr(fact, name, value)
    if proof is None:
        return
    if not fact.proof_kind:
        raise ValidationError(
            {"proof_kind": "Dites ce qu’est la pièce jointe : choisissez la preuve."}
        )
    fact.proof_name = files.check_upload(proof, extensions=files.PROOFS)
    fact.proof = proof
