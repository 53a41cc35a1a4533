"""What can be wrong with a form: a refusal (`FormError`) or a finding and its place (`Problem`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


class FormError(ValueError):
    """A form, an answer or a path that cannot be accepted. The message is in French, for people."""

    @property
    def message(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about a questionnaire, with where it is and how to mend it (French).

    `row` is the row number that Excel shows (the header is row 1). `code` is a stable slug that
    tests and documentation can name.
    """

    severity: Severity
    message: str
    mend: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    code: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    @property
    def where(self) -> str:
        parts = []
        if self.sheet:
            parts.append(f"feuille {self.sheet}")
        if self.row is not None:
            parts.append(f"ligne {self.row}")
        if self.column:
            parts.append(f"colonne {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        kind = "Erreur" if self.is_error else "Avertissement"
        where = f" ({self.where})" if self.where else ""
        mend = f" {self.mend}" if self.mend else ""
        return f"{kind}{where} : {self.message}{mend}"
