"""What is erased on its date: who contributed and what they joined, not what was said."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from restanque.kit.text import search_key
from restanque.procedures.concertation.services.contributions import fingerprint
from restanque.procedures.models import Contribution, Participation, Procedure, PublicPage


def purge_expired(today: date) -> int:
    """Erase for the pages past their date; how many contributions held something personal.

    Erased: names, addresses, joined files, and the words that the team had masked. Kept: the text
    as it may be read, the themes, the answers, every count. Safe to run twice.
    """
    due = PublicPage.objects.filter(purge_on__lt=today).select_related("procedure")
    return sum(
        purge_procedure(procedure=page.procedure, on=today)
        for page in due.order_by("pk").iterator(chunk_size=100)
    )


@transaction.atomic
def purge_procedure(*, procedure: Procedure, on: date) -> int:
    """Erase the personal data of one procedure's contributions."""
    Participation.objects.filter(procedure=procedure).exclude(commissioner="").update(
        commissioner=""
    )
    personal = ~Q(person_name="") | ~Q(person_email="") | ~Q(attachment="") | ~Q(shown="")
    rows = Contribution.objects.filter(procedure=procedure).order_by("pk")
    erased = 0
    for one in rows.filter(personal).select_for_update():
        _forget(one, on)
        erased += 1
    rows.filter(purged_on=None).update(purged_on=on)
    return erased


@transaction.atomic
def forget(*, contribution: Contribution, on: date) -> Contribution:
    """Erase who wrote one contribution, before its date: somebody asked for it."""
    contribution._change_reason = "données personnelles effacées"  # type: ignore[attr-defined]
    _forget(contribution, on)
    return contribution


def _forget(one: Contribution, on: date) -> None:
    name, storage = one.attachment.name, one.attachment.storage
    one.text, one.shown = one.words, ""
    one.text_key, one.fingerprint = search_key(one.text), fingerprint(one.text)
    one.person_name = one.person_email = one.attachment_name = ""
    one.attachment = ""
    one.purged_on = on
    one.save()
    if name:
        transaction.on_commit(lambda: storage.delete(name))
