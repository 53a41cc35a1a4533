"""A small SCoT and its revision, for the room's tests."""

from datetime import date

import pytest

from restanque.accounts.models import Workspace
from restanque.procedures.models import Procedure
from restanque.procedures.services import procedures
from restanque.territories.models import Territory
from restanque.territories.services import create_territory
from tests.territories.france import load_communes

TODAY = date(2026, 11, 24)
CODES = ("13004", "13108", "13036")


@pytest.fixture
def territory(db: None, workspace: Workspace) -> Territory:
    """The SCoT, three real communes."""
    load_communes(CODES)
    return create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=CODES,
    )


@pytest.fixture
def revision(territory: Territory) -> Procedure:
    """A revision launched before the reform, without proof."""
    return procedures.create_procedure(
        territory=territory,
        kind="scot-aec-revision",
        name="Révision",
        prescribed_on=date(2023, 6, 20),
    )
