"""What the room shows elsewhere: fiche commune, organisation, « Cette semaine »."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.kit import slots
from restanque.kit.slots import Panel
from restanque.surveys.models import Campaign, Invitation
from restanque.surveys.services import calls, invitations, reminders
from tests.conftest import client_of
from tests.surveys.answering import plain, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_that_day() -> Iterator[None]:
    """Noon."""
    with time_machine.travel(datetime(2026, 11, 24, 11, tzinfo=UTC), tick=True):
        yield


def panels(slot: str, membership: Membership, subject: Any) -> dict[str, Panel]:
    """The room's panels in a slot, by title."""
    request = RequestFactory().get("/")
    request.membership = membership  # type: ignore[attr-defined]
    ours = {
        "Enquêtes", "Réponses à relire", "Mairies à rappeler", "Prochaines relances et clôtures",
    }  # fmt: skip
    return {p.title: p for p in slots.panels(slot, request, subject) if p.title in ours}


def test_the_fiche_commune_says_where_the_answer_stands(
    invitation: Invitation, bob: Membership, remi: Membership
) -> None:
    send(invitation)
    calls.log_call(invitation=invitation, outcome="answered", by=bob.user)  # type: ignore[arg-type]
    commune = invitation.organisation.commune

    for member in (bob, remi):
        panel = panels("commune", member, commune)["Enquêtes"]
        (row,) = panel.context["rows"]
        assert row["invitation"] == invitation
        assert "À valider" in row["badge"]
        assert plain(row["last"]) == "Appel du 24 nov. 2026 : a répondu"
    shown = render_to_string(panel.template, {"panel": panel.context})
    assert "Le pain servi à la cantine" in shown
    assert "à valider" in shown.lower()


def test_the_organisation_has_the_same_panel(invitation: Invitation, bob: Membership) -> None:
    panel = panels("organisation", bob, invitation.organisation)["Enquêtes"]
    assert len(panel.context["rows"]) == 1


def test_outsiders_see_no_panel(
    invitation: Invitation,
    charlie: Membership,
    paula: Membership,
    bob_elsewhere: Membership,
) -> None:
    send(invitation)
    for outsider in (charlie, paula, bob_elsewhere):
        assert panels("commune", outsider, invitation.organisation.commune) == {}
        assert panels("organisation", outsider, invitation.organisation) == {}
        assert panels("home", outsider, outsider) == {}


def test_a_fictitious_campaign_marks_the_fiche(invitation: Invitation, bob: Membership) -> None:
    Campaign.objects.update(fictitious=True)
    panel = panels("commune", bob, invitation.organisation.commune)["Enquêtes"]
    assert panel.context["fictitious"]


def test_the_week_says_what_to_read_over_and_whom_to_call(
    invitation: Invitation, other_invitation: Invitation, bob: Membership, remi: Membership
) -> None:
    assert panels("home", bob, bob) == {}
    send(invitation, repas="100", kg="80")
    invitations.mark_sent(
        invitation=other_invitation, at=timezone.now() - timedelta(days=9), recipients=["a@b.fr"]
    )

    found = panels("home", bob, bob)
    review = found["Réponses à relire"].context
    assert review["lines"] == [(invitation.campaign, 1, 1)]
    (line,) = found["Mairies à rappeler"].context["lines"]
    assert line[1].invitation == other_invitation
    assert panels("home", remi, remi) == {}
    text = plain(client_of(bob).get("/").content.decode())
    assert "1 à valider, dont 1 avec une valeur à vérifier" in text


def test_calls_of_a_colleague_are_not_mine(
    other_invitation: Invitation, alice: Membership, bob: Membership
) -> None:
    invitations.mark_sent(
        invitation=other_invitation, at=timezone.now() - timedelta(days=9), recipients=["a@b.fr"]
    )
    calls.assign(invitation=other_invitation, to=alice.user)

    assert "Mairies à rappeler" not in panels("home", bob, bob)
    assert "Mairies à rappeler" in panels("home", alice, alice)


def test_dates_to_come_are_said_in_their_order(invitation: Invitation, remi: Membership) -> None:
    campaign = invitation.campaign
    assert "Prochaines relances et clôtures" not in panels("home", remi, remi)
    Campaign.objects.update(closes_on=date(2026, 12, 4))
    campaign.refresh_from_db()
    reminders.plan_reminders(
        campaign=campaign,
        dates=[date(2026, 11, 27)],
        by=None,
        today=date(2026, 11, 24),
    )

    context = panels("home", remi, remi)["Prochaines relances et clôtures"].context
    assert [(m["what"], m["left"]) for m in context["moments"]] == [
        ("Relance automatique", 3),
        ("Clôture", 10),
    ]
    assert [m["css"].strip() for m in context["moments"]] == ["rq-ech-urgent", "rq-ech-bientot"]
