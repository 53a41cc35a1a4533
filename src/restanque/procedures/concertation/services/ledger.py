"""Writes on modalities and on the means that carry them out."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from restanque.core import files
from restanque.procedures.models import Means, Modality, Procedure, ProcedureFact
from restanque.procedures.services.saving import save


class ModalityFields(TypedDict, total=False):
    """What may be written of a modality."""

    kind: str
    text: str
    quantity: int | None
    throughout: bool
    act: ProcedureFact | None
    source: str


class MeansFields(TypedDict, total=False):
    """What may be written of a means, its proof aside."""

    kind: str
    what: str
    place: str
    started_on: date
    ended_on: date | None
    lasting: bool
    hours: str
    count: int
    attendance: int | None
    note: str
    proof_kind: str
    proof_reference: str
    published: bool


@transaction.atomic
def announce(
    *, procedure: Procedure, fictitious: bool | None = None, **fields: Unpack[ModalityFields]
) -> Modality:
    """A modality that an act announces; it takes the last place. `fictitious` None: as the
    procedure."""
    last = procedure.modalities.aggregate(last=Max("position"))["last"] or 0
    return save(
        Modality(
            procedure=procedure,
            position=last + 1,
            fictitious=procedure.fictitious if fictitious is None else fictitious,
            **fields,
        )
    )


@transaction.atomic
def change_modality(*, modality: Modality, **fields: Unpack[ModalityFields]) -> Modality:
    """Correct what is recorded of it."""
    values: dict[str, Any] = dict(fields)
    for name, value in values.items():
        setattr(modality, name, value)
    return save(modality, reason="corrigée")


@transaction.atomic
def remove_modality(*, modality: Modality) -> None:
    """Take it away; its means stay, carrying one modality less."""
    modality._change_reason = "retirée"  # type: ignore[attr-defined]
    modality.delete()


@transaction.atomic
def carry_out(
    *,
    procedure: Procedure,
    modalities: Iterable[Modality] = (),
    proof: "UploadedFile[Any] | None" = None,
    fictitious: bool | None = None,
    **fields: Unpack[MeansFields],
) -> Means:
    """A means done or planned, and the modalities that it carries out."""
    means = Means(
        procedure=procedure,
        fictitious=procedure.fictitious if fictitious is None else fictitious,
    )
    return _write(means, modalities, proof, fields)


@transaction.atomic
def change_means(
    *,
    means: Means,
    modalities: Iterable[Modality],
    proof: "UploadedFile[Any] | None" = None,
    **fields: Unpack[MeansFields],
) -> Means:
    """Correct it; a new file replaces the one there is, None keeps it."""
    old, storage = means.proof.name, means.proof.storage
    written = _write(means, modalities, proof, fields)
    if proof is not None and old:
        transaction.on_commit(lambda: storage.delete(old))
    return written


@transaction.atomic
def remove_means(*, means: Means) -> None:
    """Take it away with its file; the history keeps that it was there."""
    name, storage = means.proof.name, means.proof.storage
    means._change_reason = "retiré"  # type: ignore[attr-defined]
    means.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _write(
    means: Means,
    modalities: Iterable[Modality],
    proof: "UploadedFile[Any] | None",
    fields: MeansFields,
) -> Means:
    values: dict[str, Any] = dict(fields)
    for name, value in values.items():
        setattr(means, name, value)
    if proof is not None:
        if not means.proof_kind:
            raise ValidationError(
                {"proof_kind": "Dites ce qu’est la pièce jointe : choisissez la preuve."}
            )
        means.proof_name = files.check_upload(proof, extensions=files.PROOFS)
        means.proof = proof
    chosen = list(modalities)
    if any(one.procedure_id != means.procedure_id for one in chosen):
        raise ValidationError({"modalities": "Cette modalité est celle d’une autre procédure."})
    save(means)
    means.modalities.set(chosen)
    return means
