"""What was announced compared with what was done, on plain values."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restanque.procedures.concertation.gaps import (
    Announced,
    Done,
    Gap,
    GapKind,
    Period,
    carried,
    gaps_of,
    holes,
)

START, END, TODAY = date(2024, 1, 10), date(2025, 6, 30), date(2025, 9, 1)
RUNNING, OVER = Period(START), Period(START, END)
MEETINGS = Announced(1, "Au moins trois réunions", quantity=3)


def done(key: int, day: date, *carries: int, end: date | None = None, **more: bool | int) -> Done:
    return Done(key, f"Moyen {key}", day, end or day, frozenset(carries), **more)  # type: ignore[arg-type]


def kinds(found: tuple[Gap, ...]) -> list[GapKind]:
    return [one.kind for one in found]


def test_what_is_done_as_announced_leaves_no_gap() -> None:
    means = [done(n, START + timedelta(days=40 * n), 1) for n in (1, 2, 3)]
    assert gaps_of([MEETINGS], means, period=OVER, today=TODAY) == ()


def test_nothing_done_is_said_as_not_yet_then_as_lost() -> None:
    (running,) = gaps_of([MEETINGS], [], period=RUNNING, today=TODAY)
    assert running.kind is GapKind.NOT_DONE
    assert not running.final
    assert "n’est pas encore réalisé" in running.message
    (over,) = gaps_of([MEETINGS], [], period=OVER, today=TODAY)
    assert over.final
    assert "n’a pas été réalisé" in over.message


def test_fewer_than_announced_gives_both_numbers() -> None:
    means = [done(1, date(2024, 3, 1), 1), done(2, date(2024, 5, 1), 1)]
    (gap,) = gaps_of([MEETINGS], means, period=OVER, today=TODAY)
    assert gap.kind is GapKind.FEWER
    assert "3 au moins annoncés, 2\u00a0réalisés" in gap.message


def test_one_line_may_count_for_several() -> None:
    means = [done(1, date(2024, 3, 1), 1, count=3)]
    assert gaps_of([MEETINGS], means, period=OVER, today=TODAY) == ()


def test_what_is_planned_does_not_count_yet() -> None:
    means = [done(1, TODAY + timedelta(days=9), 1, proven=False)]
    (gap,) = gaps_of([MEETINGS], means, period=RUNNING, today=TODAY)
    assert gap.kind is GapKind.NOT_DONE
    assert "1\u00a0prévu" in gap.message
    assert carried(MEETINGS, means, period=RUNNING, today=TODAY).planned == 1


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (START - timedelta(days=1), "avant la prescription"),
        (END + timedelta(days=1), "après l’arrêt"),
    ],
)
def test_outside_the_period_a_means_does_not_count(day: date, words: str) -> None:
    once = Announced(1, "Une exposition", quantity=1)
    found = gaps_of([once], [done(1, day, 1)], period=OVER, today=TODAY)
    assert kinds(found) == [GapKind.NOT_DONE, GapKind.OUTSIDE]
    assert words in found[1].message


@pytest.mark.parametrize("day", [START, END])
def test_both_ends_of_the_period_count(day: date) -> None:
    once = Announced(1, "Une exposition", quantity=1)
    assert gaps_of([once], [done(1, day, 1)], period=OVER, today=TODAY) == ()


def test_without_proof_and_without_file_are_two_things() -> None:
    means = [
        done(1, date(2024, 3, 1), 1, proven=False, has_file=False),
        done(2, date(2024, 3, 2), 1, has_file=False),
    ]
    found = gaps_of([Announced(1, "Presse")], means, period=OVER, today=TODAY)
    assert [(one.kind, one.means) for one in found] == [
        (GapKind.UNPROVEN, 1),
        (GapKind.NO_FILE, 2),
    ]
    assert [one.is_grave for one in found] == [True, False]


def test_what_was_not_announced_is_said_and_is_not_grave() -> None:
    (gap,) = gaps_of([], [done(1, date(2024, 3, 1))], period=OVER, today=TODAY)
    assert gap.kind is GapKind.NOT_ANNOUNCED
    assert not gap.is_grave


def test_what_lasts_throughout_shows_its_holes() -> None:
    register = Announced(1, "Un registre", throughout=True)
    means = [done(1, date(2024, 2, 1), 1, end=date(2025, 1, 31))]
    found = gaps_of([register], means, period=OVER, today=TODAY)
    assert kinds(found) == [GapKind.NOT_THROUGHOUT] * 2
    assert "10 janv. 2024 au 31 janv. 2024" in found[0].message.replace("\u00a0", " ")
    assert "1er févr. 2025 au 30 juin 2025" in found[1].message.replace("\u00a0", " ")


def test_while_it_runs_the_holes_stop_today() -> None:
    means = [done(1, START, 1, end=TODAY)]
    register = Announced(1, "Un registre", throughout=True)
    assert gaps_of([register], means, period=RUNNING, today=TODAY) == ()


_DAYS = st.dates(START - timedelta(days=60), END + timedelta(days=60))


@given(st.lists(st.tuples(_DAYS, st.integers(0, 90)), max_size=8))
def test_holes_and_means_share_the_period_out(spans: list[tuple[date, int]]) -> None:
    means = [
        done(n, day, end=day + timedelta(days=length)) for n, (day, length) in enumerate(spans)
    ]
    free = holes(means, START, END)
    day = START
    while day <= END:
        covered = any(one.start <= day <= one.end for one in means)
        assert covered != any(first <= day <= last for first, last in free)
        day += timedelta(days=1)


@given(st.lists(_DAYS, max_size=8), st.lists(_DAYS, max_size=3))
def test_one_more_means_never_opens_a_gap_in_the_number(days: list[date], more: list[date]) -> None:
    def missing(days: list[date]) -> int:
        means = [done(n, day, 1) for n, day in enumerate(days)]
        return max(0, 3 - carried(MEETINGS, means, period=OVER, today=TODAY).done)

    assert missing(days + more) <= missing(days)
