"""Who is reminded, when, and who never is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.core.models import Notification, OutgoingMessage
from restanque.directory.services import update_organisation
from restanque.surveys.models import Campaign, Invitation, Sending, SendingLine
from restanque.surveys.models.sendings import LineStatus, SendingKind, SendingMedium, SendingStatus
from restanque.surveys.services import invitations, reminders, sending
from tests.conftest import client_of
from tests.surveys.answering import fill, send
from tests.surveys.test_sending import reasons, run, start

pytestmark = pytest.mark.django_db
REMIND = SendingKind.REMINDER
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def on_that_day() -> Any:
    """Noon, on a day when the campaign is open."""
    with time_machine.travel(datetime(2026, 11, 24, 11, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def sent(invitation: Invitation) -> Invitation:
    """All three were invited ten days ago, in a sending that somebody confirmed."""
    campaign = invitation.campaign
    Campaign.objects.update(fictitious=True)
    moment = timezone.now() - timedelta(days=10)
    for one in campaign.invitations.all():
        invitations.mark_sent(invitation=one, at=moment, recipients=[one.organisation.email])
    Sending.objects.create(
        campaign=campaign, kind="invitation", status="done", finished_at=moment, confirmed_count=3
    )
    invitation.refresh_from_db()
    invitation.campaign.refresh_from_db()
    return invitation


# What happened to the first town hall → why it is not reminded ("" = it is).
CASES: dict[str, str] = {
    "silent": "",
    "begun": "",
    "answered": "a déjà répondu",
    "refused": "ne souhaite pas répondre",
    "objected": "ne veut plus être relancée",
    "bounced": "adresse en erreur",
    "never invited": "pas encore invitée",
    "no address": "aucune adresse utilisable",
    "written today": "déjà écrit aujourd’hui",
}


@pytest.mark.parametrize(("case", "expected"), CASES.items(), ids=list(CASES))
def test_who_is_reminded(sent: Invitation, case: str, expected: str) -> None:
    if case == "begun":
        fill(sent, a_cantine="oui")
    elif case == "answered":
        send(sent)
    elif case == "refused":
        invitations.refuse(invitation=sent)
    elif case == "objected":
        invitations.stop_reminders(invitation=sent)
    elif case == "bounced":
        invitations.mark_bounced(invitation=sent, reason="550")
    elif case == "never invited":
        Invitation.objects.filter(pk=sent.pk).update(sent_at=None)
    elif case == "no address":
        update_organisation(organisation=sent.organisation, email="")
    elif case == "written today":
        done = Sending.objects.create(campaign=sent.campaign, kind="reminder")
        SendingLine.objects.create(
            sending=done, invitation=sent, status=LineStatus.QUEUED, at=timezone.now()
        )

    assert reasons(sent.campaign, REMIND)["Mairie d’Arles"] == expected


def test_nobody_is_reminded_twice_on_a_day(sent: Invitation) -> None:
    run(start(sent.campaign, REMIND))
    assert OutgoingMessage.objects.count() == 3

    with pytest.raises(sending.SendingRefusedError, match="personne à qui écrire"):
        start(sent.campaign, REMIND)
    assert OutgoingMessage.objects.count() == 3


def test_a_planned_reminder_leaves_on_its_morning_only(sent: Invitation, bob: Membership) -> None:
    reminders.plan_reminders(
        campaign=sent.campaign, dates=[date(2026, 11, 30)], by=bob.user, today=TODAY
    )

    assert reminders.run_due() == 0
    with time_machine.travel(datetime(2026, 11, 30, 7, 59, tzinfo=UTC)):  # 8 h 59 in Paris
        assert reminders.run_due() == 0
    with time_machine.travel(datetime(2026, 11, 30, 8, 1, tzinfo=UTC)):
        assert reminders.run_due() == 1
        planned = Sending.objects.get(kind="reminder")
        assert planned.status == SendingStatus.RUNNING
        run(planned)
        assert reminders.run_due() == 0
    assert OutgoingMessage.objects.count() == 3


def test_planning_again_replaces_the_dates(sent: Invitation) -> None:
    plan = reminders.plan_reminders
    first, second, third = date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 14)
    plan(campaign=sent.campaign, dates=[first, second], by=None, today=TODAY)
    kept = plan(campaign=sent.campaign, dates=[second, third, third], by=None, today=TODAY)

    days = [timezone.localtime(one.scheduled_for).date() for one in kept if one.scheduled_for]
    assert days == [second, third]


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2027, 2, 1)])
def test_a_reminder_is_not_planned_in_the_past_nor_after_the_closing(
    sent: Invitation, day: date
) -> None:
    with pytest.raises(ValidationError):
        reminders.plan_reminders(campaign=sent.campaign, dates=[day], by=None, today=TODAY)


def test_nothing_leaves_once_the_campaign_is_closed(sent: Invitation, bob: Membership) -> None:
    reminders.plan_reminders(
        campaign=sent.campaign, dates=[date(2026, 11, 30)], by=bob.user, today=TODAY
    )
    Campaign.objects.update(status="closed")

    with time_machine.travel(datetime(2026, 11, 30, 9, tzinfo=UTC)):
        assert reminders.run_due() == 0

    assert Sending.objects.get(kind="reminder").status == SendingStatus.CANCELLED
    assert OutgoingMessage.objects.count() == 0
    assert "n’est plus ouverte" in Notification.objects.get(membership=bob).text


def test_a_machine_never_does_the_first_real_sending(sent: Invitation) -> None:
    Campaign.objects.update(fictitious=False)
    Sending.objects.all().delete()
    reminders.plan_reminders(
        campaign=sent.campaign, dates=[date(2026, 11, 30)], by=None, today=TODAY
    )

    with time_machine.travel(datetime(2026, 11, 30, 9, tzinfo=UTC)):
        assert reminders.run_due() == 0

    assert Sending.objects.get().status == SendingStatus.CANCELLED
    assert OutgoingMessage.objects.count() == 0


def test_a_sending_stopped_by_the_daily_limit_is_taken_up_again(sent: Invitation) -> None:
    Campaign.objects.update(daily_limit=1)
    one = start(Campaign.objects.get(), REMIND)
    run(one)
    assert OutgoingMessage.objects.count() == 1
    Sending.objects.filter(pk=one.pk).update(job=None)
    assert reminders.run_due() == 0

    with time_machine.travel(datetime(2026, 11, 25, 9, tzinfo=UTC)):
        assert reminders.run_due() == 1


def test_the_dates_are_planned_on_the_page(sent: Invitation, bob: Membership) -> None:
    client = client_of(bob)
    url = reverse("surveys:sendings", args=[sent.campaign_id])

    late = client.post(url, {"first": "2027-02-15"})
    assert late.status_code == 422
    assert "après la clôture" in late.content.decode()
    assert client.post(url, {"first": "2026-12-01", "second": "08/12/2026"}).status_code == 302
    planned = reminders.planned_reminders(sent.campaign)
    assert len(planned) == 2
    assert {one.medium for one in planned} == {SendingMedium.EMAIL}
