"""A personal link opens one answer; any other text opens nothing, and changes nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from restanque.surveys import links
from restanque.surveys.models import Campaign, Invitation
from restanque.surveys.services import campaigns, invitations
from tests.acts import acts
from tests.addresses import Address, addresses
from tests.conftest import StrictClient
from tests.visits import Snapshot, Visitor, changes, leaks, read, snapshot
from tests.world import ALICE_MARK, PAT_MARK, SCOT_MARK, TEAM_MARK, World, standing

RESPONDENT = [one for one in addresses() if one.name.startswith("respondent:")]


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One world for the module; each test's writes are rolled back."""
    with standing(django_db_blocker, tmp_path_factory.mktemp("files")) as built:
        yield built


@pytest.fixture(scope="module")
def before(world: World) -> Snapshot:
    """The rows of all our tables."""
    return snapshot()


def ids(address: Address) -> str:
    return address.name


def tampered(invitation: Invitation) -> str:
    slug = links.slug_of(invitation)
    return slug[:-1] + ("A" if slug[-1] != "A" else "B")


def another_s_number(world: World) -> str:
    """The number of one invitation with the token of another."""
    token = links.slug_of(world.invitations["marseille"]).partition("-")[2]
    return f"{world.invitations['aix'].pk}-{token}"


def revoked(invitation: Invitation) -> str:
    """The link that was good until the team took it back."""
    slug = links.slug_of(invitation)
    invitations.revoke_link(invitation=Invitation.objects.get(pk=invitation.pk))
    return slug


WITH_SLUG = [one for one in RESPONDENT if "slug" in one.parameters]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["tampered", "another’s number", "revoked", "draft campaign"])
@pytest.mark.parametrize("address", WITH_SLUG, ids=ids)
def test_a_link_that_is_not_the_right_one_opens_nothing(
    world: World, address: Address, kind: str, db: None
) -> None:
    begun = world.invitations["marseille"]
    slug = {
        "tampered": lambda: tampered(begun),
        "another’s number": lambda: another_s_number(world),
        "revoked": lambda: revoked(begun),
        "draft campaign": lambda: links.slug_of(world.invitations["bakery"]),
    }[kind]()
    ready = snapshot()
    someone = Visitor(world)
    for response in (someone.get(address, slug=slug), someone.post(address, slug=slug)):
        assert response.status_code in (404, 405)
        assert not leaks(response, PAT_MARK, TEAM_MARK, SCOT_MARK)
    assert changes(ready, snapshot()) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("address", RESPONDENT, ids=ids)
def test_a_respondent_s_pages_open_without_an_account_and_opening_writes_nothing(
    world: World, before: Snapshot, address: Address
) -> None:
    response = Visitor(world).get(address)
    assert response.status_code in (200, 302)
    assert not leaks(response, ALICE_MARK, SCOT_MARK, "Mairie du Rove")
    assert changes(before, snapshot()) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("address", RESPONDENT, ids=ids)
def test_what_a_respondent_posts_is_kept(world: World, before: Snapshot, address: Address) -> None:
    """So that the tests of wrong links post something that would count."""
    Visitor(world).post(address)
    written = changes(before, snapshot())
    assert bool(written) == (address.name in acts(world))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["respondent:page", "respondent:review"])
def test_a_closed_campaign_takes_no_answer(world: World, name: str) -> None:
    campaigns.close_campaign(campaign=Campaign.objects.get(pk=world.campaign.pk))
    ready = snapshot()
    address = next(one for one in RESPONDENT if one.name == name)
    assert Visitor(world).post(address).status_code == 302
    assert changes(ready, snapshot()) == set()


@pytest.mark.django_db
def test_a_respondent_reaches_no_file_of_another(world: World) -> None:
    sent, begun = world.invitations["aix"], world.invitations["marseille"]
    file = sent.response.attachments.get()
    own = reverse("respondent:attachment", args=[links.slug_of(sent), file.pk])
    other = reverse("respondent:attachment", args=[links.slug_of(begun), file.pk])
    assert read(StrictClient().get(own)).status_code == 200
    assert read(StrictClient().get(other)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("address", RESPONDENT, ids=ids)
def test_a_respondent_changes_only_their_own_answer(
    world: World, before: Snapshot, address: Address
) -> None:
    """Whatever is posted with one's link, the rows of the other invitations stay as they are."""
    response = Visitor(world).post(address)
    assert response.status_code < 500
    others = [world.invitations[key] for key in ("rove", "arles", "bakery")]
    after = snapshot()
    touched = {change for change in changes(before, after) if " new" not in change}
    for other in others:
        assert f"surveys.Invitation {other.pk} changed" not in touched
    assert not [one for one in touched if one.startswith(("accounts.", "surveys.Campaign"))]
