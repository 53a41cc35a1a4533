"""Compiled: the km of quickest ways, read back along the trees that scipy found."""

from __future__ import annotations

from typing import Any

import numpy as np

from restanque.engine.supply.jit import compiled


@compiled
def lengths(before: Any, sources: Any, targets: Any, start: Any, head: Any, km: Any) -> Any:
    """Km from each source to each target (S, T), along `before` (S, N: node before, < 0 for none).

    Each node of a tree is measured once. A target that the tree does not reach is NaN.
    """
    count, size = before.shape
    made = np.full((count, len(targets)), np.nan)
    known = np.full(size, np.nan)
    way = np.empty(size, dtype=np.int64)
    touched = np.empty(size, dtype=np.int64)
    for row in range(count):
        known[sources[row]] = 0.0
        touched[0] = sources[row]
        seen = 1
        for column in range(len(targets)):
            node = targets[column]
            steps = 0
            while np.isnan(known[node]) and before[row, node] >= 0:
                way[steps] = node
                steps += 1
                node = before[row, node]
            if np.isnan(known[node]):
                continue
            for back in range(steps - 1, -1, -1):
                after = way[back]
                edge = start[node]
                while head[edge] != after:
                    edge += 1
                known[after] = known[node] + km[edge]
                touched[seen] = after
                seen += 1
                node = after
            made[row, column] = known[node]
        for at in range(seen):
            known[touched[at]] = np.nan
    return made
