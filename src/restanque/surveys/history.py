"""Everything that happened to one invitation, newest first. Reading only."""

from dataclasses import dataclass
from datetime import datetime

from restanque.accounts.models import User
from restanque.core.models import OutgoingMessage
from restanque.surveys.models import CallLog, Comment, Invitation, SendingLine
from restanque.surveys.models.sendings import LineStatus


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing: when, what, by whom; `detail` in smaller letters, `url` to see more."""

    at: datetime
    words: str
    by: str = ""
    detail: str = ""


def timeline(invitation: Invitation) -> list[Entry]:
    """Events, sendings with what became of their messages, calls, comments. Five queries."""
    entries = [
        Entry(one.at, _capital(one.get_kind_display()), _name(one.by), one.note)
        for one in invitation.events.select_related("by")
    ]
    entries += [
        Entry(
            one.at,
            f"Appel : {one.get_outcome_display()}",
            _name(one.by),
            one.note,
        )
        for one in CallLog.objects.filter(invitation=invitation).select_related("by")
    ]
    entries += [
        Entry(one.at, "Commentaire", _name(one.by), one.text)
        for one in Comment.objects.filter(invitation=invitation).select_related("by")
    ]
    entries += _sendings(invitation)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _sendings(invitation: Invitation) -> list[Entry]:
    lines = list(
        SendingLine.objects.filter(invitation=invitation, at__isnull=False).select_related(
            "sending__requested_by"
        )
    )
    statuses = _message_statuses([line.message_key for line in lines if line.message_key])
    entries = []
    for line in lines:
        sending = line.sending
        words = f"{_capital(sending.get_kind_display())} par {sending.get_medium_display()}"
        if line.status == LineStatus.SKIPPED:
            words = f"{words} : non envoyée"
        detail = statuses.get(line.message_key, "") or line.reason
        if line.at is not None:
            entries.append(Entry(line.at, words, _name(sending.requested_by), detail))
    return entries


def _message_statuses(keys: list[str]) -> dict[str, str]:
    """What became of the messages of some lines, in words; addresses are not repeated here."""
    found: dict[str, list[str]] = {}
    for key in keys:
        messages = OutgoingMessage.objects.filter(idempotency_key__startswith=f"{key}:")
        words = [one.get_status_display() for one in messages.order_by("pk")]
        found[key] = words
    return {key: ", ".join(words) for key, words in found.items()}


def _name(user: User | None) -> str:
    return user.display_name if user is not None else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
