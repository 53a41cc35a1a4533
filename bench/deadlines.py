"""How long does it take to recompute every date of a large team?

Run: python bench/deadlines.py [procedures] [events]
By default 500 procedures of every kind, 60 recorded facts each (seeded; several of them contradict
each other on purpose), evaluated one after the other on one core; then a rule is edited and the
dates it moves are listed.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from datetime import date, timedelta

from restanque.engine.deadlines import Event, Procedure, compare, evaluate, kinds, to_json
from restanque.engine.law import Override, Period, RuleSet, Unit, changed_rules, merge, shipped

SEED, PROCEDURES, EVENTS = 20261124, 500, 60
TODAY = date(2026, 11, 24)
#: Alarm, not aim: a whole team's dates within this many seconds.
CEILING = 10.0


def made_up(count: int, events: int) -> list[Procedure]:
    """Procedures with facts drawn at random among their steps."""
    draw = random.Random(SEED)
    made = []
    for number in range(count):
        kind = kinds()[number % len(kinds())]
        start = date(2019, 1, 1) + timedelta(draw.randrange(2800))
        names = [step.id for step in kind.steps]
        facts = tuple(
            Event(
                draw.choice(names),
                start + timedelta(draw.randrange(2000)),
                draw.choice(("AR", None)),
            )
            for _ in range(events)
        )
        targets = {kind.approval: TODAY + timedelta(draw.randrange(1500))}
        made.append(Procedure(kind.id, start, facts, targets))
    return made


def timed(procedures: list[Procedure], law: RuleSet) -> list[float]:
    """Milliseconds for each procedure."""
    spent = []
    for procedure in procedures:
        start = time.perf_counter()
        evaluate(procedure, today=TODAY, ruleset=law)
        spent.append((time.perf_counter() - start) * 1000)
    return spent


def main() -> int:
    """0 when everything is recomputed within the ceiling."""
    sizes = [int(given) for given in sys.argv[1:] if given.isdigit()]
    count, events = sizes if len(sizes) == 2 else (PROCEDURES, EVENTS)
    procedures, law = made_up(count, events), shipped()
    spent = timed(procedures, law)
    total = sum(spent) / 1000
    deciles = statistics.quantiles(spent, n=20)
    print(f"{count} procedures x {events} facts: {total:.2f} s in all")
    print(f"each: median {statistics.median(spent):.2f} ms, p95 {deciles[-1]:.2f} ms")
    ours = merge(
        law,
        [Override("rules", "scot.avis-arret", {"period": Period(4, Unit.MONTHS)}, "bench", TODAY)],
    )
    start = time.perf_counter()
    moved = sum(
        len(compare(*(evaluate(p, today=TODAY, ruleset=rules) for rules in (law, ours))).moved)
        for p in procedures
    )
    print(
        f"edit of {', '.join(changed_rules(law, ours))}: {moved} dates move, "
        f"found in {time.perf_counter() - start:.2f} s"
    )
    start = time.perf_counter()
    for procedure in procedures:
        to_json(evaluate(procedure, today=TODAY, ruleset=law))
    print(f"evaluated and exported to JSON: {time.perf_counter() - start:.2f} s")
    return 0 if total <= CEILING else 1


if __name__ == "__main__":
    sys.exit(main())
