"""An OSM extract (.osm.pbf) as a road graph. Needs the optional extra `roads` (pyosmium).

Only what a delivery van may drive: `highway` of the table below, no `access=no|private`. A speed is
the limit where one is written, else that of its kind of road, times `SHARE`: a van never holds the
limit all along. Turn restrictions and gates are not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from restanque.engine.roads import Roads, RoadsError

#: km/h by kind of road, where no limit is written: the team's working values.
SPEEDS: Mapping[str, float] = {
    "motorway": 110, "motorway_link": 60, "trunk": 90, "trunk_link": 50, "primary": 75,
    "primary_link": 45, "secondary": 65, "secondary_link": 40, "tertiary": 50, "tertiary_link": 35,
    "unclassified": 45, "residential": 30, "living_street": 15, "service": 15, "road": 40,
}  # fmt: skip
#: Limits written as words in France.
WORDS: Mapping[str, float] = {
    "FR:urban": 50, "FR:rural": 80, "FR:zone30": 30, "FR:motorway": 130, "walk": 6, "none": 130,
}  # fmt: skip
#: What is driven of a limit, and the fastest a loaded van goes.
SHARE, FASTEST = 0.85, 110.0
KM_PER_DEGREE = 111.195
_CLOSED = frozenset({"no", "private"})
_ONE_WAY, _BACKWARDS = frozenset({"yes", "true", "1"}), frozenset({"-1", "reverse"})

MISSING = (
    "La lecture d’un extrait OpenStreetMap demande l’option « roads » : installez Restanque avec "
    "restanque[roads], ou importez une table de distances."
)


def read_roads(path: Path) -> Roads:
    """The graph of a file. Raises RoadsError, in French, when it cannot be read."""
    try:
        import osmium
    except ImportError as error:
        raise RoadsError(MISSING) from error
    if not path.is_file():
        raise RoadsError(f"« {path} » n’existe pas.")
    try:
        ways = osmium.FileProcessor(str(path)).with_locations()
        return _graph(_driven(ways.with_filter(osmium.filter.KeyFilter("highway"))))
    except RuntimeError as error:  # what pyosmium raises on anything but an OSM file
        raise RoadsError(
            f"« {path.name} » ne se lit pas comme un extrait OpenStreetMap."
        ) from error


def _driven(objects: Any) -> Iterator[tuple[list[int], list[tuple[float, float]], float, int]]:
    """Of each way: its nodes, where they are, its speed, and its sense (0 both, 1, -1)."""
    for way in objects:
        if not way.is_way():
            continue
        tags = {tag.k: tag.v for tag in way.tags}
        speed = speed_of(tags)
        if speed is None:
            continue
        placed = [node for node in way.nodes if node.location.valid()]
        if len(placed) > 1:
            at = [(node.lon, node.lat) for node in placed]
            yield [node.ref for node in placed], at, speed, sense_of(tags)


def speed_of(tags: Mapping[str, str]) -> float | None:
    """km/h driven; None for what a van does not take."""
    usual = SPEEDS.get(tags.get("highway", ""))
    if usual is None or tags.get("access") in _CLOSED or tags.get("motor_vehicle") in _CLOSED:
        return None
    told = tags.get("maxspeed", "")
    number, _, unit = told.partition(" ")
    if told in WORDS:
        limit = WORDS[told]
    elif number.isdigit() and int(number) > 0:
        limit = int(number) * (1.609 if unit == "mph" else 1.0)
    else:
        return usual * SHARE
    return min(limit, FASTEST) * SHARE


def sense_of(tags: Mapping[str, str]) -> int:
    """0: both ways; 1: as drawn; -1: backwards."""
    told = tags.get("oneway", "")
    if told in _BACKWARDS:
        return -1
    implied = tags.get("junction") == "roundabout" or tags.get("highway") == "motorway"
    return 1 if told in _ONE_WAY or (implied and told != "no") else 0


def _graph(ways: Iterator[tuple[list[int], list[tuple[float, float]], float, int]]) -> Roads:
    index: dict[int, int] = {}
    places: list[tuple[float, float]] = []
    tails: list[int] = []
    heads: list[int] = []
    speeds: list[float] = []
    for refs, at, speed, sense in ways:
        for ref, place in zip(refs, at, strict=True):
            if ref not in index:
                index[ref] = len(places)
                places.append(place)
        for before, after in pairwise(index[ref] for ref in refs):
            if sense >= 0:
                tails.append(before)
                heads.append(after)
                speeds.append(speed)
            if sense <= 0:
                tails.append(after)
                heads.append(before)
                speeds.append(speed)
    if not tails:
        raise RoadsError("Aucune route carrossable dans ce fichier : est-ce le bon extrait ?")
    points = np.array(places, dtype=np.float64)
    tail, head = np.array(tails, dtype=np.int64), np.array(heads, dtype=np.int64)
    gap = (points[tail] - points[head]) * KM_PER_DEGREE
    km = np.hypot(gap[:, 0] * np.cos(np.radians(points[tail, 1])), gap[:, 1])
    minutes = km / np.array(speeds) * 60
    return Roads.of(points[:, 0], points[:, 1], tail, head, minutes, km)
