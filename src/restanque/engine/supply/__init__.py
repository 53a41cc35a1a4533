"""The bread supply engine: problem in, plan and reasons out. See README.md."""

from restanque.engine.supply.arcs import Arcs, link
from restanque.engine.supply.errors import (
    Fault,
    NotAProblemError,
    ProblemError,
    SolverError,
    SupplyError,
)
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.rules import Rules, Weights
from restanque.engine.supply.solution import Duals, FlourFlow, Plan, WheatFlow
from restanque.engine.supply.tables import Bakeries, Lines, Mills, Wheat

__all__ = [
    "Arcs",
    "Bakeries",
    "Duals",
    "Fault",
    "FlourFlow",
    "Lines",
    "Mills",
    "NotAProblemError",
    "Plan",
    "Problem",
    "ProblemError",
    "Rules",
    "SolverError",
    "SupplyError",
    "Weights",
    "Wheat",
    "WheatFlow",
    "link",
]
