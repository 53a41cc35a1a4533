"""Writes on what was sent, one body at a time or many, and on what proves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from restanque.accounts.models import User
from restanque.core import files
from restanque.law.current import law_of
from restanque.procedures.consultations.terms import Frame
from restanque.procedures.models import Consultation, Consultee, Dispatch
from restanque.procedures.nomenclature import ProofKind
from restanque.procedures.services.saving import save


class DispatchFields(TypedDict, total=False):
    """What may be written of a dispatch."""

    sent_on: date
    sent_by: str
    received_on: date | None
    complete: bool
    proof_kind: str
    proof_reference: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """When a body received the file, and the number that proves it."""

    received_on: date
    reference: str = ""


@transaction.atomic
def record_dispatch(
    *,
    consultee: Consultee,
    proof: UploadedFile[Any] | None = None,
    by: User | None = None,
    **fields: Unpack[DispatchFields],
) -> Dispatch:
    """The file left for a body. Without receipt or proof it is kept, and told as not proven."""
    dispatch = Dispatch(consultee=consultee, recorded_by=by, rule_version=_version(consultee))
    _fill(dispatch, fields, proof)
    return save(dispatch)


@transaction.atomic
def correct_dispatch(
    *,
    dispatch: Dispatch,
    proof: UploadedFile[Any] | None = None,
    **fields: Unpack[DispatchFields],
) -> Dispatch:
    """Correct a dispatch, or join its proof; a new file replaces the one there is."""
    old, storage = dispatch.proof.name, dispatch.proof.storage
    _fill(dispatch, fields, proof)
    if proof is not None and old:
        transaction.on_commit(lambda: storage.delete(old))
    return save(dispatch, reason="corrigé")


@transaction.atomic
def remove_dispatch(*, dispatch: Dispatch) -> None:
    """Take a dispatch away, with its file; the history keeps that it was there."""
    name, storage = dispatch.proof.name, dispatch.proof.storage
    dispatch._change_reason = "retiré"  # type: ignore[attr-defined]
    dispatch.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def record_dispatches(
    *,
    consultation: Consultation,
    consultees: Iterable[Consultee],
    sent_on: date,
    sent_by: str,
    received_on: date | None = None,
    proof_kind: str = "",
    proof_reference: str = "",
    by: User | None = None,
) -> int:
    """The same file left for several bodies on one day; how many.

    ValidationError when nobody is chosen, or names the body already written to that day.
    """
    chosen = list(consultees)
    if not chosen:
        raise ValidationError("Cochez les organismes à qui le dossier est parti.")
    for one in chosen:
        if one.consultation_id != consultation.pk:
            raise ValidationError("Cet organisme n’est pas dans la liste.")
        try:
            record_dispatch(
                consultee=one, sent_on=sent_on, sent_by=sent_by, received_on=received_on,
                proof_kind=proof_kind, proof_reference=proof_reference, by=by,
            )  # fmt: skip
        except ValidationError as error:
            raise ValidationError(f"{one.name} : {' '.join(error.messages)}") from error
    return len(chosen)


@transaction.atomic
def record_receipts(*, consultation: Consultation, receipts: Mapping[int, Receipt]) -> int:
    """Date the receipts of dispatches, by their key; an acknowledgement proves each. How many.

    ValidationError names the body whose date makes no sense.
    """
    found = Dispatch.objects.filter(
        consultee__consultation=consultation, pk__in=receipts
    ).select_related("consultee__consultation")
    done = 0
    for dispatch in found.order_by("pk"):
        receipt = receipts[dispatch.pk]
        dispatch.received_on = receipt.received_on
        dispatch.proof_kind = dispatch.proof_kind or ProofKind.RECEIPT
        dispatch.proof_reference = receipt.reference or dispatch.proof_reference
        try:
            save(dispatch, reason="réception enregistrée")
        except ValidationError as error:
            raise ValidationError(
                f"{dispatch.consultee.name} : {' '.join(error.messages)}"
            ) from error
        done += 1
    return done


def _version(consultee: Consultee) -> str:
    """The version of the rule that times its answer today; empty without rule."""
    procedure = consultee.consultation.procedure
    law = law_of(procedure.workspace)
    rule = Frame.of(procedure, law).rule(consultee.rule)
    return law.version_of(rule) if rule else ""


def _fill(dispatch: Dispatch, fields: DispatchFields, proof: UploadedFile[Any] | None) -> None:
    values: dict[str, Any] = dict(fields)
    for name, value in values.items():
        setattr(dispatch, name, value)
    if proof is None:
        return
    if not dispatch.proof_kind:
        raise ValidationError(
            {"proof_kind": "Dites ce qu’est la pièce jointe : choisissez la preuve."}
        )
    dispatch.proof_name = files.check_upload(proof, extensions=files.PROOFS)
    dispatch.proof = proof
