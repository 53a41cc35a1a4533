"""PROBLEM.json in, PLAN.json out: the interface documented in docs/supply, kept stable."""

from restanque.engine.supply.jsonio.reading import read_problem
from restanque.engine.supply.jsonio.writing import plan_as_dict, write_plan

__all__ = ["plan_as_dict", "read_problem", "write_plan"]
