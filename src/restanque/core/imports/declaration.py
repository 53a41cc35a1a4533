"""What a room declares to have its files imported."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms

from restanque.accounts.models import Membership, User, Workspace
from restanque.accounts.perms import can_write
from restanque.core import files
from restanque.core.models import RowAction
from restanque.kit import tabular


class RowProblem(Exception):
    """This row cannot be applied after all; its French text goes to the report."""


class UndoRefused(Exception):
    """This row cannot be undone without losing later work; its French text says why."""


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What will be done of one row. `payload` is JSON: it is kept between preview and import."""

    number: int
    action: RowAction
    summary: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    problem: str = ""

    @classmethod
    def create(cls, number: int, summary: str, *, payload: dict[str, Any]) -> "RowPlan":
        """The row makes something new."""
        return cls(number, RowAction.CREATE, summary, payload)

    @classmethod
    def update(cls, number: int, summary: str, *, payload: dict[str, Any]) -> "RowPlan":
        """The row changes something known."""
        return cls(number, RowAction.UPDATE, summary, payload)

    @classmethod
    def skip(cls, number: int, summary: str) -> "RowPlan":
        """The row changes nothing: what it says is already known."""
        return cls(number, RowAction.SKIP, summary)

    @classmethod
    def error(cls, number: int, problem: str, *, summary: str = "") -> "RowPlan":
        """The row cannot be used; `problem` says the column, the value and the mend."""
        return cls(number, RowAction.ERROR, summary, problem=problem)


class Importer(ABC):
    """One kind of file. Register an instance in `AppConfig.ready`."""

    kind: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str] = ""
    columns: ClassVar[Sequence[tabular.Column]]
    #: Extensions accepted; what is not a spreadsheet is turned into a table by `read`.
    formats: ClassVar[tuple[str, ...]] = files.TABULAR

    def read(self, data: bytes, filename: str) -> tabular.Table:
        """The table of a file. Raises tabular.TableError."""
        return tabular.read_table(data, filename)

    def allowed(self, membership: Membership) -> bool:
        """Who may import this kind: administrators and agents, unless the room says otherwise."""
        return can_write(membership)

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """What must be chosen beside the file; cleaned values must be JSON values."""
        return {}

    @abstractmethod
    def plan(
        self,
        rows: Sequence[tabular.ValidRow],
        *,
        workspace: Workspace,
        context: Mapping[str, Any],
    ) -> list[RowPlan]:
        """Decide for each row, reading only. Every row has exactly one plan."""

    @abstractmethod
    def apply(
        self,
        plan: RowPlan,
        *,
        workspace: Workspace,
        context: Mapping[str, Any],
        user: User | None,
    ) -> dict[str, Any]:
        """Do a create or update plan, through services; the JSON journal that undoes it.

        Raises RowProblem, or ValidationError, when the world changed since the preview.
        """

    @abstractmethod
    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Undo one row, through services. Raises UndoRefused when it was changed since."""
