"""Periods are counted as a lawyer counts them, forwards and backwards."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from restanque.engine.deadlines import (
    DeadlineError,
    Suspension,
    add_months,
    carry_back,
    carry_over,
    clear_days_between,
    closed_days,
    end_of,
    end_with,
    french_holidays,
    latest_start,
    legal_date,
)
from restanque.engine.law import Period, Unit
from tests.engine.deadlines.cases import PERIODS, Case

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
PERIODS_DRAWN = st.builds(Period, st.integers(1, 200), st.sampled_from(Unit))
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize("case", PERIODS, ids=lambda case: case.what)
def test_a_period_ends_on_the_day_of_the_table(case: Case) -> None:
    assert end_of(case.start, case.period) == case.end


@given(DAYS, st.integers(-600, 600))
def test_months_agree_with_dateutil(start: date, months: int) -> None:
    assert add_months(start, months) == start + relativedelta(months=months)


@given(DAYS, st.integers(1, 60))
def test_years_agree_with_dateutil(start: date, years: int) -> None:
    assert end_of(start, Period(years, Unit.YEARS)) == start + relativedelta(years=years)


@given(DAYS, PERIODS_DRAWN)
def test_the_latest_start_is_the_exact_inverse(end: date, period: Period) -> None:
    start = latest_start(end, period)
    assert end_of(start, period) <= end
    assert end_of(start + ONE_DAY, period) > end


@given(DAYS, PERIODS_DRAWN)
def test_going_forth_and_back_never_comes_earlier(start: date, period: Period) -> None:
    assert latest_start(end_of(start, period), period) >= start


@given(DAYS, DAYS, PERIODS_DRAWN)
def test_a_later_start_never_ends_earlier(one: date, other: date, period: Period) -> None:
    first, second = sorted((one, other))
    assert end_of(first, period) <= end_of(second, period)


@given(DAYS, st.integers(1, 200), st.sampled_from((Unit.MONTHS, Unit.YEARS)))
def test_months_and_years_never_skip_one(start: date, amount: int, unit: Unit) -> None:
    end = end_of(start, Period(amount, unit))
    passed = amount * (12 if unit is Unit.YEARS else 1)
    assert (end.year - start.year) * 12 + end.month - start.month == passed


@given(DAYS, st.integers(1, 60))
def test_clear_days_agree_with_an_enumeration(sent: date, amount: int) -> None:
    """The oracle walks the calendar: whole days after the dispatch, then the sitting."""
    day, whole = sent, 0
    while whole < amount:
        day += ONE_DAY
        whole += 1
    held = day + ONE_DAY
    assert end_of(sent, Period(amount, Unit.CLEAR_DAYS)) == held
    between = [sent + timedelta(n) for n in range(1, (held - sent).days)]
    assert clear_days_between(sent, held) == len(between) == amount


def test_the_day_of_the_sitting_itself_leaves_no_clear_day() -> None:
    assert clear_days_between(date(2026, 1, 1), date(2026, 1, 1)) == 0
    assert clear_days_between(date(2026, 1, 1), date(2026, 1, 2)) == 0
    assert clear_days_between(date(2026, 1, 2), date(2026, 1, 1)) == 0


def test_from_21_to_26_december_1989_there_are_four_clear_days() -> None:
    assert clear_days_between(date(1989, 12, 21), date(1989, 12, 26)) == 4


@given(DAYS, PERIODS_DRAWN, DAYS, st.integers(0, 400))
def test_a_suspension_puts_the_end_off_by_the_days_it_covers(
    start: date, period: Period, first: date, length: int
) -> None:
    suspended = Suspension(first, first + timedelta(length))
    plain, found = end_of(start, period), end_with(start, period, suspensions=[suspended])
    counted = start if period.unit is Unit.OPEN_DAYS else start + ONE_DAY
    if first > plain or suspended.last < counted:
        assert found == plain
    else:
        covered = (suspended.last - max(first, counted)).days + 1
        assert found == plain + timedelta(covered)


def test_overlapping_suspensions_count_each_day_once() -> None:
    start, period = date(2026, 1, 1), Period(10, Unit.DAYS)
    twice = [
        Suspension(date(2026, 1, 3), date(2026, 1, 5)),
        Suspension(date(2026, 1, 4), date(2026, 1, 7)),
    ]
    assert end_with(start, period, suspensions=twice) == date(2026, 1, 16)


def test_a_second_suspension_is_met_because_of_the_first() -> None:
    start, period = date(2026, 1, 1), Period(10, Unit.DAYS)
    chained = [
        Suspension(date(2026, 1, 5), date(2026, 1, 9)),
        Suspension(date(2026, 1, 14), date(2026, 1, 15)),
    ]
    assert end_with(start, period, suspensions=chained) == date(2026, 1, 18)


def test_an_extension_starts_where_the_period_ended() -> None:
    two_months = Period(2, Unit.MONTHS)
    found = end_with(date(2026, 1, 31), two_months, extension=Period(1, Unit.MONTHS))
    assert found == date(2026, 4, 30)


def test_a_suspension_cannot_end_before_it_starts() -> None:
    with pytest.raises(DeadlineError, match="suspension"):
        Suspension(date(2026, 1, 2), date(2026, 1, 1))


@settings(deadline=None)  # the first call loads the calendar of holidays
@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_a_carried_over_term_is_the_first_working_day(day: date) -> None:
    closed = closed_days(day, day + timedelta(30))
    found = carry_over(day, closed)
    assert found >= day
    assert found.weekday() < 5
    assert found not in closed
    skipped = [day + timedelta(n) for n in range((found - day).days)]
    assert all(one.weekday() >= 5 or one in closed for one in skipped)


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.integers(0, 12))
def test_a_term_is_kept_by_a_day_when_it_is_by_the_working_day_before(
    day: date, after: int
) -> None:
    closed = closed_days(day, day)
    limit = day + timedelta(after)
    kept = carry_over(day, closed) <= limit
    assert kept == (day <= carry_back(limit, closed))


def test_christmas_and_may_day_are_holidays() -> None:
    assert {date(2026, 12, 25), date(2026, 5, 1), date(2026, 7, 14)} <= french_holidays(2026)


def test_easter_monday_1990_carries_over_to_tuesday() -> None:
    monday = date(1990, 4, 16)
    assert carry_over(date(1990, 4, 14), closed_days(monday, monday)) == date(1990, 4, 17)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28T23:30:00+00:00", date(2026, 3, 29)),
        ("2026-03-29T22:30:00+00:00", date(2026, 3, 30)),
        ("2026-10-24T22:30:00+00:00", date(2026, 10, 25)),
        ("2026-10-25T23:30:00+00:00", date(2026, 10, 26)),
        ("2026-10-25T22:30:00+00:00", date(2026, 10, 25)),
    ],
)
def test_a_moment_takes_its_date_in_paris_on_both_sides_of_the_clock_changes(
    moment: str, day: date
) -> None:
    assert legal_date(datetime.fromisoformat(moment)) == day


def test_a_moment_without_time_zone_is_refused() -> None:
    naive = datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Paris")).replace(tzinfo=None)
    with pytest.raises(DeadlineError, match="fuseau"):
        legal_date(naive)


@given(st.integers(9990, 20000))
def test_a_reckoning_out_of_the_calendar_is_refused(years: int) -> None:
    assume(2026 + years > 9999)
    with pytest.raises(DeadlineError, match="calendrier"):
        add_months(date(2026, 1, 1), years * 12)
    with pytest.raises(DeadlineError, match="calendrier"):
        end_of(date(2026, 1, 1), Period(years * 366, Unit.DAYS))
