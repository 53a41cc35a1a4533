"""The first page: what awaits this week, for whom."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from restanque.accounts.models import Membership, User
from restanque.accounts.services import create_workspace, end_membership
from restanque.core import notices
from restanque.kit import slots
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
HOME = "/"


def page_of(member: Membership) -> BeautifulSoup:
    response = client_of(member).get(HOME)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_anonymous_is_asked_to_sign_in(client: Client) -> None:
    response = client.get(HOME)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_request_login_code"))


def test_it_says_which_week_it_is(alice: Membership) -> None:
    # 1 January 2027 is a Friday of week 53 of 2026.
    with time_machine.travel(datetime(2027, 1, 1, 11, tzinfo=UTC)):
        words = page_of(alice).get_text(" ")
    assert "Semaine 53, du lundi 28 décembre au dimanche 3 janvier 2027" in words


def test_nothing_to_do_says_what_may_be_done(alice: Membership) -> None:
    soup = page_of(alice)
    assert "Rien n’attend cette semaine" in soup.get_text()
    links = {str(link["href"]) for link in soup.select(".rq-vide a")}
    assert links == {reverse("surveys:campaigns"), reverse("territories:list")}


def test_notices_are_one_s_own(alice: Membership, bob: Membership) -> None:
    notices.notify(membership=alice, text="Votre export est prêt", url="/travaux/")
    assert "Votre export est prêt" in page_of(alice).get_text()
    assert "Votre export est prêt" not in page_of(bob).get_text()


def test_a_read_notice_leaves_the_page(alice: Membership) -> None:
    notice = notices.notify(membership=alice, text="Votre export est prêt")
    client_of(alice).post(reverse("core:notification_read", args=[notice.pk]))
    assert "Votre export est prêt" not in page_of(alice).get_text()


@pytest.fixture
def one_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A single room that has something to show, to whoever is given panels."""
    monkeypatch.setattr(slots, "_slots", {})
    panel = slots.Panel("Un panneau", "core/notices.html", {"notices": []}, "essai")
    slots.register("home", "tests.essai", order=1, provider=lambda request, subject: panel)


@pytest.mark.parametrize(("who", "shown"), [("alice", True), ("remi", True), ("paula", False)])
def test_rooms_show_their_panels_to_the_team_only(
    one_panel: None, who: str, shown: bool, request: Any
) -> None:
    assert ("Un panneau" in page_of(request.getfixturevalue(who)).get_text()) == shown


def test_without_a_workspace_it_says_whom_to_ask(alice: Membership, bob: Membership) -> None:
    end_membership(membership=bob)
    soup = page_of(bob)
    assert "n’appartient à aucun espace" in soup.get_text()
    assert bob.user.email in soup.get_text()
    assert soup.select("form[action]")[0]["action"] == reverse("account_logout")


def test_a_demonstration_is_marked(db: None) -> None:
    user = User.objects.create_user("demo@example.org", full_name="Démo")
    workspace = create_workspace(name="Démonstration", fictitious=True)
    member = Membership.objects.create(user=user, workspace=workspace, role="agent")
    assert "Données fictives" in page_of(member).get_text()


@pytest.mark.parametrize(("who", "offered"), [("alice", 15), ("remi", 13), ("paula", 2)])
def test_the_navigation_leads_nowhere_that_is_refused(who: str, offered: int, request: Any) -> None:
    member = request.getfixturevalue(who)
    client = client_of(member)
    links = [str(link["href"]) for link in page_of(member).select(".rq-nav li a")]
    assert [link for link in links if client.get(link).status_code >= 400] == []
    assert len(links) == offered
