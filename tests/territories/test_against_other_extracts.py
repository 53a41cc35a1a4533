"""Agreement with extracts made apart from this builder, where their folder is at hand."""

import csv
import gzip
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from restanque.territories.reference import tables
from restanque.territories.reference.sources import DATA_DIR

_DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "data"

Row = dict[str, str]


def _extract(name: str) -> Iterator[Row]:
    path = Path(os.environ.get("RESTANQUE_EXTRACTS", _DEFAULT)) / name
    if not path.is_file():
        pytest.skip(f"no extract to compare with: {name} (RESTANQUE_EXTRACTS)")
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8")
    return csv.DictReader(io.StringIO(text))


@pytest.fixture(scope="module")
def ours() -> dict[str, dict[str, object]]:
    return {row["code"]: row for row in tables.read_rows(DATA_DIR / tables.COMMUNES)}


def _number(text: str) -> int | None:
    return int(text) if text else None


@pytest.mark.parametrize("name", ["communes_perimetre.csv", "communes_france_2026.csv.gz"])
def test_codes_names_epci_and_populations_are_the_same(
    name: str, ours: dict[str, dict[str, object]]
) -> None:
    theirs = {row["code_insee"]: row for row in _extract(name)}
    assert len(theirs) == (121 if name.endswith("csv") else 34_969)
    differences = [
        (code, field)
        for code, row in theirs.items()
        for field, expected in {
            "name": row["nom"],
            "siren": row["siren"] or None,
            "postal_codes": row["codes_postaux"],
            "departement": row["code_departement"],
            "epci": row["siren_epci"] or None,
            "population": _number(row["population_municipale_2023"]),
        }.items()
        if ours[code][field] != expected
    ]
    assert differences == []


def test_areas_computed_from_contours_agree(ours: dict[str, dict[str, object]]) -> None:
    compared = 0
    for row in _extract("communes_france_2026.csv.gz"):
        area = ours[row["code_insee"]]["area_km2"]
        if row["superficie_contour_km2"]:
            compared += 1
            assert area == pytest.approx(float(row["superficie_contour_km2"]), rel=2e-3, abs=0.01)
    assert compared > 34_800


def test_reference_points_agree(ours: dict[str, dict[str, object]]) -> None:
    kinds = {"mairie": "town_hall", "point_interieur": "interior"}
    elsewhere = []
    for row in _extract("communes_perimetre.csv"):
        mine = ours[row["code_insee"]]
        assert mine["point_kind"] == kinds[row["point_reference"]], row["nom"]
        if mine["point_kind"] == "town_hall":
            assert mine["longitude"] == pytest.approx(float(row["ref_lon"]), abs=1e-5)
            assert mine["latitude"] == pytest.approx(float(row["ref_lat"]), abs=1e-5)
        else:
            elsewhere.append(row["nom"])
    assert elsewhere == [
        "Charleval",
        "Maussane-les-Alpilles",
        "Orgon",
        "Paradou",
        "Saint-Antonin-sur-Bayon",
        "Vernègues",
    ]
