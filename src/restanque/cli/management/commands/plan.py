"""Solves a supply problem written in a file, without any database."""

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand

from restanque.engine.supply import NotAProblemError, Plan, Problem, SupplyError
from restanque.engine.supply.jsonio import read_problem

# Exit codes, stable: others test the engine through them.
REFUSED, NOT_A_PROBLEM = 1, 2
#: Moves tried for each lot when the budget is not given.
MOVES_PER_LOT = 2_000


def positive(text: str) -> int:
    """A whole number, zero or more."""
    try:
        value = int(text)
    except ValueError:
        value = -1
    if value < 0:
        raise ArgumentTypeError(f"« {text} » n’est pas un nombre entier positif ou nul")
    return value


class Command(BaseCommand):
    """`restanque plan solve PROBLEM.json`."""

    help = "Répartit le pain des cantines entre boulangeries, moulins et blé (solve)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One action: solve."""
        actions = parser.add_subparsers(dest="action", required=True)
        solve = actions.add_parser("solve", help="calcule un plan")
        solve.add_argument("file", type=Path, metavar="PROBLEM.json")
        solve.add_argument(
            "--model",
            choices=("potential", "award"),
            default="potential",
            help="potentiel (quantités partageables) ou attribution (lots entiers)",
        )
        solve.add_argument("--moves", type=positive, help="essais de la recherche (attribution)")
        solve.add_argument("--seed", type=positive, default=0, help="graine du tirage")
        solve.add_argument("--out", type=Path, metavar="PLAN.json", help="fichier à écrire")
        solve.add_argument("--explain", action="store_true", help="ajoute les raisons")

    def handle(self, *args: Any, file: Path, out: Path | None, **options: Any) -> None:
        """Write the plan; a problem that cannot be read is told, not traced."""
        clock = time.perf_counter()
        try:
            problem = read_problem(file.read_bytes())
            read = time.perf_counter() - clock
            text = self._solve(problem, read, options)
        except OSError as error:
            self._refuse(f"{file} : fichier illisible ({error.strerror}).", NOT_A_PROBLEM)
        except NotAProblemError as error:
            self._refuse(f"{file} : {error}", NOT_A_PROBLEM)
        except SupplyError as error:
            self._refuse(str(error), REFUSED)
        if out is None:
            self.stdout.write(text, ending="")
            return
        try:
            out.write_text(text, "utf-8")
        except OSError as error:
            self._refuse(f"{out} : écriture impossible ({error.strerror}).", REFUSED)

    def _refuse(self, message: str, code: int) -> None:
        self.stderr.write(message)
        sys.exit(code)

    def _solve(self, problem: Problem, read: float, options: dict[str, Any]) -> str:
        # Loaded here: HiGHS and numba weigh more than the other commands together.
        from restanque.engine.supply import check
        from restanque.engine.supply.jsonio import plan_as_dict, write_plan

        clock = time.perf_counter()
        plan = solved(problem, options["model"], options["moves"], options["seed"])
        times = {"read": read, "solve": time.perf_counter() - clock}
        words = None
        if options["explain"]:
            from restanque.engine.supply.explain import explain
            from restanque.engine.supply.jsonio.wording import words_of

            clock = time.perf_counter()
            words = words_of(problem, explain(problem, plan))
            times["explain"] = time.perf_counter() - clock
        clock = time.perf_counter()
        report = check.verify(problem, plan)
        times["check"] = time.perf_counter() - clock
        return write_plan(plan_as_dict(problem, plan, report, times=times, words=words))


def solved(problem: Problem, model: str, moves: int | None, seed: int) -> Plan:
    """The plan of this model; a budget of moves is made up from the lots when none is given."""
    from restanque.engine.supply import award, potential
    from restanque.engine.supply.lots import cut

    if model == "potential":
        return potential.solve(problem)
    budget = MOVES_PER_LOT * len(cut(problem).line) if moves is None else moves
    return award.solve(problem, moves=budget, seed=seed, should_stop=lambda: False)
