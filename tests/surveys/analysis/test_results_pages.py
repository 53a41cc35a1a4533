"""The results' pages: both figures, groups, what is hidden, saved analyses, refusals."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.core.models import SavedView
from restanque.surveys.models import Campaign, Invitation
from tests.conftest import client_of
from tests.surveys.analysis.conftest import CITY, VILLAGES
from tests.surveys.answering import plain, send

pytestmark = pytest.mark.django_db


def page_of(who: Membership, name: str, *args: Any, **query: Any) -> str:
    answer = client_of(who).get(reverse(f"surveys:{name}", args=args), query)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def rows_of(page: str, section: str) -> list[list[str]]:
    """The cells of a section's table."""
    inside = ".rq-croise table" if section == "croise" else "table:has(tbody)"
    table = BeautifulSoup(page, "html.parser").select_one(f"#{section} {inside}")
    assert table is not None
    return [
        [plain(cell.get_text(" ")) for cell in row.select("th, td")]
        for row in table.select("tbody tr")
    ]


def test_bare_and_weighted_figures_stand_side_by_side(asked: Campaign, bob: Membership) -> None:
    page = page_of(bob, "result", asked.pk, "cantine.a_cantine")

    assert "Estimations pour les 21 communes du territoire, hors Grande-Ville" in page
    # 10 of 11; weighted: (5/6 of 12 villages + 8 towns) / 20.
    assert rows_of(page, "chiffres")[0][:4] == ["Oui", "10", "91 %", "90 %"]
    assert rows_of(page, "chiffres")[0][4].startswith("de ")
    assert "Hors Grande-Ville : sans réponse, et jamais imputé." in page


def test_a_number_has_quartiles_mean_and_total(asked: Campaign, bob: Membership) -> None:
    page = page_of(bob, "result", asked.pk, "cantine.repas")
    labels = [row[0] for row in rows_of(page, "chiffres")]
    assert labels == ["Premier quartile", "Médiane", "Troisième quartile", "Moyenne", "Total"]


def test_groups_are_of_the_territory_or_of_any_question(asked: Campaign, bob: Membership) -> None:
    by_size = rows_of(page_of(bob, "result", asked.pk, "cantine.a_cantine"), "croise")
    assert [row[:2] for row in by_size] == [
        ["Moins de 1 000 habitants , ce groupe seul", "6"],
        ["3 500 à 9 999 habitants , ce groupe seul", "5"],
        ["50 000 habitants et plus , ce groupe seul", "0"],
    ]
    by_answer = page_of(bob, "result", asked.pk, "cantine.repas", par="cantine.publics")
    assert [row[0] for row in rows_of(by_answer, "croise")] == [
        "Maternelle , ce groupe seul", "Crèche , ce groupe seul",
    ]  # fmt: skip


def test_a_group_is_read_alone(asked: Campaign, bob: Membership) -> None:
    page = page_of(
        bob, "result", asked.pk, "cantine.a_cantine", parmi="taille~Moins de 1 000\u00a0habitants"
    )
    assert "Parmi" not in page  # not understood: the whole territory is shown
    links = BeautifulSoup(
        client_of(bob).get(reverse("surveys:result", args=[asked.pk, "cantine.a_cantine"])).content,
        "html.parser",
    ).select("#croise th a")

    alone = client_of(bob).get(
        reverse("surveys:result", args=[asked.pk, "cantine.a_cantine"]) + str(links[0]["href"])
    )

    text = plain(alone.content.decode())
    assert "Parmi : Moins de 1 000 habitants</strong> (6 répondants)" in text
    assert rows_of(text, "chiffres")[0][:3] == ["Oui", "5", "83 %"]


def test_outside_the_team_few_are_hidden_everywhere(asked: Campaign, remi: Membership) -> None:
    page = page_of(remi, "result", asked.pk, "cantine.a_cantine", par="cantine.publics")

    # One said no: neither line is told.
    assert "Trop peu de réponses pour être montrées" in page
    assert "91 %" not in page
    assert "90 %" not in page
    number = page_of(remi, "result", asked.pk, "cantine.repas", par="cantine.a_cantine")
    assert "Parmi" not in page_of(
        remi, "result", asked.pk, "cantine.repas", parmi="canteen.has_canteen~non"
    )
    assert not any(sign.isdigit() for row in rows_of(number, "croise") for sign in row[1])
    assert "1 répondant n’a pas rempli" not in number


def test_a_refusal_is_said_and_only_respondents_are_described(
    ask: Callable[..., dict[str, Invitation]], bob: Membership
) -> None:
    found = ask()
    for code in VILLAGES[:3]:
        send(found[code])
    campaign = found[CITY].campaign

    page = page_of(bob, "result", campaign.pk, "cantine.a_cantine")
    method = page_of(bob, "results-method", campaign.pk)

    assert "Répondants seulement : ces chiffres ne décrivent que ceux qui ont répondu" in page
    assert "il en faut au moins 5 pour pondérer" in page
    assert rows_of(page, "chiffres")[0][1:] == ["3", "100 %", "– répondants seulement", "–"]
    assert "Pas de pondération" in method


def test_an_analysis_is_kept_and_shared(
    asked: Campaign, bob: Membership, alice: Membership, remi: Membership
) -> None:
    client = client_of(bob)
    shown = client.get(
        reverse("surveys:result", args=[asked.pk, "cantine.repas"]), {"par": "cantine.publics"}
    )
    form = BeautifulSoup(shown.content, "html.parser").select_one("form:has(#analyse-nom)")
    assert form is not None
    posted = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}

    done = client.post(
        str(form["action"]), posted | {"name": "Repas par public", "shared": "on"}, follow=True
    )

    assert done.request["PATH_INFO"] == reverse("surveys:result", args=[asked.pk, "cantine.repas"])
    assert "par=cantine.publics" in done.request["QUERY_STRING"]
    assert SavedView.objects.get().shared
    for colleague in (alice, remi):
        assert "Repas par public" in page_of(colleague, "results", asked.pk)


def test_the_index_says_the_essential_with_its_interval(asked: Campaign, bob: Membership) -> None:
    page = page_of(bob, "results", asked.pk)
    assert "Oui : 90 % (de " in page
    assert "Médiane : 90,0 repas/jour" in page


@pytest.mark.parametrize(
    ("name", "key", "most"),
    [("results", None, 17), ("result", "cantine.a_cantine", 18), ("results-method", None, 15)],
)
def test_pages_read_in_few_queries(
    asked: Campaign,
    bob: Membership,
    name: str,
    key: str | None,
    most: int,
    django_assert_max_num_queries: Any,
) -> None:
    client = client_of(bob)
    url = reverse(f"surveys:{name}", args=[asked.pk, *([key] if key else [])])
    client.get(url)
    with django_assert_max_num_queries(most):
        client.get(url)
