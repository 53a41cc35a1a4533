"""Writes on deliberations: numbered, corrected, transmitted, published."""

from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone

from restanque.accounts.models import User
from restanque.governance.models import AgendaItem, Body, Deliberation, Sitting
from restanque.governance.reading import SittingReading
from restanque.governance.services.saving import assign, attach, discard, save


class ActFields(TypedDict, total=False):
    """What may be written of an act. Its sequence never is."""

    number: str
    title: str
    text: str


class FollowFields(TypedDict, total=False):
    """What happened to an act after its vote."""

    transmitted_on: date | None
    transmission_reference: str
    published_on: date | None
    publication_reference: str


@transaction.atomic
def number_act(*, item: AgendaItem, by: User | None = None, number: str = "") -> Deliberation:
    """The act of an item that was adopted, or debated, with the quorum. `number` "": the next.

    ValidationError for an item that decided nothing, or whose act is numbered already.
    """
    body = Body.objects.select_for_update().get(pk=item.sitting.body_id)
    sitting = Sitting.objects.to_read().get(pk=item.sitting_id)
    row = SittingReading(sitting, timezone.localdate()).row_of(item)
    if row.act is not None:
        raise ValidationError(f"Ce point a déjà sa {row.act}.")
    if not body.deliberates:
        raise ValidationError(f"{body} ne prend pas de délibérations.")
    if not row.may_become_act:
        raise ValidationError("Ce point n’a rien décidé : comptez d’abord le vote.")
    act = Deliberation(
        body=body,
        item=item,
        voted_on=sitting.day,
        title=item.title,
        text=item.draft,
        fictitious=item.fictitious or sitting.fictitious,
        recorded_by=by,
    )
    return save(_numbered(act, number))


@transaction.atomic
def record_past_act(
    *,
    body: Body,
    voted_on: date,
    title: str,
    number: str = "",
    text: str = "",
    by: User | None = None,
    fictitious: bool | None = None,
) -> Deliberation:
    """An act voted before the team kept its sittings here; its date and number are those known."""
    body = Body.objects.select_for_update().get(pk=body.pk)
    if not body.deliberates:
        raise ValidationError(f"{body} ne prend pas de délibérations.")
    if voted_on > timezone.localdate():
        raise ValidationError({"voted_on": "Un acte ancien a une date passée."})
    act = Deliberation(
        body=body,
        voted_on=voted_on,
        title=title,
        text=text,
        recorded_by=by,
        fictitious=body.fictitious if fictitious is None else fictitious,
    )
    return save(_numbered(act, number))


@transaction.atomic
def correct_act(
    *, act: Deliberation, voted_on: date | None = None, **changes: Unpack[ActFields]
) -> Deliberation:
    """Correct what is written of an act. What rests on it follows, as nothing copies it.

    `voted_on` only for an act without sitting: else its day is the sitting's.
    """
    if voted_on is not None and voted_on != act.voted_on:
        if act.item is not None:
            raise ValidationError({"voted_on": "La date du vote est celle de la séance."})
        act.voted_on = voted_on
        if voted_on.year != act.year:
            act.year, act.sequence = voted_on.year, _next(act.body, voted_on.year)
    assign(act, changes)
    return save(act, reason="corrigée")


@transaction.atomic
def follow_act(
    *,
    act: Deliberation,
    proof: "UploadedFile[Any] | None" = None,
    signed: "UploadedFile[Any] | None" = None,
    **changes: Unpack[FollowFields],
) -> Deliberation:
    """Its transmission, its publication, the signed file: what makes it executory, with proof."""
    assign(act, changes)
    today = timezone.localdate()
    faults = {
        name: "Cette date est à venir : enregistrez ce qui a eu lieu."
        for name, day in (
            ("transmitted_on", act.transmitted_on),
            ("published_on", act.published_on),
        )
        if day is not None and day > today
    }
    if faults:
        raise ValidationError(faults)
    if act.transmitted_on is None and proof is None and not act.transmission_reference:
        # Without date, a former receipt proves nothing any more.
        discard(act.transmission_proof)
        act.transmission_proof, act.transmission_name = "", ""
    attach(act, "transmission_proof", "transmission_name", proof)
    attach(act, "signed", "signed_name", signed)
    return save(act, reason="suivi")


@transaction.atomic
def remove_act(*, act: Deliberation) -> None:
    """Take away an act numbered by mistake: only the last of its year, not transmitted, on which
    nothing rests. A number used is never given again otherwise."""
    if act.transmitted_on is not None or act.published_on is not None:
        raise ValidationError(
            "Cette délibération est transmise ou publiée : elle ne se retire pas."
        )
    if act.sequence != _next(act.body, act.year) - 1:
        raise ValidationError("Seule la dernière délibération de l’année peut être retirée.")
    files = (act.transmission_proof, act.signed)
    try:
        with transaction.atomic():
            act._change_reason = "retirée"  # type: ignore[attr-defined]
            act.delete()
    except ProtectedError as error:
        raise ValidationError(
            "Un fait d’une procédure repose sur cette délibération : retirez-le d’abord."
        ) from error
    for file in files:
        discard(file)


def _numbered(act: Deliberation, number: str) -> Deliberation:
    act.year = act.voted_on.year
    act.sequence = _next(act.body, act.year)
    act.number = number or f"{act.body.code}-{act.year}-{act.sequence:03d}"
    return act


def _next(body: Body, year: int) -> int:
    last = Deliberation.objects.filter(body=body, year=year).aggregate(last=Max("sequence"))["last"]
    return (last or 0) + 1
