"""Files taken in: shown first, applied partly, reported row by row, undone."""

from restanque.core.imports.declaration import Importer, RowPlan, RowProblem, UndoRefused
from restanque.core.imports.registry import register
from restanque.core.imports.services import run_import

__all__ = ["Importer", "RowPlan", "RowProblem", "UndoRefused", "register", "run_import"]
