"""The real files of the territory go through the imports (skipped where they are absent)."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from restanque.accounts.models import Workspace
from restanque.core.imports import run_import
from restanque.core.imports.services import undo_run
from restanque.core.models import ImportRun
from restanque.directory import services
from restanque.directory.models import Canteen, Organisation
from restanque.directory.nomenclature import Kind
from restanque.territories import services as territories
from restanque.territories.models import Territory
from tests.directory.conftest import TODAY
from tests.territories.france import METROPOLE, PETR, load_pat


@pytest.fixture
def pat(workspace: Workspace) -> Territory:
    """The 121 real communes."""
    load_pat()
    return territories.create_territory(
        workspace=workspace,
        name="PAT",
        kind="pat",
        valid_from=TODAY.replace(year=2020),
        epci_sirens=[METROPOLE, *PETR],
    )


def bring(workspace: Workspace, kind: str, path: Path, **context: str) -> ImportRun:
    return run_import(
        kind=kind,
        data=path.read_bytes(),
        filename=path.name,
        workspace=workspace,
        dry_run=False,
        context=context,
    )


def test_the_121_mairies_are_there_on_day_one(workspace: Workspace, pat: Territory) -> None:
    report = services.populate_town_halls(workspace=workspace, territory=pat)
    mairies = Organisation.objects.filter(kind=Kind.MAIRIE)
    assert report.created == mairies.count() == 121
    assert mairies.exclude(email="").count() == 114
    assert mairies.exclude(phone="").count() == 121
    assert mairies.exclude(opening_hours="").exists()
    assert mairies.filter(longitude=None).count() == 0
    assert services.populate_town_halls(workspace=workspace, territory=pat).unchanged == 121


def test_the_real_declarations_make_288_canteens(
    workspace: Workspace, pat: Territory, shared: Path
) -> None:
    services.populate_town_halls(workspace=workspace, territory=pat)
    path = shared / "cantines_teledeclarations_perimetre.csv"
    run = bring(workspace, "canteen-declarations", path)
    assert (run.create_count, run.skip_count, run.error_count) == (288, 100, 0)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    communes = Counter(Canteen.objects.values_list("commune", flat=True))
    expected = {row["canteen_id"]: row["code_insee_commune"] for row in rows}
    assert communes == Counter(expected.values())
    assert len(communes) == 76
    # Whose SIRET begins by the commune's SIREN, its mairie answers for.
    owned = Canteen.objects.filter(organisation__kind=Kind.MAIRIE)
    assert owned.count() > 20
    for canteen in owned.select_related("organisation__commune"):
        assert canteen.organisation is not None
        assert canteen.organisation.commune is not None
        assert canteen.siret.startswith(canteen.organisation.commune.siren)
    again = bring(workspace, "canteen-declarations", path)
    assert (again.create_count, again.update_count, again.error_count) == (0, 0, 0)
    undo_run(run=run)
    assert not Canteen.objects.exists()


def test_the_real_colleges_are_placed(workspace: Workspace, pat: Territory, shared: Path) -> None:
    run = bring(workspace, "organisations", shared / "colleges_geolocalises.csv")
    assert (run.create_count, run.error_count) == (215, 0)
    colleges = Organisation.objects.filter(kind=Kind.COLLEGE)
    assert colleges.count() == 215
    assert colleges.filter(longitude=None).count() == 0
    assert colleges.filter(commune="13055").count() > 50


def test_the_list_of_communes_is_read_by_names_and_by_codes(
    workspace: Workspace, pat: Territory, shared: Path
) -> None:
    with (shared / "communes_perimetre.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:70]
    for column in ("nom", "code_insee"):
        text = "\n".join(["Commune", *(row[column] for row in rows)])
        run = run_import(
            kind="beneficiary-communes",
            data=text.encode("cp1252"),
            filename="beneficiaires.csv",
            workspace=workspace,
            dry_run=True,
        )
        assert (run.create_count, run.error_count) == (70, 0), column
