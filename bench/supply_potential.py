"""The three-stage programme: ours beside HiGHS given all of it, and what-ifs by warm start.

Run: python -m bench supply_potential [--france]   (or python bench/supply_potential.py)
Both solve the same problem (every bakery linked to every mill, every mill to every zone) to the
same objective (1e-7). Times are seconds of processor, as machines are shared. HiGHS gets the usual
formulation, with separate flows of flour and bread, through arrays, dual simplex, one thread and
its own tolerances. `--france`: ours alone, 20 nearest.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace

import highspy
import numpy as np

from bench.supply_instances import problem
from restanque.engine.supply import Plan, Problem, check, potential, transport
from restanque.engine.supply.programme import Block, Grain, Programme
from restanque.engine.supply.solver import QuietHighs


def whole(made: Problem) -> tuple[float, float, int]:
    """HiGHS on the whole programme: seconds (building too), objective, columns."""
    clock = time.process_time()
    programme, arcs = Programme(made), made.arcs
    d, j, m = len(made.lines), len(made.bakeries), len(made.mills)
    f, k, beta = len(made.wheat), len(made.classes), made.rules.bread_per_flour
    row = programme.rows + np.arange(j * k).reshape(j, k)
    bread = Block.of(
        arcs.cost,
        np.full(len(arcs), np.inf),
        [arcs.line, d + arcs.bakery, programme.home[arcs.line], row[arcs.bakery, arcs.cls]],
        [1.0, 1.0, arcs.price, 1 / beta],
    )
    shop, mill, cls = np.nonzero(
        made.bakeries.makes[:, None, :] & (made.mills.class_capacity > 0)[None]
    )
    flour = Block.of(
        programme.flour_unit(shop, mill, cls),
        np.full(len(shop), np.inf),
        [
            row[shop, cls],
            programme.row_class[mill, cls],
            programme.row_mill[mill],
            programme.row_grain[mill, cls],
        ],
        [-1.0, 1.0, 1.0, 1 / made.mills.extraction[mill]],
    )
    grain = programme.grain(Grain(*(grid.ravel() for grid in np.indices((m, f, k)))))
    columns = programme.slacks() + grain + bread + flour
    lower, upper = programme.row_bounds()
    model, solver = highspy.HighsLp(), QuietHighs()
    model.num_col_, model.num_row_ = len(columns.cost), len(lower) + j * k
    model.col_cost_, model.col_upper_ = columns.cost, columns.upper
    model.col_lower_ = np.zeros(len(columns.cost))
    model.row_lower_ = np.r_[lower, np.zeros(j * k)]
    model.row_upper_ = np.r_[upper, np.zeros(j * k)]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = columns.start, columns.row
    model.a_matrix_.value_ = columns.value
    for option, value in (("threads", 1), ("solver", "simplex"), ("simplex_strategy", 1)):
        solver.setOptionValue(option, value)
    solver.passModel(model)
    solver.run()
    taken = time.process_time() - clock
    return taken, float(solver.getInfo().objective_function_value), len(columns.cost)


def what_ifs(made: Problem, plan: Plan) -> dict[str, Callable[[], Problem]]:
    """The questions of a meeting."""
    bakeries, mills = made.bakeries, made.mills
    load = np.bincount(made.arcs.bakery, plan.arc_kg, len(bakeries))

    def closed() -> Problem:
        limit = mills.class_capacity.copy()
        limit[np.argmax(limit.sum(axis=1))] = 0
        return replace(made, mills=replace(mills, class_capacity=limit))

    def gone() -> Problem:
        room = bakeries.capacity.copy()
        room[np.argmax(load)] = 0
        return replace(made, bakeries=replace(bakeries, capacity=room))

    def alone() -> Problem:
        kg = np.where(made.lines.commune == made.lines.commune[0], 0.0, made.lines.kg)
        return replace(made, lines=replace(made.lines, kg=kg))

    return {
        "the largest mill closes": closed,
        "flour + 10 %": lambda: replace(made, mills=replace(mills, price=mills.price * 1.1)),
        "capacities + 10 %": lambda: replace(
            made, bakeries=replace(bakeries, capacity=bakeries.capacity * 1.1)
        ),
        "the busiest baker leaves": gone,
        "a commune leaves": alone,
        "it joins again": lambda: made,
    }


def compare(name: str, nearest: int | None, *, peer: bool = True) -> bool:
    """One scale; whether objectives agree and the checker finds nothing."""
    made = problem(name, nearest=nearest)
    sizes = ", ".join(f"{count:,} {table}" for table, count in made.sizes.items())
    print(f"\n{name}: {sizes}")
    clock = time.process_time()
    session = potential.Session(made)
    plan, mine = session.plan, time.process_time() - clock
    good = not check.verify(made, plan).violations and plan.gap < 1e-9
    print(f"  ours                     {mine:8.3f} s   {plan.objective:.4f}, gap {plan.gap:.1e}")
    if peer:
        taken, value, columns = whole(made)
        same = abs(value - plan.objective) <= 1e-7 * value
        good &= same
        print(
            f"  HiGHS, all {columns:,} columns {taken:8.3f} s   {value:.4f}, "
            f"{taken / mine:.1f} x ours{'' if same else '   OBJECTIVES DIFFER'}"
        )
    for what, variant in what_ifs(made, plan).items():
        changed = variant()
        clock = time.process_time()
        answer = session.solve(changed)
        taken = time.process_time() - clock
        good &= not check.verify(changed, answer).violations and answer.gap < 1e-9
        print(f"  {what:<24} {taken:8.3f} s   {answer.objective - plan.objective:+.2f} € a day")
    return good


def main() -> int:
    """1 when objectives differ or a rule is broken."""
    transport.solve(problem("tiny"))  # compiled, or read from the disk
    good = [compare("dept", None), compare("region", 40)]
    if "--france" in sys.argv:
        good.append(compare("france", 20, peer=False))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
