"""Two people on one answer, each with the same link: both are told, nothing is lost."""

import re
from collections.abc import Callable

import pytest

from restanque.surveys import links
from restanque.surveys.models import Invitation, Response
from restanque.surveys.services import answers
from restanque.surveys.sessions import session_of
from tests.journeys.answering import answer, go_on
from tests.journeys.conftest import PHONE, Visitor, plain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/data/pain"
BEGUN = {
    "/data/restauration/a_cantine": "oui",
    "/data/restauration/services": "maternelle",
    "/data/restauration/mode_gestion": "direct",
    "/data/restauration/production": "site",
    "/data/restauration/acheteur_pain": "commune",
    f"{PAGE}/types_pain": "courant",
    f"{PAGE}/quantite_mode": "kg",
}


@pytest.mark.parametrize("scripts", [False, True])
def test_each_keeps_what_they_typed_and_the_disputed_answer_is_chosen(
    visitor: Callable[..., Visitor], invitation: Invitation, scripts: bool
) -> None:
    answers.save_answers(invitation=invitation, values=BEGUN)
    first, second = (
        open_bread_page(visitor(scripts=scripts), invitation),
        open_bread_page(visitor(scripts=scripts, viewport=PHONE), invitation),
    )
    answer(first.page, "kg_jour_saisis", "9")
    answer(first.page, "gaspillage", "moins_10")
    go_on(first)

    answer(second.page, "kg_jour_saisis", "12,5")
    answer(second.page, "service_pain", "libre")
    go_on(second)
    notice = plain(second.page.get_by_role("alert").inner_text())
    assert "Rien n’est perdu." in notice
    assert values(invitation) == ("9", "moins_10", "libre")
    kept = Response.objects.get(invitation=invitation).revisions.order_by("-pk")[:3]
    assert any(one.set_aside == {f"{PAGE}/kg_jour_saisis": "12.5"} for one in kept)

    second.page.get_by_label(re.compile(r"Votre saisie\s: 12,5")).check()
    go_on(second)
    assert second.page.get_by_role("alert").count() == 0
    assert values(invitation) == ("12.5", "moins_10", "libre")


def open_bread_page(person: Visitor, invitation: Invitation) -> Visitor:
    """The page where both write."""
    person.open(f"{links.personal_path(invitation)}page/pain/")
    assert person.title == "Le pain servi"
    return person


def values(invitation: Invitation) -> tuple[str, ...]:
    """What is saved of the three answers."""
    session = session_of(Response.objects.get(invitation=invitation))
    names = ("kg_jour_saisis", "gaspillage", "service_pain")
    return tuple(session.value(f"{PAGE}/{name}") for name in names)
