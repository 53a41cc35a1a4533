"""All the reasons of one plan."""

from __future__ import annotations

from dataclasses import dataclass

from restanque.engine.supply.errors import SolverError
from restanque.engine.supply.explain import wording
from restanque.engine.supply.explain.unserved import Unserved, unserved
from restanque.engine.supply.explain.why import Why, why
from restanque.engine.supply.explain.worth import Worth, worth
from restanque.engine.supply.potential import Session
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.solution import Plan

#: Unserved lines for which remedies are looked for.
REMEDIES = 25


@dataclass(frozen=True)
class Explanations:
    """links: why each baker. worths: what is scarce. unserved: who is not served, why, what would
    serve them. notes: French sentences on how to read the prices."""

    links: tuple[Why, ...]
    worths: tuple[Worth, ...]
    unserved: tuple[Unserved, ...]
    notes: tuple[str, ...]


def explain(
    problem: Problem, plan: Plan, *, session: Session | None = None, remedies_for: int = REMEDIES
) -> Explanations:
    """The reasons of a plan, award or potential.

    session: a warm session on this very problem, made here when none is given. Market prices are
    the duals of the potential model. remedies_for: unserved lines, the largest first, for which
    what would serve them is tried too (each costs a few solves)."""
    session = session if session is not None else Session(problem)
    duals = plan.duals if plan.duals is not None else session.plan.duals
    if duals is None:
        raise SolverError("Le plan n’a pas de prix de marché.")
    return Explanations(
        why(problem, plan, duals),
        worth(problem, duals),
        unserved(problem, plan, duals, session=session, remedies_for=remedies_for),
        (wording.MARKET,),
    )
