"""A road graph as arrays, and the quickest trips between many places.

Shortest paths by minutes (Dijkstra from each origin, stopped at a limit); the kilometres told are
those of the quickest way, not of the shortest one, as a driver would count them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Metres of one degree of latitude; longitudes are shortened by the cosine of the latitude.
DEGREE = 111_195.0
#: Sources solved together: bounds the memory of one call.
BATCH = 64
#: A place farther than this from the roads is not on the map: it has no distance (m).
SNAP_METRES = 3_000.0
#: No road takes no time: a zero would vanish from the sparse matrix.
LEAST_MINUTES = 1e-6


class RoadsError(ValueError):
    """These arrays are no road graph; a French sentence."""


@dataclass(frozen=True)
class Trips:
    """Origin × destination: minutes and km of the quickest way, NaN beyond the limit or unplaced.

    `origin_metres`, `destination_metres`: from each place to the road it was put on.
    """

    minutes: FloatArray
    km: FloatArray
    origin_metres: FloatArray
    destination_metres: FloatArray


@dataclass(frozen=True)
class Roads:
    """N nodes and directed edges between them; places are put on the largest network.

    lon, lat: degrees (N,). start: where the edges of each node begin (N + 1,), head, minutes, km:
    of each edge. usable: nodes from which, and to which, most of the network can be driven (N,).
    """

    lon: FloatArray
    lat: FloatArray
    start: IntArray
    head: IntArray
    minutes: FloatArray
    km: FloatArray
    usable: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        lon: FloatArray,
        lat: FloatArray,
        tail: IntArray,
        head: IntArray,
        minutes: FloatArray,
        km: FloatArray,
    ) -> Roads:
        """From a list of directed edges; of parallel ones the quickest is kept.

        Raises RoadsError when a length or a position is impossible.
        """
        size = len(lon)
        _check(size, lat, tail, head, minutes, km)
        kept = tail != head
        tail, head, minutes, km = tail[kept], head[kept], minutes[kept], km[kept]
        order = np.lexsort((minutes, head, tail))
        tail, head, minutes, km = tail[order], head[order], minutes[order], km[order]
        first = np.ones(len(tail), dtype=np.bool_)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        tail, head, minutes, km = tail[first], head[first], minutes[first], km[first]
        start = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=size))])
        usable = np.zeros(size, dtype=np.bool_)
        if len(tail):
            graph = csr_array((np.ones(len(head)), head, start), shape=(size, size))
            _, group = connected_components(graph, directed=True, connection="strong")
            usable = group == np.bincount(group).argmax()
        return cls(
            np.asarray(lon, dtype=np.float64),
            np.asarray(lat, dtype=np.float64),
            start.astype(np.int64),
            head.astype(np.int64),
            np.maximum(minutes, LEAST_MINUTES),
            np.asarray(km, dtype=np.float64),
            usable,
        )

    def nearest(self, lon: FloatArray, lat: FloatArray) -> tuple[IntArray, FloatArray]:
        """The usable node nearest to each place, and how far it is (m); -1 and NaN without one."""
        found = np.full(len(lon), -1, dtype=np.int64)
        metres = np.full(len(lon), np.nan)
        nodes = np.flatnonzero(self.usable)
        placed = np.flatnonzero(~np.isnan(lon) & ~np.isnan(lat))
        if not len(nodes) or not len(placed):
            return found, metres
        shrink = np.cos(np.radians(self.lat[nodes].mean()))

        def plane(x: FloatArray, y: FloatArray) -> FloatArray:
            made: FloatArray = np.column_stack([x * shrink, y]) * DEGREE
            return made

        tree = cKDTree(plane(self.lon[nodes], self.lat[nodes]))
        away, at = tree.query(plane(lon[placed], lat[placed]))
        near = away <= SNAP_METRES
        found[placed[near]] = nodes[at[near]]
        metres[placed] = away
        return found, metres

    def trips(
        self,
        origins: tuple[FloatArray, FloatArray],
        destinations: tuple[FloatArray, FloatArray],
        *,
        limit_minutes: float = 60.0,
        should_stop: Callable[[], bool] = lambda: False,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Trips:
        """Quickest ways between places given by longitudes and latitudes.

        `limit_minutes`: a way that long is not looked for. Stopped: rows not reached are NaN.
        """
        here, here_m = self.nearest(*origins)
        there, there_m = self.nearest(*destinations)
        minutes = np.full((len(here), len(there)), np.nan)
        km = np.full_like(minutes, np.nan)
        sources, source_of = np.unique(here[here >= 0], return_inverse=True)
        rows = np.flatnonzero(here >= 0)
        columns = np.flatnonzero(there >= 0)
        size = len(self.lon)
        graph = csr_array((self.minutes, self.head, self.start), shape=(size, size))
        for begin in range(0, len(sources), BATCH):
            if should_stop():
                break
            batch = slice(begin, begin + BATCH)
            time, length = self._from(graph, sources[batch], there[columns], limit_minutes)
            mine = (source_of >= begin) & (source_of < begin + BATCH)
            minutes[np.ix_(rows[mine], columns)] = time[source_of[mine] - begin]
            km[np.ix_(rows[mine], columns)] = length[source_of[mine] - begin]
            if on_progress is not None:
                on_progress(min(begin + BATCH, len(sources)), len(sources))
        return Trips(minutes, km, here_m, there_m)

    def _from(
        self, graph: csr_array, sources: IntArray, targets: IntArray, limit: float
    ) -> tuple[FloatArray, FloatArray]:
        """Minutes and km to `targets` (sources × targets); NaN beyond the limit."""
        from restanque.engine.roads.kernel import lengths  # numba is loaded by those who measure

        time, before = dijkstra(graph, indices=sources, limit=limit, return_predecessors=True)
        found = time[:, targets]
        length = lengths(before.astype(np.int32), sources, targets, self.start, self.head, self.km)
        reached = np.isfinite(found)
        return np.where(reached, found, np.nan), np.where(reached, length, np.nan)


def _check(
    size: int,
    lat: FloatArray,
    tail: IntArray,
    head: IntArray,
    minutes: FloatArray,
    km: FloatArray,
) -> None:
    if len(lat) != size or not len(tail) == len(head) == len(minutes) == len(km):
        raise RoadsError("Les colonnes du réseau routier n’ont pas la même longueur.")
    if len(tail) and (min(tail.min(), head.min()) < 0 or max(tail.max(), head.max()) >= size):
        raise RoadsError("Une route du réseau mène à un point qui n’existe pas.")
    if not (np.isfinite(minutes).all() and np.isfinite(km).all()):
        raise RoadsError("Une route du réseau a une longueur ou une durée inconnue.")
    if len(minutes) and (minutes.min() < 0 or km.min() < 0):
        raise RoadsError("Une route du réseau a une longueur ou une durée négative.")
