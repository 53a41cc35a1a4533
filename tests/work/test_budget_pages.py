"""Pages of budgets: who reads and writes what, what is shown, what is typed."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from restanque.accounts.models import Membership
from restanque.territories.models import Territory
from restanque.work.budget.panels import budget_about, contracts_with, to_settle
from restanque.work.budget.services import budgets, contracts, spending
from restanque.work.models import Budget, Contract, Invoice
from tests.conftest import client_of
from tests.questions import PDF
from tests.work.budgets import budget_of, contract_of, full, line_of, provider_of

D = Decimal


@pytest.fixture
def budget(scot: Territory) -> Budget:
    return full(scot)


def words(response: Any) -> str:
    text = BeautifulSoup(response.content, "html.parser").get_text(" ")
    return " ".join(text.split())


def posted(member: Membership, url_name: str, pk: int, **data: Any) -> Any:
    return client_of(member).post(reverse(f"work:{url_name}", args=[pk]), data)


def test_the_page_says_the_figures_their_source_and_day(bob: Membership, budget: Budget) -> None:
    said = words(client_of(bob).get(budget.get_absolute_url()))
    for figure in ("66 000 €", "49 200 €", "12 000 €", "79 200 €", "89 200 €"):
        assert figure in said
    assert "1 ligne · saisies de l’équipe" in said
    assert "R2192-10" in said
    assert "à vérifier" in said


def test_an_empty_budget_says_what_to_do_next(bob: Membership, scot: Territory) -> None:
    response = client_of(bob).get(budget_of(scot).get_absolute_url())
    assert "Ce budget est vide" in words(response)
    assert "Ajouter la première ligne" in words(response)


def test_an_unknown_net_cost_says_why(bob: Membership, budget: Budget) -> None:
    budgets.add_staff(budget=budget, year=2026, post_label="Directeur", fte=D("0.1"))
    said = words(client_of(bob).get(budget.get_absolute_url()))
    assert "Le coût final n’est pas connu" in said
    assert "temps de l’équipe" in said


def test_readers_read_but_neither_write_nor_see_a_post_s_cost(
    remi: Membership, budget: Budget
) -> None:
    client = client_of(remi)
    page = client.get(budget.get_absolute_url())
    assert "Chargé de mission" not in words(page)
    assert "30 000 €" in words(page)
    assert "Ajouter" not in words(page)
    contract = budget.contracts.get()
    assert client.get(contract.get_absolute_url()).status_code == 200
    sheets = CalamineWorkbook.from_filelike(
        BytesIO(client.get(reverse("work:budget-export", args=[budget.pk])).content)
    )
    assert sheets.get_sheet_by_name("Équipe").to_python()[0] == ["Année", "ETP", "Coût (€)"]
    for name in ("budget-edit", "budget-delete", "line-add", "invoice-add", "staff-add"):
        assert client.get(reverse(f"work:{name}", args=[budget.pk])).status_code == 403
    assert client.get(reverse("work:contract-edit", args=[contract.pk])).status_code == 403


@pytest.mark.parametrize("name", ["budgets", "budget", "budget-export", "contract"])
def test_a_partner_sees_nothing(paula: Membership, budget: Budget, name: str) -> None:
    args = {"budgets": [], "contract": [budget.contracts.get().pk]}.get(name, [budget.pk])
    assert client_of(paula).get(reverse(f"work:{name}", args=args)).status_code == 403


def test_who_works_elsewhere_finds_nothing(
    charlie: Membership, dora: Membership, pat: Territory, budget: Budget
) -> None:
    other = full(pat)
    for member, hidden in ((charlie, budget), (dora, other)):
        client = client_of(member)
        invoice, contract = hidden.invoices.first(), hidden.contracts.get()
        assert invoice is not None
        for name, pk in (
            ("budget", hidden.pk),
            ("budget-export", hidden.pk),
            ("contract", contract.pk),
            ("invoice-edit", invoice.pk),
            ("line-add", hidden.pk),
            ("amendment-add", contract.pk),
        ):
            assert client.get(reverse(f"work:{name}", args=[pk])).status_code == 404
        assert posted(member, "invoice-remove", invoice.pk).status_code == 404
        assert hidden.name not in words(client.get(reverse("work:budgets"))) or member is dora
    assert client_of(dora).get(budget.get_absolute_url()).status_code == 200


def test_a_line_is_typed_with_its_years(bob: Membership, scot: Territory) -> None:
    budget = budget_of(scot)
    year = timezone.localdate().year
    response = posted(
        bob,
        "line-add",
        budget.pk,
        label="Concertation",
        post="concertation",
        section="operating",
        vat_rate="5,5",
        year_2024="1 234,50 €",
        **{f"year_{year}": "0"},
    )
    assert response.status_code == 302
    line = budget.lines.get()
    assert line.vat_rate == D("5.5")
    assert list(line.amounts.values_list("year", "amount_ht")) == [(2024, D("1234.50")), (year, 0)]
    form = words(client_of(bob).get(reverse("work:line-edit", args=[line.pk])))
    assert f"Prévu en {year + 3}" in form
    assert "Historique" in form


def test_an_amount_that_is_not_one_is_said_at_its_field(bob: Membership, budget: Budget) -> None:
    line = budget.lines.get()
    data = {"label": "x", "post": "studies", "section": "operating", "vat_rate": "20"}
    response = posted(bob, "line-edit", line.pk, **data, year_2025="beaucoup")
    assert response.status_code == 422
    assert "« beaucoup » n’est pas un nombre" in words(response).replace("\u00a0", " ")
    response = posted(bob, "line-edit", line.pk, **data, year_2025="-5")
    assert response.status_code == 422
    assert line.amounts.get(year=2025).amount_ht == D(30000)


def test_a_contract_is_typed_with_its_provider_by_name(bob: Membership, scot: Territory) -> None:
    budget = budget_of(scot)
    line = line_of(budget)
    provider_of(budget.workspace, "Atelier inventé")
    data = {
        "name": "Diagnostic",
        "provider": "atelier invente",
        "category": "services",
        "line": line.pk,
        "amount_ht": "12 000",
        "vat_rate": "20",
        "notified_on": "01/03/2026",
        "ends_on": "01/02/2026",
    }
    response = posted(bob, "contract-add", budget.pk, **data)
    assert response.status_code == 422
    assert "avant sa notification" in words(response)
    response = posted(bob, "contract-add", budget.pk, **(data | {"ends_on": "2027-02-01"}))
    contract = budget.contracts.get()
    assert response["Location"] == contract.get_absolute_url()
    assert contract.provider.name == "Atelier inventé"


def test_the_rate_of_tax_proposed_is_the_one_of_the_law_base(
    bob: Membership, budget: Budget
) -> None:
    page = client_of(bob).get(reverse("work:contract-add", args=[budget.pk]))
    field = BeautifulSoup(page.content, "html.parser").select_one("#id_vat_rate")
    assert field is not None
    assert field["value"] == "20"


def test_an_invoice_typed_from_a_contract_comes_back_to_it(bob: Membership, budget: Budget) -> None:
    contract = budget.contracts.get()
    url = f"{reverse('work:invoice-add', args=[budget.pk])}?marche={contract.pk}"
    client = client_of(bob)
    page = BeautifulSoup(client.get(url).content, "html.parser")
    chosen = page.select_one("#id_contract option[selected]")
    assert chosen is not None
    assert chosen["value"] == str(contract.pk)
    data = {"contract": contract.pk, "received_on": "24/11/2026", "amount_ttc": "1 200,40"}
    response = client.post(url, data)
    assert response["Location"] == f"{contract.get_absolute_url()}#factures"
    assert Invoice.objects.get(amount_ttc=D("1200.40")).contract == contract
    refused = client.post(url, {"received_on": "24/11/2026", "amount_ttc": "12"})
    assert refused.status_code == 422
    assert "Choisissez un engagement, un marché ou une ligne" in words(refused)


def test_a_contract_of_another_budget_is_not_offered(
    bob: Membership, scot: Territory, budget: Budget
) -> None:
    other = contract_of(budget_of(scot, "Autre"), provider=budget.contracts.get().provider)
    url = f"{reverse('work:invoice-add', args=[budget.pk])}?marche={other.pk}"
    data = {"contract": other.pk, "received_on": "24/11/2026", "amount_ttc": "12"}
    response = client_of(bob).post(url, data)
    assert response.status_code == 422
    assert not Invoice.objects.filter(contract=other).exists()


def test_a_deliverable_and_its_file(
    bob: Membership, charlie: Membership, budget: Budget, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    contract = budget.contracts.get()
    data: dict[str, Any] = {"name": "Phase 2", "upload": SimpleUploadedFile("p2.pdf", PDF)}
    response = posted(bob, "deliverable-add", contract.pk, **data)
    assert response.status_code == 422
    assert "dites quand il a été reçu" in words(response)
    data["upload"] = SimpleUploadedFile("p2.pdf", PDF)
    data["received_on"] = "2026-11-20"
    assert posted(bob, "deliverable-add", contract.pk, **data).status_code == 302
    one = contract.deliverables.get(name="Phase 2")
    url = reverse("work:deliverable-file", args=[one.pk])
    given = client_of(bob).get(url)
    assert b"".join(given.streaming_content) == PDF
    assert client_of(charlie).get(url).status_code == 404
    none = contract.deliverables.get(name="Phase 1")
    nothing = reverse("work:deliverable-file", args=[none.pk])
    assert client_of(bob).get(nothing).status_code == 404
    data = {"name": "Phase 2", "upload": SimpleUploadedFile("p2.exe", b"MZ")}
    assert posted(bob, "deliverable-edit", one.pk, **data).status_code == 422


def test_removing_is_asked_first_and_refused_when_others_rest_on_it(
    bob: Membership, budget: Budget
) -> None:
    contract = budget.contracts.get()
    url = reverse("work:contract-remove", args=[contract.pk])
    client = client_of(bob)
    assert "Retirer ce marché ?" in words(client.get(url))
    assert Contract.objects.filter(pk=contract.pk).exists()
    refused = client.post(url)
    assert refused.status_code == 409
    assert "s’y rattache encore" in words(refused)
    invoice = budget.invoices.get(reference="F1")
    assert posted(bob, "invoice-remove", invoice.pk).status_code == 302
    assert not Invoice.objects.filter(pk=invoice.pk).exists()


def test_a_budget_is_erased_once_its_count_is_typed(bob: Membership, budget: Budget) -> None:
    assert posted(bob, "budget-delete", budget.pk, count="3").status_code == 422
    assert posted(bob, "budget-delete", budget.pk, count="10").status_code == 302
    assert not Budget.objects.exists()


def test_a_budget_is_opened_from_the_page_it_pays_for(bob: Membership, scot: Territory) -> None:
    path = scot.get_absolute_url()
    url = f"{reverse('work:budget-create')}?objet={path}&nom=Le+SCoT&territoire={scot.pk}"
    client = client_of(bob)
    page = BeautifulSoup(client.get(url).content, "html.parser")
    data = {
        str(field["name"]): str(field.get("value", ""))
        for field in page.select("main form input[name]")
        if field["name"] != "csrfmiddlewaretoken"
    }
    assert data["subject_path"] == path
    response = client.post(url, data | {"territory": scot.pk})
    made = Budget.objects.get()
    assert response["Location"] == made.get_absolute_url()
    assert (made.subject_path, made.subject_label) == (path, "Le SCoT")


def test_a_pasted_address_is_kept_as_a_path_of_the_site(bob: Membership, scot: Territory) -> None:
    data = {"territory": scot.pk, "name": "Un", "opened_in": "2026", "subject_label": "SCoT"}
    url, path = reverse("work:budget-create"), scot.get_absolute_url()
    client = client_of(bob)
    refused = client.post(url, data | {"subject_path": "https://ailleurs.example/nulle-part/"})
    assert refused.status_code == 422
    assert client.post(url, data).status_code == 422
    client.post(url, data | {"subject_path": f"https://team.example{path}?x=1"})
    assert Budget.objects.get().subject_path == path


def test_the_panel_shows_the_budget_of_a_page_or_how_to_open_one(
    bob: Membership, remi: Membership, paula: Membership, scot: Territory
) -> None:
    path = scot.get_absolute_url()

    def panel(member: Membership) -> Any:
        request = RequestFactory().get("/")
        request.membership = member  # type: ignore[attr-defined]
        return budget_about(request, path, "Le SCoT", territory=scot.pk)

    assert "objet=" in panel(bob).context["add_url"]
    assert panel(remi) is None
    assert panel(paula) is None
    made = budget_of(scot, subject_label="Le SCoT", subject_path=path)
    assert [one.budget for one in panel(remi).context["readings"]] == [made]
    assert panel(bob).context["add_url"] == ""
    assert panel(paula) is None


def test_the_home_page_shows_what_is_to_be_settled(
    bob: Membership, paula: Membership, budget: Budget
) -> None:
    request = RequestFactory().get("/")
    assert to_settle(request, bob) is None
    spending.add_invoice(
        budget=budget,
        line=budget.lines.get(),
        reference="F9",
        received_on=timezone.localdate() - timedelta(days=60),
        amount_ttc=D(50),
    )
    panel = to_settle(request, bob)
    assert panel is not None
    assert "F9" in words(client_of(bob).get(reverse("portal:home")))
    assert to_settle(request, paula) is None


def test_an_organisation_s_page_shows_the_contracts_signed_with_it(
    bob: Membership, paula: Membership, budget: Budget
) -> None:
    provider = budget.contracts.get().provider
    said = words(client_of(bob).get(provider.get_absolute_url()))
    assert "Diagnostic (2025-03)" in said
    assert "40 000 € HT" in said
    request = RequestFactory().get("/")
    request.membership = paula  # type: ignore[attr-defined]
    assert contracts_with(request, provider) is None


def test_a_budget_is_found_by_its_name(bob: Membership, paula: Membership, budget: Budget) -> None:
    url = f"{reverse('portal:search')}?q=revision"
    assert budget.name in words(client_of(bob).get(url))
    answer = client_of(paula).get(url)
    assert answer.status_code == 403 or budget.name not in words(answer)


def test_the_workbook_holds_values_and_one_sheet_a_thing(bob: Membership, budget: Budget) -> None:
    response = client_of(bob).get(reverse("work:budget-export", args=[budget.pk]))
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    assert book.sheet_names == [
        "Lignes",
        "Prévu par année",
        "Années",
        "Marchés",
        "Avenants",
        "Livrables",
        "Engagements",
        "Factures",
        "Subventions",
        "Équipe",
        "À regarder",
        "À propos",
    ]
    lines = book.get_sheet_by_name("Lignes").to_python()
    assert lines[-1][0] == "Total"
    assert lines[-1][4:10] == [66000, 49200, 18000, 12000, 16800, 79200]
    contracts_ = book.get_sheet_by_name("Marchés").to_python()
    assert contracts_[1][13] == 49200
    assert book.get_sheet_by_name("Équipe").to_python()[1][1] == "Chargé de mission"


def test_the_chart_has_its_table(bob: Membership, budget: Budget) -> None:
    page = BeautifulSoup(client_of(bob).get(budget.get_absolute_url()).content, "html.parser")
    figure = page.select_one("#annees")
    assert figure is not None
    assert figure.select("svg")
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in figure.select("tr")]
    assert ["".join(c for c in cell if c.isdigit()) for cell in rows[1]] == [
        "2025",
        "36000",
        "49200",
        "0",
        "0",
    ]
    csv = client_of(bob).get(f"{budget.get_absolute_url()}?figure=annees&format=csv")
    assert "49200" in csv.content.decode("utf-8-sig")


def test_the_contract_s_page_says_what_amendments_are_compared_with(
    bob: Membership, budget: Budget
) -> None:
    contract = budget.contracts.get()
    page = words(client_of(bob).get(contract.get_absolute_url()))
    assert "soit 2,5 % du montant initial" in page.replace("\u00a0", " ")
    assert "R2194-8" in page
    contracts.add_amendment(contract=contract, signed_on=date(2026, 5, 1), delta_ht=D(4000))
    page = words(client_of(bob).get(contract.get_absolute_url()))
    assert "À regarder" in page
    assert "12,5 % au montant initial" in page.replace("\u00a0", " ")


def test_reading_a_budget_asks_the_same_whatever_its_size(
    bob: Membership, scot: Territory, django_assert_max_num_queries: Any
) -> None:
    budget = full(scot)
    line, contract = budget.lines.get(), budget.contracts.get()
    client = client_of(bob)
    client.get(budget.get_absolute_url())
    for number in range(30):
        commitment = spending.add_commitment(
            budget=budget, line=line, committed_on=date(2026, 1, 2), amount_ttc=D(10)
        )
        spending.add_invoice(
            budget=budget,
            commitment=commitment,
            reference=f"N{number}",
            received_on=date(2026, 11, 1),
            amount_ttc=D(9),
        )
        contracts.add_deliverable(contract=contract, name=f"Phase {number}")
    with django_assert_max_num_queries(22):
        client.get(budget.get_absolute_url())
    with django_assert_max_num_queries(24):
        client.get(contract.get_absolute_url())
    for number in range(5):
        line_of(budget_of(scot, f"Autre {number}"), planned={2026: D(10)})
    with django_assert_max_num_queries(24):
        client.get(reverse("work:budgets"))
