"""Writes on opinions, their remarks, the replies, and the changes put in the document."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from restanque.accounts.models import User
from restanque.core import files
from restanque.kit.text import format_date, search_key
from restanque.procedures.models import Consultee, Opinion, Remark, Reply
from restanque.procedures.services.saving import save


class OpinionFields(TypedDict, total=False):
    """What may be written of an opinion."""

    received_on: date
    dated: date | None
    sense: str
    signed_by: str
    reference: str
    text: str


class RemarkFields(TypedDict, total=False):
    """What may be written of a remark."""

    topic: str
    page: str
    text: str
    order: int | None


class ReplyFields(TypedDict, total=False):
    """What may be written of a reply."""

    decision: str
    why: str
    piece: str
    page: str
    decided_by: str
    decided_on: date | None


@transaction.atomic
def record_opinion(
    *,
    consultee: Consultee,
    file: UploadedFile[Any] | None = None,
    by: User | None = None,
    **fields: Unpack[OpinionFields],
) -> Opinion:
    """The opinion of a body, as received, in time or not; asked again, it is corrected.

    ValidationError when it would have come before the file was sent.
    """
    opinion = getattr(consultee, "opinion", None) or Opinion(consultee=consultee, recorded_by=by)
    old, storage = opinion.file.name, opinion.file.storage
    values: dict[str, Any] = dict(fields)
    for name, value in values.items():
        setattr(opinion, name, value)
    _after_dispatch(opinion)
    if file is not None:
        opinion.file_name = files.check_upload(file, extensions=files.PROOFS)
        opinion.file = file
        if old:
            transaction.on_commit(lambda: storage.delete(old))
    return save(opinion)


def _after_dispatch(opinion: Opinion) -> None:
    first = opinion.consultee.dispatches.order_by("sent_on").first()
    if first is not None and opinion.received_on and opinion.received_on < first.sent_on:
        raise ValidationError(
            {
                "received_on": f"Le dossier n’est parti que le {format_date(first.sent_on)} : "
                "corrigez la date de l’avis ou celle de l’envoi."
            }
        )


@transaction.atomic
def remove_opinion(*, opinion: Opinion) -> None:
    """Take an opinion away with its remarks and its file. ValidationError once one has a reply."""
    if opinion.remarks.filter(reply__isnull=False).exists():
        raise ValidationError(
            "Des remarques de cet avis ont déjà leur réponse : corrigez l’avis, ne le retirez pas."
        )
    name, storage = opinion.file.name, opinion.file.storage
    opinion._change_reason = "retiré"  # type: ignore[attr-defined]
    opinion.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def add_remark(*, opinion: Opinion, **fields: Unpack[RemarkFields]) -> Remark:
    """A remark taken from an opinion; without rank, the last."""
    remark = Remark(opinion=opinion)
    _fill_remark(remark, fields)
    if not fields.get("order"):
        last = opinion.remarks.aggregate(last=Max("order"))["last"]
        remark.order = (last or 0) + 1
    return save(remark)


@transaction.atomic
def update_remark(*, remark: Remark, **fields: Unpack[RemarkFields]) -> Remark:
    """Correct a remark; its reply stays."""
    _fill_remark(remark, fields)
    return save(remark)


def _fill_remark(remark: Remark, fields: RemarkFields) -> None:
    values: dict[str, Any] = dict(fields)
    for name, value in values.items():
        if name != "order" or value:
            setattr(remark, name, value)
    remark.topic_key, remark.text_key = search_key(remark.topic), search_key(remark.text)


@transaction.atomic
def remove_remark(*, remark: Remark) -> None:
    """Take a remark away. ValidationError once it has a reply: it is then part of the answer."""
    if hasattr(remark, "reply"):
        raise ValidationError("Cette remarque a déjà sa réponse : corrigez-la, ne la retirez pas.")
    remark._change_reason = "retirée"  # type: ignore[attr-defined]
    remark.delete()


@transaction.atomic
def reply_to(*, remark: Remark, **fields: Unpack[ReplyFields]) -> Reply:
    """What the body in charge decides about a remark; asked again, it is corrected.

    ValidationError when a refusal gives no reason, or when what was put in the document would no
    longer be accepted.
    """
    reply = getattr(remark, "reply", None) or Reply(remark=remark)
    values: dict[str, Any] = dict(fields)
    for name, value in values.items():
        setattr(reply, name, value)
    return save(reply)


@transaction.atomic
def carry_over(
    *, reply: Reply, version: str, on: date | None = None, by: User | None = None
) -> Reply:
    """The change is in the document: which version, since when, put by whom.

    ValidationError when the remark is not accepted, or when the reply names no piece.
    """
    reply.carried_on, reply.carried_version = on or timezone.localdate(), version.strip()
    reply.carried_by = by
    return save(reply, reason="modification reportée")


@transaction.atomic
def take_back(*, reply: Reply) -> Reply:
    """The change is not in the document after all."""
    reply.carried_on, reply.carried_version, reply.carried_by = None, "", None
    return save(reply, reason="report annulé")
