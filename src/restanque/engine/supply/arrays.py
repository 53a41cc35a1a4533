"""Types of the engine's arrays, and the checks that name the field and the row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from restanque.engine.supply.errors import Fault

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def floats(values: npt.ArrayLike, *shape: int) -> FloatArray:
    """A C-ordered float64 array; a scalar is repeated to `shape`."""
    array = np.asarray(values, dtype=np.float64)
    return np.ascontiguousarray(np.broadcast_to(array, shape)) if array.ndim == 0 else array


def ints(values: npt.ArrayLike, *shape: int) -> IntArray:
    """A C-ordered int64 array; a scalar is repeated to `shape`."""
    array = np.asarray(values, dtype=np.int64)
    return np.ascontiguousarray(np.broadcast_to(array, shape)) if array.ndim == 0 else array


class Faults:
    """Gathers what is wrong in a table, row by row, in plain French."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, where: str, message: str) -> None:
        """One more thing to mend."""
        self.found.append(Fault(where, message))

    def shape(self, table: str, field: str, array: np.ndarray, shape: tuple[int, ...]) -> bool:
        """Whether the array has the expected shape; says so when it has not."""
        if array.shape != shape:
            self.add(f"{table}.{field}", f"forme {array.shape} reçue, {shape} attendue.")
        return array.shape == shape

    def rows(
        self,
        table: str,
        field: str,
        ids: Sequence[str],
        wrong: BoolArray,
        values: np.ndarray,
        message: str,
    ) -> None:
        """Name the first rows (five at most) where `wrong` holds, with their value."""
        bad = np.argwhere(wrong)
        for position in bad[:5]:
            row = int(position[0])
            value = values[tuple(position)]
            self.add(f"{table}[{row}].{field}", f"« {ids[row]} » : {message} (valeur : {value}).")
        if len(bad) > 5:
            self.add(f"{table}.{field}", f"et {len(bad) - 5} autres valeurs du même genre.")
