"""Writes on certifications, and the file that proves them."""

from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from restanque.core import files
from restanque.directory.models import Certification, Organisation
from restanque.directory.nomenclature import Sign
from restanque.directory.services.saving import assign, erase_history, save


class CertificationFields(TypedDict, total=False):
    """What may be written of a certificate besides its sign and proof."""

    certificate_number: str
    body: str
    scope: str
    valid_from: date | None
    valid_to: date | None
    fictitious: bool


@transaction.atomic
def add_certification(
    *,
    organisation: Organisation,
    sign: Sign,
    proof: "UploadedFile[Any] | None" = None,
    **fields: Unpack[CertificationFields],
) -> Certification:
    """A sign an organisation carries. `proof` is a PDF or a picture (ValidationError otherwise)."""
    certification = Certification(organisation=organisation, sign=sign)
    assign(certification, fields)
    _attach(certification, proof)
    return save(certification)


@transaction.atomic
def update_certification(
    *,
    certification: Certification,
    sign: Sign,
    proof: "UploadedFile[Any] | None" = None,
    **changes: Unpack[CertificationFields],
) -> Certification:
    """Change a certificate; a new proof replaces the file, None keeps it."""
    assign(certification, {"sign": sign, **changes})
    if proof is not None:
        _forget_file(certification)
        _attach(certification, proof)
    return save(certification)


@transaction.atomic
def delete_certification(*, certification: Certification) -> None:
    """Erase a certificate, its file and its history."""
    pk = certification.pk
    _forget_file(certification)
    certification.delete()
    erase_history(certification, pk)


def _attach(certification: Certification, proof: "UploadedFile[Any] | None") -> None:
    if proof is not None:
        certification.proof_name = files.check_upload(proof, extensions=files.PROOFS)
        certification.proof = proof


def _forget_file(certification: Certification) -> None:
    """Delete the stored file once the transaction has committed."""
    name = certification.proof.name
    if name:
        storage = certification.proof.storage
        transaction.on_commit(lambda: storage.delete(name))
