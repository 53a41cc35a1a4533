"""Compiled core of `transport`: successive shortest paths from the overfull bakeries.

Whole numbers throughout (quantities and costs in quanta), so that nothing depends on rounding:
reduced costs are exactly ≥ 0, used arcs exactly 0, and the loop ends.

State. Line d is served by its cheapest arcs at the prices p: its price is π = min(cost + p). A
bakery has room for `near` at price 0, then for `far` more at price `step` (fairness). It is
overfull when its load exceeds what its price allows. One search (Dijkstra on bakeries, lengths =
reduced costs) finds the nearest room, prices rise by what is missing to it, bread moves along the
path.

Three things make the search local. A line met twice is scanned once: all its used arcs have the
same price. Bread that reaches room, or the unserved, ends the path at once and bounds the others.
Arcs of a line are kept in the order of a lower bound of cost + p (prices only rise): the scan
stops where the bound passes the best; the order is made again when a line has been scanned enough.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from restanque.engine.supply.jit import compiled

#: Farther than any path.
FAR = np.int64(1) << np.int64(62)


@compiled
def _up(heap: Any, place: Any, dist: Any, i: int) -> None:
    """Move a node whose distance fell towards the top."""
    v = heap[i]
    while i > 0:
        above = (i - 1) >> 1
        if dist[heap[above]] <= dist[v]:
            break
        heap[i] = heap[above]
        place[heap[i]] = i
        i = above
    heap[i] = v
    place[v] = i


@compiled
def _pop(heap: Any, place: Any, dist: Any, size: int) -> Any:
    """Take the nearest node out; returns it. `size` is the size before."""
    top = heap[0]
    v = heap[size - 1]
    size -= 1
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and dist[heap[child + 1]] < dist[heap[child]]:
            child += 1
        if dist[v] <= dist[heap[child]]:
            break
        heap[i] = heap[child]
        place[heap[i]] = i
        i = child
    if size > 0:
        heap[i] = v
        place[v] = i
    place[top] = -1
    return top


@compiled
def _sort(first: int, last: int, key: Any, order: Any, cost: Any, bakery: Any, p: Any) -> None:
    """Refresh the lower bounds of a line's arcs and put them in order (nearly sorted already)."""
    for i in range(first, last):
        a = order[i]
        k = cost[a] + p[bakery[a]]
        j = i
        while j > first and key[j - 1] > k:
            key[j] = key[j - 1]
            order[j] = order[j - 1]
            j -= 1
        key[j] = k
        order[j] = a


@compiled
def solve(
    start: Any,
    bakery: Any,
    cost: Any,
    asked: Any,
    unserved_cost: Any,
    near: Any,
    far: Any,
    step: Any,
) -> Any:
    """Flows, unserved, loads, prices, and counters (paths, bakeries met, arcs read).

    start (D + 1), bakery (A) int32, cost (A), asked and unserved_cost (D), near and far (J): int64.
    """
    lines, shops, arcs = len(asked), len(near), len(bakery)
    flow = np.zeros(arcs, np.int64)
    unserved = np.zeros(lines, np.int64)
    load = np.zeros(shops, np.int64)
    line_of = np.empty(arcs, np.int32)
    order = np.empty(arcs, np.int32)
    key = np.empty(arcs, np.int64)
    after = np.full(arcs, -1, np.int32)
    before = np.full(arcs, -1, np.int32)
    head = np.full(shops, -1, np.int32)
    p = np.zeros(shops, np.int64)
    reads = np.zeros(lines, np.int32)
    ends = np.empty(lines, np.int64)
    nearest = np.full(shops, -1, np.int32)
    for d in range(lines):
        first, last = start[d], start[d + 1]
        line_of[first:last] = d
        ends[d] = first
        for a in first + np.argsort(cost[first:last]):
            # The dearer class of a bakery, and what costs more than going unserved, never serve.
            if nearest[bakery[a]] != d and cost[a] < unserved_cost[d]:
                nearest[bakery[a]] = d
                order[ends[d]] = a
                key[ends[d]] = cost[a]
                ends[d] += 1
        if ends[d] == first:
            unserved[d] = asked[d]
        elif asked[d] > 0:
            a = order[first]
            flow[a] = asked[d]
            j = bakery[a]
            load[j] += asked[d]
            after[a] = head[j]
            if head[j] >= 0:
                before[head[j]] = a
            head[j] = a
    dist = np.full(shops, FAR, np.int64)
    done = np.zeros(shops, np.bool_)
    leaving = np.empty(shops, np.int32)  # arc emptied by the path that reaches a bakery
    entering = np.empty(shops, np.int32)  # and arc filled
    touched = np.empty(shops, np.int32)
    heap = np.empty(shops, np.int32)
    place = np.full(shops, -1, np.int32)
    stamp = np.zeros(lines, np.int32)
    now = 0
    paths, pops, scans = 0, 0, 0
    for s in range(shops):
        while True:
            allowed = near[s]
            if p[s] >= step:
                allowed += far[s]
            excess = load[s] - allowed
            if excess <= 0:
                break
            now += 1
            met, size = 1, 1
            dist[s], touched[0], heap[0], place[s] = 0, s, s, 0
            best, end, end_line = FAR, -1, -1
            if p[s] < step and far[s] > 0:
                best, end = step - p[s], s
            while size > 0:
                v = heap[0]
                k = dist[v]
                if k >= best:
                    break
                _pop(heap, place, dist, size)
                size -= 1
                done[v] = True
                pops += 1
                e = head[v]
                while e >= 0:
                    d = line_of[e]
                    if stamp[d] != now:
                        stamp[d] = now
                        first, last = start[d], ends[d]
                        base = k - cost[e] - p[v]
                        if reads[d] > 2 * (last - first):
                            _sort(first, last, key, order, cost, bakery, p)
                            reads[d] = 0
                        if base + unserved_cost[d] < best:
                            best, end, end_line = base + unserved_cost[d], shops, e
                        i = first
                        while i < last and base + key[i] < best:
                            a = order[i]
                            i += 1
                            b = bakery[a]
                            if done[b]:
                                continue
                            new = base + cost[a] + p[b]
                            if new >= dist[b] or new >= best:
                                continue
                            if load[b] < near[b] or (p[b] >= step and load[b] < near[b] + far[b]):
                                best, end = new, b
                            elif load[b] < near[b] + far[b] and new + step - p[b] < best:
                                best, end = new + step - p[b], b
                            if dist[b] == FAR:
                                touched[met] = b
                                met += 1
                            dist[b] = new
                            leaving[b] = e
                            entering[b] = a
                            if new < best:
                                if place[b] < 0:
                                    place[b] = size
                                    heap[size] = b
                                    size += 1
                                _up(heap, place, dist, place[b])
                        reads[d] += i - first
                        scans += i - first
                    e = after[e]
            for i in range(met):
                v = touched[i]
                if dist[v] < best:
                    p[v] += best - dist[v]
                dist[v] = FAR
                done[v] = False
                place[v] = -1
            if end == s:
                continue
            # How much fits: the excess, the room at the end, the bread on each arc emptied.
            moved = excess
            if end < shops:
                room = near[end] - load[end]
                if room <= 0:
                    room += far[end]
                moved = min(moved, room)
                e = leaving[end]
            else:
                e = end_line
            while True:
                moved = min(moved, flow[e])
                if bakery[e] == s:
                    break
                e = leaving[bakery[e]]
            paths += 1
            load[s] -= moved
            if end < shops:
                load[end] += moved
                e, a = leaving[end], entering[end]
            else:
                unserved[line_of[end_line]] += moved
                e, a = end_line, -1
            while True:
                v = bakery[e]
                if a >= 0:
                    if flow[a] == 0:
                        b = bakery[a]
                        before[a] = -1
                        after[a] = head[b]
                        if head[b] >= 0:
                            before[head[b]] = a
                        head[b] = a
                    flow[a] += moved
                flow[e] -= moved
                if flow[e] == 0:
                    if before[e] >= 0:
                        after[before[e]] = after[e]
                    else:
                        head[v] = after[e]
                    if after[e] >= 0:
                        before[after[e]] = before[e]
                    after[e] = -1
                    before[e] = -1
                if v == s:
                    break
                e, a = leaving[v], entering[v]
    return flow, unserved, load, p, np.array([paths, pops, scans])
