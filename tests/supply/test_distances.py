"""Road distances brought by the team."""

from typing import Any

import pytest

from restanque.core.imports import run_import
from restanque.core.imports.services import undo_run
from restanque.supply.models import Distance, DistanceTable
from restanque.territories.models import Territory

FILE = b"code_a;code_b;km;minutes\n13108;13036;14,2;18\n13036;13108;15;\n13108;99999;3;\n"


@pytest.fixture
def context(territory: Territory) -> dict[str, Any]:
    """The choices beside the file."""
    return {"territory": str(territory.pk), "name": "Route", "source": "IGN, 2026"}


def bring(territory: Territory, context: dict[str, Any], data: bytes = FILE) -> Any:
    return run_import(
        kind="distances",
        data=data,
        filename="distances.csv",
        workspace=territory.workspace,
        dry_run=False,
        context=context,
    )


def test_pairs_are_brought_and_faulty_rows_named(
    territory: Territory, context: dict[str, Any]
) -> None:
    run = bring(territory, context)
    assert DistanceTable.objects.get().source == "IGN, 2026"
    assert {(d.origin_id, d.destination_id): d.km for d in Distance.objects.all()} == {
        ("13108", "13036"): 14.2,
        ("13036", "13108"): 15.0,
    }
    refused = [row for row in run.rows.all() if row.action == "error"]
    assert "99999" in refused[0].problem


def test_undoing_puts_back_what_was_there(territory: Territory, context: dict[str, Any]) -> None:
    bring(territory, context)
    second = bring(territory, context, b"code_a;code_b;km\n13108;13036;20\n")
    undo_run(run=second)
    assert Distance.objects.get(origin="13108").km == 14.2
