"""An OSM extract as a road graph: what is driven, how fast, which way. No pyosmium is needed."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from restanque.directory.services import canteen_for_whole_commune
from restanque.engine.roads import Roads, RoadsError
from restanque.supply import osm_roads
from restanque.supply.models import Distance, DistanceTable
from restanque.supply.osm_roads import read_roads, sense_of, speed_of
from restanque.supply.services import distances, needs, offers
from restanque.supply.services.offers import Proposed
from restanque.territories.models import Territory
from tests.supply.conftest import TODAY, mairie_of


@pytest.mark.parametrize(
    ("tags", "speed"),
    [
        ({"highway": "secondary", "maxspeed": "50"}, 42.5),
        ({"highway": "secondary"}, 55.25),
        ({"highway": "motorway", "maxspeed": "130"}, 93.5),
        ({"highway": "residential", "maxspeed": "FR:urban"}, 42.5),
        ({"highway": "residential", "maxspeed": "20 mph"}, 27.353),
        ({"highway": "residential", "maxspeed": "signals"}, 25.5),
        ({"highway": "footway"}, None),
        ({"highway": "service", "access": "private"}, None),
        ({"highway": "track"}, None),
        ({}, None),
    ],
)
def test_the_speed_driven(tags: dict[str, str], speed: float | None) -> None:
    assert speed_of(tags) == (speed if speed is None else pytest.approx(speed))


@pytest.mark.parametrize(
    ("tags", "sense"),
    [
        ({"highway": "primary"}, 0),
        ({"highway": "primary", "oneway": "yes"}, 1),
        ({"highway": "primary", "oneway": "-1"}, -1),
        ({"highway": "tertiary", "junction": "roundabout"}, 1),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
    ],
)
def test_which_way_it_is_driven(tags: dict[str, str], sense: int) -> None:
    assert sense_of(tags) == sense


def test_without_pyosmium_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(RoadsError, match=r"restanque\[roads\]"):
        read_roads(tmp_path / "paca.osm.pbf")


def way(refs: dict[int, tuple[float, float]], **tags: str) -> Any:
    """A way as pyosmium shows it."""
    nodes = [
        SimpleNamespace(ref=ref, lon=lon, lat=lat, location=SimpleNamespace(valid=lambda: True))
        for ref, (lon, lat) in refs.items()
    ]
    marks = [SimpleNamespace(k=name, v=value) for name, value in tags.items()]
    return SimpleNamespace(nodes=nodes, tags=marks, is_way=lambda: True)


A, B, C = (4.66, 43.80), (4.70, 43.80), (4.79, 43.81)


@pytest.fixture
def extract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file that a stand-in for pyosmium reads: a street, a footway, a road one way."""

    class Reader:
        def __init__(self, _: str) -> None:
            self.ways = [
                way({1: A, 2: B}, highway="secondary", maxspeed="80"),
                way({2: B, 3: C}, highway="primary", oneway="yes"),
                way({3: C, 1: A}, highway="tertiary"),
                way({1: A, 3: C}, highway="footway"),
            ]

        def with_locations(self) -> "Reader":
            return self

        def with_filter(self, _: Any) -> Any:
            return iter([SimpleNamespace(is_way=lambda: False), *self.ways])

    fake = SimpleNamespace(FileProcessor=Reader, filter=SimpleNamespace(KeyFilter=lambda _: None))
    monkeypatch.setitem(sys.modules, "osmium", fake)
    file = tmp_path / "paca.osm.pbf"
    file.write_bytes(b"x")
    return file


def test_ways_become_a_graph_with_their_senses(extract: Path) -> None:
    roads = read_roads(extract)
    assert len(roads.lon) == 3
    assert len(roads.head) == 5  # A-B both ways, B-C one way, C-A both ways
    places = np.array([A[0], C[0]]), np.array([A[1], C[1]])
    found = roads.trips(places, places)
    assert found.km[0, 1] == pytest.approx(found.km[1, 0], rel=0.02)
    assert found.minutes[0, 1] < 60


def test_a_file_without_roads_is_refused(
    extract: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(osm_roads, "SPEEDS", {})
    with pytest.raises(RoadsError, match="Aucune route"):
        read_roads(extract)
    with pytest.raises(RoadsError, match="n’existe pas"):
        read_roads(tmp_path / "absent.osm.pbf")


@pytest.fixture
def known(territory: Territory, bakery: Any) -> Territory:
    """A bakery in Tarascon, canteens in Tarascon, Saint-Rémy and Arles."""
    offers.save_bakery(
        territory=territory,
        organisation=bakery("Fournil", "13108"),
        prices=[Proposed("courant")],  # type: ignore[arg-type]
        today=TODAY,
    )
    for code in ("13108", "13100", "13004"):
        needs.create_need(
            territory=territory,
            canteen=canteen_for_whole_commune(organisation=mairie_of(territory.workspace, code)),
            today=TODAY,
            bread_class="courant",
            kg_per_day=10,  # type: ignore[typeddict-item]
        )
    return territory


def test_the_user_s_roads_give_a_table(known: Territory) -> None:
    origins, destinations = distances.places_of(known)
    here = origins[0]
    there = next(one for one in destinations if one.pk == "13100")
    points = np.array([(here.longitude, here.latitude), (there.longitude, there.latitude)])
    roads = Roads.of(
        points[:, 0],
        points[:, 1],
        np.array([0, 1]),
        np.array([1, 0]),
        np.array([20.0, 21.0]),
        np.array([16.0, 16.5]),
    )
    told = distances.measure_on_roads(
        territory=known, roads=roads, name="paca.osm.pbf", limit_minutes=60, today=TODAY
    )
    one = Distance.objects.get()
    assert (one.origin_id, one.destination_id, one.km, one.minutes) == (
        "13108",
        "13100",
        16.0,
        20.0,
    )
    assert "1 distance" in told.replace("\xa0", " ")
    assert "hors de l’extrait" in told  # Arles
    assert "vitesses supposées" in DistanceTable.objects.get().source


def test_the_command_reads_the_file_and_names_an_unknown_territory(
    extract: Path, known: Territory
) -> None:
    call_command("distances", "build", str(extract), territory=known.pk)
    assert DistanceTable.objects.get().name == "paca.osm.pbf"
    with pytest.raises(CommandError, match="Connus"):
        call_command("distances", "build", str(extract), territory=known.pk + 1)
    with pytest.raises(CommandError, match="positive"):
        call_command("distances", "build", str(extract), territory=known.pk, minutes=0.0)
