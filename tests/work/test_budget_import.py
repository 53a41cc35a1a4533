"""A past budget from a workbook: shown first, kept partly, not doubled, undone."""

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from restanque.accounts.models import Membership
from restanque.core.imports import run_import
from restanque.core.imports.services import ImportRefused, undo_run
from restanque.core.models import ImportRun, RowAction
from restanque.kit.tabular import read_table, template_workbook
from restanque.territories.models import Territory
from restanque.work.budget.import_rows import COLUMNS
from restanque.work.budget.importers import BudgetImporter
from restanque.work.budget.services import contracts
from restanque.work.models import Budget
from tests.work.budgets import budget_of, provider_of, reading_of

D = Decimal
HEADERS = (
    "Nature", "Ligne", "Année", "Date", "Objet", "Référence", "Marché", "Prestataire",
    "Montant HT", "TVA (%)", "Montant TTC", "Fin", "Payée le", "ETP", "Poste",
)  # fmt: skip
ROWS: tuple[dict[str, Any], ...] = (
    {"Nature": "prévu", "Ligne": "Études", "Année": 2024, "Montant HT": 30000, "TVA (%)": 20,
     "Poste": "études"},
    {"Nature": "Prévu", "Ligne": "etudes", "Année": 2025, "Montant HT": "20 000,50 €"},
    {"Nature": "marché", "Ligne": "Études", "Date": "01/03/2024", "Objet": "Diagnostic",
     "Référence": "2024-03", "Prestataire": "Bureau d’études fictif", "Montant HT": 25000,
     "Fin": date(2026, 3, 1)},
    {"Nature": "avenant", "Marché": "2024-03", "Date": "01/09/2024", "Montant HT": -500},
    {"Nature": "engagement", "Marché": "2024-03", "Date": "02/03/2024", "Référence": "EJ 1",
     "Montant HT": 25000},
    {"Nature": "facture", "Marché": "2024-03", "Date": "10/06/2024", "Référence": "F 1",
     "Montant TTC": 12000, "Payée le": "01/07/2024"},
    {"Nature": "facture", "Ligne": "Communication", "Date": "10/06/2024", "Référence": "F 2",
     "Montant TTC": "99,99"},
    {"Nature": "subvention", "Prestataire": "Région (fictif)", "Montant TTC": 10000,
     "Date": "01/02/2024", "Payée le": "01/10/2024"},
    {"Nature": "ETP", "Objet": "Chargé de mission", "Année": 2024, "ETP": "0,6",
     "Montant TTC": 30000},
    {"Nature": "ETP", "Objet": "Directeur", "Année": 2024, "ETP": 0.1},
)  # fmt: skip


def workbook(rows: Sequence[dict[str, Any]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([dict(zip(HEADERS, HEADERS, strict=True)), *rows]):
            for place, header in enumerate(HEADERS):
                sheet.write(number, place, row.get(header))
    return buffer.getvalue()


@pytest.fixture
def budget(scot: Territory) -> Budget:
    provider_of(scot.workspace)
    return budget_of(scot)


def imported(budget: Budget, rows: Sequence[dict[str, Any]], *, dry_run: bool = False) -> ImportRun:
    return run_import(
        kind="budget",
        data=workbook(rows),
        filename="budget.xlsx",
        workspace=budget.workspace,
        dry_run=dry_run,
        context={"budget": str(budget.pk)},
    )


def actions(run: ImportRun) -> list[str]:
    return list(run.rows.order_by("number").values_list("action", flat=True))


def problems(budget: Budget, *rows: dict[str, Any]) -> list[str]:
    run = imported(budget, rows, dry_run=True)
    found = run.rows.filter(action=RowAction.ERROR).order_by("number")
    return [one.problem.replace("\u00a0", " ") for one in found]


def test_a_past_budget_comes_in_whole(budget: Budget) -> None:
    run = imported(budget, ROWS)
    assert actions(run) == [RowAction.CREATE] * len(ROWS)
    reading = reading_of(budget)
    assert reading.total.planned == D("60000.60")
    assert reading.total.committed == D(30000)
    assert reading.total.invoiced == D("12099.99")
    assert reading.total.paid == D(12000)
    [row] = reading.contract_rows
    assert (row.value.current_ht, row.value.ends_on) == (D(24500), date(2026, 3, 1))
    assert row.sums.invoiced == D(12000)
    assert {one.label for one in reading.lines.values()} == {"Études", "Communication"}
    assert reading.received == D(10000)
    assert reading.staff_years == {2024: (D("0.70"), None)}
    bill = budget.invoices.get(reference="F 1")
    assert bill.amount_ht == D(10000)


def test_a_preview_writes_nothing(budget: Budget) -> None:
    run = imported(budget, ROWS, dry_run=True)
    assert actions(run) == [RowAction.CREATE] * len(ROWS)
    assert reading_of(budget).is_empty
    assert not budget.invoices.exists()


def test_the_same_file_twice_doubles_nothing(budget: Budget) -> None:
    imported(budget, ROWS)
    before = reading_of(budget).total
    assert actions(imported(budget, ROWS)) == [RowAction.SKIP] * len(ROWS)
    assert reading_of(budget).total == before


def test_a_row_twice_in_a_file_is_kept_once(budget: Budget) -> None:
    assert actions(imported(budget, [*ROWS, ROWS[5], ROWS[0]])) == [
        *[RowAction.CREATE] * len(ROWS),
        RowAction.SKIP,
        RowAction.SKIP,
    ]


def test_facts_that_differ_by_their_line_or_their_words_are_two(budget: Budget) -> None:
    one = {"Nature": "facture", "Ligne": "Études", "Date": "10/06/2024", "Montant TTC": 50}
    rows = [one, one | {"Ligne": "Communication"}, one | {"Objet": "Impression"}, one]
    assert actions(imported(budget, rows)) == [*[RowAction.CREATE] * 3, RowAction.SKIP]
    assert actions(imported(budget, rows)) == [RowAction.SKIP] * 4


def test_a_changed_plan_is_changed_and_put_back(budget: Budget) -> None:
    imported(budget, ROWS)
    run = imported(budget, [ROWS[0] | {"Montant HT": 31000}])
    assert actions(run) == [RowAction.UPDATE]
    line = budget.lines.get(label="Études")
    assert line.amounts.get(year=2024).amount_ht == D(31000)
    undo_run(run=run)
    assert line.amounts.get(year=2024).amount_ht == D(30000)


def test_the_whole_import_is_undone(budget: Budget) -> None:
    run = imported(budget, ROWS)
    undo_run(run=run)
    reading = reading_of(budget)
    assert reading.is_empty
    assert not reading.commitments
    assert not reading.invoices


def test_what_was_touched_since_is_not_undone(budget: Budget) -> None:
    run = imported(budget, ROWS)
    contract = budget.contracts.get()
    contracts.add_deliverable(contract=contract, name="Phase 1")
    with pytest.raises(ImportRefused, match="sert depuis l’import"):
        undo_run(run=run)
    assert budget.invoices.count() == 2
    contract.deliverables.all().delete()
    contracts.update_contract(contract=contract, note="vu")
    with pytest.raises(ImportRefused, match="modifié depuis"):
        undo_run(run=run)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"Nature": "facture", "Montant TTC": 5, "Ligne": "Études"}, "Ligne 2, Date : remplissez"),
        ({"Nature": "facture", "Date": "01/01/2025", "Montant TTC": 5}, "« Marché »"),
        ({"Nature": "prévu", "Ligne": "Études", "Année": 2025}, "« Montant TTC (€) »"),
        (
            {"Nature": "facture", "Ligne": "x", "Date": "01/01/2025", "Montant TTC": -5},
            "négatif n’est accepté que pour un avenant",
        ),
        (
            {"Nature": "avenant", "Marché": "2099", "Date": "01/01/2025", "Montant HT": 5},
            "le marché « 2099 » n’est ni dans le budget",
        ),
        (
            {"Nature": "marché", "Objet": "x", "Référence": "1", "Prestataire": "Inconnu",
             "Montant HT": 5},
            "« Inconnu » n’est pas dans l’annuaire",
        ),
        ({"Nature": "prévu", "Ligne": "…", "Année": 2025, "Montant HT": 5}, "ni lettre ni chiffre"),
        ({"Nature": "prévu", "Ligne": "x", "Année": 2025, "Montant HT": 10**11}, "trop grand"),
        ({"Nature": "prévu", "Ligne": "x", "Année": 1850, "Montant HT": 5}, "au moins 1"),
        ({"Nature": "dépense", "Ligne": "x"}, "« prévu »"),
    ],
)  # fmt: skip
def test_a_wrong_row_says_its_number_its_column_and_the_mend(
    budget: Budget, row: dict[str, Any], said: str
) -> None:
    [problem] = problems(budget, row)
    assert said in problem


def test_wrong_rows_are_left_out_and_the_others_kept(budget: Budget) -> None:
    rows = [ROWS[0], {"Nature": "facture", "Ligne": "x"}, ROWS[6]]
    assert sorted(actions(imported(budget, rows))) == sorted(
        [RowAction.CREATE, RowAction.CREATE, RowAction.ERROR]
    )
    assert budget.invoices.count() == 1


def test_a_row_that_the_database_would_refuse_is_left_out(budget: Budget) -> None:
    """Signed before the contract was notified: only the service knows."""
    early = {"Nature": "avenant", "Marché": "2024-03", "Date": "01/01/2023", "Montant HT": 5}
    run = imported(budget, [*ROWS[:3], early])
    [left] = run.rows.filter(action=RowAction.ERROR)
    assert "avant la notification" in left.problem
    assert budget.contracts.exists()


def test_another_workspace_s_budget_is_not_reached(budget: Budget, charlie: Membership) -> None:
    run = run_import(
        kind="budget",
        data=workbook(ROWS),
        filename="budget.xlsx",
        workspace=charlie.workspace,
        dry_run=False,
        context={"budget": str(budget.pk)},
    )
    assert set(actions(run)) == {RowAction.ERROR}
    assert reading_of(budget).is_empty


def test_only_the_budgets_one_covers_are_offered(
    budget: Budget, pat: Territory, dora: Membership, bob: Membership
) -> None:
    budget_of(pat, "Du PAT")
    importer = BudgetImporter()

    def offered(member: Membership) -> int:
        return len(importer.context_fields(member)["budget"].choices)  # type: ignore[attr-defined]

    assert offered(bob) == 2
    assert offered(dora) == 1


def test_the_template_s_headers_are_those_that_are_read() -> None:
    table = read_table(template_workbook(COLUMNS, title="Budget"), "modele.xlsx")
    assert table.headers == tuple(column.title for column in COLUMNS)
