"""A budget from its first line to the invoice paid, then taken away as a workbook."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from restanque.accounts.models import Membership, Workspace
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.kit.tabular import template_workbook
from restanque.territories.services import create_territory
from restanque.work.budget.import_rows import COLUMNS
from restanque.work.models import Budget, Invoice
from tests.journeys.conftest import PHONE, Visitor
from tests.territories.france import load_communes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def past_budget(year: int) -> bytes:
    """The template, filled by somebody: what was planned and committed last year."""
    names = [column.name for column in COLUMNS]
    facts: tuple[dict[str, Any], ...] = (
        {"nature": "prévu", "line": "Concertation", "year": year, "amount_ht": 2000},
        {
            "nature": "engagement",
            "line": "Concertation",
            "day": date(year, 3, 1),
            "amount_ttc": Decimal(2400),
        },
    )
    rows = [[fact.get(name) for name in names] for fact in facts]
    return template_workbook(COLUMNS, title="Budget", rows=rows)


def test_a_budget_is_followed_from_its_first_line_to_an_invoice_paid(
    visitor: Callable[..., Visitor], workspace: Workspace, bob: Membership
) -> None:
    today = timezone.localdate()
    load_communes({"13004", "13108"})
    create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=["13004", "13108"],
    )
    create_organisation(workspace=workspace, kind=Kind.OTHER, name="Bureau d’études fictif")
    someone = visitor()
    someone.enter(bob)
    page = someone.open("/equipe/budget/")
    someone.press("Nouveau budget")
    page.get_by_label("Nom", exact=True).fill("Révision du SCoT")
    page.get_by_label("Première année").fill(str(today.year - 1))
    someone.press("Enregistrer")
    assert "Ce budget est vide" in someone.text

    someone.press("Ajouter la première ligne")
    page.get_by_label("Nom de la ligne").fill("Études")
    page.get_by_label(f"Prévu en {today.year} (€ HT)").fill("40 000,50")
    someone.press("Enregistrer")
    assert "48 000,60 €" in someone.text

    someone.press("Ajouter un marché")
    page.get_by_label("Objet").fill("Diagnostic")
    page.get_by_label("Prestataire").fill("bureau d'etudes fictif")
    page.get_by_label("Ligne de budget").select_option(label="Études")
    page.get_by_label("Montant initial (€ HT)").fill("30 000")
    page.get_by_label("Notifié le").fill((today - timedelta(days=200)).isoformat())
    someone.press("Enregistrer")
    assert someone.title == "Diagnostic"
    assert "36 000 € du montant notifié ne sont pas engagés" in someone.text

    # An amendment over the share that the law base gives: said, with its article.
    someone.press("Ajouter un avenant", inside=page.locator(".rq-head"))
    page.get_by_label("En plus ou en moins (€ HT)").fill("6 000")
    page.get_by_label("Signé le").fill(today.isoformat())
    someone.press("Enregistrer")
    assert "20 % du montant initial" in someone.text or "20,0 %" in someone.text
    assert "R2194-8" in someone.text

    # An invoice in late payment, then paid.
    someone.press("Ajouter une facture", inside=page.locator(".rq-head"))
    page.get_by_label("Numéro de facture").fill("F 12")
    page.get_by_label("Reçue le").fill((today - timedelta(days=45)).isoformat())
    page.get_by_label("Montant (€ TTC)").fill("12 000")
    someone.press("Enregistrer")
    assert "en retard" in someone.text
    page.get_by_role("link", name="Modifier la facture F 12").click()
    page.get_by_label("Payée le").fill(today.isoformat())
    someone.press("Enregistrer")
    assert "payée le" in someone.text

    # What was kept in a spreadsheet before.
    someone.open("/imports/nouveau/budget/")
    page.get_by_label("Fichier").set_input_files(
        {
            "name": "ancien.xlsx",
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": past_budget(today.year - 1),
        }
    )
    someone.press("Relire le fichier")
    assert "Concertation" in someone.text
    someone.press("Importer 2 lignes")
    assert "Défaire cet import" in someone.text

    budget = Budget.objects.get()
    someone.open(budget.get_absolute_url())
    assert "Ligne « Études »" in someone.text
    book = CalamineWorkbook.from_filelike(BytesIO(someone.download("Classeur Excel")))
    total = book.get_sheet_by_name("Lignes").to_python()[-1]
    assert total[4:8] == [50400.6, 2400, 12000, 12000]

    phone = visitor(viewport=PHONE)
    phone.enter(bob)
    for path in ("/equipe/budget/", budget.get_absolute_url()):
        phone.open(path)
    invoice = Invoice.objects.get()
    phone.open(f"/equipe/budget/factures/{invoice.pk}/retirer/")
    phone.press("Retirer")
    assert "La facture est retirée" in phone.text
    phone.open(f"/equipe/budget/{budget.pk}/supprimer/")
    phone.page.get_by_label("Pour confirmer, écrivez ce nombre").fill("1")
    phone.press("Supprimer")
    assert "Vous avez écrit 1" in phone.text
    assert Budget.objects.exists()
