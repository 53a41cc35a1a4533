"""The pages of the law, as the team reads, checks and changes it."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from restanque.accounts.models import Membership
from restanque.engine.law import Period, Unit, shipped, to_verify
from restanque.law.current import law_of
from restanque.law.models import LawCheck, LawOverride
from restanque.procedures.models import Procedure
from restanque.procedures.services import facts, procedures
from restanque.territories.models import Territory
from restanque.territories.services import create_territory
from tests.conftest import client_of
from tests.territories.france import load_communes

RULE = "scot.avis-arret"
CHANGE = {
    "amount": "4",
    "unit": "months",
    "status": "T",
    "source": "https://example.org/decret",
    "reason": "Décret fictif",
}


def text_of(response: Any) -> str:
    """The words of the page, spaces made plain."""
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


@pytest.fixture
def revision(alice: Membership) -> Procedure:
    """A revision that has just consulted the public bodies."""
    load_communes(("13004", "13108"))
    territory: Territory = create_territory(
        workspace=alice.workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=("13004", "13108"),
    )
    made = procedures.create_procedure(
        territory=territory,
        kind="scot-aec-revision",
        name="Révision",
        prescribed_on=date(2023, 6, 20),
    )
    facts.record_fact(
        procedure=made,
        step="consultation-ppa",
        happened_on=timezone.localdate() - timedelta(days=5),
    )
    return made


def test_the_rules_to_verify_are_all_listed(bob: Membership) -> None:
    page = client_of(bob).get(reverse("law:list"), {"evidence": "a-verifier"})
    listed = {line.item.id for line in page.context["lines"]}
    assert {one.id for one in to_verify(shipped())} <= listed
    assert "legifrance" in page.content.decode()


def test_the_list_is_searched_and_exported(bob: Membership) -> None:
    url = reverse("law:list")
    page = client_of(bob).get(url, {"q": "L143-25"})
    assert 0 < len(page.context["lines"]) < len(shipped().rules)
    answer = client_of(bob).get(url, {"q": "L143-25", "format": "xlsx"})
    rows = list(load_workbook(io.BytesIO(answer.content))["Droit"].iter_rows(values_only=True))
    assert sum("L143-25" in str(row) for row in rows) == len(page.context["lines"])
    assert "Aucune règle" in text_of(client_of(bob).get(url, {"q": "introuvable"}))
    assert client_of(bob).get(url, {"table": "x", "evidence": "y"}).status_code == 200


@pytest.mark.parametrize("table", ["rules", "parameters", "regimes", "articles"])
def test_every_object_has_its_page(alice: Membership, table: str) -> None:
    client = client_of(alice)
    for name in getattr(shipped(), table):
        for page in ("law:item", "law:check", "law:change"):
            answer = client.get(reverse(page, args=[table, name]))
            assert answer.status_code == 200, (page, name)
    assert client.get(reverse("law:item", args=[table, "absente"])).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"approved_on": "20/06/2019"}, 200, "caducité à craindre"),
        ({"approved_on": "20/06/2019", "deliberated_on": "01/06/2025"}, 200, "prise à temps"),
        ({"approved_on": "26/05/2020"}, 200, "le délai court"),
        ({"approved_on": "01/01/1990"}, 422, "14 décembre 2000"),
        ({"approved_on": "20/06/2019", "deliberated_on": "01/06/2018"}, 422, "vient après"),
        ({"approved_on": "01/01/2101"}, 422, "2100"),
        ({}, 200, "Quand faut-il analyser"),
    ],
)
def test_an_old_scot_is_told_what_its_analysis_means_today(
    bob: Membership, asked: dict[str, str], status: int, said: str
) -> None:
    page = client_of(bob).get(reverse("law:evaluation"), asked)
    assert page.status_code == status
    assert said in text_of(page)
    if status == 200 and asked:
        assert "à vérifier" in text_of(page)


def test_an_agent_says_that_the_text_was_read(bob: Membership) -> None:
    url = reverse("law:check", args=["rules", RULE])
    wrong = client_of(bob).post(url, {"verdict": "same", "checked_on": "01/01/2100"})
    assert wrong.status_code == 422
    sent = {"verdict": "same", "link": "https://example.org/a", "checked_on": "24/11/2026"}
    page = client_of(bob).post(url, sent, follow=True)
    assert "La relecture est notée" in text_of(page)
    assert "texte lu" in text_of(page)
    assert LawCheck.objects.get().checked_by == bob.user


def test_a_change_first_shows_the_dates_it_moves(revision: Procedure, alice: Membership) -> None:
    client, url = client_of(alice), reverse("law:change", args=["rules", RULE])
    preview = client.post(url, CHANGE)
    moved = preview.context["moved"]
    assert moved
    assert {one.subject for one in moved} == {revision.name}
    assert not LawOverride.objects.exists()
    assert law_of(alice.workspace) is shipped()
    page = client.post(url, {**CHANGE, "confirm": "1"}, follow=True)
    assert law_of(alice.workspace).rule(RULE).period == Period(4, Unit.MONTHS)
    assert "valeur de l’équipe" in text_of(page)
    assert "Valeur d’origine : 3 mois" in text_of(page)
    # The procedure says it too, until somebody has seen it.
    shown = text_of(client.get(revision.get_absolute_url()))
    assert "L’état du droit a changé" in shown


def test_a_reading_alone_troubles_no_procedure(revision: Procedure, bob: Membership) -> None:
    sent = {"verdict": "same", "link": "https://example.org/a", "checked_on": "24/11/2026"}
    client_of(bob).post(reverse("law:check", args=["rules", RULE]), sent)
    assert LawCheck.objects.exists()
    assert "L’état du droit a changé" not in text_of(
        client_of(bob).get(revision.get_absolute_url())
    )


def test_withdrawing_shows_what_moves_back(revision: Procedure, alice: Membership) -> None:
    client = client_of(alice)
    client.post(reverse("law:change", args=["rules", RULE]), {**CHANGE, "confirm": "1"})
    url = reverse("law:withdraw", args=["rules", RULE])
    assert client.get(url).context["moved"]
    client.post(url)
    assert law_of(alice.workspace) is shipped()
    assert client.get(url).status_code == 404


def test_a_change_that_changes_nothing_is_refused(alice: Membership) -> None:
    url = reverse("law:change", args=["rules", RULE])
    answer = client_of(alice).post(url, {**CHANGE, "amount": "3"})
    assert answer.status_code == 422
    assert "Rien ne change" in text_of(answer)
    answer = client_of(alice).post(url, {**CHANGE, "amount": "0"})
    assert answer.status_code == 422


def test_an_agent_checks_but_does_not_change(bob: Membership, remi: Membership) -> None:
    for name in ("law:change", "law:withdraw"):
        assert client_of(bob).get(reverse(name, args=["rules", RULE])).status_code == 403
    assert client_of(remi).get(reverse("law:check", args=["rules", RULE])).status_code == 403
    assert client_of(remi).get(reverse("law:item", args=["rules", RULE])).status_code == 200
