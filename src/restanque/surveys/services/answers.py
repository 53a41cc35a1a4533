"""Writes on answers: save a page, merge two people's, join a file, send, reopen."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from restanque.accounts.models import User
from restanque.engine.forms import Fault, FormError, Session
from restanque.surveys.merging import Conflict, Since, merge
from restanque.surveys.models import (
    Campaign,
    Channel,
    Invitation,
    QuestionnaireVersion,
    Response,
    ResponseRevision,
)
from restanque.surveys.models.answers import ResponseStatus, packed
from restanque.surveys.models.campaigns import EventKind
from restanque.surveys.posting import PagePost, Reading, read_page
from restanque.surveys.services import receipts
from restanque.surveys.services.attachments import take_files
from restanque.surveys.services.flags import refresh_flags
from restanque.surveys.services.invitations import log
from restanque.surveys.sessions import session_of, session_on

# A person saves a few times a minute; a page gone mad would fill the disk.
SAVES_PER_MINUTE = 120
# Each save keeps a revision: at a hundred a minute, a hostile link holder would write gigabytes.
SAVES_PER_DAY = 3000


class AnswerClosedError(ValueError):
    """The answer is sent, or the campaign closed: nothing is written."""


class TooManySavesError(ValueError):
    """More saves a minute than a person can make."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did. `session` is up to date; `shown` are the questions the page showed.

    `page_faults` maps a question's path to what must be seen before going on: a file refused, two
    equal ranks. Everything else is saved.
    """

    response: Response
    session: Session
    shown: frozenset[str] = frozenset()
    conflicts: tuple[Conflict, ...] = ()
    set_aside: Mapping[str, str] = field(default_factory=dict)
    page_faults: Mapping[str, str] = field(default_factory=dict)
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """A sending: refused with its faults, or done."""

    response: Response
    faults: tuple[Fault, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the answer is sent."""
        return not self.faults


def save_answers(
    *,
    invitation: Invitation,
    values: Mapping[str, str],
    channel: Channel = Channel.WEB,
    by: User | None = None,
    base_revision: int | None = None,
) -> Saved:
    """Save answers given as path → text (as XForms writes them), creating the answer at need.

    For code: imports, demo, Collect. Unknown paths raise FormError. With `base_revision`, what
    changed since is not overwritten but returned as conflicts.
    """

    def read(session: Session) -> Reading:
        return Reading(frozenset(values), values)

    return _save(invitation, read, channel, by, base_revision)


def save_page(
    *,
    invitation: Invitation,
    page: int,
    post: PagePost,
    channel: Channel = Channel.WEB,
    by: User | None = None,
    base_revision: int | None = None,
    author: str = "",
    page_key: str | None = None,
    add: str = "",
    remove: str = "",
) -> Saved:
    """Save a posted page, errors included: nothing typed is lost.

    Only the questions that the page showed are read. `base_revision` is the one the page was
    made from, `author` tells one browser from another ("" when it cannot be told); `add` names a
    series that gains a turn, `remove` a turn that goes.
    """

    def read(session: Session) -> Reading:
        return read_page(session, page, post)

    return _save(
        invitation,
        read,
        channel,
        by,
        base_revision,
        page_key,
        author=author,
        add=add,
        remove=remove,
    )


def _save(
    invitation: Invitation,
    read: Callable[[Session], Reading],
    channel: Channel,
    by: User | None,
    base_revision: int | None,
    page_key: str | None = None,
    *,
    author: str = "",
    add: str = "",
    remove: str = "",
) -> Saved:
    now = timezone.now()
    author = f"user:{by.pk}" if by is not None else author
    with transaction.atomic():
        response = open_draft(invitation=invitation, channel=channel, by=by, now=now)
        session = session_of(response, now=now)
        since = _since(response, base_revision, author, now)
        merged = merge(session, read, since, lambda: _last_saving(response))
        for path, text in merged.values.items():
            session.set(path, text)
        if merged.reading.uploads:
            # Refused before its files reach the disk: a rollback would leave them there.
            _refuse_floods(response, now)
        page_faults = {**merged.reading.doubts, **take_files(response, session, merged.reading)}
        _change_turns(session, merged.reading.shown, add, remove)
        session.recompute()
        changed = _store(
            response,
            session,
            merged.set_aside,
            channel=channel,
            by=by,
            author=author,
            page_key=page_key,
            now=now,
        )
        if merged.conflicts:
            log(invitation=invitation, kind=EventKind.CONFLICT, by=by)
    invitation.response = response
    return Saved(
        response=response,
        session=session,
        shown=merged.reading.shown,
        conflicts=merged.conflicts,
        set_aside=merged.set_aside,
        page_faults=page_faults,
        changed=changed,
    )


def open_draft(
    *, invitation: Invitation, channel: Channel, by: User | None, now: datetime
) -> Response:
    """The draft to write in, locked; made at the first POST. Call inside a transaction.

    Raises AnswerClosedError when the answer is sent or, for the respondent, the campaign closed.
    """
    Invitation.objects.select_for_update().get(pk=invitation.pk)
    response = (
        Response.objects.select_related("version")
        .defer(*(f"version__{field}" for field in QuestionnaireVersion.HEAVY_FIELDS))
        .filter(invitation=invitation)
        .first()
    )
    if response is not None and not response.is_draft:
        raise AnswerClosedError("Cette réponse est déjà envoyée.")
    if channel == Channel.WEB and not invitation.campaign.is_open:
        raise AnswerClosedError("La campagne est close : la réponse n’a pas été enregistrée.")
    if response is not None:
        return response
    version = invitation.campaign.version
    session = session_on(
        version,
        instance=None,
        seed=invitation.campaign_id,
        now=now,
        instance_id=f"uuid:{uuid.uuid4()}",
    )
    response = Response(
        invitation=invitation,
        version=version,
        instance=session.to_xml(prune=False),
        revision=0,
        channel=channel,
        entered_by=by,
        started_at=now,
        updated_at=now,
    )
    response.full_clean(exclude=["version", "invitation"])
    response.save()
    log(invitation=invitation, kind=EventKind.STARTED, by=by, note=channel)
    return response


@transaction.atomic
def submit(
    *,
    invitation: Invitation,
    channel: Channel = Channel.WEB,
    by: User | None = None,
    receipt_to: str = "",
) -> Submission:
    """Send the answer when nothing is missing nor wrong; otherwise say what, and change nothing.

    Sending twice is harmless: the second changes nothing. A receipt leaves for `receipt_to`, or
    else for the addresses the invitation was sent to (on line only).
    """
    now = timezone.now()
    try:
        response = open_draft(invitation=invitation, channel=channel, by=by, now=now)
    except AnswerClosedError:
        sent = Response.objects.filter(invitation=invitation).first()
        if sent is None or sent.is_draft:
            raise
        return Submission(sent)
    session = session_of(response, now=now)
    faults = tuple(session.validate())
    if faults:
        return Submission(response, faults)
    response.submitted_xml = session.to_xml(prune=True)
    response.flat = session.flat()
    response.status = ResponseStatus.SUBMITTED
    response.submitted_at = response.updated_at = now
    response.channel = channel
    response.entered_by = by or response.entered_by
    response.full_clean(exclude=["version", "invitation", "entered_by"])
    response.save()
    if invitation.refused_at is not None:
        invitation.refused_at = None
        invitation.save(update_fields=["refused_at"])
    log(invitation=invitation, kind=EventKind.SUBMITTED, by=by, note=channel)
    refresh_flags(response=response)
    invitation.response = response
    receipts.send_receipts(invitation=invitation, channel=channel, receipt_to=receipt_to)
    return Submission(response)


@transaction.atomic
def reopen(*, response: Response, by: User) -> Response:
    """Make a sent answer a draft again, for its organisation to correct; validation falls."""
    if response.is_draft:
        return response
    response.status = ResponseStatus.DRAFT
    response.reviewed_at = None
    response.reviewed_by = None
    response.save(update_fields=["status", "reviewed_at", "reviewed_by"])
    log(invitation=response.invitation, kind=EventKind.REOPENED, by=by)
    return response


def responses_frame(
    campaign: Campaign, statuses: Iterable[str] = (ResponseStatus.VALIDATED,)
) -> Iterator[dict[str, Any]]:
    """One dict an answer: who, where, when, then path → stored text. Ordered by organisation."""
    answers = (
        Response.objects.filter(invitation__campaign=campaign, status__in=tuple(statuses))
        .select_related("invitation__organisation")
        .defer("instance", "submitted_xml")
        .order_by("invitation__organisation__name_key", "pk")
    )
    for response in answers.iterator(chunk_size=200):
        invitation = response.invitation
        yield {
            "invitation": invitation.pk,
            "organisation": str(invitation.organisation),
            "commune": invitation.organisation.commune_id,
            "status": response.status,
            "submitted_at": response.submitted_at,
            "channel": response.channel,
            **response.flat,
        }


def _since(
    response: Response, base_revision: int | None, author: str, now: datetime
) -> Since | None:
    """What was saved after the page was made; None when nothing was.

    A revision that never existed counts as the first page: everything saved came after it.
    """
    if base_revision is None or base_revision == response.revision:
        return None

    @cache
    def opened(number: int) -> Session:
        stored = next((r for r in every if r.number == number), None)
        instance = stored.instance if stored is not None else None
        return session_on(response.version, instance=instance, seed=response.pk, now=now)

    every = list(response.revisions.select_related("by").filter(number__gte=base_revision))
    after = [revision for revision in every if revision.number > base_revision]
    return Since(
        base=opened(base_revision),
        revisions=after,
        read=lambda revision: opened(revision.number),
        author=author,
    )


def _last_saving(response: Response) -> ResponseRevision | None:
    return response.revisions.select_related("by").order_by("-number").first()


def _change_turns(session: Session, shown: frozenset[str], add: str, remove: str) -> None:
    """Add or remove a turn of a series; a forged or impossible request changes nothing."""
    try:
        if add:
            session.add_repeat(add)
        if remove and any(path.startswith(f"{remove}/") for path in shown):
            session.remove_repeat(remove)
    except FormError:
        return


def _store(
    response: Response,
    session: Session,
    set_aside: Mapping[str, str],
    *,
    channel: Channel,
    by: User | None,
    author: str,
    page_key: str | None,
    now: datetime,
) -> bool:
    """Write the draft and its revision when something changed; whether something did."""
    instance = session.to_xml(prune=False)
    changed = instance != response.instance or response.revision == 0
    if page_key is not None:
        response.page_key = page_key
    if not changed and not set_aside:
        if page_key is not None:
            response.save(update_fields=["page_key"])
        return False
    _refuse_floods(response, now)
    response.instance = instance
    response.revision += 1
    response.updated_at = now
    if by is not None:
        response.entered_by = by
    response.save(update_fields=["instance", "revision", "updated_at", "page_key", "entered_by"])
    ResponseRevision.objects.create(
        response=response,
        number=response.revision,
        snapshot=packed(instance),
        set_aside=dict(set_aside),
        channel=channel,
        by=by,
        author=author,
        at=now,
    )
    return True


def _refuse_floods(response: Response, now: datetime) -> None:
    recent = Q(at__gte=now - timedelta(minutes=1))
    made = ResponseRevision.objects.filter(
        response=response, at__gte=now - timedelta(days=1)
    ).aggregate(minute=Count("pk", filter=recent), day=Count("pk"))
    if made["day"] >= SAVES_PER_DAY:
        raise TooManySavesError("Trop d’enregistrements aujourd’hui : réessayez demain.")
    if made["minute"] >= SAVES_PER_MINUTE:
        raise TooManySavesError("Trop d’enregistrements en une minute : patientez un instant.")
