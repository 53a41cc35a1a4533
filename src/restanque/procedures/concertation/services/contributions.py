"""Writes on contributions: received, typed in, read again, sorted by theme."""

import hashlib
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from restanque.accounts.models import User
from restanque.core import files
from restanque.kit.text import search_key
from restanque.procedures.concertation.nomenclature import ModerationState, Way
from restanque.procedures.models import (
    Contribution,
    Participation,
    Procedure,
    PublicPage,
    Theme,
)
from restanque.procedures.services.saving import save

#: What may be joined to a contribution: nothing that is unpacked or executed.
ATTACHMENTS = ("pdf", "jpg", "jpeg", "png")
HEAVIEST = 5 * files.MEGABYTE


def tidy(text: str) -> str:
    """A text as it is kept: its lines, without control characters nor outer spaces."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in plain if c in "\n\t" or not unicodedata.category(c).startswith("C"))
    return kept.strip()


def fingerprint(text: str) -> str:
    """Equal for texts that differ by case, accents, punctuation or spaces only."""
    return hashlib.sha256((search_key(text) or text).encode()).hexdigest()


@transaction.atomic
def record(
    *,
    procedure: Procedure,
    way: str,
    received_on: date,
    text: str,
    themes: Iterable[Theme] = (),
    person_name: str = "",
    person_email: str = "",
    attachment: "UploadedFile[Any] | None" = None,
    participation: Participation | None = None,
    fictitious: bool | None = None,
) -> Contribution:
    """Keep what somebody said, under the next number of the procedure; it is to be read again.

    A name, an address or a file is kept only when a date of erasure is known: that of the public
    page. `fictitious` None: as the procedure.
    """
    chosen = _themes_of(procedure, themes)
    named = bool(person_name or person_email or attachment)
    if named and not PublicPage.objects.filter(procedure=procedure).exists():
        raise ValidationError(
            "Un nom, une adresse ou une pièce n’est gardé qu’avec une date d’effacement : préparez "
            "d’abord la page publique, qui la porte (elle peut rester fermée)."
        )
    said = tidy(text)
    made = Contribution(
        procedure=procedure,
        participation=participation,
        number=_next_number(procedure),
        way=way,
        received_on=received_on,
        text=said,
        text_key=search_key(said),
        fingerprint=fingerprint(said),
        person_name=person_name,
        person_email=person_email,
        fictitious=procedure.fictitious if fictitious is None else fictitious,
    )
    if attachment is not None:
        made.attachment_name = files.check_upload(
            attachment, extensions=ATTACHMENTS, max_bytes=HEAVIEST
        )
        made.attachment = attachment
    save(made)
    made.themes.set(chosen)
    return made


@transaction.atomic
def change_typed(
    *,
    contribution: Contribution,
    received_on: date,
    text: str,
    themes: Iterable[Theme],
) -> Contribution:
    """Correct what an agent typed in. ValidationError: what came by the page is kept as it came."""
    if contribution.way == Way.WEB:
        raise ValidationError(
            "Une contribution déposée sur la page est gardée telle quelle : masquez ce qui ne doit "
            "pas être montré."
        )
    said = tidy(text)
    contribution.received_on, contribution.text = received_on, said
    contribution.fingerprint = fingerprint(said)
    contribution.text_key = search_key(contribution.shown or said)
    save(contribution, reason="corrigée")
    contribution.themes.set(_themes_of(contribution.procedure, themes))
    return contribution


@transaction.atomic
def moderate(
    *,
    contribution: Contribution,
    state: str,
    reason: str = "",
    shown: str = "",
    by: User | None = None,
) -> Contribution:
    """Publish, hide with its reason, or put back to read. `shown` is the text as it may be read,
    where personal data was masked; the text received stays."""
    words = tidy(shown)
    contribution.state = state
    contribution.hidden_reason = reason.strip() if state == ModerationState.HIDDEN else ""
    contribution.shown = "" if words == contribution.text else words
    contribution.text_key = search_key(contribution.words)
    waiting = state == ModerationState.WAITING
    contribution.moderated_at = None if waiting else timezone.now()
    contribution.moderated_by = None if waiting else by
    return save(contribution, reason="relue")


@transaction.atomic
def publish_all(*, contributions: QuerySet[Contribution], by: User | None) -> int:
    """Publish those that were read and are to be shown whole; how many changed."""
    rows = contributions.filter(state=ModerationState.WAITING).order_by("number")
    found = list(rows.select_related("procedure"))
    for one in found:
        moderate(
            contribution=one, state=ModerationState.PUBLISHED, shown=one.shown or one.text, by=by
        )
    return len(found)


@transaction.atomic
def sort_by_theme(*, contribution: Contribution, themes: Iterable[Theme]) -> Contribution:
    """Put it under these themes."""
    contribution.themes.set(_themes_of(contribution.procedure, themes))
    return contribution


@transaction.atomic
def remove(*, contribution: Contribution) -> None:
    """Take away one that was typed in by mistake (a test, a row imported twice).

    ValidationError: what the public deposited is never taken out of the register; it may be hidden,
    and its personal data erased (`purging.forget`).
    """
    if contribution.way == Way.WEB:
        raise ValidationError(
            "Une contribution déposée par le public ne se retire pas du registre : choisissez "
            "« non publiée », ou effacez ses données personnelles."
        )
    name, storage = contribution.attachment.name, contribution.attachment.storage
    contribution._change_reason = "retirée"  # type: ignore[attr-defined]
    contribution.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _next_number(procedure: Procedure) -> int:
    """The procedure's row is held, so that two contributions never take the same number; the
    history remembers erased ones, so that a number given as a receipt is not given again."""
    Procedure.objects.select_for_update().get(pk=procedure.pk)
    given = Contribution.history.filter(procedure=procedure)
    return (given.aggregate(last=Max("number"))["last"] or 0) + 1


def _themes_of(procedure: Procedure, themes: Iterable[Theme]) -> list[Theme]:
    chosen = list(themes)
    if any(one.procedure_id != procedure.pk for one in chosen):
        raise ValidationError({"themes": "Ce thème est celui d’une autre procédure."})
    return chosen
