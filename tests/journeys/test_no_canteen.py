"""The shortest answer: a commune that has no canteen is done in two clicks."""

from collections.abc import Callable

import pytest

from restanque.surveys import links
from restanque.surveys.models import Invitation, Response
from restanque.surveys.sessions import session_of
from tests.journeys.conftest import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_clicks_answer_and_one_sends(
    visitor: Callable[..., Visitor], invitation: Invitation
) -> None:
    person = open_first_page(visitor(viewport=PHONE), invitation)
    person.page.get_by_label("Non", exact=True).check()
    person.page.get_by_text("questions s’ajoutent").wait_for()
    person.press("Continuer")
    assert person.title == "Tout est prêt"
    person.press("Envoyer mes réponses")
    check_receipt(person, invitation)


def test_without_scripts_what_the_answer_adds_is_shown_before_sending(
    visitor: Callable[..., Visitor], invitation: Invitation
) -> None:
    person = open_first_page(visitor(viewport=PHONE, scripts=False), invitation)
    person.page.get_by_label("Non", exact=True).check()
    person.press("Continuer")
    assert "questions s’ajoutent d’après vos réponses" in person.text
    person.press("Continuer")
    assert person.title == "Tout est prêt"
    person.press("Envoyer mes réponses")
    check_receipt(person, invitation)


def open_first_page(person: Visitor, invitation: Invitation) -> Visitor:
    """From the personal link, once the welcome page is read."""
    person.open(links.personal_path(invitation))
    person.press("Commencer")
    return person


def check_receipt(person: Visitor, invitation: Invitation) -> None:
    """It is sent, and says only that there is no canteen."""
    assert person.title == "Merci, votre réponse est envoyée"
    session = session_of(Response.objects.get(invitation=invitation))
    assert [(fact, value) for fact, _, value in session.facts()] == [("canteen.has_canteen", "non")]
