"""Road distances on a graph, against an independent shortest path written here."""

import heapq

import numpy as np
import pytest

from restanque.engine.roads import Roads, RoadsError


def grid(seed: int, side: int = 7) -> tuple[np.ndarray, ...]:
    """A small town: nodes on a grid, some streets one way, some missing, of several speeds."""
    draw = np.random.default_rng(seed)
    at = np.arange(side * side)
    lon = 5.0 + (at % side) * 0.01
    lat = 43.5 + (at // side) * 0.01
    tail, head = [], []
    for node in at.tolist():
        for to in (node + 1, node + side):
            if to >= side * side or (to == node + 1 and to % side == 0) or draw.random() < 0.1:
                continue
            tail.append(node)
            head.append(to)
            if draw.random() < 0.8:
                tail.append(to)
                head.append(node)
    km = draw.uniform(0.3, 2.0, len(tail))
    minutes = km / draw.choice([30.0, 50.0, 80.0], len(tail)) * 60
    return lon, lat, np.array(tail), np.array(head), minutes, km


def quickest(
    tail: np.ndarray, head: np.ndarray, minutes: np.ndarray, km: np.ndarray, source: int, size: int
) -> tuple[list[float], list[float]]:
    """Minutes and km from a node, by a plain heap."""
    out: dict[int, list[tuple[int, float, float]]] = {}
    for a, b, m, k in zip(tail.tolist(), head.tolist(), minutes, km, strict=True):
        out.setdefault(a, []).append((b, float(m), float(k)))
    time, length = [float("inf")] * size, [float("inf")] * size
    time[source] = length[source] = 0.0
    heap = [(0.0, source)]
    while heap:
        now, node = heapq.heappop(heap)
        if now > time[node]:
            continue
        for to, m, k in out.get(node, []):
            if now + m < time[to]:
                time[to], length[to] = now + m, length[node] + k
                heapq.heappush(heap, (time[to], to))
    return time, length


@pytest.mark.parametrize("seed", range(12))
def test_minutes_and_km_are_those_of_the_quickest_way(seed: int) -> None:
    lon, lat, tail, head, minutes, km = grid(seed)
    roads = Roads.of(lon, lat, tail, head, minutes, km)
    places = np.flatnonzero(roads.usable)
    found = roads.trips((lon[places], lat[places]), (lon[places], lat[places]), limit_minutes=1e6)
    for row, source in enumerate(places.tolist()):
        time, length = quickest(tail, head, minutes, km, source, len(lon))
        assert found.minutes[row] == pytest.approx([time[node] for node in places])
        assert found.km[row] == pytest.approx([length[node] for node in places])


def test_beyond_the_limit_nothing_is_told() -> None:
    lon, lat, tail, head, minutes, km = grid(3)
    roads = Roads.of(lon, lat, tail, head, minutes, km)
    near = roads.trips((lon, lat), (lon, lat), limit_minutes=4.0)
    far = roads.trips((lon, lat), (lon, lat), limit_minutes=1e6)
    inside = far.minutes <= 4.0
    assert (~np.isnan(near.minutes) == inside).all()
    assert near.km[inside] == pytest.approx(far.km[inside])
    assert np.isnan(near.km[~inside]).all()


def test_a_place_far_from_any_road_has_no_distance() -> None:
    lon, lat, tail, head, minutes, km = grid(1)
    roads = Roads.of(lon, lat, tail, head, minutes, km)
    found = roads.trips(
        (np.array([5.0, 6.5, np.nan]), np.array([43.5, 43.5, np.nan])), (lon[:3], lat[:3])
    )
    assert not np.isnan(found.km[0]).all()
    assert np.isnan(found.km[1:]).all()
    assert found.origin_metres[0] < 2000
    assert found.origin_metres[1] > 50_000
    assert np.isnan(found.origin_metres[2])


def test_a_street_that_nobody_leaves_receives_no_place() -> None:
    """Two dead ends and a town: the place beside the dead end is put on the town."""
    lon = np.array([5.0, 5.01, 5.02, 5.0205])
    lat = np.full(4, 43.5)
    tail, head = np.array([0, 1, 1, 2, 2]), np.array([1, 0, 2, 1, 3])
    roads = Roads.of(lon, lat, tail, head, np.ones(5), np.ones(5))
    assert roads.usable.tolist() == [True, True, True, False]
    at, _ = roads.nearest(np.array([5.0206]), np.array([43.5]))
    assert at.tolist() == [2]


def test_of_two_parallel_streets_the_quickest_counts() -> None:
    roads = Roads.of(
        np.array([5.0, 5.01]),
        np.array([43.5, 43.5]),
        np.array([0, 0, 1]),
        np.array([1, 1, 0]),
        np.array([5.0, 2.0, 1.0]),
        np.array([1.0, 3.0, 1.0]),
    )
    found = roads.trips((roads.lon, roads.lat), (roads.lon, roads.lat))
    assert found.minutes.tolist() == [[0.0, 2.0], [1.0, 0.0]]
    assert found.km.tolist() == [[0.0, 3.0], [1.0, 0.0]]


def test_stopped_work_leaves_unknown_what_it_did_not_reach() -> None:
    lon, lat, tail, head, minutes, km = grid(2)
    roads = Roads.of(lon, lat, tail, head, minutes, km)
    found = roads.trips((lon, lat), (lon, lat), should_stop=lambda: True)
    assert np.isnan(found.minutes).all()


def test_a_map_without_roads_answers_nothing() -> None:
    none = np.empty(0, dtype=np.int64)
    roads = Roads.of(np.array([5.0]), np.array([43.5]), none, none, none * 1.0, none * 1.0)
    found = roads.trips((roads.lon, roads.lat), (roads.lon, roads.lat))
    assert np.isnan(found.km).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"head": np.array([7])}, "n’existe pas"),
        ({"km": np.array([-1.0])}, "négative"),
        ({"minutes": np.array([np.nan])}, "inconnue"),
        ({"km": np.array([1.0, 2.0])}, "même longueur"),
    ],
)
def test_impossible_arrays_are_refused_in_words(change: dict[str, np.ndarray], words: str) -> None:
    given = {
        "lon": np.array([5.0, 5.01]),
        "lat": np.array([43.5, 43.5]),
        "tail": np.array([0]),
        "head": np.array([1]),
        "minutes": np.array([1.0]),
        "km": np.array([1.0]),
    } | change
    with pytest.raises(RoadsError, match=words):
        Roads.of(**given)
