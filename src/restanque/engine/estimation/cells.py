"""Weight cells: size class × zone, merged until each has enough respondents.

Size comes first, for quantities and the habit of answering follow it: size classes are merged with
their neighbours only as far as needed, then each class is split by zone, and zones that are too
few are put together. Every merge is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from restanque.engine.estimation.arrays import BoolArray, IntArray, counts, encode
from restanque.engine.estimation.errors import InputError, TooFewRespondentsError

MINIMUM = 5


@dataclass(frozen=True)
class Cell:
    """One weight cell. `respondents`: one count for each campaign given."""

    name: str
    size_classes: tuple[str, ...]
    zones: tuple[str, ...]
    population: int
    respondents: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class CellPlan:
    """`assignment` (N,): the cell of each unit. `merges`: French sentences, one for each merge."""

    cells: tuple[Cell, ...]
    assignment: IntArray
    merges: tuple[str, ...]


@dataclass
class _Group:
    """A cell in the making: positions of its classes and zones, its units and its answers."""

    classes: tuple[int, ...]
    zones: tuple[int, ...]
    population: int
    respondents: IntArray  #: one count for each campaign

    @property
    def fewest(self) -> int:
        return int(self.respondents.min())

    def joined(self, other: _Group) -> _Group:
        return _Group(
            tuple(sorted({*self.classes, *other.classes})),
            tuple(sorted({*self.zones, *other.zones})),
            self.population + other.population,
            self.respondents + other.respondents,
        )


def build_cells(
    size_class: Sequence[str],
    zone: Sequence[str] | None,
    responded: Sequence[BoolArray],
    *,
    size_order: Sequence[str],
    minimum: int = MINIMUM,
) -> CellPlan:
    """Cells with at least `minimum` respondents in every campaign of `responded`.

    `size_class`, `zone` (N,): labels of each unit, self-representing ones left out beforehand;
    `responded`: one (N,) boolean vector for each campaign to be weighted alike; `size_order`: the
    classes from small to large. Raises TooFewRespondentsError when all units together are not
    enough, InputError for an unknown class or a length that differs."""
    n = len(size_class)
    zones = ["" for _ in size_class] if zone is None else list(zone)
    if not responded or len(zones) != n or any(mask.shape != (n,) for mask in responded):
        raise InputError(f"{n} zones et {n} réponses attendues.")
    if n == 0:
        return CellPlan((), np.zeros(0, dtype=np.intp), ())
    fewest = min(int(mask.sum()) for mask in responded)
    if fewest < minimum:
        raise TooFewRespondentsError(fewest, n, minimum)
    names = sorted(set(zones))
    code, place = encode(size_class, size_order, "tranche de taille"), encode(zones, names, "zone")
    labels = _Labels(tuple(size_order), tuple(names), minimum)
    classes = _merge_classes(_table(code, place, responded, by_zone=False), labels)
    groups = [
        group
        for wide in classes
        for group in _merge_zones(
            _table(
                np.where(np.isin(code, wide.classes), wide.classes[0], -1).astype(np.intp),
                place,
                responded,
                by_zone=True,
                classes=wide.classes,
            ),
            labels,
        )
    ]
    assignment = np.full(n, -1, dtype=np.intp)
    for position, group in enumerate(groups):
        assignment[np.isin(code, group.classes) & np.isin(place, group.zones)] = position
    cells = tuple(labels.cell(group, _zone_matters(group, groups)) for group in groups)
    return CellPlan(cells, assignment, tuple(labels.merges))


def _zone_matters(group: _Group, groups: list[_Group]) -> bool:
    """Whether the zone must be named: the class has more than one cell."""
    return sum(other.classes == group.classes for other in groups) > 1


class _Labels:
    """Names of cells, and the account of merges."""

    def __init__(self, classes: tuple[str, ...], zones: tuple[str, ...], minimum: int) -> None:
        self.classes, self.zones, self.minimum = classes, zones, minimum
        self.merges: list[str] = []

    def name(self, group: _Group, with_zone: bool) -> str:
        size = " + ".join(self.classes[position] for position in group.classes)
        if not with_zone:
            return size
        return f"{size} · {' + '.join(self.zones[position] for position in group.zones)}"

    def cell(self, group: _Group, with_zone: bool) -> Cell:
        return Cell(
            self.name(group, with_zone),
            tuple(self.classes[position] for position in group.classes),
            tuple(self.zones[position] for position in group.zones),
            group.population,
            tuple(int(count) for count in group.respondents),
        )

    def note(self, small: _Group, other: _Group, with_zone: bool) -> None:
        answers = f"{small.fewest} réponse{'s' if small.fewest > 1 else ''}"
        self.merges.append(
            f"« {self.name(small, with_zone)} » ({answers} sur {small.population}, minimum "
            f"{self.minimum}) est réunie à « {self.name(other, with_zone)} »."
        )


def _table(
    code: IntArray,
    place: IntArray,
    responded: Sequence[BoolArray],
    *,
    by_zone: bool,
    classes: tuple[int, ...] = (),
) -> list[_Group]:
    """Groups by class, or by zone inside the class marked in `code` (others hold -1)."""
    inside = code >= 0
    key = place if by_zone else code
    size = int(key.max()) + 1
    population = counts(key[inside], size)
    answers = np.array([counts(key[inside & mask], size) for mask in responded]).astype(np.intp)
    return [
        _Group(
            classes if by_zone else (k,),
            (k,) if by_zone else tuple(int(z) for z in np.unique(place[code == k])),
            int(population[k]),
            answers[:, k],
        )
        for k in range(size)
        if population[k]
    ]


def _merge_classes(groups: list[_Group], labels: _Labels) -> list[_Group]:
    """Neighbouring classes joined, the poorest first, to the neighbour with fewer answers."""
    while len(groups) > 1 and (i := _poorest(groups, labels.minimum)) is not None:
        neighbours = [j for j in (i - 1, i + 1) if 0 <= j < len(groups)]
        j = min(neighbours, key=lambda position: groups[position].fewest)
        labels.note(groups[i], groups[j], with_zone=False)
        low, high = min(i, j), max(i, j)
        groups = [*groups[:low], groups[low].joined(groups[high]), *groups[high + 1 :]]
    return groups


def _merge_zones(groups: list[_Group], labels: _Labels) -> list[_Group]:
    """Zones of one class joined, the poorest with the next poorest."""
    while len(groups) > 1 and (i := _poorest(groups, labels.minimum)) is not None:
        others = [j for j in range(len(groups)) if j != i]
        j = min(others, key=lambda position: groups[position].fewest)
        labels.note(groups[i], groups[j], with_zone=True)
        joined = groups[i].joined(groups[j])
        groups = [joined, *(group for k, group in enumerate(groups) if k not in (i, j))]
        groups.sort(key=lambda group: group.zones)
    return groups


def _poorest(groups: list[_Group], minimum: int) -> int | None:
    position = min(range(len(groups)), key=lambda i: groups[i].fewest)
    return position if groups[position].fewest < minimum else None
