"""Writes on visitors, and the code their phone scans."""

import base64
import json
import zlib
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import User
from restanque.surveys.models import Channel, Visitor, VisitRound
from restanque.surveys.visits.keys import password_of
from restanque.surveys.visits.rounds import check_forms
from restanque.territories.models import Territory


@transaction.atomic
def create_visitor(
    *,
    territory: Territory,
    display_name: str,
    rounds: Iterable[VisitRound] = (),
    by: User | None = None,
    fictitious: bool = False,
) -> Visitor:
    """A new visitor, with the series whose form it may download."""
    visitor = Visitor(
        territory=territory,
        display_name=display_name.strip(),
        created_by=by,
        fictitious=fictitious or territory.workspace.fictitious,
    )
    visitor.full_clean(exclude=["territory", "created_by"])
    visitor.save()
    _give(visitor, rounds)
    return visitor


@transaction.atomic
def update_visitor(*, visitor: Visitor, display_name: str, rounds: Iterable[VisitRound]) -> Visitor:
    """Rename, and say which series it visits for."""
    visitor.display_name = display_name.strip()
    visitor.full_clean(exclude=["territory", "created_by"])
    visitor.save(update_fields=["display_name"])
    _give(visitor, rounds)
    return visitor


def _give(visitor: Visitor, rounds: Iterable[VisitRound]) -> None:
    chosen = list(rounds)
    if any(one.territory_id != visitor.territory_id for one in chosen):
        raise ValidationError({"rounds": "Ces visites sont celles d’un autre territoire."})
    try:
        check_forms(one for one in chosen if one.is_open)
    except ValidationError as error:
        raise ValidationError({"rounds": error.messages}) from error
    visitor.rounds.set(chosen)


@transaction.atomic
def renew_key(*, visitor: Visitor) -> Visitor:
    """A new code: phones set up with an older one are turned away."""
    Visitor.objects.filter(pk=visitor.pk).update(generation=F("generation") + 1)
    visitor.refresh_from_db(fields=["generation"])
    return visitor


@transaction.atomic
def revoke(*, visitor: Visitor) -> Visitor:
    """Turn its phone away at once. Its visits stay."""
    visitor.revoked_at = visitor.revoked_at or timezone.now()
    visitor.save(update_fields=["revoked_at"])
    return visitor


@transaction.atomic
def restore(*, visitor: Visitor) -> Visitor:
    """Let it in again, with a new code: the old one may be in other hands."""
    visitor.revoked_at = None
    visitor.save(update_fields=["revoked_at"])
    return renew_key(visitor=visitor)


def last_sent(visitor: Visitor) -> datetime | None:
    """When its phone last sent a visit: that it only looked leaves no trace, GET writes nothing."""
    latest = visitor.visits.filter(channel=Channel.COLLECT).aggregate(at=Max("received_at"))
    at: datetime | None = latest["at"]
    return at


def server_url() -> str:
    """The address that ODK Collect asks for."""
    return f"{settings.BASE_URL}{reverse('openrosa:home').rstrip('/')}"


def settings_code(visitor: Visitor) -> str:
    """What the QR code holds: the settings of a Collect project, base64 of compressed JSON.

    It contains the password: whoever scans it is this visitor.
    """
    configuration = {
        "general": {
            "server_url": server_url(),
            "username": visitor.username,
            "password": password_of(visitor),
            "form_update_mode": "match_exactly",
        },
        "admin": {},
        "project": {"name": f"Restanque, {visitor.territory}"[:60]},
    }
    text = json.dumps(configuration, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode())).decode()
