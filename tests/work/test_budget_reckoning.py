"""Adding up a budget: nothing is lost, nothing counted twice, unknown stays unknown."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restanque.work.budget import reckoning
from restanque.work.budget.reckoning import (
    Change,
    Commitment,
    Contract,
    Grant,
    Invoice,
    Ledger,
    Line,
    Planned,
    Staff,
    by_contract,
    by_line,
    by_line_and_year,
    by_year,
    forecast,
    net_cost,
    staff_by_year,
    total,
    with_tax,
)

D = Decimal
COLUMNS = ("planned", "committed", "invoiced", "paid")

amounts = st.decimals(0, 10**7, places=2, allow_nan=False, allow_infinity=False)
days = st.dates(date(2018, 1, 1), date(2032, 12, 31))
lines = st.sampled_from([None, 1, 2, 3])


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Any budget of three lines and one contract."""
    planned = draw(
        st.dictionaries(st.tuples(st.sampled_from([1, 2, 3]), st.integers(2018, 2032)), amounts)
    )
    commitments = tuple(
        Commitment(key, f"c{key}", on, amount, line, contract)
        for key, (on, amount, line, contract) in enumerate(
            draw(st.lists(st.tuples(days, amounts, lines, st.sampled_from([None, 7])), max_size=6))
        )
    )
    keys = [None, *(one.key for one in commitments)]
    invoices = tuple(
        Invoice(key, f"i{key}", on, amount, paid, None, line, contract, commitment)
        for key, (on, amount, paid, line, contract, commitment) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        days,
                        amounts,
                        st.none() | days,
                        lines,
                        st.sampled_from([None, 7]),
                        st.sampled_from(keys),
                    ),
                    max_size=6,
                )
            )
        )
    )
    return Ledger(
        lines=tuple(Line(key, f"ligne {key}") for key in (1, 2, 3)),
        planned=tuple(Planned(line, year, amount) for (line, year), amount in planned.items()),
        contracts=(Contract(7, "marché", 1, None, None, D(1000), D(20)),),
        commitments=commitments,
        invoices=invoices,
    )


def column(sums: object, name: str) -> Decimal:
    return getattr(sums, name) or D(0)


@given(ledgers())
def test_sums_by_line_and_by_year_are_the_total(ledger: Ledger) -> None:
    whole = total(ledger)
    for groups in (by_line(ledger), by_year(ledger), by_line_and_year(ledger)):
        for name in COLUMNS:
            assert sum(column(one, name) for one in groups.values()) == column(whole, name)


@given(ledgers())
def test_the_total_is_the_sum_of_what_was_typed(ledger: Ledger) -> None:
    whole = total(ledger)
    assert whole.committed == sum(one.amount for one in ledger.commitments)
    assert whole.invoiced == sum(one.amount for one in ledger.invoices)
    assert whole.paid + whole.to_pay == whole.invoiced
    assert (whole.planned is None) == (not ledger.planned)


@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_of_typing_changes_nothing(ledger: Ledger, random: object) -> None:
    commitments, invoices = list(ledger.commitments), list(ledger.invoices)
    random.shuffle(commitments)  # type: ignore[attr-defined]
    random.shuffle(invoices)  # type: ignore[attr-defined]
    other = Ledger(
        ledger.lines, ledger.planned, ledger.contracts, tuple(commitments), tuple(invoices)
    )
    assert total(other) == total(ledger)
    assert by_year(other) == by_year(ledger)
    assert forecast(other, 2026) == forecast(ledger, 2026)


@given(ledgers(), st.integers(2018, 2032))
def test_a_forecast_is_never_less_than_what_is_spent_already(ledger: Ledger, year: int) -> None:
    sums = by_line(ledger)
    for line, cost in forecast(ledger, year).items():
        whole = sums[line]
        if cost is None:
            assert whole == reckoning.Sums()
        else:
            assert cost >= whole.committed
            assert cost >= whole.invoiced


@given(ledgers())
def test_once_every_year_is_past_the_plan_no_longer_counts(ledger: Ledger) -> None:
    without_plan = Ledger(ledger.lines, (), ledger.contracts, ledger.commitments, ledger.invoices)
    planned = {one.line for one in ledger.planned}
    before, after = forecast(without_plan, 2040), forecast(ledger, 2040)
    for line, cost in after.items():
        assert (cost or 0) == (before[line] or 0)
        if line in planned:
            assert cost is not None


def test_tax_is_rounded_to_the_cent_half_up() -> None:
    assert with_tax(D("0.125") * 10, D(20)) == D("1.50")
    assert with_tax(D("10.02"), D("5.5")) == D("10.57")
    assert with_tax(D("0.02"), D(25)) == D("0.03")


def test_planned_is_unknown_until_somebody_says_zero() -> None:
    line = (Line(1, "Études"),)
    assert by_line(Ledger(line))[1].planned is None
    assert by_line(Ledger(line))[1].remaining is None
    said = by_line(Ledger(line, (Planned(1, 2026, D(0)),)))[1]
    assert (said.planned, said.remaining, said.overrun) == (0, 0, 0)


def test_years_without_anything_are_shown_between_two_others() -> None:
    ledger = Ledger(planned=(Planned(1, 2023, D(5)), Planned(1, 2026, D(5))))
    assert list(by_year(ledger)) == [2023, 2024, 2025, 2026]
    assert by_year(ledger)[2024].planned is None


def test_amendments_add_up_and_are_a_share_of_the_first_amount() -> None:
    day = date(2026, 1, 1)
    changes = (Change("1", day, D(3000)), Change("2", day, D(-1000)))
    contract = Contract(1, "m", None, None, None, D(40000), D(20), changes)
    assert contract.change_percent == D(5)
    assert contract.current_ht == D(42000)
    assert contract.current == D(50400)
    assert Contract(1, "m", None, None, None, D(0), D(20), changes).change_percent is None


def test_an_invoice_under_a_commitment_is_not_counted_twice() -> None:
    ledger = Ledger(
        lines=(Line(1, "Études"),),
        commitments=(Commitment(1, "EJ", date(2024, 5, 1), D(100), 1),),
        invoices=(Invoice(1, "F", date(2025, 5, 1), D(100), line=1, commitment=1),),
    )
    assert forecast(ledger, 2026) == {1: D(100)}


@pytest.mark.parametrize(
    ("of_commitment", "of_invoice", "cost"),
    [(None, None, 100), (7, 7, 100), (7, None, 130), (None, 7, 130)],
)
def test_an_invoice_is_covered_by_its_contract_s_commitments_or_its_line_s(
    of_commitment: int | None, of_invoice: int | None, cost: int
) -> None:
    ledger = Ledger(
        lines=(Line(1, "Études"),),
        commitments=(Commitment(1, "EJ", date(2024, 5, 1), D(100), 1, of_commitment),),
        invoices=(Invoice(1, "F", date(2025, 5, 1), D(30), line=1, contract=of_invoice),),
    )
    assert forecast(ledger, 2026) == {1: D(cost)}


def test_what_was_planned_in_a_past_year_and_not_committed_is_not_spent() -> None:
    ledger = Ledger(
        lines=(Line(1, "Études"),),
        planned=(Planned(1, 2024, D(50)), Planned(1, 2026, D(70)), Planned(1, 2027, D(20))),
        commitments=(Commitment(1, "EJ", date(2026, 5, 1), D(90), 1),),
    )
    assert forecast(ledger, 2026) == {1: D(110)}


def test_sums_of_a_contract_take_its_commitments_and_invoices() -> None:
    ledger = Ledger(
        contracts=(Contract(7, "m", None, None, None, D(10), D(20)),),
        commitments=(Commitment(1, "EJ", date(2024, 5, 1), D(12), contract=7),),
        invoices=(Invoice(1, "F", date(2024, 6, 1), D(5), date(2024, 7, 1), contract=7),),
    )
    found = by_contract(ledger)[7]
    assert (found.committed, found.invoiced, found.paid) == (12, 5, 5)


GRANTED = Grant(1, "Région", D(40), granted=True)


@pytest.mark.parametrize(
    ("ledger", "amount", "unknown"),
    [
        (Ledger(), D(0), 0),
        (Ledger(lines=(Line(1, "Études"),)), None, 1),
        (Ledger(grants=(Grant(1, "Région", None, granted=True),)), None, 1),
        (Ledger(staff=(Staff(2026, D(1), None),)), None, 1),
        (Ledger(staff=(Staff(2026, D(1), D(60)),), grants=(GRANTED,)), D(20), 0),
        # Only asked, or refused: nothing to count on.
        (Ledger(grants=(Grant(1, "Région", D(40)),)), D(0), 0),
        (Ledger(grants=(Grant(1, "Région", D(40), refused=True),)), D(0), 0),
    ],
)
def test_the_net_cost_is_unknown_when_a_part_of_it_is(
    ledger: Ledger, amount: Decimal | None, unknown: int
) -> None:
    found = net_cost(ledger, 2026)
    assert found.amount == amount
    assert len(found.unknown) == unknown


def test_what_is_left_of_a_subsidy() -> None:
    assert Grant(1, "R", D(40), D(10), granted=True).left == D(30)
    assert Grant(1, "R", D(40), D(50), granted=True).left == D(0)
    assert Grant(1, "R", None, granted=True).left is None
    assert Grant(1, "R", D(40)).left is None


def test_the_time_of_the_team_is_added_by_year() -> None:
    staff = (
        Staff(2026, D("0.60"), D(30000)),
        Staff(2025, D(1), None),
        Staff(2026, D("0.25"), D(9000)),
        Staff(2025, D(1), D(5)),
    )
    assert staff_by_year(Ledger(staff=staff)) == {
        2025: (D(2), None),
        2026: (D("0.85"), D(39000)),
    }
