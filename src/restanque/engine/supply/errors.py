"""Refusals, each with French sentences that may be shown as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing to mend: where (a JSON pointer such as `/lines/3/kg`, or a table and row), what."""

    where: str
    message: str

    def __str__(self) -> str:
        """As printed: the place, then the sentence."""
        return f"{self.where} : {self.message}" if self.where else self.message


class SupplyError(ValueError):
    """The supply engine cannot answer; `str()` is a French message for the user."""


class ProblemError(SupplyError):
    """The problem's data are wrong. `faults` lists every one of them, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class NotAProblemError(SupplyError):
    """The bytes are no supply problem at all (not JSON, not an object)."""


class SolverError(SupplyError):
    """HiGHS stopped without an optimum: numbers too far apart, or a defect of ours."""
