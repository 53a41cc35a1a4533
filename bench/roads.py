"""How long does it take to measure the roads between 363 canteens and 900 bakeries?

Run: python -m bench roads
A synthetic network of 200,000 nodes (seeded; planar, four speeds), places drawn near its towns,
ways of 30 minutes at most, then 60. The first call compiles; it is not counted.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

from restanque.engine.roads import Roads

SEED, NODES, TOWNS, CANTEENS, BAKERIES = 5, 200_000, 121, 363, 900
#: Alarm, not aim: the whole matrix within this many seconds on two cores.
CEILING = 15.0


def network(
    draw: np.random.Generator, towns: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Nodes gathered around towns; a spanning tree and one street in five of the triangles."""
    weight = draw.pareto(1.2, TOWNS) + 0.1
    gathered = int(NODES * 0.6)
    around = draw.choice(TOWNS, gathered, p=weight / weight.sum())
    points = np.vstack(
        [
            towns[around] + draw.normal(0, 0.03, (gathered, 2)),
            draw.uniform((4.45, 43.2), (5.75, 43.9), (NODES - gathered, 2)),
        ]
    )
    corners = Delaunay(points).simplices
    pairs = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    pairs = np.unique(np.sort(pairs, axis=1), axis=0).astype(np.int64)
    gap = (points[pairs[:, 0]] - points[pairs[:, 1]]) * np.array([0.725, 1.0]) * 111.195
    km = np.hypot(gap[:, 0], gap[:, 1]) * 1.15 + 1e-6
    whole = coo_array((km, (pairs[:, 0], pairs[:, 1])), shape=(NODES, NODES)).tocsr()
    tree = minimum_spanning_tree(whole).tocoo()
    kept = np.isin(
        pairs[:, 0] * NODES + pairs[:, 1],
        np.minimum(tree.row, tree.col).astype(np.int64) * NODES + np.maximum(tree.row, tree.col),
    ) | (draw.random(len(pairs)) < 0.2 * np.exp(-km / 0.8))
    speed = draw.choice([30.0, 50.0, 70.0, 80.0], int(kept.sum()), p=[0.35, 0.35, 0.2, 0.1])
    return points, pairs[kept], km[kept], km[kept] / speed * 60


def main() -> int:
    """0 when both matrices are measured within the ceiling."""
    draw = np.random.default_rng(SEED)
    towns = draw.uniform((4.45, 43.2), (5.75, 43.9), (TOWNS, 2))
    points, pairs, km, minutes = network(draw, towns)
    both = np.vstack([pairs, pairs[:, ::-1]])
    start = time.perf_counter()
    roads = Roads.of(
        points[:, 0], points[:, 1], both[:, 0], both[:, 1], np.tile(minutes, 2), np.tile(km, 2)
    )
    built = time.perf_counter() - start
    places = [
        towns[draw.integers(TOWNS, size=count)] + draw.normal(0, 0.02, (count, 2))
        for count in (CANTEENS, BAKERIES)
    ]
    here, there = ((place[:, 0], place[:, 1]) for place in places)
    roads.trips((here[0][:1], here[1][:1]), (there[0][:1], there[1][:1]), limit_minutes=1.0)
    print(f"{NODES} nodes, {len(both)} edges: graph made in {built:.2f} s")
    slowest = 0.0
    for limit in (30.0, 60.0):
        start = time.perf_counter()
        found = roads.trips(here, there, limit_minutes=limit)
        spent = time.perf_counter() - start
        slowest = max(slowest, spent)
        known = float((~np.isnan(found.minutes)).mean())
        print(
            f"{CANTEENS} x {BAKERIES}, up to {limit:.0f} min: {spent:.2f} s, "
            f"{known:.0%} of the pairs within it"
        )
    return 0 if slowest <= CEILING else 1


if __name__ == "__main__":
    sys.exit(main())
