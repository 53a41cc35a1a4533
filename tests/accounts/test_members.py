"""Who belongs to a workspace, and who may change that."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from restanque.accounts import services
from restanque.accounts.models import Membership, Role, User, Workspace
from tests.conftest import client_of


def test_an_administrator_adds_a_person(alice: Membership) -> None:
    client = client_of(alice)
    client.post(
        reverse("accounts:member_add"),
        {"email": "New@Example.org", "full_name": "Nadia", "role": Role.AGENT},
    )
    member = Membership.objects.get(user__email="new@example.org")
    assert member.workspace == alice.workspace
    assert "Nadia" in client.get(reverse("accounts:members")).content.decode()


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("remi", 403), ("paula", 403)])
def test_only_administrators_manage_members(
    alice: Membership, who: str, status: int, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(who))
    assert client.get(reverse("accounts:member_add")).status_code == status
    assert (
        client.post(reverse("accounts:member_edit", args=[alice.pk]), {"end": "1"}).status_code
        == status
    )
    alice.refresh_from_db()
    assert alice.ended_at is None


def test_charlie_cannot_touch_the_members_of_another_workspace(
    alice: Membership, charlie: Membership
) -> None:
    client = client_of(charlie)
    url = reverse("accounts:member_edit", args=[alice.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {"end": "1"}).status_code == 404
    assert "Alice" not in client.get(reverse("accounts:members")).content.decode()


def test_a_workspace_keeps_an_administrator(alice: Membership) -> None:
    response = client_of(alice).post(reverse("accounts:member_edit", args=[alice.pk]), {"end": "1"})
    assert response.status_code == 422
    with pytest.raises(services.LastAdministratorError):
        services.change_role(membership=alice, role=Role.READER)


def test_an_ended_membership_closes_the_door(alice: Membership, bob: Membership) -> None:
    client = client_of(bob)
    assert client.get(reverse("accounts:members")).status_code == 200
    services.end_membership(membership=bob)
    assert client.get(reverse("accounts:members")).status_code == 404


def test_a_partner_never_covers_everything(workspace: Workspace) -> None:
    with pytest.raises(ValidationError):
        services.add_member(
            workspace=workspace, email="mill@example.org", role=Role.PARTNER, all_territories=True
        )


def test_an_address_is_one_account_in_any_case(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    services.add_member(workspace=workspace, email="A.B@example.org", role=Role.AGENT)
    services.add_member(workspace=other_workspace, email="a.b@EXAMPLE.org", role=Role.READER)
    assert User.objects.filter(email="a.b@example.org").count() == 1


def test_a_person_of_two_workspaces_chooses(alice: Membership, other_workspace: Workspace) -> None:
    second = services.add_member(
        workspace=other_workspace, email="alice@example.org", role=Role.READER
    )
    client = client_of(alice)
    client.post(reverse("accounts:workspaces"), {"membership": second.pk})
    assert "Autre équipe" in client.get(reverse("portal:home")).content.decode()


def test_nobody_chooses_a_workspace_of_others(alice: Membership, charlie: Membership) -> None:
    response = client_of(charlie).post(reverse("accounts:workspaces"), {"membership": alice.pk})
    assert response.status_code == 404
