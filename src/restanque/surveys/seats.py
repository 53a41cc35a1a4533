"""Who is answering, from where: the respondent with a link, or the team by telephone or paper."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from restanque.accounts.models import User
from restanque.engine.forms import Form, Session
from restanque.surveys import links
from restanque.surveys.definitions import form_of
from restanque.surveys.models import (
    Campaign,
    Channel,
    Invitation,
    QuestionnaireVersion,
    Response,
)
from restanque.surveys.perms import response_is_writable, team_may_enter
from restanque.surveys.sessions import blank_session, session_of

# How the team's ways of entering are written in addresses.
CHANNEL_SLUGS = {"telephone": Channel.PHONE, "papier": Channel.PAPER}


@dataclass(frozen=True, slots=True)
class Seat:
    """One invitation seen by who answers it: same pages, other addresses and frame."""

    invitation: Invitation
    channel: Channel = Channel.WEB
    by: User | None = None

    @property
    def campaign(self) -> Campaign:
        """The campaign that asks."""
        return self.invitation.campaign

    @property
    def response(self) -> Response | None:
        """What was saved so far, if anything."""
        return getattr(self.invitation, "response", None)

    @property
    def version(self) -> QuestionnaireVersion:
        """The version answered: pinned at the first save."""
        return self.response.version if self.response is not None else self.campaign.version

    @property
    def form(self) -> Form:
        """Its parsed form."""
        return form_of(self.version)

    @property
    def is_team(self) -> bool:
        """Whether a member of the team enters for the organisation."""
        return self.channel != Channel.WEB

    @property
    def layout(self) -> str:
        """The template that frames the pages."""
        return "surveys/respond/team_frame.html" if self.is_team else "surveys/respond/frame.html"

    @property
    def is_writable(self) -> bool:
        """Whether pages may be filled now."""
        if self.is_team:
            return team_may_enter(self.response)
        return response_is_writable(self.response, self.campaign)

    @property
    def revision(self) -> int:
        """The revision a page made now carries; 0 before anything was saved."""
        return self.response.revision if self.response is not None else 0

    def session(self, *, now: datetime | None = None) -> Session:
        """The answer as it stands, or a blank one."""
        if self.response is not None:
            return session_of(self.response, now=now)
        return blank_session(self.campaign, now=now)

    def url(self, name: str, *args: str | int) -> str:
        """Address of one of the pages (`welcome`, `page`, `review`…) for this seat."""
        if not self.is_team:
            return reverse(f"respondent:{name}", args=[links.slug_of(self.invitation), *args])
        way = next(slug for slug, channel in CHANNEL_SLUGS.items() if channel == self.channel)
        return reverse(
            f"surveys:entry-{name}",
            args=[self.invitation.campaign_id, self.invitation.pk, way, *args],
        )

    @property
    def urls(self) -> dict[str, str]:
        """The pages without argument, for templates."""
        names = ["welcome", "review", "sent", "read", "pdf"]
        if not self.is_team:
            names += ["pause", "handover", "refuse", "no-reminder", "printable"]
        return {name.replace("-", "_"): self.url(name) for name in names}

    @property
    def first_key(self) -> str:
        """The page to open: where the person left, else the first that is asked."""
        kept = self.response.page_key if self.response is not None else ""
        keys = [page.key for page in self.form.pages]
        return kept if kept in keys else (keys[0] if keys else "")
