"""Telephone and paper entry by the team: same pages, the team's name on what is typed."""

import pytest
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.surveys import links
from restanque.surveys.models import Invitation, Response
from restanque.surveys.services import answers
from restanque.surveys.sessions import session_of
from tests.conftest import client_of
from tests.surveys.pages import Browser
from tests.surveys.test_respondent_safety import answered

pytestmark = pytest.mark.django_db
ENTRY = ("welcome", "review", "sent", "read", "pdf")


def start(invitation: Invitation) -> str:
    return reverse("surveys:entry", args=[invitation.campaign_id, invitation.pk])


def page(invitation: Invitation, way: str = "telephone", key: str = "cantine") -> str:
    return reverse("surveys:entry-page", args=[invitation.campaign_id, invitation.pk, way, key])


def test_an_agent_enters_by_telephone_and_records(invitation: Invitation, bob: Membership) -> None:
    browser = Browser(start(invitation), client_of(bob))
    browser.follow("par téléphone")
    browser.choose("/data/cantine/a_cantine", "non")
    browser.press("next")
    browser.press("next")
    browser.press(None)
    response = Response.objects.get()
    assert response.status == "submitted"
    assert response.channel == "phone"
    assert response.entered_by == bob.user
    assert response.revisions.first().by == bob.user


def test_paper_can_be_entered_after_the_closing(invitation: Invitation, bob: Membership) -> None:
    invitation.campaign.status = "closed"
    invitation.campaign.save()
    browser = Browser(page(invitation, "papier"), client_of(bob))
    assert "Saisie d’après un papier" in browser.text
    browser.choose("/data/cantine/a_cantine", "non")
    browser.press("save")
    assert Response.objects.get().channel == "paper"


def test_the_respondent_sees_who_changed_the_answer(
    invitation: Invitation, bob: Membership
) -> None:
    answered(invitation)
    mine = Browser(f"{links.personal_path(invitation)}page/pain/")
    team = Browser(page(invitation, key="pain"), client_of(bob))
    team.fill("/data/pain/kg", "10")
    team.press("save")
    mine.fill("/data/pain/kg", "11")
    mine.press("next")
    assert mine.status == 409
    assert "Bob, par téléphone" in mine.text
    assert session_of(Response.objects.get()).value("/data/pain/kg") == "10"


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 302), ("alice", 200), ("bob", 200), ("remi", 403), ("paula", 403), ("charlie", 404)],
)
def test_who_may_enter(
    request: pytest.FixtureRequest, invitation: Invitation, who: str | None, status: int
) -> None:
    client = client_of(request.getfixturevalue(who) if who else None)
    answered(invitation)
    assert client.get(start(invitation)).status_code == status
    assert client.get(page(invitation)).status_code == status
    posted = client.post(page(invitation), {"/data/cantine/repas": "7", "revision": "1"})
    value = session_of(Response.objects.get()).value("/data/cantine/repas")
    assert (value == "7") == (status == 200)
    assert posted.status_code == (302 if status == 200 else status)


def test_an_agent_of_another_territory_enters_nothing(
    invitation: Invitation, bob_elsewhere: Membership
) -> None:
    client = client_of(bob_elsewhere)
    answered(invitation)
    for path in (start(invitation), page(invitation), *(
        reverse(f"surveys:entry-{name}", args=[invitation.campaign_id, invitation.pk, "telephone"])
        for name in ENTRY
    )):  # fmt: skip
        assert client.get(path).status_code == 404, path


def test_an_invitation_of_another_campaign_is_not_found(
    invitation: Invitation, alice: Membership
) -> None:
    path = reverse("surveys:entry", args=[invitation.campaign_id + 1, invitation.pk])
    assert client_of(alice).get(path).status_code == 404
    wrong_way = reverse(
        "surveys:entry-page", args=[invitation.campaign_id, invitation.pk, "fax", "x"]
    )
    assert client_of(alice).get(wrong_way).status_code == 404


@pytest.mark.parametrize("name", ENTRY)
def test_every_entry_page_answers(invitation: Invitation, bob: Membership, name: str) -> None:
    answered(invitation)
    path = reverse(f"surveys:entry-{name}", args=[invitation.campaign_id, invitation.pk, "papier"])
    assert client_of(bob).get(path, follow=True).status_code == 200
    answers.submit(invitation=invitation)
    assert client_of(bob).get(path, follow=True).status_code == 200
    assert client_of(bob).get(start(invitation)).status_code == 200
