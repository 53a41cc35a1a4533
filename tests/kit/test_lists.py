"""Lists: what a declaration of a few lines gives."""

import io

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from restanque.accounts.models import Membership, User, Workspace
from restanque.kit import slots
from restanque.kit.lists import DateTimeColumn

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kit.pages")]
URL = "/essai/membres/"
HTMX = {"HX-Request": "true", "HX-Target": "list"}


def soup(client: Client, query: str = "", **headers: str) -> BeautifulSoup:
    response = client.get(f"{URL}{query}", headers=headers)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def names(page: BeautifulSoup) -> list[str]:
    return [th.get_text(strip=True) for th in page.select("#list tbody th")]


def test_page_shows_title_count_and_a_page_of_rows(client: Client) -> None:
    page = soup(client)
    assert page.h1 is not None
    assert page.h1.text == "Qui travaille ici ?"
    assert page.select_one(".rq-count").text == "25\u00a0personnes"
    assert len(names(page)) == 10
    assert page.select_one("table caption").text == "Qui travaille ici ?"
    assert all(th["scope"] == "row" for th in page.select("tbody th"))
    assert "annuaire interne" in page.text


@pytest.mark.parametrize(
    "query",
    ["", "?q=elodie&sort=-name", "?q=personne-de-ce-nom", "?page=2&sort=job_title&cols=role"],
)
def test_htmx_fragment_is_exactly_that_part_of_the_page(client: Client, query: str) -> None:
    # The CSRF token is masked anew at each answer.
    def without_token(node: BeautifulSoup) -> str:
        for hidden in node.select("[name=csrfmiddlewaretoken]"):
            hidden.decompose()
        return str(node)

    full = without_token(soup(client, query).select_one("#list"))
    fragment = soup(client, query, **HTMX)
    assert without_token(fragment).strip() == full
    assert fragment.html is None


def test_history_restore_gets_the_whole_page(client: Client) -> None:
    page = soup(client, "", **HTMX, **{"HX-History-Restore-Request": "true"})
    assert page.html is not None


@pytest.mark.parametrize("typed", ["ÉLODIE03", "élodie-03", "  elodie   03 ", "Élodie03@exemple"])
def test_search_is_blind_to_accents_case_and_hyphens(client: Client, typed: str) -> None:
    assert names(soup(client, f"?q={typed}")) == ["=2+3"]


def test_search_on_punctuation_alone_finds_nothing(client: Client) -> None:
    page = soup(client, "?q=???")
    assert names(page) == []
    assert "Rien ne correspond" in page.text
    assert "sur 25\u00a0personnes" in page.text


def test_filter_narrows_and_the_total_stays_in_sight(client: Client) -> None:
    page = soup(client, "?role=administrator")
    assert page.select_one(".rq-count").text == "1\u00a0personne sur 25\u00a0personnes"
    page = soup(client, "?all_territories=non")
    assert names(page) == []


def test_unreadable_filter_shows_its_error_and_no_row(client: Client) -> None:
    page = soup(client, "?role=roi")
    assert names(page) == []
    assert page.select(".rq-filters .invalid-feedback")


def test_sort_is_announced_and_kept_by_the_filters(client: Client) -> None:
    page = soup(client, "?sort=-name")
    header = page.select_one("th[aria-sort]")
    assert header["aria-sort"] == "descending"
    assert header.a["href"].startswith("?sort=name")
    assert names(page)[0] == "Élodie n° 24"
    kept = page.select_one("#list input[name=sort]")
    assert (kept["value"], kept["form"]) == ("-name", "filtres")


def test_unknown_values_come_last_whatever_the_direction(client: Client) -> None:
    Membership.objects.filter(user__email="elodie05@exemple.fr").update(ended_at=timezone.now())
    for direction in ("", "-"):
        assert names(soup(client, f"?sort={direction}ended_at"))[0] == "Élodie n° 05"


@pytest.mark.parametrize(
    "query", ["?sort=nothing", "?page=99", "?page=abc", "?cols=nothing", "?page=0"]
)
def test_forged_parameters_are_harmless(client: Client, query: str) -> None:
    assert len(names(soup(client, query))) >= 5


def test_pages_keep_the_filters(client: Client) -> None:
    page = soup(client, "?q=elodie&page=2")
    current = page.select_one(".rq-pages [aria-current=page]")
    assert current.text == "Page 2"
    assert page.select_one(".rq-pages [rel=next]")["href"] == "?q=elodie&page=3"


def test_columns_are_chosen_and_the_row_header_stays(client: Client) -> None:
    usual = [th.get_text(strip=True) for th in soup(client).select("thead th")]
    assert usual == ["Choisir", "Nom", "Fonction", "Rôle", "Numéro", "Fin"]
    chosen = [
        th.get_text(strip=True) for th in soup(client, "?cols=all_territories").select("thead th")
    ]
    assert chosen == ["Choisir", "Nom", "Partout"]


def test_cells_are_written_the_french_way(client: Client) -> None:
    page = soup(client, "?q=elodie04")
    cells = {td["data-l"]: td for td in page.select("tbody td[data-l]")}
    assert cells["Numéro"].text.strip().endswith(",0")
    assert "rq-num" in cells["Numéro"]["class"]
    assert cells["Fin"].text.strip() == "–"
    assert cells["Rôle"].select_one(".rq-badge-fait").text == "agent"


def test_export_holds_every_filtered_row_with_raw_values(client: Client) -> None:
    response = client.get(f"{URL}?q=elodie&export=xlsx&sort=-name")
    assert response["Content-Disposition"] == 'attachment; filename="membres.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Nom", "Fonction", "Rôle", "Numéro", "Fin")
    assert len(rows) == 26
    assert rows[1][0] == "Élodie n° 24"
    assert isinstance(rows[1][3], int | float)
    notes = dict(book["À propos"].iter_rows(values_only=True))
    assert notes["Filtre : Rechercher"] == "elodie"
    assert notes["Source"] == "annuaire interne"


def test_exported_shares_are_formatted_as_shares(client: Client, people: list[Membership]) -> None:
    response = client.get(f"{URL}?q=elodie04&cols=share&export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["Nom", "Part"]
    assert sheet["B2"].value == people[4].pk
    assert sheet.column_dimensions["B"].width
    assert sheet["B2"].number_format == "0 %"


def test_exports_never_hold_a_formula(client: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{URL}?export=xlsx").content))
    cell = next(c for c in book.worksheets[0]["A"] if c.value == "=2+3")
    assert cell.data_type == "s"
    lines = client.get(f"{URL}?export=csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Nom;Fonction;Rôle;Numéro;Fin"
    assert any(line.startswith("'=2+3;") for line in lines)


def test_fictitious_rows_mark_the_page_and_the_exports(
    client: Client, workspace: Workspace
) -> None:
    workspace.fictitious = True
    workspace.save()
    assert soup(client).select_one(".rq-head .rq-fictif").text == "Données fictives"
    csv = client.get(f"{URL}?export=csv").content.decode("utf-8-sig")
    assert csv.splitlines()[0] == "Données fictives"
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{URL}?export=xlsx").content))
    assert [sheet["A1"].value for sheet in book.worksheets] == ["Données fictives"] * 2


def test_empty_list_says_what_to_do_next(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.kit.pages import MemberList

    monkeypatch.setattr(MemberList, "get_queryset", lambda self: Membership.objects.none())
    page = soup(client)
    assert page.select_one(".rq-vide h2").text == "Personne encore"
    assert page.select_one(".rq-vide a")["href"] == "/inviter/"
    assert page.select_one("form.rq-filters") is None


def test_bulk_action_touches_the_ticked_rows_only(client: Client, people: list[Membership]) -> None:
    ticked = [str(people[2].pk), str(people[3].pk), "forged"]
    response = client.post(f"{URL}?q=elodie", {"action": "end", "selected": ticked}, follow=True)
    assert response.redirect_chain == [(f"{URL}?q=elodie", 302)]
    assert "2 accès fermés." in response.content.decode()
    assert Membership.objects.filter(job_title="end").count() == 2


def test_bulk_action_on_everything_follows_the_filters(client: Client) -> None:
    client.post(f"{URL}?role=agent", {"action": "end", "everything": "1"})
    assert Membership.objects.filter(job_title="end").count() == 24


def test_bulk_action_without_a_row_changes_nothing(client: Client) -> None:
    response = client.post(URL, {"action": "end"}, follow=True)
    assert "Cochez d’abord" in response.content.decode()
    assert not Membership.objects.filter(job_title="end").exists()


def test_bulk_action_is_refused_to_who_is_not_offered_it(agent: Client) -> None:
    assert not soup(agent).select("form#lot, input[name=selected]")
    assert agent.post(URL, {"action": "end", "everything": "1"}).status_code == 403
    assert not Membership.objects.filter(job_title="end").exists()


def test_another_teams_rows_never_show(client: Client) -> None:
    other = Workspace.objects.create(name="Autre", slug="autre")
    stranger = User.objects.create_user(email="elodie99@exemple.fr", full_name="Étranger")
    person = Membership.objects.create(user=stranger, workspace=other, role="agent")
    assert names(soup(client, "?q=elodie99")) == []
    client.post(URL, {"action": "end", "selected": [str(person.pk)]})
    person.refresh_from_db()
    assert person.job_title == ""


def test_saved_views_have_their_slot(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_slots", {})
    seen = []

    def provider(request, view):
        seen.append((view.list_name, view.query_string))

    slots.register("list.views", "test", order=1, provider=provider)
    soup(client, "?q=elodie&role=&page=2&sort=-name")
    assert seen == [("members-test", "q=elodie&sort=-name")]


def test_page_needs_few_queries(client: Client, django_assert_max_num_queries) -> None:
    client.get(URL)
    with django_assert_max_num_queries(8):
        client.get(f"{URL}?q=elodie")


def test_datetime_column_refuses_a_day() -> None:
    with pytest.raises(TypeError, match="DateColumn"):
        DateTimeColumn().render(timezone.localdate())
