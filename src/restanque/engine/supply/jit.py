"""Compilation of kernels by numba, kept on disk where a folder can be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile in nopython mode, one thread, strict floating point (same bits on every run).

    numba keeps the machine code beside the module, else in the user's cache folder, else where
    NUMBA_CACHE_DIR says. Where none can be written it is compiled at each start (a few seconds).
    """
    try:
        made = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba: « no locator available »
        made = numba.njit(nogil=True)(function)
    return cast(F, made)
