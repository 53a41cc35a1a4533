"""A visit typed by the team, or corrected before it is validated: the same form, page by page."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import User
from restanque.core.files import check_upload
from restanque.engine.forms import FormError, Session
from restanque.surveys.attaching import accepted_files
from restanque.surveys.models import Channel, Visit, VisitRound
from restanque.surveys.models.answers import ResponseStatus
from restanque.surveys.posting import PagePost, Reading, read_page
from restanque.surveys.visits.reading import session_for, session_of_visit
from restanque.surveys.visits.reception import (
    MAX_FILE,
    MAX_FILES,
    add_file,
    erase_file,
    take_answers,
)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a page's save did; `shown` are the questions that the page showed."""

    visit: Visit
    session: Session
    shown: frozenset[str]
    file_faults: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def start_visit(*, visits: VisitRound, by: User) -> Visit:
    """A visit that a member of the team is about to type."""
    now = timezone.now()
    identifier = f"uuid:{uuid.uuid4()}"
    session = session_for(visits, visits.version, instance=None, now=now, instance_id=identifier)
    visit = Visit(
        round=visits,
        version=visits.version,
        instance_id=identifier,
        visited_on=timezone.localdate(now),
        channel=Channel.WEB,
        instance=session.to_xml(prune=False),
        entered_by=by,
        received_at=now,
        updated_at=now,
    )
    visit.full_clean(exclude=["round", "version", "entered_by"])
    visit.save()
    return visit


@transaction.atomic
def save_page(
    *, visit: Visit, page: int, post: PagePost, by: User, add: str = "", remove: str = ""
) -> Saved:
    """Save a posted page; the questions it did not show stay as they are.

    What the phone sent stays in `received_xml`; the answer as corrected is in `instance`.
    """
    locked = _writable(visit)
    session = session_of_visit(locked)
    reading = read_page(session, page, post)
    for path, text in reading.values.items():
        session.set(path, text)
    faults = _take_files(locked, session, reading)
    _change_turns(session, reading, add, remove)
    session.recompute()
    if locked.is_draft:
        locked.instance = session.to_xml(prune=False)
    else:
        take_answers(locked, session)
    locked.entered_by, locked.updated_at = by, timezone.now()
    locked.save()
    return Saved(locked, session, reading.shown, faults)


@transaction.atomic
def finish(*, visit: Visit, by: User) -> Visit:
    """The visit is typed: it is to read over, with the faults that remain."""
    locked = _writable(visit)
    take_answers(locked, session_of_visit(locked))
    locked.status = ResponseStatus.SUBMITTED
    locked.entered_by, locked.updated_at = by, timezone.now()
    locked.save()
    visit.refresh_from_db()
    return visit


@transaction.atomic
def discard(*, visit: Visit) -> None:
    """Throw away a visit that was never finished; a phone's cannot be."""
    locked = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if not locked.is_draft:
        raise ValidationError("Une visite enregistrée s’écarte, avec son motif.")
    delete_visit(locked)


def delete_visit(visit: Visit) -> None:
    """Erase a visit and its files. Call inside a transaction."""
    for file in visit.files.all():
        erase_file(file)
    visit.delete()


def _writable(visit: Visit) -> Visit:
    locked = (
        Visit.objects.select_for_update(of=("self",))
        .select_related("round__territory__workspace", "version", "organisation")
        .get(pk=visit.pk)
    )
    if not (locked.is_draft or locked.is_waiting):
        raise ValidationError("Cette visite est relue : annulez d’abord la conclusion.")
    return locked


def _take_files(visit: Visit, session: Session, reading: Reading) -> dict[str, str]:
    faults: dict[str, str] = {}
    for path in reading.removals:
        session.set(path, "")
    for path, upload in reading.uploads.items():
        try:
            session.set(path, _join(visit, session, path, upload))
        except ValidationError as error:
            faults[path] = " ".join(error.messages)
    return faults


def _join(visit: Visit, session: Session, path: str, upload: "UploadedFile[Any]") -> str:
    accepted = accepted_files(session.form.question(path))
    name = check_upload(upload, extensions=accepted.extensions, max_bytes=MAX_FILE)
    if visit.files.count() >= MAX_FILES:
        raise ValidationError(f"Au plus {MAX_FILES} fichiers par visite.")
    stem, dot, suffix = name.rpartition(".")
    kept, rank = name, 1
    while visit.files.filter(name=kept).exists():
        rank += 1
        kept = f"{stem}-{rank}{dot}{suffix}"
    add_file(visit, kept, upload.read())
    return kept


def _change_turns(session: Session, reading: Reading, add: str, remove: str) -> None:
    try:
        if add:
            session.add_repeat(add)
        if remove and any(path.startswith(f"{remove}/") for path in reading.shown):
            session.remove_repeat(remove)
    except FormError:
        return  # a forged series: the page is shown again
