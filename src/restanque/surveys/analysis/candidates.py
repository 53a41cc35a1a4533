"""« Communes qui souhaitent X et n’ont pas Y »: who meets the conditions of a list, and why.

Public to higher rooms (programme, outreach, groups):

    from restanque.surveys.analysis import candidates

    for one in candidates.members(candidate_list, today=today):
        one.organisation_pk, one.commune, one.reasons  # each (condition, answer) in words

Reading only; a few queries whatever the number of answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from restanque.surveys.analysis.conditions import Condition, CriteriaError, parse_conditions
from restanque.surveys.analysis.criteria import check, meets, words_of
from restanque.surveys.analysis.data import RECEIVED, Dataset, Row, Unit
from restanque.surveys.analysis.directory_facts import DIRECTORY, DirectoryFacts
from restanque.surveys.analysis.questions import Question
from restanque.surveys.models import Campaign, CandidateList
from restanque.territories.models import Commune


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition, in words, its question, and the answer that meets it."""

    condition: str
    answer: str
    question: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation on a list. `status` is its answer's (submitted, validated)."""

    organisation_pk: int
    organisation: str
    commune: Commune | None
    invitation: int
    status: str
    reasons: tuple[Reason, ...]


class Answers:
    """The answers of a campaign, ready for several lists."""

    def __init__(
        self,
        campaign: Campaign,
        *,
        today: date,
        statuses: Sequence[str] = RECEIVED,
        dataset: Dataset | None = None,
    ) -> None:
        self.campaign, self.today = campaign, today
        self.dataset = dataset or Dataset(campaign, statuses=statuses)
        self._units: dict[str, dict[int, list[Unit]]] = {}

    @cached_property
    def directory(self) -> DirectoryFacts:
        """What the directory and the territory know."""
        return DirectoryFacts(self.campaign, self.dataset.rows, self.today)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Reference (fact, path, key) → question, those of the directory too."""
        found: dict[str, Question] = {}
        for one in (*self.dataset.questions, *self.directory.questions):
            for name in (one.fact, one.path, one.key):
                if name:
                    found.setdefault(name, one)
        return found

    def members(self, conditions: Iterable[Condition]) -> tuple[Candidate, ...]:
        """Who meets every condition, by name. A condition on an absent question meets nobody."""
        kept = list(conditions)
        found = []
        for row in self.dataset.rows if kept else ():
            reasons = self._reasons(kept, row)
            if reasons is not None:
                found.append(
                    Candidate(
                        row.organisation_pk,
                        row.organisation,
                        row.commune,
                        row.invitation,
                        row.status,
                        reasons,
                    )
                )
        return tuple(found)

    def checked(self, conditions: Iterable[Condition]) -> tuple[Condition, ...]:
        """The conditions, made fit for this questionnaire. CriteriaError says what to mend."""
        made = []
        for condition in conditions:
            question = self.questions.get(condition.question)
            if question is None:
                raise CriteriaError(
                    f"Aucune question « {condition.question} » dans ce questionnaire."
                )
            made.append(check(condition, question))
        return tuple(made)

    def words(self, conditions: Iterable[Condition]) -> list[str]:
        """Each condition in words."""
        return [words_of(one, self.questions.get(one.question)) for one in conditions]

    def _reasons(self, conditions: Sequence[Condition], row: Row) -> tuple[Reason, ...] | None:
        """Why this answer meets all of them; None when it does not."""
        reasons = []
        for condition in conditions:
            question = self.questions.get(condition.question)
            if question is None:
                return None
            answer = meets(condition, question, self._of(question, row), self.today)
            if answer is None:
                return None
            reasons.append(Reason(words_of(condition, question), answer, question.label))
        return tuple(reasons)

    def _of(self, question: Question, row: Row) -> list[Unit]:
        if question.key not in self._units:
            units: dict[int, list[Unit]] = {}
            for unit in self._every(question):
                units.setdefault(unit.row.response, []).append(unit)
            self._units[question.key] = units
        return self._units[question.key].get(row.response, [])

    def _every(self, question: Question) -> Iterable[Unit]:
        if question.page == DIRECTORY:
            return self.directory.units(question)
        return self.dataset.units(question)


def members(
    candidate_list: CandidateList,
    *,
    today: date,
    statuses: Sequence[str] = RECEIVED,
    answers: Answers | None = None,
) -> tuple[Candidate, ...]:
    """The organisations that meet a list today, by name, each with why.

    Answers received count, validated or not (`status` says which); `answers` is shared when
    several lists of one campaign are read.
    """
    answers = answers or Answers(candidate_list.campaign, today=today, statuses=statuses)
    return answers.members(parse_conditions(candidate_list.conditions))
