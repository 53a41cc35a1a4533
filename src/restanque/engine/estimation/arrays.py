"""Types of the arrays and their checks. NaN is "unknown", and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from restanque.engine.estimation.errors import InputError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]


def as_values(values: npt.ArrayLike, n: int, name: str) -> FloatArray:
    """`values` as a float vector of shape (n,); NaN allowed, infinity refused."""
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (n,):
        raise InputError(f"{name} : {n} valeurs attendues, forme reçue {array.shape}.")
    if np.isinf(array).any():
        raise InputError(
            f"{name} : valeur infinie à la ligne {int(np.argmax(np.isinf(array))) + 1}."
        )
    return array


def as_mask(mask: npt.ArrayLike | None, n: int, name: str) -> BoolArray:
    """`mask` as a boolean vector of shape (n,); None means everybody."""
    if mask is None:
        return np.ones(n, dtype=np.bool_)
    array = np.asarray(mask)
    if array.shape != (n,) or array.dtype != np.bool_:
        raise InputError(f"{name} : {n} booléens attendus (vrai ou faux, jamais inconnu).")
    return array


def encode(labels: Sequence[str], known: Sequence[str], name: str) -> IntArray:
    """Position of each label in `known`; an unknown label is refused by name."""
    positions = {label: position for position, label in enumerate(known)}
    strangers = sorted({label for label in labels if label not in positions})
    if strangers:
        raise InputError(f"{name} : « {strangers[0]} » n’est pas dans l’effectif connu.")
    return np.array([positions[label] for label in labels], dtype=np.intp)


def sums(codes: IntArray, values: FloatArray, size: int) -> FloatArray:
    """Sum of `values` (n,) by code, shape (size,)."""
    return np.bincount(codes, weights=values, minlength=size).astype(np.float64)


def counts(codes: IntArray, size: int) -> FloatArray:
    """Number of rows by code, shape (size,), as floats."""
    return np.bincount(codes, minlength=size).astype(np.float64)
