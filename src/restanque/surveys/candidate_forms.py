"""The form of a candidates list: a few conditions, each shown as its question asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from restanque.kit.text import format_number
from restanque.surveys.analysis.candidates import Answers
from restanque.surveys.analysis.conditions import (
    MOST_CONDITIONS,
    Condition,
    Operator,
    parse_conditions,
)
from restanque.surveys.analysis.criteria import (
    BY_AMOUNT,
    BY_CHOICE,
    OPERATOR_WORDS,
    OPERATORS,
    reference_of,
)
from restanque.surveys.analysis.questions import DO_NOT_KNOW, Question
from restanque.surveys.models import CandidateList

_ROWS = 3


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One line of the form; `question` is None until it is chosen."""

    rank: int
    reference: str = ""
    question: Question | None = None
    operator: str = ""
    values: tuple[str, ...] = ()

    @property
    def operators(self) -> list[tuple[str, str]]:
        """What may be asked of this question."""
        if self.question is None:
            return []
        return [(one.value, OPERATOR_WORDS[one]) for one in OPERATORS[self.question.kind]]

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """(code, label, ticked); « ne sait pas » is « est sans réponse »."""
        if self.question is None:
            return []
        return [
            (code, label, code in self.values)
            for code, label in self.question.choices
            if code not in DO_NOT_KNOW
        ]

    @property
    def typed(self) -> str:
        """The amount or the words."""
        if not self.values or self.choices:
            return ""
        if self.operator in BY_AMOUNT:
            return format_number(self.values[0], 2).removesuffix(",00")
        return self.values[0]

    @property
    def condition(self) -> Condition:
        """As it is kept. CriteriaError and ValueError are for the service."""
        operator = Operator(self.operator) if self.operator in list(Operator) else Operator.TOLD
        return Condition(self.reference, operator, self.values)


@dataclass(frozen=True, slots=True)
class ListForm:
    """Name, words, conditions and what is wrong with them."""

    name: str
    description: str
    rows: tuple[ConditionRow, ...]
    parts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    errors: tuple[str, ...] = field(default=())

    @property
    def conditions(self) -> list[Condition]:
        """The lines that name a question."""
        return [row.condition for row in self.rows if row.reference]

    @classmethod
    def of(cls, found: CandidateList | None, answers: Answers) -> "ListForm":
        """As stored; empty for a new list."""
        stored = parse_conditions(found.conditions) if found is not None else ()
        rows = [
            _row(answers.questions, rank, one.question, one.operator.value, one.values)
            for rank, one in enumerate(stored, 1)
        ]
        rows += [ConditionRow(rank) for rank in range(len(rows) + 1, _ROWS + 1)]
        return cls(
            found.name if found else "", found.description if found else "", tuple(rows),
            _parts(answers),
        )  # fmt: skip

    @classmethod
    def posted(cls, data: QueryDict, answers: Answers) -> "ListForm":
        """As typed."""
        rows = []
        for rank in range(1, MOST_CONDITIONS + 1):
            reference = data.get(f"question-{rank}", "")
            if not reference and rank > _ROWS:
                continue
            operator = data.get(f"operator-{rank}", "")
            values: Sequence[str] = data.getlist(f"value-{rank}")
            if operator not in BY_CHOICE:
                values = [data.get(f"typed-{rank}", "")]
            rows.append(_row(answers.questions, rank, reference, operator, tuple(values)))
        return cls(data.get("name", ""), data.get("description", ""), tuple(rows), _parts(answers))


def _row(
    questions: Mapping[str, Question],
    rank: int,
    reference: str,
    operator: str,
    values: tuple[str, ...],
) -> ConditionRow:
    found = questions.get(reference)
    if found is not None and operator not in {one.value for one in OPERATORS[found.kind]}:
        # The question was just chosen, or changed: its first operator.
        operator, values = OPERATORS[found.kind][0].value, ()
    return ConditionRow(rank, reference, found, operator, values)


def _parts(answers: Answers) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Every question that may be asked of, by part of the questionnaire."""
    parts: dict[str, list[tuple[str, str]]] = {}
    for one in (*answers.dataset.questions, *answers.directory.questions):
        parts.setdefault(one.page, []).append((reference_of(one), one.label))
    return tuple((page, tuple(pairs)) for page, pairs in parts.items())
