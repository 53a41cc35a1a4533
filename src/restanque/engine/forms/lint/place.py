"""Says where a node of the form stands in the sheet, and what its author wrote there."""

from __future__ import annotations

from restanque.engine.forms.conversion import Conversion, SurveyRow
from restanque.engine.forms.errors import Problem
from restanque.engine.forms.lint.rows import EXPRESSION_COLUMNS
from restanque.engine.forms.model import Steps, path_text

_COLUMNS = {"calculate": "calculation"}
_SHORT = 120


class Place:
    """The places of a questionnaire, for the checks that work on the converted form."""

    def __init__(self, conversion: Conversion) -> None:
        self.conversion = conversion
        self._rows = {row.number: row for row in conversion.survey}

    def problem(
        self, severity: str, steps: Steps, attribute: str, message: str, mend: str, code: str
    ) -> Problem:
        path = path_text(steps)
        row = self.conversion.row_of(path)
        if row is None and steps[-2:-1] == ("meta",):
            sheet, column = "settings", "instance_name"
        else:
            sheet, column = "survey", self._column(self.row(steps), attribute)
        if row is None:
            message = f"{message} (nœud {path})"
            sheet = sheet if self.conversion.sheets else ""
        return Problem(
            "error" if severity == "error" else "warning", message, mend, sheet, row, column, code
        )

    def written(self, steps: Steps, attribute: str) -> str:
        """The formula as its author wrote it; "" when no cell holds it."""
        row = self.row(steps)
        column = self._column(row, attribute)
        return row.row.get(column) if row is not None and column in EXPRESSION_COLUMNS else ""

    def row(self, steps: Steps) -> SurveyRow | None:
        """The row of the survey sheet that made the node."""
        number = self.conversion.row_of(path_text(steps))
        return self._rows.get(number) if number is not None else None

    @staticmethod
    def _column(row: SurveyRow | None, attribute: str) -> str:
        column = _COLUMNS.get(attribute, attribute)
        # A computed default value becomes, in the form, a calculation made once.
        if column == "calculation" and row is not None and not row.row.get(column):
            return "default" if row.row.get("default") else column
        return column


def short(text: str) -> str:
    compact = " ".join(text.split())
    return compact if len(compact) <= _SHORT else compact[: _SHORT - 1] + "…"
