"""The stored form of a candidates list's conditions, read strictly. Knows no question.

`{"version": 1, "all": [{"question": …, "operator": …, "values": […]}]}`
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SCHEMA_VERSION = 1
MOST_CONDITIONS = 5
_MOST_VALUES = 50
_LONGEST = 200


class Operator(StrEnum):
    """How an answer is compared. The negative ones need an answer: silence proves nothing."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    CONTAINS_NOT = "contains_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    WITHIN_MONTHS = "within_months"
    WORDS = "words"
    TOLD = "told"
    UNTOLD = "untold"


class CriteriaError(ValueError):
    """A condition that cannot be kept; `str()` is a French message."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`question`: fact, path or directory fact. `values`: codes, one amount, or words."""

    question: str
    operator: Operator
    values: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "question": self.question,
            "operator": self.operator.value,
            "values": list(self.values),
        }


def as_json(conditions: Sequence[Condition]) -> dict[str, Any]:
    """What `CandidateList.conditions` keeps."""
    return {"version": SCHEMA_VERSION, "all": [condition.as_json() for condition in conditions]}


def parse_conditions(stored: Any) -> tuple[Condition, ...]:
    """The stored form read strictly. CriteriaError, in French, on anything else."""
    if not isinstance(stored, dict) or stored.get("version") != SCHEMA_VERSION:
        raise CriteriaError("Les conditions ne sont pas dans une forme connue.")
    parts = stored.get("all")
    if not isinstance(parts, list) or not parts:
        raise CriteriaError("Donnez au moins une condition.")
    if len(parts) > MOST_CONDITIONS:
        raise CriteriaError(f"Au plus {MOST_CONDITIONS} conditions : faites deux listes.")
    return tuple(_condition(part) for part in parts)


def _condition(part: Any) -> Condition:
    if not isinstance(part, dict) or set(part) - {"question", "operator", "values"}:
        raise CriteriaError("Une condition a une question, un opérateur et des valeurs.")
    question, values = part.get("question"), part.get("values", [])
    if not isinstance(question, str) or not question:
        raise CriteriaError("Une condition porte sur une question.")
    try:
        operator = Operator(str(part.get("operator")))
    except ValueError:
        raise CriteriaError("Une condition a un opérateur inconnu.") from None
    if (
        not isinstance(values, list)
        or len(values) > _MOST_VALUES
        or not all(isinstance(value, str) and len(value) <= _LONGEST for value in values)
    ):
        raise CriteriaError("Les valeurs d’une condition sont une liste de textes.")
    return Condition(question, operator, tuple(values))
