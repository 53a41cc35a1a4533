"""A call: the list, an answer promised for later, then the answer typed for the town hall."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.surveys.models import Campaign, Channel, Invitation, Response
from restanque.surveys.sessions import session_of
from tests.journeys.answering import PAGES, answer, field, go_on, settle
from tests.journeys.conftest import PHONE, Visitor, plain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "Mairie d’Eyragues"


def test_a_call_is_noted_then_the_answer_is_typed_for_the_town_hall(
    visitor: Callable[..., Visitor], campaign: Campaign, invitation: Invitation, bob: Membership
) -> None:
    agent = visitor(viewport=PHONE)
    agent.enter(bob)
    agent.open(reverse("surveys:campaign", args=[campaign.pk]))
    agent.press("Tous les appels")
    note_call(agent)
    agent.press(NAME, inside=agent.page.get_by_role("region", name="Derniers appels"))
    agent.press("Appeler")
    agent.press("Saisir la réponse au téléphone")
    type_answer(agent, invitation)

    agent.press("Enregistrer comme envoyée")
    assert agent.title == "La réponse est enregistrée"
    response = Response.objects.get(invitation=invitation)
    assert (response.channel, response.status) == (Channel.PHONE, "submitted")
    agent.open(reverse("surveys:campaign", args=[campaign.pk]))
    assert "1 pierre posée sur 5" in agent.text
    agent.press("Relire la réponse reçue")
    assert Channel.PHONE.label in agent.text


def note_call(agent: Visitor) -> None:
    """« À rappeler » wants a day; the town hall leaves the list of the day."""
    assert "5 appels à faire" in agent.text
    agent.press(f"Appeler {NAME}")
    agent.page.get_by_label("à rappeler").check()
    agent.press("Noter")
    assert "Dites quel jour rappeler." in agent.text
    tomorrow = timezone.localdate() + timedelta(days=1)
    agent.page.get_by_label("Rappeler le").fill(tomorrow.isoformat())
    note = agent.page.get_by_role("textbox", name=re.compile("^Note"))
    note.fill("La secrétaire cherche les factures.")
    agent.press("Noter")
    assert "4 appels à faire" in agent.text
    assert "La secrétaire cherche les factures." in agent.text


def type_answer(agent: Visitor, invitation: Invitation) -> None:
    """Each question appears as soon as it is due; each answer is saved without a button."""
    page = agent.page
    agent.press("Commencer")
    for title, answers in PAGES.items():
        assert agent.title == title
        for key, value in answers.items():
            field(page, key).first.wait_for()
            answer(page, key, value)
        if title == "Votre restauration collective":
            settle(agent)
            assert "Rien n’est perdu" in plain(page.locator("#etat").inner_text())
            assert value_of(invitation, "/data/restauration/mode_gestion") == "direct"
        # The last answer of a page may bring one more question: the page then comes back once.
        for _ in range(2):
            if agent.title == title:
                go_on(agent)
    assert agent.title == "Tout est prêt"
    second = "/data/fournisseurs/fournisseur[2]"
    assert value_of(invitation, f"{second}/four_commune") == "Noves"


def value_of(invitation: Invitation, path: str) -> str:
    """What is saved now."""
    return session_of(Response.objects.get(invitation=invitation)).value(path)
