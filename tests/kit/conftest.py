"""Shared by the tests of the kit: a team whose names need care."""

import pytest
from django.test import Client

from restanque.accounts.models import Membership, Role, User, Workspace
from tests.conftest import client_of


@pytest.fixture
def workspace(db: None) -> Workspace:
    return Workspace.objects.create(name="PAT", slug="pat")


@pytest.fixture
def people(workspace: Workspace) -> list[Membership]:
    """25 members, the first of whom administers; one name would be a formula in a spreadsheet."""
    members = []
    for i in range(25):
        name = "=2+3" if i == 3 else f"Élodie n° {i:02d}"
        user = User.objects.create_user(email=f"elodie{i:02d}@exemple.fr", full_name=name)
        members.append(
            Membership.objects.create(
                user=user,
                workspace=workspace,
                role=Role.ADMINISTRATOR if i == 0 else Role.AGENT,
                job_title="" if i % 2 else f"poste {i:02d}",
            )
        )
    return members


@pytest.fixture
def client(people: list[Membership]) -> Client:
    """The administrator's browser."""
    return client_of(people[0])


@pytest.fixture
def agent(people: list[Membership]) -> Client:
    """A colleague's browser."""
    return client_of(people[1])
