"""Fixtures of the room: the real communes of the PAT, and two territories."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine

from restanque.accounts.models import Membership, Workspace
from restanque.territories import services
from restanque.territories.models import Territory
from tests.territories.france import METROPOLE, PETR, load_pat

START = date(2026, 1, 1)
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def at_noon_on_that_day() -> Iterator[None]:
    """Pages show the perimeter of today: the tests' today."""
    with time_machine.travel(datetime(2026, 11, 24, 11, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def france(db: None) -> None:
    """The real communes of the PAT and a few others."""
    load_pat()


@pytest.fixture
def pat(workspace: Workspace, france: None) -> Territory:
    """The PAT: the Métropole and the three EPCI of the PETR."""
    return services.create_territory(
        workspace=workspace,
        name="PAT",
        kind="pat",
        valid_from=START,
        epci_sirens=[METROPOLE, *PETR],
    )


@pytest.fixture
def scot(workspace: Workspace, france: None) -> Territory:
    """The SCoT: the 29 communes of the PETR."""
    return services.create_territory(
        workspace=workspace, name="SCoT", kind="scot", valid_from=START, epci_sirens=PETR
    )


@pytest.fixture
def bob_on_scot(bob: Membership, scot: Territory) -> Membership:
    """An agent who covers the SCoT only."""
    bob.all_territories = False
    bob.save()
    services.set_coverage(membership=bob, territories=[scot])
    return bob
