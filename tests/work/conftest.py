"""A team, its territories and some tasks, for the room's tests."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from restanque.accounts.models import Membership, Workspace
from restanque.territories.models import Territory
from restanque.territories.services import create_territory, set_coverage
from restanque.work.models import Task
from restanque.work.services.tasks import create_task
from tests.territories.france import load_communes

TODAY = date(2026, 11, 24)


@pytest.fixture
def scot(workspace: Workspace) -> Territory:
    """A territory of two real communes."""
    load_communes(("13004", "13108"))
    return create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=("13004", "13108"),
    )


@pytest.fixture
def pat(workspace: Workspace) -> Territory:
    """Another one."""
    load_communes(("13001",))
    return create_territory(
        workspace=workspace,
        name="PAT",
        kind="pat",
        valid_from=date(2024, 1, 1),
        commune_codes=("13001",),
    )


@pytest.fixture
def dora(workspace: Workspace, scot: Territory) -> Membership:
    """An agent who covers the SCoT only."""
    from restanque.accounts import services
    from restanque.accounts.models import Role

    member = services.add_member(
        workspace=workspace,
        email="dora@example.org",
        full_name="Dora",
        role=Role.AGENT,
        all_territories=False,
    )
    set_coverage(membership=member, territories=[scot])
    return member


@pytest.fixture
def task_of(workspace: Workspace) -> Callable[..., Task]:
    """Make a task of the workspace."""

    def make(title: str = "Relire le diagnostic", **fields: Any) -> Task:
        return create_task(workspace=workspace, title=title, **fields)

    return make
