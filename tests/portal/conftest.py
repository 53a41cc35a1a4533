"""Fixtures of the portal: a few real communes, two territories that share none of them."""

from datetime import date

import pytest

from restanque.accounts.models import Membership, Workspace
from restanque.territories.models import Territory
from restanque.territories.services import create_territory, set_coverage
from tests.territories.france import load_communes

PAT = ("13001", "13055", "13088")
SCOT = ("13004", "13108", "13100")


@pytest.fixture
def communes(db: None) -> None:
    """Six real communes, with all that is shipped about them."""
    load_communes({*PAT, *SCOT})


@pytest.fixture
def pat(workspace: Workspace, communes: None) -> Territory:
    """The Métropole's side."""
    return create_territory(
        workspace=workspace,
        name="PAT",
        kind="pat",
        valid_from=date(2024, 1, 1),
        commune_codes=PAT,
    )


@pytest.fixture
def scot(workspace: Workspace, communes: None) -> Territory:
    """The Pays d'Arles."""
    return create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=SCOT,
    )


@pytest.fixture
def bob_on_scot(bob: Membership, scot: Territory) -> Membership:
    """An agent who covers the SCoT only."""
    set_coverage(membership=bob, territories=[scot])
    return bob
