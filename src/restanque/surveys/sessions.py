"""Sessions of the form engine on what the database keeps. Reading only."""

from datetime import datetime

from django.utils import timezone

from restanque.engine.forms import Session
from restanque.surveys.definitions import form_of
from restanque.surveys.models import Campaign, QuestionnaireVersion, Response


def session_of(response: Response, *, now: datetime | None = None) -> Session:
    """The answer as it stands, hidden values included, in the version it was given to."""
    return session_on(response.version, instance=response.instance, seed=response.pk, now=now)


def blank_session(campaign: Campaign, *, now: datetime | None = None) -> Session:
    """An answer that nobody has begun: what the first page shows before any POST."""
    return session_on(campaign.version, instance=None, seed=campaign.pk, now=now)


def session_on(
    version: QuestionnaireVersion,
    *,
    instance: str | None,
    seed: int = 0,
    now: datetime | None = None,
    instance_id: str | None = None,
) -> Session:
    """A session on a version; one a request is enough (about 2 ms on a 60-question form)."""
    return Session(
        form_of(version),
        now=now or timezone.now(),
        instance=instance,
        seed=seed,
        instance_id=instance_id,
    )
