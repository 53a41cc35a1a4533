"""A campaign of fictitious answers, saved page after page through the surveys' own services."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from restanque.accounts.models import User
from restanque.portal.demo.answers import Respondent
from restanque.portal.demo.profiles import CommuneFacts, answer_probability, draw_profile
from restanque.surveys.models import CallLog, Campaign, Invitation, InvitationEvent, Response
from restanque.surveys.models.campaigns import EventKind
from restanque.surveys.models.followup import CallOutcome
from restanque.surveys.services import answers, calls, invitations, review
from restanque.surveys.sessions import session_on
from restanque.territories.models import Commune


class Simulation:
    """Plays a campaign from its opening to today: who answers, when, how far."""

    def __init__(self, campaign: Campaign, *, today: date, reviewer: User, seed: int) -> None:
        self.campaign, self.today, self.reviewer, self.seed = campaign, today, reviewer, seed
        self.days_open = max(1, (today - campaign.opens_on).days)

    def play(self, sent: Sequence[Invitation]) -> None:
        """Each invitation gets its own fate, drawn from the commune's code and the seed."""
        for invitation in sent:
            commune = invitation.organisation.commune
            if commune is not None:
                self._play_one(invitation, commune)

    def _play_one(self, invitation: Invitation, commune: Commune) -> None:
        rng = Random(f"{self.seed}:{commune.code}")  # noqa: S311 - a demo, not a secret
        facts = commune_facts(commune)
        opened = self._moment(self.campaign.opens_on, rng)
        invitations.mark_sent(
            invitation=invitation, at=opened, recipients=[f"mairie-{commune.code}@example.org"]
        )
        fate = rng.random()
        answering = answer_probability(facts.population)
        if fate < answering:
            self._answer(invitation, facts, rng, pages=None)
        elif fate < answering + 0.09:
            self._answer(invitation, facts, rng, pages=rng.randint(1, 3))
        elif fate > 0.965:
            invitations.mark_bounced(invitation=invitation, reason="Adresse inconnue (fictif)")
            Invitation.objects.filter(pk=invitation.pk).update(bounced_at=opened)
            InvitationEvent.objects.filter(invitation=invitation).update(at=opened)
        else:
            self._call(invitation, rng)

    def _answer(
        self, invitation: Invitation, facts: CommuneFacts, rng: Random, *, pages: int | None
    ) -> None:
        respondent = Respondent(facts, draw_profile(facts, rng), rng, self.today)
        session = session_on(
            self.campaign.version, instance=None, seed=self.campaign.pk, now=timezone.now()
        )
        respondent.fill(session, pages=pages)
        for typed in respondent.typed:
            # The questions of a repeat exist once their number is known: two saves, as on screen.
            once = {path: text for path, text in typed.items() if "[" not in path}
            turns = {path: text for path, text in typed.items() if "[" in path}
            for values in (once, turns):
                if values:
                    answers.save_answers(invitation=invitation, values=values)
        # Yesterday at the latest: nobody answers in the future of the day it is.
        ago = 1 + min(self.days_open - 2, int(rng.expovariate(1 / 14)))
        late = self.today - timedelta(days=ago)
        moment = self._moment(late, rng)
        if pages is None and answers.submit(invitation=invitation).accepted:
            if (self.today - moment.date()).days > 4 and rng.random() < 0.93:
                self._validate(invitation, moment + timedelta(days=1))
            backdate(invitation.response, started=moment - timedelta(minutes=18), submitted=moment)
        elif hasattr(invitation, "response"):
            backdate(invitation.response, started=moment, submitted=None)

    def _validate(self, invitation: Invitation, at: datetime) -> None:
        review.validate(response=invitation.response, by=self.reviewer)
        Response.objects.filter(pk=invitation.response.pk).update(reviewed_at=at)
        invitation.response.refresh_from_db()

    def _call(self, invitation: Invitation, rng: Random) -> None:
        """One silent town hall in three was called once."""
        if rng.random() > 0.33:
            return
        outcome = rng.choice((CallOutcome.NO_ANSWER, CallOutcome.CALL_BACK))
        tomorrow = timezone.now() + timedelta(days=rng.randint(1, 6))
        call = calls.log_call(
            invitation=invitation,
            outcome=outcome,
            by=self.reviewer,
            note="La personne des écoles est absente." if outcome == CallOutcome.CALL_BACK else "",
            call_back_at=tomorrow if outcome == CallOutcome.CALL_BACK else None,
        )
        ago = timedelta(days=rng.randint(1, min(12, self.days_open)))
        CallLog.objects.filter(pk=call.pk).update(at=timezone.now() - ago)

    def _moment(self, day: date, rng: Random) -> datetime:
        hour = time(rng.randint(8, 17), rng.randint(0, 59))
        return min(timezone.make_aware(datetime.combine(day, hour)), timezone.now())


def commune_facts(commune: Commune) -> CommuneFacts:
    """The real figures from which the fictitious profile is drawn."""
    population = commune.population or 0
    statistics = getattr(commune, "statistics", None)
    young = statistics.age_0_19 if statistics else round(population * 0.23)
    return CommuneFacts(commune.code, commune.name, population, young)


def backdate(response: Response, *, started: datetime, submitted: datetime | None) -> None:
    """Give a fictitious answer the dates of its story; services always write the present."""
    Response.objects.filter(pk=response.pk).update(
        started_at=started, updated_at=submitted or started, submitted_at=submitted
    )
    events = InvitationEvent.objects.filter(invitation=response.invitation_id)
    events.filter(kind=EventKind.STARTED).update(at=started)
    events.exclude(kind=EventKind.STARTED).update(at=submitted or started)
    response.revisions.update(at=submitted or started)
