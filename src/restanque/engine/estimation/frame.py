"""From the list of all units to the weights of those who answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from restanque.engine.estimation.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    as_mask,
    as_values,
)
from restanque.engine.estimation.cells import MINIMUM, CellPlan, build_cells
from restanque.engine.estimation.design import Design, Margin, stratified
from restanque.engine.estimation.errors import InputError
from restanque.engine.estimation.weights import RakingReport, rake

WHOLE = "ensemble"


@dataclass(frozen=True, eq=False)
class Frame:
    """The population of a campaign: N units, known before anybody answers.

    units: names, unique. size_class, zone: labels (`zone` may be absent). size_order: the classes
    from small to large. self_representing (N,): the units too large to stand for or be stood for.
    """

    units: tuple[str, ...]
    size_class: tuple[str, ...]
    zone: tuple[str, ...] | None
    size_order: tuple[str, ...]
    self_representing: BoolArray

    def __post_init__(self) -> None:
        n = len(self.units)
        as_mask(self.self_representing, n, "unités qui ne représentent qu’elles-mêmes")
        lengths = {n, len(self.size_class), n if self.zone is None else len(self.zone)}
        if len(lengths) != 1 or len(set(self.units)) != n:
            raise InputError("Chaque unité porte un nom unique, une tranche et une zone.")

    def others_total(self, size: npt.ArrayLike) -> float:
        """Sum of a known size (N,) over the units that are not self-representing."""
        values = as_values(size, len(self.units), "taille")[~self.self_representing]
        if np.isnan(values).any():
            raise InputError("La taille doit être connue de toutes les unités.")
        return float(values.sum())


@dataclass(frozen=True, eq=False)
class Weighting:
    """Weights of one campaign. `rows` (n,): positions of the respondents in the frame."""

    design: Design
    rows: IntArray
    plan: CellPlan | None
    report: RakingReport | None

    def take(self, values: npt.ArrayLike) -> FloatArray:
        """Values given over the frame (N,), for the respondents (n,)."""
        taken: FloatArray = np.asarray(values, dtype=np.float64)[self.rows]
        return taken


def weigh(
    frame: Frame,
    responded: npt.ArrayLike,
    *,
    method: Literal["cells", "raking"] = "cells",
    minimum: int = MINIMUM,
) -> Weighting:
    """Weights of the respondents, `responded` (N,) booleans.

    "cells": size class × zone, merged up to `minimum` respondents. "raking": the margins of size
    and of zone, each level with `minimum` respondents (levels merged alike), when cells would
    merge too much. Pass `responded & answered` to weigh one question on its own answers.
    Raises TooFewRespondentsError; RakingError (raking only)."""
    mask = as_mask(responded, len(frame.units), "réponses")
    if method == "raking":
        return _by_raking(frame, mask, minimum)
    return weigh_together(frame, [mask], minimum=minimum)[0]


def weigh_together(
    frame: Frame, responded: Sequence[npt.ArrayLike], *, minimum: int = MINIMUM
) -> tuple[Weighting, ...]:
    """Several campaigns weighted by the same cells, so that they can be compared."""
    masks = [as_mask(mask, len(frame.units), "réponses") for mask in responded]
    plan = _plan(frame, masks, frame.zone, minimum)
    names = np.array([cell.name for cell in plan.cells], dtype=object)
    sizes = {cell.name: float(cell.population) for cell in plan.cells}
    others = np.flatnonzero(~frame.self_representing)
    cell_of = dict(zip(others.tolist(), names[plan.assignment], strict=True))
    return tuple(_stratify(frame, mask, cell_of, sizes, plan) for mask in masks)


def _plan(
    frame: Frame, masks: Sequence[BoolArray], zone: Sequence[str] | None, minimum: int
) -> CellPlan:
    others: list[int] = np.flatnonzero(~frame.self_representing).tolist()
    return build_cells(
        [frame.size_class[i] for i in others],
        None if zone is None else [zone[i] for i in others],
        [mask[others] for mask in masks],
        size_order=frame.size_order,
        minimum=minimum,
    )


def _stratify(
    frame: Frame,
    mask: BoolArray,
    cell_of: Mapping[int, str],
    sizes: Mapping[str, float],
    plan: CellPlan | None,
) -> Weighting:
    rows = np.flatnonzero(mask)
    certain: list[int] = np.flatnonzero(frame.self_representing).tolist()
    sure = {i: frame.units[i] for i in certain if mask[i]}
    if clash := set(sure.values()) & set(sizes):
        raise InputError(f"« {min(clash)} » est à la fois une unité et une cellule.")
    design = stratified(
        [sure.get(i) or cell_of[i] for i in rows.tolist()],
        {**sizes, **dict.fromkeys(sure.values(), 1.0)},
        units=[frame.units[i] for i in rows],
        self_representing=tuple(sure.values()),
        silent=tuple(frame.units[i] for i in certain if not mask[i]),
    )
    return Weighting(design, rows, plan, None)


def _by_raking(frame: Frame, mask: BoolArray, minimum: int) -> Weighting:
    others = np.flatnonzero(~frame.self_representing).tolist()
    by_size = _plan(frame, [mask], None, minimum)
    base = _stratify(
        frame, mask, dict.fromkeys(others, WHOLE), {WHOLE: float(len(others))}, by_size
    )
    margins = [_margin(frame, mask, others, by_size, "taille")]
    if frame.zone is not None:
        flat = Frame(
            frame.units, (WHOLE,) * len(frame.units), frame.zone, (WHOLE,), frame.self_representing
        )
        margins.append(
            _margin(frame, mask, others, _plan(flat, [mask], frame.zone, minimum), "zone")
        )
    design, report = rake(base.design, margins)
    return Weighting(design, base.rows, by_size, report)


def _margin(frame: Frame, mask: BoolArray, others: list[int], plan: CellPlan, name: str) -> Margin:
    level = {i: plan.cells[cell].name for i, cell in zip(others, plan.assignment, strict=True)}
    totals = {cell.name: float(cell.population) for cell in plan.cells}
    labels = [level.get(i, frame.units[i]) for i in np.flatnonzero(mask).tolist()]
    alone = {frame.units[i]: 1.0 for i in np.flatnonzero(mask & frame.self_representing).tolist()}
    return Margin.of(name, labels, {**totals, **alone})
