"""Writes on the file of a procedure: pieces and versions, legal advice, studies of others."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction

from restanque.accounts.models import Membership, User
from restanque.core import files
from restanque.directory.models import Organisation
from restanque.engine.law import RuleSet, pieces
from restanque.procedures.dossier.nomenclature import PieceState, StudyState
from restanque.procedures.models import DossierPiece, LegalAdvice, PieceFile, Procedure, Study
from restanque.procedures.models.dossier import OWN
from restanque.procedures.services.saving import save

#: What a piece is written in, besides proofs.
DOCUMENTS = (*files.PROOFS, "docx", "xlsx", "ods")
_MOST = 40 * files.MEGABYTE


class PieceFields(TypedDict, total=False):
    """What may be written of a piece."""

    state: str
    reason: str
    version: str
    dated_on: date | None
    writer_organisation: Organisation | None
    writer_member: Membership | None
    writer_label: str
    note: str


class AdviceFields(TypedDict, total=False):
    """What may be written of a legal advice."""

    question: str
    asked_to: str
    asked_on: date
    received_on: date | None
    answer: str
    step: str
    rule_id: str


class StudyFields(TypedDict, total=False):
    """What may be written of a study."""

    title: str
    carrier: str
    state: str
    expected_on: date | None
    delivered_on: date | None
    note: str


@transaction.atomic
def open_dossier(*, procedure: Procedure, law: RuleSet) -> list[DossierPiece]:
    """Put in the file every piece that the law names and that is not there; those added.

    Called again after a change of law, it adds the new ones and touches none.
    """
    Procedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
    known = set(procedure.pieces.values_list("code", flat=True))
    named = list(pieces(law, procedure.kind))
    return [
        save(
            DossierPiece(
                procedure=procedure,
                code=piece.id,
                rank=rank,
                name=piece.label,
                fictitious=procedure.fictitious,
            ),
            reason="ouverture du dossier",
        )
        for rank, piece in enumerate(named, start=1)
        if piece.id not in known
    ]


@transaction.atomic
def add_piece(
    *, procedure: Procedure, name: str, step: str = "", fictitious: bool | None = None
) -> DossierPiece:
    """A piece of the team's own, after the others. ValidationError for a name already there."""
    _check_step(procedure, step)
    Procedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
    own = procedure.pieces.filter(code__startswith=OWN).values_list("code", flat=True)
    number = max((int(code.removeprefix(OWN)) for code in own), default=0) + 1
    return save(
        DossierPiece(
            procedure=procedure,
            code=f"{OWN}{number}",
            rank=1000 + number,
            name=name,
            step=step,
            fictitious=procedure.fictitious if fictitious is None else fictitious,
        )
    )


@transaction.atomic
def update_piece(*, piece: DossierPiece, **changes: Unpack[PieceFields]) -> DossierPiece:
    """Change what is known of a piece. To leave it out, `reason` says why."""
    _assign(piece, changes)
    if piece.state != PieceState.NOT_NEEDED:
        piece.reason = ""
    return save(piece)


@transaction.atomic
def remove_piece(*, piece: DossierPiece) -> None:
    """Take away a piece of the team's own, with its files. The law's are left out with a reason."""
    if not piece.is_own:
        raise ValidationError(
            "Cette pièce est nommée par le droit : marquez-la « sans objet », avec la raison."
        )
    for one in piece.files.all():
        _forget(one.file)
    _delete(piece)


@transaction.atomic
def add_file(
    *,
    piece: DossierPiece,
    upload: "UploadedFile[Any]",
    version: str,
    dated_on: date,
    by: User | None = None,
    fictitious: bool | None = None,
) -> PieceFile:
    """A version of a piece as a file; the piece takes this version and date if it is the newest."""
    made = PieceFile(
        piece=piece,
        version=version,
        dated_on=dated_on,
        file_name=files.check_upload(upload, extensions=DOCUMENTS, max_bytes=_MOST),
        file=upload,
        added_by=by,
        fictitious=piece.fictitious if fictitious is None else fictitious,
    )
    save(made)
    newest = piece.files.order_by("-dated_on", "-pk").first()
    if newest == made:
        piece.version, piece.dated_on = version, dated_on
        if piece.state == PieceState.TO_WRITE:
            piece.state = PieceState.WRITING
        save(piece, reason=f"version {version} jointe")
    return made


@transaction.atomic
def remove_file(*, file: PieceFile) -> None:
    """Take a version away; the history keeps that it was there."""
    _forget(file.file)
    _delete(file)


@transaction.atomic
def record_advice(
    *,
    procedure: Procedure,
    upload: "UploadedFile[Any] | None" = None,
    by: User | None = None,
    fictitious: bool | None = None,
    **fields: Unpack[AdviceFields],
) -> LegalAdvice:
    """A question of law asked, answered or not."""
    advice = LegalAdvice(
        procedure=procedure,
        recorded_by=by,
        fictitious=procedure.fictitious if fictitious is None else fictitious,
    )
    return _fill_advice(advice, fields, upload)


@transaction.atomic
def update_advice(
    *,
    advice: LegalAdvice,
    upload: "UploadedFile[Any] | None" = None,
    **changes: Unpack[AdviceFields],
) -> LegalAdvice:
    """Record the answer, or correct the question; a new file replaces the one there is."""
    old = advice.file.name
    changed = _fill_advice(advice, changes, upload)
    if upload is not None and old:
        storage = advice.file.storage
        transaction.on_commit(lambda: storage.delete(old))
    return changed


@transaction.atomic
def remove_advice(*, advice: LegalAdvice) -> None:
    """Take a question away, with its file."""
    _forget(advice.file)
    _delete(advice)


@transaction.atomic
def record_study(
    *,
    procedure: Procedure,
    feeds: Iterable[DossierPiece] = (),
    fictitious: bool | None = None,
    **fields: Unpack[StudyFields],
) -> Study:
    """A study that another mission carries, and the pieces of this file that it feeds."""
    study = Study(
        procedure=procedure,
        fictitious=procedure.fictitious if fictitious is None else fictitious,
    )
    return _fill_study(study, fields, list(feeds))


@transaction.atomic
def update_study(
    *, study: Study, feeds: Iterable[DossierPiece], **changes: Unpack[StudyFields]
) -> Study:
    """Change a study, and what it feeds."""
    return _fill_study(study, changes, list(feeds))


@transaction.atomic
def remove_study(*, study: Study) -> None:
    """Take a study away."""
    _delete(study)


def _fill_advice(
    advice: LegalAdvice, fields: AdviceFields, upload: "UploadedFile[Any] | None"
) -> LegalAdvice:
    if fields.get("step", "") != advice.step:
        _check_step(advice.procedure, fields.get("step", ""))
    _assign(advice, fields)
    if upload is not None:
        advice.file_name = files.check_upload(upload, extensions=DOCUMENTS)
        advice.file = upload
    return save(advice)


def _fill_study(study: Study, fields: StudyFields, feeds: list[DossierPiece]) -> Study:
    if any(piece.procedure_id != study.procedure_id for piece in feeds):
        raise ValidationError({"feeds": "Cette pièce n’est pas de ce dossier."})
    _assign(study, fields)
    if study.state != StudyState.DELIVERED:
        study.delivered_on = None
    save(study)
    study.feeds.set(feeds)
    return study


def _check_step(procedure: Procedure, step: str) -> None:
    """A step chosen now exists; one kept from a former version is left as it is."""
    if step and step not in procedure.engine_kind.by_id:
        raise ValidationError({"step": "Cette étape n’existe pas dans cette procédure."})


def _assign(subject: models.Model, fields: Any) -> None:
    for name, value in fields.items():
        setattr(subject, name, value)


def _delete(subject: models.Model) -> None:
    subject._change_reason = "retiré"  # type: ignore[attr-defined]
    subject.delete()


def _forget(file: Any) -> None:
    """Erase a stored file once the transaction is kept."""
    if file:
        name, storage = file.name, file.storage
        transaction.on_commit(lambda: storage.delete(name))
