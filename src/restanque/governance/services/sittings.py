"""Writes on sittings, their agenda and the proof of their convocation."""

from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from restanque.accounts.models import User
from restanque.governance.models import AgendaItem, Body, Dispatch, Mandate, Sitting
from restanque.governance.nomenclature import ConvenedAs, ItemKind, SittingState
from restanque.governance.reading import SittingReading
from restanque.governance.services.saving import assign, attach, discard, save
from restanque.law.current import law_of

_GAP = 10_000  # out of the way of any rank, while two items change places


class SittingFrame(TypedDict, total=False):
    """What may be written of a sitting besides its body and its moment."""

    place: str
    convened_as: str
    urgency_reason: str
    urgency_ratified: bool | None
    chair: Mandate | None
    secretary: Mandate | None
    minutes: str


class SittingFields(SittingFrame, total=False):
    """What may be changed of a sitting."""

    starts_at: datetime


class ItemWords(TypedDict, total=False):
    """What may be written of an item of the agenda besides its title."""

    kind: str
    rapporteur: Mandate | None
    summary: str
    draft: str
    minutes: str


class ItemFields(ItemWords, total=False):
    """What may be changed of an item of the agenda."""

    title: str


class DispatchFields(TypedDict, total=False):
    """What may be written of a sending besides its sitting."""

    sent_on: date
    sent_by: str
    recipients: int | None
    counts: bool
    proof_reference: str


@transaction.atomic
def create_sitting(
    *,
    body: Body,
    starts_at: datetime,
    by: User | None = None,
    fictitious: bool | None = None,
    **fields: Unpack[SittingFrame],
) -> Sitting:
    """A new sitting. Its place is the body's usual one unless said; its chair, the president."""
    sitting = Sitting(
        body=body,
        starts_at=starts_at,
        place=body.usual_place,
        created_by=by,
        fictitious=body.fictitious if fictitious is None else fictitious,
    )
    assign(sitting, fields)
    if sitting.chair is None:
        sitting.chair = (
            body.mandates.in_office(sitting.day).filter(role="president").order_by("pk").first()
        )
    return save(sitting)


@transaction.atomic
def update_sitting(*, sitting: Sitting, **changes: Unpack[SittingFields]) -> Sitting:
    """Change what is written of it. The day of a sitting that voted acts no longer moves."""
    before = sitting.day
    assign(sitting, changes)
    if sitting.day != before and sitting.items.filter(act__isnull=False).exists():
        raise ValidationError(
            {"starts_at": "Des délibérations ont été prises ce jour-là : la date ne change plus."}
        )
    return save(sitting)


@transaction.atomic
def set_state(*, sitting: Sitting, state: str) -> Sitting:
    """Planned, held or cancelled. ValidationError: a sitting that voted is not cancelled, one to
    come is not held."""
    if state == SittingState.CANCELLED and sitting.items.filter(vote__isnull=False).exists():
        raise ValidationError("Cette séance a voté : elle ne peut plus être annulée.")
    if state == SittingState.HELD and sitting.starts_at > timezone.now():
        raise ValidationError("Cette séance n’a pas encore eu lieu.")
    sitting.state = state
    return save(sitting, reason=f"état : {SittingState(state).label}")


@transaction.atomic
def convene_again(*, sitting: Sitting, starts_at: datetime, by: User | None = None) -> Sitting:
    """A second sitting after one without quorum, with the items that waited for it.

    It needs no quorum. An item that had its quorum the first time is not among them.

    ValidationError when the first one had its quorum, or when its attendance was not noted.
    """
    reading = SittingReading(Sitting.objects.to_read().get(pk=sitting.pk), timezone.localdate())
    if not reading.lacked_quorum:
        raise ValidationError(
            "Une seconde convocation n’a lieu que si le quorum a manqué : notez d’abord les "
            "présences."
        )
    second = save(
        Sitting(
            body=sitting.body,
            starts_at=starts_at,
            place=sitting.place,
            convened_as=ConvenedAs.SECOND,
            lacked_quorum=sitting,
            chair=sitting.chair,
            created_by=by,
            fictitious=sitting.fictitious,
        )
    )
    waiting = [
        row.item
        for row in reading.rows
        if not row.has_quorum and row.vote is None and row.act is None and not row.item.withdrawn
    ]
    for position, item in enumerate(waiting, 1):
        save(
            AgendaItem(
                sitting=second,
                position=position,
                title=item.title,
                kind=item.kind,
                rapporteur=item.rapporteur,
                summary=item.summary,
                draft=item.draft,
                subject_label=item.subject_label,
                subject_path=item.subject_path,
                fictitious=item.fictitious,
            )
        )
    return second


# The agenda ------------------------------------------------------------------------------------


@transaction.atomic
def add_item(
    *,
    sitting: Sitting,
    title: str,
    subject_label: str = "",
    subject_path: str = "",
    fictitious: bool | None = None,
    **fields: Unpack[ItemWords],
) -> AgendaItem:
    """An item at the end of the agenda.

    `subject_path` is a page of the product where the matter was prepared, `subject_label` its name.
    ValidationError when the sitting is over or cancelled, or the matter already on its agenda.
    """
    sitting = Sitting.objects.select_for_update().select_related("body").get(pk=sitting.pk)
    if sitting.state == SittingState.CANCELLED:
        raise ValidationError("Cette séance est annulée : choisissez-en une autre.")
    if subject_path and sitting.items.filter(subject_path=subject_path, withdrawn=False).exists():
        raise ValidationError("Ce sujet est déjà à l’ordre du jour de cette séance.")
    last = sitting.items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem(
        sitting=sitting,
        position=last + 1,
        title=title,
        subject_label=subject_label,
        subject_path=subject_path,
        fictitious=sitting.fictitious if fictitious is None else fictitious,
    )
    assign(item, fields)
    return save(item)


@transaction.atomic
def update_item(*, item: AgendaItem, **changes: Unpack[ItemFields]) -> AgendaItem:
    """Change what is written of an item; its nature stays once it was voted or debated."""
    kind = changes.get("kind", item.kind)
    if kind != item.kind and (hasattr(item, "vote") or item.debated):
        raise ValidationError({"kind": "Ce point a été traité : sa nature ne change plus."})
    assign(item, changes)
    return save(item)


@transaction.atomic
def move_item(*, item: AgendaItem, up: bool) -> None:
    """Change places with the item before, or after. At an end, nothing moves.

    ValidationError once somebody came or left: the order is then that of what happened.
    """
    items = list(AgendaItem.objects.select_for_update().filter(sitting=item.sitting_id))
    if any(one.movements.exists() or hasattr(one, "vote") for one in items):
        raise ValidationError("La séance a commencé : l’ordre des points ne change plus.")
    rank = [one.pk for one in items].index(item.pk)
    other = rank - 1 if up else rank + 1
    if not 0 <= other < len(items):
        return
    first, second = items[rank], items[other]
    here, there = first.position, second.position
    # The constraint holds at each step: one steps aside first.
    for one, place in ((first, here + _GAP), (second, here), (first, there)):
        one.position = place
        save(one, reason="ordre du jour changé")


@transaction.atomic
def withdraw_item(*, item: AgendaItem, withdrawn: bool) -> AgendaItem:
    """Take an item off the agenda, or put it back. It stays written."""
    if withdrawn and (hasattr(item, "vote") or item.debated):
        raise ValidationError("Ce point a été traité : il ne peut plus être retiré.")
    item.withdrawn = withdrawn
    return save(item, reason="retiré de l’ordre du jour" if withdrawn else "remis")


@transaction.atomic
def set_debated(*, item: AgendaItem, debated: bool) -> AgendaItem:
    """A debate without vote was held, or was not."""
    if item.kind != ItemKind.DEBATE:
        raise ValidationError("Seul un débat sans vote se constate ainsi.")
    if not debated and hasattr(item, "act"):
        raise ValidationError("Un acte constate déjà ce débat.")
    if debated:
        check_quorum(item)
    item.debated = debated
    return save(item, reason="débat tenu" if debated else "débat non tenu")


def check_quorum(item: AgendaItem) -> SittingReading:
    """The sitting read, when the body may deliberate on the item; else ValidationError says why."""
    reading = SittingReading(
        Sitting.objects.to_read().get(pk=item.sitting_id), timezone.localdate()
    )
    if item.withdrawn or reading.sitting.state == SittingState.CANCELLED:
        raise ValidationError("Ce point n’est plus à l’ordre du jour.")
    if not reading.is_known:
        raise ValidationError("Notez d’abord qui est présent : le quorum en dépend.")
    row = reading.row_of(item)
    if not row.has_quorum:
        raise ValidationError(f"{row.quorum_words} Ce point ne peut pas être mis aux voix.")
    return reading


# The convocation -------------------------------------------------------------------------------


@transaction.atomic
def record_dispatch(
    *,
    sitting: Sitting,
    proof: "UploadedFile[Any] | None" = None,
    by: User | None = None,
    by_mail: bool = False,
    **fields: Unpack[DispatchFields],
) -> Dispatch:
    """The convocation left. The law of the day is the one it was computed with."""
    dispatch = Dispatch(sitting=sitting, recorded_by=by, by_mail=by_mail)
    assign(dispatch, fields)
    attach(dispatch, "proof", "proof_name", proof)
    save(dispatch)
    if dispatch.counts and not sitting.law_version:
        sitting.law_version = law_of(sitting.workspace).version
        save(sitting, reason="convocation envoyée")
    return dispatch


@transaction.atomic
def update_dispatch(
    *,
    dispatch: Dispatch,
    proof: "UploadedFile[Any] | None" = None,
    **fields: Unpack[DispatchFields],
) -> Dispatch:
    """Correct a sending, or join its proof."""
    assign(dispatch, fields)
    attach(dispatch, "proof", "proof_name", proof)
    return save(dispatch, reason="corrigé")


@transaction.atomic
def remove_dispatch(*, dispatch: Dispatch) -> None:
    """Take away a sending written by mistake; one made from here stays."""
    if dispatch.by_mail:
        raise ValidationError("Ces messages sont partis d’ici : cet envoi reste écrit.")
    discard(dispatch.proof)
    dispatch._change_reason = "retiré"  # type: ignore[attr-defined]
    dispatch.delete()
