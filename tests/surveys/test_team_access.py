"""The pages that run a campaign, as everybody who should not see them, and as who only reads.

That no address of the site is forgotten is the business of `tests/test_outsiders.py`.
"""

from typing import Any

import pytest
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.surveys.models import Flag, Invitation, Response, Sending
from tests.conftest import client_of
from tests.surveys.answering import send

pytestmark = pytest.mark.django_db

# URL name → what follows the campaign's number; « @ » stands for an object made below.
READ: dict[str, tuple[Any, ...]] = {
    "campaign": (),
    "invitations": (),
    "invitation": ("@invitation",),
    "results": (),
    "result": ("cantine.repas",),
}
WRITE: dict[str, tuple[Any, ...]] = {
    "campaign-edit": (),
    "campaign-population": (),
    "campaign-messages": (),
    "sendings": (),
    "sending-prepare": ("invitation",),
    "sending": ("@sending",),
    "merge": ("courrier", "invitation"),
    "calls": (),
    "calls-share": (),
    "call": ("@invitation",),
    "review": (),
    "review-answer": ("@answered",),
    "results-export": ("xlsx",),
    "export": (),
    "export-file": ("spss",),
}
POST: dict[str, tuple[Any, ...]] = {
    "campaign-trial": (),
    "campaign-open": (),
    "campaign-close": (),
    "invitation-act": ("@invitation",),
    "call-assign": ("@invitation",),
    "sending-act": ("@sending",),
    "sending-file": ("@sending",),
    "review-conclude": ("@answered",),
    "review-correct": ("@answered",),
    "review-comment": ("@answered",),
    "review-flag": ("@answered", "@flag"),
    "export-start": ("r",),
}
EVERYTHING = {**READ, **WRITE, **POST}


@pytest.fixture
def urls(invitation: Invitation, other_invitation: Invitation) -> dict[str, str]:
    """Name → address, on real objects."""
    response = send(other_invitation, repas="100", kg="80")
    sending = Sending.objects.create(
        campaign=invitation.campaign, kind="invitation", medium="merge", status="running"
    )
    things = {
        "@invitation": invitation.pk,
        "@answered": response.invitation_id,
        "@sending": sending.pk,
        "@flag": Flag.objects.get().pk,
    }
    return {
        name: reverse(
            f"surveys:{name}",
            args=[invitation.campaign_id, *(things.get(part, part) for part in parts)],
        )
        for name, parts in EVERYTHING.items()
    }


def snapshot() -> list[Any]:
    """What an outsider could have changed."""
    return [
        list(Invitation.objects.order_by("pk").values()),
        list(Response.objects.order_by("pk").values("status", "revision", "flat")),
        list(Sending.objects.order_by("pk").values()),
        list(Flag.objects.order_by("pk").values()),
    ]


@pytest.mark.parametrize("name", EVERYTHING)
def test_anonymous_people_are_sent_to_the_sign_in(urls: dict[str, str], name: str) -> None:
    for answer in (client_of(None).get(urls[name]), client_of(None).post(urls[name])):
        if answer.status_code != 405:
            assert answer.status_code == 302
            assert "/connexion/" in answer.headers["Location"]


@pytest.mark.parametrize("name", EVERYTHING)
def test_charlie_and_who_covers_another_territory_find_nothing(
    urls: dict[str, str], name: str, charlie: Membership, bob_elsewhere: Membership
) -> None:
    before = snapshot()
    for outsider in (charlie, bob_elsewhere):
        client = client_of(outsider)
        if name not in POST:
            assert client.get(urls[name]).status_code == 404, outsider
        assert client.post(urls[name], {"action": "validate"}).status_code in (404, 405), outsider
    assert snapshot() == before


@pytest.mark.parametrize("name", EVERYTHING)
def test_partners_are_refused(urls: dict[str, str], name: str, paula: Membership) -> None:
    before = snapshot()
    client = client_of(paula)
    if name not in POST:
        assert client.get(urls[name]).status_code == 403
    assert client.post(urls[name], {"action": "validate"}).status_code in (403, 405)
    assert snapshot() == before


@pytest.mark.parametrize("name", EVERYTHING)
def test_readers_read_but_do_not_write(urls: dict[str, str], name: str, remi: Membership) -> None:
    before = snapshot()
    client = client_of(remi)
    if name in READ:
        assert client.get(urls[name]).status_code == 200
    elif name in WRITE:
        assert client.get(urls[name]).status_code == 403
    assert client.post(urls[name], {"action": "mine", "everything": "1"}).status_code in (403, 405)
    assert snapshot() == before


@pytest.mark.parametrize("name", [*READ, *WRITE])
def test_agents_see_every_page(urls: dict[str, str], name: str, bob: Membership) -> None:
    assert client_of(bob).get(urls[name]).status_code == 200


def test_lists_show_only_campaigns_of_ones_territories(
    invitation: Invitation, charlie: Membership, bob_elsewhere: Membership, remi: Membership
) -> None:
    url = reverse("surveys:campaigns")

    for outsider in (charlie, bob_elsewhere):
        assert invitation.campaign.name not in client_of(outsider).get(url).content.decode()
    text = client_of(remi).get(url).content.decode()
    assert invitation.campaign.name in text
    assert "Nouvelle campagne" not in text


def test_an_invitation_of_another_campaign_is_not_reached_through_ones_own(
    urls: dict[str, str], invitation: Invitation, bob: Membership
) -> None:
    assert (
        client_of(bob)
        .get(reverse("surveys:call", args=[invitation.campaign_id + 1, invitation.pk]))
        .status_code
        == 404
    )
    other = Sending.objects.get()
    path = reverse("surveys:sending", args=[invitation.campaign_id + 1, other.pk])
    assert client_of(bob).get(path).status_code == 404
