"""Compilation of the award's kernels: as `supply.jit`, without reference counts.

The state travels through small functions as tuples of arrays; counting references to each array at
each call made a move eight times slower (measured). Nothing is allocated inside these kernels, so
there is nothing to count.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Nopython, one thread, kept on disk where a folder can be written."""
    return _compile(function)


def inlined(function: F) -> F:
    """The same, its body put in place of each call: for what runs at every move."""
    return _compile(function, inline="always")


def _compile(function: F, **options: str) -> F:
    flags: dict[str, Any] = {"error_model": "numpy", "_nrt": False, **options}
    try:
        made = numba.njit(cache=True, **flags)(function)
    except RuntimeError:  # numba: « no locator available »
        made = numba.njit(**flags)(function)
    return cast(F, made)
