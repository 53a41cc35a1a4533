"""HiGHS through arrays: a linear programme that keeps its basis while columns are added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from restanque.engine.supply.arrays import FloatArray, IntArray
from restanque.engine.supply.errors import SolverError
from restanque.engine.supply.programme import Block

#: Feasibility tolerances asked of HiGHS, on quantities and costs near one; the second is its own
#: default, for data whose numbers lie too far apart for the first.
TOLERANCES = (1e-9, 1e-7)
BASIC = int(highspy.HighsBasisStatus.kBasic)
LOWER = int(highspy.HighsBasisStatus.kLower)
_STATUS = {int(item): item for item in highspy.HighsBasisStatus.__members__.values()}


class QuietHighs(highspy.Highs):
    """HiGHS that never writes on the standard output, not even its name when it is made."""

    def __init__(self) -> None:
        highspy._core._Highs.__init__(self)
        self.setOptionValue("output_flag", False)
        self.callbacks = []


@dataclass(frozen=True)
class Basis:
    """Status of each column and each row, as HiGHS numbers them."""

    columns: IntArray
    rows: IntArray


class LinearProgramme:
    """min cost·x, lower ≤ A x ≤ upper, 0 ≤ x ≤ bound. One thread, no random choice."""

    def __init__(self, lower: FloatArray, upper: FloatArray, columns: Block) -> None:
        self.highs = QuietHighs()
        for name, value in (
            ("threads", 1),
            ("solver", "simplex"),
            ("simplex_strategy", 1),  # dual, serial: also the quickest once columns are added
            ("random_seed", 0),
            ("primal_feasibility_tolerance", TOLERANCES[0]),
            ("dual_feasibility_tolerance", TOLERANCES[0]),
        ):
            self.highs.setOptionValue(name, value)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(columns.cost), len(lower)
        model.col_cost_, model.col_upper_ = columns.cost, columns.upper
        model.col_lower_ = np.zeros(len(columns.cost))
        model.row_lower_, model.row_upper_ = lower, upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = columns.start, columns.row
        model.a_matrix_.value_ = columns.value
        self.highs.passModel(model)
        self.iterations = 0

    def start_from(self, basis: Basis) -> None:
        """Begin at this basis rather than by presolve."""
        made = highspy.HighsBasis()
        made.col_status = [_STATUS[code] for code in basis.columns.tolist()]
        made.row_status = [_STATUS[code] for code in basis.rows.tolist()]
        made.valid = True
        made.alien = True  # HiGHS repairs what is singular or short of columns
        self.highs.setBasis(made)

    def add(self, columns: Block) -> None:
        """More columns, at zero."""
        n = len(columns.cost)
        self.highs.addCols(
            n,
            columns.cost,
            np.zeros(n),
            columns.upper,
            len(columns.row),
            columns.start[:-1],
            columns.row,
            columns.value,
        )

    def solve(self) -> None:
        """To the optimum; raises SolverError when HiGHS gives up even at its own tolerances."""
        for tolerance in TOLERANCES:
            self.highs.setOptionValue("primal_feasibility_tolerance", tolerance)
            self.highs.setOptionValue("dual_feasibility_tolerance", tolerance)
            self.highs.run()
            self.iterations += int(self.highs.getInfo().simplex_iteration_count)
            if self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                return
        status = self.highs.modelStatusToString(self.highs.getModelStatus())
        raise SolverError(
            f"Le calcul n’a pas abouti (HiGHS : {status}). Vérifiez les ordres de grandeur : "
            "des quantités ou des prix un million de fois plus grands que les autres."
        )

    @property
    def values(self) -> FloatArray:
        """Value of each column."""
        return _array(self.highs.getSolution().col_value)

    @property
    def row_duals(self) -> FloatArray:
        """What one more unit of each row's bound adds to the optimum."""
        return _array(self.highs.getSolution().row_dual)

    @property
    def basis(self) -> Basis:
        """Where a later solve may begin."""
        found = self.highs.getBasis()
        columns = np.array([int(item) for item in found.col_status], dtype=np.int64)
        return Basis(columns, np.array([int(item) for item in found.row_status], dtype=np.int64))


def _array(values: Any) -> npt.NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)
