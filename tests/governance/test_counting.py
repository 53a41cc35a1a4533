"""Who is there, whose voices count, what a vote decides: pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restanque.governance.counting import Bench, Outcome, crowded, result_of, tally

SEATS = frozenset(range(1, 8))


def test_a_proxy_votes_but_fills_no_seat() -> None:
    floor = Bench(SEATS, frozenset({1, 2, 3}), proxies={4: 1}).at(0)
    assert floor.present == 3
    assert floor.voices == 4
    assert floor.voting_seats == {1, 2, 3, 4}


def test_a_proxy_sleeps_while_its_giver_is_there() -> None:
    bench = Bench(SEATS, frozenset({1, 2, 4}), moves=({}, {4: False}), proxies={4: 1})
    assert bench.at(0).carried == {}
    assert bench.at(1).carried == {4: 1}


def test_a_proxy_falls_when_its_holder_leaves() -> None:
    bench = Bench(SEATS, frozenset({1, 2}), moves=({1: False},), proxies={4: 1})
    assert bench.at(0).carried == {}
    assert bench.at(0).voices == 1


def test_a_substitute_fills_the_seat_of_who_is_away_and_gives_it_back() -> None:
    bench = Bench(SEATS, frozenset({1, 20}), moves=({}, {2: True}), replaces={20: 2})
    assert bench.at(0).filled == {1: 1, 2: 20}
    assert bench.at(1).filled == {1: 1, 2: 2}
    assert bench.at(1).present == 2


def test_a_substitute_makes_the_proxy_of_the_seat_useless() -> None:
    floor = Bench(SEATS, frozenset({1, 20}), replaces={20: 2}, proxies={2: 1}).at(0)
    assert floor.voices == 2


def test_movements_hold_until_the_next_one() -> None:
    bench = Bench(SEATS, frozenset({1, 2}), moves=({}, {2: False}, {}, {2: True, 3: True}))
    assert [sorted(bench.there(rank)) for rank in range(4)] == [[1, 2], [1], [1], [1, 2, 3]]


def test_who_carries_too_many_proxies_is_named() -> None:
    assert crowded({2: 1, 3: 1, 4: 5}, 1) == {1}
    assert crowded({2: 1, 3: 1, 4: 5}, 2) == frozenset()


@pytest.mark.parametrize(
    ("count", "outcome", "words"),
    [
        ({"votes_for": 5, "votes_against": 0}, Outcome.ADOPTED, "unanimité"),
        ({"votes_for": 3, "votes_against": 2}, Outcome.ADOPTED, "majorité"),
        ({"votes_for": 2, "votes_against": 3}, Outcome.REJECTED, "Rejetée"),
        ({"votes_for": 0, "votes_against": 0}, Outcome.REJECTED, "Aucun suffrage exprimé"),
        (
            {"votes_for": 3, "votes_against": 3, "chair_choice": "for"},
            Outcome.ADOPTED,
            "la voix du président",
        ),
        (
            {"votes_for": 3, "votes_against": 3, "chair_choice": "against"},
            Outcome.REJECTED,
            "la voix du président",
        ),
        (
            {"votes_for": 3, "votes_against": 3, "chair_choice": "abstain"},
            Outcome.REJECTED,
            "ni pour ni contre",
        ),
        ({"votes_for": 3, "votes_against": 3, "secret": True}, Outcome.REJECTED, "bulletin secret"),
    ],
)
def test_the_majority_is_of_the_votes_cast(
    count: dict[str, object], outcome: Outcome, words: str
) -> None:
    found = result_of(**count)  # type: ignore[arg-type]
    assert found.outcome is outcome
    assert words in found.reason


def test_a_tally_counts_each_choice() -> None:
    assert tally(["for", "abstain", "for"]) == {
        "for": 2,
        "against": 0,
        "abstain": 1,
        "no_part": 0,
    }


_PEOPLE = st.frozensets(st.integers(1, 12))


@given(
    opening=_PEOPLE,
    moves=st.lists(st.dictionaries(st.integers(1, 12), st.booleans(), max_size=4), max_size=5),
    replaces=st.dictionaries(st.integers(8, 12), st.integers(1, 7), max_size=3),
    proxies=st.dictionaries(st.integers(1, 7), st.integers(1, 12), max_size=5),
    rank=st.integers(0, 5),
)
def test_no_seat_speaks_twice_and_no_absent_holder_votes(
    opening: frozenset[int],
    moves: list[dict[int, bool]],
    replaces: dict[int, int],
    proxies: dict[int, int],
    rank: int,
) -> None:
    bench = Bench(SEATS, opening, tuple(moves), replaces, proxies)
    floor = bench.at(rank)
    there = bench.there(rank)
    assert floor.present <= floor.in_office == len(SEATS)
    assert floor.voices == len(floor.voting_seats) <= len(SEATS)
    assert set(floor.filled.values()) <= there
    assert set(floor.carried.values()) <= set(floor.filled.values())
    assert not set(floor.carried) & set(floor.filled)
