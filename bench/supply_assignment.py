"""Capacitated assignment beside spopt, on spopt's own model: clients whole, capacities, p = all.

Run: python -m bench supply_assignment [--whole]   (or python bench/supply_assignment.py)
No minimum order, no stop, no class, no budget: what spopt's PMedian can say. Both get the same
costs; a pair out of reach costs the same in both. spopt is solved by HiGHS through PuLP, to 0.1 %.
Seconds of processor, building the model counts. Checks (exit code): no rule broken, no bound above
an objective, ours within 0.2 % of the better bound. `--whole`: the PAT of 121 communes (minutes,
5 GB for spopt).
"""

from __future__ import annotations

import importlib.util
import resource
import sys
import time
from dataclasses import replace

import numpy as np

from bench.supply_instances import problem as territory
from restanque.engine.supply import Lines, Problem, award, check, link
from restanque.engine.supply.arcs import Arcs
from restanque.engine.supply.lots import cut

#: Price of a pair out of reach, €/kg.
FORBIDDEN = 50.0


def assignment(name: str, nearest: int) -> Problem:
    """The lots of a territory as clients, each to be served whole by one bakery."""
    base = territory(name, nearest=nearest, with_flour=False)
    lots = cut(base)
    count = np.diff(base.arcs.start)[lots.line]
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    arc = np.repeat(base.arcs.start[:-1][lots.line], count) + offset
    client = np.repeat(np.arange(len(lots.kg)), count)
    # One class, the cheapest arc of each pair.
    order = np.lexsort((base.arcs.cost[arc], base.arcs.bakery[arc], client))
    pair = client[order] * len(base.bakeries) + base.arcs.bakery[arc][order]
    first = order[np.unique(pair, return_index=True)[1]]
    shops = base.bakeries
    given = {
        "classes": ("pain",),
        "bakeries": replace(
            shops,
            makes=np.ones((len(shops), 1), bool),
            price=np.zeros((len(shops), 1)),
            min_order=np.zeros(len(shops)),
            commune=np.full(len(shops), -1),
        ),
        "lines": Lines.of([f"c{row}" for row in range(len(lots.kg))], kg=lots.kg),
        "rules": replace(
            base.rules, lot_kg=1e6, stop_cost=0.0, min_drop_kg=0.0, fairness=0.0,
            certified_share=0.0, unserved_penalty=FORBIDDEN, k=1,
        ),
    }  # fmt: skip
    draft = Problem.of(**given, arcs=Arcs.none(len(lots.kg)))
    at = arc[first]
    arcs = link(
        draft, client[first], base.arcs.bakery[at], np.zeros(len(at)), cost=base.arcs.cost[at]
    )
    return Problem.of(**given, arcs=arcs)


def spopt(made: Problem) -> tuple[float, float, int]:
    """Seconds, objective and variables of spopt's PMedian with capacities."""
    import pulp
    from spopt.locate import PMedian

    arcs, shops = made.arcs, len(made.bakeries)
    cost = np.full((len(made.lines), shops), FORBIDDEN)
    cost[arcs.line, arcs.bakery] = arcs.cost
    clock = time.process_time()
    model = PMedian.from_cost_matrix(
        cost, made.lines.kg, p_facilities=shops, facility_capacities=made.bakeries.capacity
    )
    model = model.solve(pulp.HiGHS(msg=False, gapRel=1e-3))
    taken = time.process_time() - clock
    return taken, float(pulp.value(model.problem.objective)), len(model.problem.variables())


def compare(name: str, nearest: int) -> bool:
    """One territory; whether the checks hold."""
    made = assignment(name, nearest)
    n = len(made.lines)
    print(f"\n{name}: {n} clients, {len(made.bakeries)} bakeries, {len(made.arcs)} links")
    clock = time.process_time()
    plan = award.solve(made, moves=200 * n, seed=0)
    mine = time.process_time() - clock
    good = not check.verify(made, plan).violations and plan.gap <= 2e-3
    print(f"  ours  {mine:8.2f} s   {plan.objective:.2f}, at most {100 * plan.gap:.3f} % too dear")
    if importlib.util.find_spec("spopt") is None:
        print("  spopt is not installed: skipped")
        return good
    taken, value, variables = spopt(made)
    print(
        f"  spopt {taken:8.2f} s   {value:.2f}, {variables:,} variables, {taken / mine:.1f} x ours"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory {peak:.0f} MB")
    return good and value >= plan.bound - 1e-6 * value


def main() -> int:
    """0 when every check holds."""
    award.solve(assignment("tiny", 20), moves=1000, seed=0)  # compilation
    good = compare("tiny", 120)
    if "--whole" in sys.argv:
        good &= compare("dept", 60)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
