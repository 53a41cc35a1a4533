"""An earlier, smaller fictitious campaign, so that two campaigns can be compared."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from restanque.accounts.models import User
from restanque.portal.demo.answers import Respondent
from restanque.portal.demo.campaign import backdate, commune_facts
from restanque.portal.demo.profiles import answer_probability, draw_profile
from restanque.surveys.models import Campaign, Invitation
from restanque.surveys.services import answers, campaigns, invitations, review
from restanque.surveys.sessions import session_on

# Two years before, fewer answered and fewer wanted change.
YEARS = 2
_ANSWERING = 0.55
_LESS_KEEN = 0.35


def play_past(current: Campaign, *, by: User, seed: int) -> Campaign:
    """The same questionnaire, asked of the same town halls two years before, and closed."""
    opens_on = current.opens_on - timedelta(days=365 * YEARS)
    closes_on = opens_on + timedelta(days=60)
    campaign = campaigns.create_campaign(
        territory=current.territory,
        version=current.version,
        name=f"Le pain des cantines, {opens_on.year}",
        opens_on=opens_on,
        closes_on=closes_on,
        purge_on=current.purge_on,
        sender_name=current.sender_name,
        reply_to=current.reply_to,
        purpose=current.purpose,
        by=by,
    )
    invited = current.invitations.select_related("organisation")
    invitations.add_invitations(
        campaign=campaign, organisations=[one.organisation for one in invited]
    )
    campaigns.open_campaign(campaign=campaign, by=by)
    sent = Invitation.objects.filter(campaign=campaign).select_related(
        "campaign__version", "organisation__commune__statistics"
    )
    for invitation in sent.order_by("pk"):
        _play_one(invitation, closes_on, by=by, seed=seed)
    return campaigns.close_campaign(campaign=campaign, by=by)


def _play_one(invitation: Invitation, closes_on: date, *, by: User, seed: int) -> None:
    commune = invitation.organisation.commune
    if commune is None:
        return
    rng = Random(f"{seed}:past:{commune.code}")  # noqa: S311 - a demo, not a secret
    opened = timezone.make_aware(datetime.combine(invitation.campaign.opens_on, time(9)))
    invitations.mark_sent(
        invitation=invitation, at=opened, recipients=[f"mairie-{commune.code}@example.org"]
    )
    facts = commune_facts(commune)
    if rng.random() > _ANSWERING * answer_probability(facts.population):
        return
    profile = draw_profile(facts, rng)
    profile = replace(profile, keen=max(0.05, profile.keen - _LESS_KEEN))
    respondent = Respondent(facts, profile, rng, closes_on)
    session = session_on(
        invitation.campaign.version, instance=None, seed=invitation.campaign_id, now=timezone.now()
    )
    respondent.fill(session)
    typed = {path: text for page in respondent.typed for path, text in page.items()}
    # The questions of a repeat exist once their number is known: two saves, as on screen.
    for inside in (False, True):
        values = {path: text for path, text in typed.items() if ("[" in path) is inside}
        if values:
            answers.save_answers(invitation=invitation, values=values)
    if not answers.submit(invitation=invitation).accepted:
        return
    review.validate(response=invitation.response, by=by)
    hour = time(rng.randint(8, 17), rng.randint(0, 59))
    day = closes_on - timedelta(days=rng.randint(5, 50))
    moment = timezone.make_aware(datetime.combine(day, hour))
    backdate(invitation.response, started=moment - timedelta(minutes=18), submitted=moment)
    invitation.response.refresh_from_db()
    invitation.response.reviewed_at = moment + timedelta(days=1)
    invitation.response.save(update_fields=["reviewed_at"])
