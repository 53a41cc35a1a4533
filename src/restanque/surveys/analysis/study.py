"""A campaign as a statistical study: population, weights, and figures with what limits them.

The unit is the **commune**. The answer of a commune is that of its mairie; when several mairies
of one commune answered, the latest. Answers of other organisations, or from communes outside the
territory, stand for nobody: they are counted in `outside` and have no weight. When no mairie was
invited at all, the campaign has no complete list behind it and weights are refused.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property

import numpy as np

from restanque.directory.nomenclature import Kind as OrganisationKind
from restanque.engine.estimation import (
    CellPlan,
    Design,
    Estimate,
    EstimationError,
    Weighting,
    mean,
    quantile,
    share,
    total,
    total_by_ratio,
    weigh,
)
from restanque.surveys.analysis.columns import (
    BoolArray,
    Column,
    FloatArray,
    choices_of,
    column_of,
)
from restanque.surveys.analysis.data import Dataset, Row, Unit
from restanque.surveys.analysis.estimating import Estimator
from restanque.surveys.analysis.figure import Figure, ShareLine
from restanque.surveys.analysis.groups import Group, groups_by_place, groups_by_question
from restanque.surveys.analysis.method import Method, method_of
from restanque.surveys.analysis.population import Place, Population, population_of
from restanque.surveys.analysis.questions import Question
from restanque.surveys.analysis.weights import Weight, weights_of
from restanque.surveys.models import Campaign, Invitation
from restanque.surveys.models.answers import ResponseStatus

# Quantities that are nothing, and not unknown, where there is no canteen.
QUANTITIES = frozenset(
    {
        "need.meals_per_day", "need.kg_per_day", "need.kg_per_week", "need.kg_per_year",
        "need.pieces_per_day", "need.annual_budget", "canteen.site_count",
    }
)  # fmt: skip
HAS_CANTEEN = "canteen.has_canteen"
NO = frozenset({"non", "0", "false", "no"})

NO_MAIRIE = (
    "Aucune mairie n’est invitée à cette campagne : il n’y a pas de liste complète d’unités à "
    "représenter. Les chiffres décrivent les répondants, et eux seuls."
)
NO_COMMUNE = "Le territoire n’a aucune commune à cette date : rien ne peut être estimé."
RECEIVED = (ResponseStatus.SUBMITTED.value, ResponseStatus.VALIDATED.value)


class UnknownQuestionError(LookupError):
    """No question has this key, fact or path in the campaign's questionnaire."""


class Study:
    """Weighted estimates of a campaign. Every reading is made once and kept; writes nothing.

    `today` dates the perimeter while the campaign lasts; `statuses` are the answers that count.
    """

    def __init__(
        self,
        campaign: Campaign,
        *,
        today: date,
        statuses: Sequence[str] = (ResponseStatus.VALIDATED.value,),
        dataset: Dataset | None = None,
        population: Population | None = None,
    ) -> None:
        self.campaign, self.today = campaign, today
        self.dataset = dataset or Dataset(campaign, statuses=statuses)
        self.statuses = tuple(self.dataset.statuses)
        if population is not None:
            self.population = population
        self._columns: dict[str, Column] = {}

    # Who

    @cached_property
    def population(self) -> Population:
        """The communes of the territory, and which stand only for themselves."""
        return population_of(self.campaign, today=self.today)

    @cached_property
    def answers(self) -> dict[str, Row]:
        """INSEE code → the answer that is its commune's."""
        places = self.population.codes
        kept: dict[str, Row] = {}
        mairies = [row for row in self.dataset.rows if row.kind == OrganisationKind.MAIRIE]
        for row in sorted(mairies, key=lambda row: (str(row.submitted_at or ""), row.response)):
            if row.commune is not None and row.commune.code in places:
                kept[row.commune.code] = row
        return kept

    @cached_property
    def respondents(self) -> tuple[Row, ...]:
        """The answers that are weighted, in the order of the population."""
        return tuple(
            self.answers[place.code]
            for place in self.population.places
            if place.code in self.answers
        )

    @cached_property
    def outside(self) -> tuple[Row, ...]:
        """Answers that stand for nobody: other organisations, other communes, doubles."""
        inside = {row.response for row in self.respondents}
        return tuple(row for row in self.dataset.rows if row.response not in inside)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The commune of each respondent."""
        return tuple(place for place in self.population.places if place.code in self.answers)

    @cached_property
    def mairies_invited(self) -> int:
        """How many mairies were invited."""
        return Invitation.objects.filter(
            campaign=self.campaign, organisation__kind=OrganisationKind.MAIRIE
        ).count()

    # Weights

    @cached_property
    def _weighed(self) -> tuple[Weighting | None, str]:
        """The weights, or why there are none."""
        if not self.mairies_invited:
            return None, NO_MAIRIE
        if not self.population.places:
            return None, NO_COMMUNE
        try:
            return weigh(self.population.frame, self.responded), ""
        except EstimationError as error:
            return None, str(error)

    @property
    def weighting(self) -> Weighting | None:
        """What the engine made; None when refused."""
        return self._weighed[0]

    @property
    def refusal(self) -> str:
        """Why there are no weights, in French; "" when there are."""
        return self._weighed[1]

    @property
    def plan(self) -> CellPlan | None:
        """Weight cells and the merges, named; None when refused."""
        return self.weighting.plan if self.weighting is not None else None

    @cached_property
    def weights(self) -> tuple[Weight, ...]:
        """One an answer of the dataset, in its order; None for those that stand for nobody."""
        return weights_of(self.dataset.rows, self.respondents, self.weighting)

    @cached_property
    def weight_by_invitation(self) -> dict[int, float]:
        """Invitation → weight, for those that have one."""
        return {one.row.invitation: one.value for one in self.weights if one.value is not None}

    @cached_property
    def method(self) -> Method:
        """What the method box says."""
        return method_of(self)

    # Questions

    @property
    def questions(self) -> list[Question]:
        """Every question that can be counted."""
        return self.dataset.questions

    def question(self, which: Question | str) -> Question:
        """A question by itself, its key, its fact or its path. UnknownQuestionError."""
        if isinstance(which, Question):
            return which
        for name in ("key", "fact", "path"):
            for one in self.questions:
                if which and getattr(one, name) == which:
                    return one
        raise UnknownQuestionError(f"Aucune question « {which} » dans ce questionnaire.")

    def has(self, which: str) -> bool:
        """Whether the questionnaire has a question of this key, fact or path."""
        try:
            self.question(which)
        except UnknownQuestionError:
            return False
        return True

    def column(self, which: Question | str) -> Column:
        """Its answers over the respondents. A question of a series counts once a commune."""
        question = self.question(which)
        if question.key not in self._columns:
            units: dict[int, list[Unit]] = {}
            for unit in self.dataset.units(question):
                units.setdefault(unit.row.invitation, []).append(unit)
            order = [row.invitation for row in self.respondents]
            column = column_of(question, order, units)
            self._columns[question.key] = self._without_canteens(question, column)
        return self._columns[question.key]

    def choices(self, which: Question | str) -> list[tuple[str, str]]:
        """(code, label) of what a question's shares are of."""
        question = self.question(which)
        return choices_of(question, self.column(question))

    # Groups

    def by(self, which: Question | str) -> tuple[Group, ...]:
        """Groups of respondents: « epci », « zone », « taille », or the choices of a question.

        A question with several choices makes groups that overlap; a number makes four by its
        quartiles. Give one as `within` to any figure. UnknownQuestionError.
        """
        if isinstance(which, str) and which in ("epci", "zone", "taille"):
            return groups_by_place(which, self.population, self.places)
        question = self.question(which)
        return groups_by_question(question, self.column(question), self.choices(question))

    # Figures

    def share(
        self, which: Question | str, value: str | Iterable[str], *, within: Group | None = None
    ) -> Figure:
        """Share of the communes asked that gave this answer, or one of these."""
        column = self.column(which)
        codes = {value} if isinstance(value, str) else set(value)
        yes = np.array(
            [np.nan if told is None else float(bool(told & codes)) for told in column.values]
        )
        return self._share(yes, column.concerned, within)

    def shares(
        self, which: Question | str, *, within: Group | None = None
    ) -> tuple[ShareLine, ...]:
        """Each choice and its share; several choices: one 0/1 row each, over 1 together."""
        column = self.column(which)
        return tuple(
            ShareLine(code, label, self._share(column.ticks(code), column.concerned, within))
            for code, label in self.choices(which)
        )

    def mean(self, which: Question | str, *, within: Group | None = None) -> Figure:
        """Mean of a number over the communes asked."""
        column = self.column(which)
        domain = _inside(column.concerned, within)
        return self.estimator.figure(column.numbers, domain, mean, _mean)

    def total(
        self, which: Question | str, *, within: Group | None = None, by_population: bool = False
    ) -> Figure:
        """Total of a number over the population that answers stand for (« hors X » if silent).

        Where there is no canteen a quantity is zero; where it was not told it is unknown.
        `by_population` goes by the ratio to inhabitants (better when y grows with the town): it
        is left aside inside a group, and when a population is unknown.
        """
        y, domain = self._quantity(self.question(which))
        if by_population and within is None and self._sizes is not None:
            whole = np.ones(len(y), dtype=np.bool_)
            filled = np.where(domain, y, 0.0)
            return self.estimator.figure(filled, whole, self._by_size, _sum)
        domain = _inside(domain, within)
        nonnegative = not (y[domain & ~np.isnan(y)] < 0).any()

        def estimate(design: Design, values: FloatArray, *, domain: BoolArray | None) -> Estimate:
            return total(design, values, domain=domain, nonnegative=nonnegative)

        return self.estimator.figure(y, domain, estimate, _sum)

    def ratio(
        self,
        numerator: Question | str,
        denominator: Question | str,
        *,
        within: Group | None = None,
    ) -> Figure:
        """Σ y / Σ x over the communes that told both (euros for each kilo)."""
        up, down = self.column(numerator), self.column(denominator)
        both = ~np.isnan(up.numbers) & ~np.isnan(down.numbers)
        y, x = np.where(both, up.numbers, np.nan), np.where(both, down.numbers, np.nan)
        domain = _inside(up.concerned & down.concerned, within)
        return self.estimator.ratio(y, x, domain)

    def quantile(
        self, which: Question | str, probability: float = 0.5, *, within: Group | None = None
    ) -> Figure:
        """The amount under which this share of the communes lies; the median by default."""
        column = self.column(which)

        def estimate(design: Design, values: FloatArray, *, domain: BoolArray | None) -> Estimate:
            return quantile(design, values, probability, domain=domain)

        def bare(values: FloatArray) -> float:
            return float(np.quantile(values, probability, method="averaged_inverted_cdf"))

        domain = _inside(column.concerned, within)
        return self.estimator.figure(column.numbers, domain, estimate, bare)

    def quantiles(
        self, which: Question | str, *, within: Group | None = None
    ) -> tuple[Figure, Figure, Figure]:
        """First quartile, median, third quartile."""
        first, middle, third = (self.quantile(which, p, within=within) for p in (0.25, 0.5, 0.75))
        return first, middle, third

    # How

    def _without_canteens(self, question: Question, column: Column) -> Column:
        """A calculated need is computed for everybody: communes without canteen are not asked."""
        if not question.calculated or not (bare := self.without_canteen).any():
            return column
        values = tuple(
            None if absent else value
            for value, absent in zip(column.values, bare.tolist(), strict=True)
        )
        numbers = np.where(bare, np.nan, column.numbers)
        return Column(column.concerned & ~bare, values, numbers)

    @cached_property
    def without_canteen(self) -> BoolArray:
        """(n,): the respondents who said that they have no canteen."""
        if not self.has(HAS_CANTEEN):
            return np.zeros(len(self.respondents), dtype=np.bool_)
        told = self.column(HAS_CANTEEN).values
        return np.array([value is not None and value <= NO for value in told], dtype=np.bool_)

    def _quantity(self, question: Question) -> tuple[FloatArray, BoolArray]:
        """y and domain of a total: zero without canteen, unknown where it was not told."""
        column = self.column(question)
        y = column.numbers.copy()
        if question.fact not in QUANTITIES and not question.calculated:
            return y, column.concerned
        y[self.without_canteen] = 0.0
        return y, np.ones(len(y), dtype=np.bool_)

    @cached_property
    def _sizes(self) -> FloatArray | None:
        """(N,) inhabitants, None when one is unknown or nothing is weighted."""
        if self.weighting is None or not all(p.inhabitants for p in self.population.places):
            return None
        return np.array([float(p.inhabitants or 0) for p in self.population.places])

    def _by_size(self, design: Design, y: FloatArray, *, domain: BoolArray | None) -> Estimate:
        """A total by its ratio to inhabitants; the design's units are found by their names."""
        sizes = self._sizes
        if sizes is None:
            raise TypeError("Inhabitants are unknown.")
        of_unit = dict(zip(self.population.frame.units, sizes.tolist(), strict=True))
        size = [of_unit[unit] for unit in design.units]
        others = self.population.frame.others_total(sizes)
        return total_by_ratio(design, y, size, others, nonnegative=True)

    def _share(self, yes: FloatArray, concerned: BoolArray, within: Group | None) -> Figure:
        domain = _inside(concerned, within)
        count = int(np.nansum(np.where(domain, yes, 0.0)))
        return self.estimator.figure(yes, domain, share, _mean, count=count)

    @cached_property
    def estimator(self) -> Estimator:
        """Figures of arrays over the respondents that are no question of the form."""
        return Estimator(self.population.frame, self.responded, self.weighting, self.refusal)

    @cached_property
    def responded(self) -> BoolArray:
        """(N,): whose commune answered, over the population."""
        codes = [place.code in self.answers for place in self.population.places]
        return np.array(codes, dtype=np.bool_)


def _inside(concerned: BoolArray, within: Group | None) -> BoolArray:
    return concerned if within is None else concerned & within.rows


def _mean(values: FloatArray) -> float:
    return float(values.mean())


def _sum(values: FloatArray) -> float:
    return float(values.sum())
