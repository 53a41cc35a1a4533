"""What is said of an estimate is true for every value of its interval."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restanque.engine.estimation import Estimate
from restanque.surveys.report import sentences as say
from tests.typography import faults_of


def estimate(
    value: float | None,
    interval: tuple[float, float] | None = None,
    *,
    n: int = 72,
    unweighted: float | None = None,
) -> Estimate:
    """An estimate as the engine gives them."""
    return Estimate(
        value=value,
        standard_error=None,
        interval=interval,
        n=n,
        n_missing=0,
        population=121.0,
        population_estimated=False,
        design_effect=None,
        degrees_of_freedom=None,
        unweighted=value if unweighted is None else unweighted,
        method="logit" if interval else "none",
        level=0.95,
    )


@st.composite
def shares(draw: st.DrawFn) -> Estimate:
    low, value, high = sorted(draw(st.tuples(*[st.floats(0, 1)] * 3)))
    return estimate(value, (low, high), n=draw(st.integers(5, 121)))


@st.composite
def amounts(draw: st.DrawFn) -> Estimate:
    low, value, high = sorted(draw(st.tuples(*[st.floats(0.01, 1e6)] * 3)))
    return estimate(value, (low, high))


QUANTITIES = [
    (0.62, (0.53, 0.71), "la majorité des communes"),
    (0.69, (0.62, 0.75), "environ les deux tiers des communes"),
    (0.84, (0.77, 0.90), "plus des trois quarts des communes"),
    (0.97, (0.92, 1.0), "plus de neuf communes sur dix"),
    (0.38, (0.29, 0.48), "plus d’un quart et moins de la moitié des communes"),
    (0.42, (0.35, 0.49), "plus d’un tiers et moins de la moitié des communes"),
    (0.49, (0.42, 0.57), "environ la moitié des communes"),
    (0.56, (0.51, 0.60), "la majorité des communes"),
    (0.34, (0.27, 0.41), "environ un tiers des communes"),
    (0.45, (0.30, 0.61), "plus d’un quart des communes"),
    (0.04, (0.01, 0.08), "moins d’une commune sur dix"),
    (0.12, (0.05, 0.24), "moins d’un quart des communes"),
    (0.50, (0.08, 0.95), ""),
]


@pytest.mark.parametrize(("value", "interval", "words"), QUANTITIES)
def test_quantities_in_words(value: float, interval: tuple[float, float], words: str) -> None:
    assert say.quantifier(*interval, value) == words


def test_a_share_is_said_with_its_figures() -> None:
    sentence = say.share_sentence(estimate(0.62, (0.534, 0.701)), "achètent à un artisan")
    assert sentence == (
        "La majorité des communes achètent à un artisan (62\u00a0%, entre 53 et 71\u00a0%)."
    )


def test_a_share_across_one_half_says_that_the_side_is_unknown() -> None:
    sentence = say.share_sentence(estimate(0.45, (0.30, 0.61)), "achètent à un artisan")
    assert "on ne peut pas dire si c’est plus ou moins de la moitié" in sentence


def test_a_share_of_few_answers_is_not_commented() -> None:
    sentence = say.share_sentence(estimate(0.5, (0.2, 0.8), n=4), "servent du bio")
    assert sentence == "Trop peu de réponses (4) pour en tirer un chiffre."


def test_a_share_without_interval_speaks_of_the_answers_only() -> None:
    sentence = say.share_sentence(estimate(0.6, None, n=10), "servent du bio")
    assert sentence.startswith("Sur 10 communes qui ont répondu, 6 servent du bio")


FRACTIONS = {
    "neuf communes sur dix": 0.9,
    "trois quarts": 0.75,
    "deux tiers": 2 / 3,
    "la moitié": 0.5,
    "majorité": 0.5,
    "un tiers": 1 / 3,
    "un quart": 0.25,
    "une commune sur dix": 0.1,
}


@given(shares())
def test_the_majority_is_never_said_when_one_half_is_possible(found: Estimate) -> None:
    assert found.interval is not None
    if "majorité" in say.share_sentence(found, "servent du bio"):
        assert found.interval[0] > 0.5


@given(shares())
def test_every_bound_said_is_outside_the_interval(found: Estimate) -> None:
    assert found.interval is not None
    low, high = found.interval
    words = say.quantifier(low, high, found.value or 0.0).replace("majorité", "plus de la moitié")
    for name, fraction in FRACTIONS.items():
        if re.search(f"plus (de |d’|des ){name}", words):
            assert low > fraction, words
        if re.search(f"moins (de |d’|des ){name}", words):
            assert high < fraction, words
        if re.search(f"environ (les )?{name}", words):
            assert fraction - say.NEAR <= low, words
            assert high <= fraction + say.NEAR, words


@given(shares())
def test_the_bounds_of_a_share_are_rounded_outwards(found: Estimate) -> None:
    assert found.interval is not None
    low, high = (int(part) for part in re.findall(r"\d+", say.share_bounds(*found.interval)))
    assert low <= 100 * found.interval[0] + 1e-6
    assert high >= 100 * found.interval[1] - 1e-6
    assert high - low <= 100 * (found.interval[1] - found.interval[0]) + 2


@given(amounts())
def test_the_bounds_of_an_amount_hold_its_interval(found: Estimate) -> None:
    assert found.interval is not None
    value, bounds = say.amount_parts(found)
    if not bounds:
        return
    numbers = [float(part.replace("\u202f", "").replace(",", "."))
               for part in re.findall(r"[\d\u202f]+(?:,\d+)?", bounds)]  # fmt: skip
    assert numbers[0] <= found.interval[0] * (1 + 1e-6) + 1e-9
    assert numbers[1] >= found.interval[1] * (1 - 1e-6) - 1e-9
    assert (
        numbers[0] - 1e-9
        <= float(value.replace("\u202f", "").replace(",", "."))
        <= numbers[1] + 1e-9
    )


def test_an_amount_is_no_finer_than_its_interval() -> None:
    found = estimate(5212.7, (4632.1, 5861.3))
    assert say.amount_figures(found, "kg") == "5\u202f200\u00a0kg, entre 4\u202f600 et 5\u202f900"


def test_a_wide_amount_is_an_order_of_magnitude() -> None:
    said = say.amount_sentence(estimate(5200, (3000, 8100)), "Les cantines achètent", "kg par jour")
    assert said.startswith("Les cantines achètent de l’ordre de 5\u202f200\u00a0kg par jour (entre")


RANKS = [("A", estimate(0.72, (0.64, 0.79))), ("B", estimate(0.66, (0.57, 0.74))),
         ("C", estimate(0.31, (0.22, 0.41)))]  # fmt: skip


def test_the_first_place_is_shared_as_long_as_nothing_decides() -> None:
    leading = say.leaders(RANKS, lambda row: row[1])
    assert [label for label, _ in leading] == ["A", "B"]
    said = say.first_sentence(leading, what="piste")
    assert "sans qu’on puisse les départager" in said
    assert "«\u00a0C\u00a0»" not in said


def test_the_first_place_is_given_when_it_is_sure() -> None:
    leading = say.leaders([RANKS[0], RANKS[2]], lambda row: row[1])
    assert say.first_sentence(leading, what="piste").startswith("Vient en tête")


def test_many_possible_leaders_are_counted_and_three_named() -> None:
    tied = [(f"P{rank}", estimate(0.5 - rank / 100, (0.4, 0.6))) for rank in range(5)]
    said = say.first_sentence(say.leaders(tied, lambda row: row[1]), what="piste")
    assert said.startswith("Cinq pistes peuvent venir en tête")
    assert "P2" in said
    assert "P3" not in said


def test_leaders_never_skip_a_higher_figure() -> None:
    rows = [("A", estimate(0.61, (0.53, 0.69))), ("B", estimate(0.49, (0.40, 0.52))),
            ("C", estimate(0.48, (0.40, 0.56)))]  # fmt: skip
    assert [label for label, _ in say.leaders(rows, lambda row: row[1])] == ["A", "B", "C"]


@given(st.lists(shares(), min_size=1, max_size=6))
def test_whoever_may_be_first_is_among_the_leaders(rows: list[Estimate]) -> None:
    leading = say.leaders(rows, lambda row: row)
    highest = max(rows, key=lambda row: row.value or 0)
    assert highest.interval is not None
    for row in rows:
        assert row.interval is not None
        if row.value and row.interval[1] >= highest.interval[0] and highest.value:
            assert any(one is row for one in leading)


@given(shares(), shares())
def test_a_difference_is_said_only_when_intervals_are_apart(one: Estimate, two: Estimate) -> None:
    assert one.interval is not None
    assert two.interval is not None
    said = say.difference_sentence("le bio", one, "le reste", two, more="plus cher")
    overlap = one.interval[0] <= two.interval[1] and two.interval[0] <= one.interval[1]
    assert said.startswith("On ne peut pas dire") == overlap


@pytest.mark.parametrize(
    ("answered", "invited", "margin", "start"),
    [
        (77, 121, 0.09, "Oui, pour les grandes tendances"),
        (40, 121, 0.09, "Avec prudence"),
        (77, 121, 0.18, "Avec prudence"),
        (12, 121, 0.31, "Pas pour un chiffre précis"),
        (3, 121, None, "Non"),
    ],
)
def test_how_far_figures_can_be_trusted(
    answered: int, invited: int, margin: float | None, start: str
) -> None:
    assert say.trust(answered, invited, margin).startswith(start)


@given(shares(), amounts())
def test_sentences_are_set_the_french_way(share: Estimate, amount: Estimate) -> None:
    said = [
        say.share_sentence(share, "servent du bio"),
        say.amount_sentence(amount, "Les cantines achètent", "kg"),
        say.first_sentence(say.leaders([("A", share)], lambda row: row[1]), what="piste"),
        say.difference_sentence("le bio", share, "le reste", share, more="plus cher"),
        say.trust(77, 121, 0.09),
        say.participation(77, 121),
    ]
    for sentence in said:
        assert faults_of(sentence) == [], sentence
        assert "  " not in sentence


def test_participation_is_said_with_its_denominator() -> None:
    assert say.participation(77, 121) == "77\u00a0communes sur 121 ont répondu (64\u00a0%)."
    assert say.participation(1, 1) == "1\u00a0commune sur 1 a répondu (100\u00a0%)."
    assert say.participation(0, 0) == "Aucune commune n’a été interrogée."
