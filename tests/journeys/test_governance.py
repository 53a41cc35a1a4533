"""From the agenda to the fact of the procedure: convened, voted, numbered, written, recorded."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.governance.models import Body
from restanque.governance.nomenclature import BodyKind, MemberRole
from restanque.governance.services import bodies
from restanque.procedures.models import Procedure
from restanque.procedures.services import procedures
from restanque.territories.services import create_territory
from tests.journeys.conftest import PHONE, Visitor
from tests.territories.france import load_communes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def revision(workspace: Workspace) -> Procedure:
    """A revision, and a council of three that may decide on it."""
    load_communes({"13004", "13108"})
    scot = create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=["13004", "13108"],
    )
    council = bodies.create_body(territory=scot, kind=BodyKind.COUNCIL, name="Conseil syndical")
    for name in ("Aline", "Bruno", "Chloé"):
        role = MemberRole.PRESIDENT if name == "Aline" else MemberRole.MEMBER
        bodies.add_member(body=council, full_name=name, role=role, start_on=date(2020, 9, 1))
    return procedures.create_procedure(
        territory=scot, kind="scot-aec-revision", name="Révision", prescribed_on=date(2023, 6, 20)
    )


def test_a_step_is_convened_voted_and_becomes_a_fact(
    visitor: Callable[..., Visitor],
    revision: Procedure,
    bob: Membership,
    settings: Any,
    tmp_path: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    today = timezone.localdate()
    someone = visitor()
    someone.enter(bob)
    page = someone.open("/gouvernance/")
    someone.press("Nouvelle séance")
    someone.press("Conseil syndical")
    page.get_by_label("Date", exact=True).fill((today + timedelta(days=10)).isoformat())
    someone.press("Enregistrer")
    assert "À envoyer au plus tard le" in someone.text

    # From the procedure: one click puts the step on the agenda.
    someone.open(f"/procedures/{revision.pk}/etapes/arret/")
    page.get_by_label("Ce qui est demandé").select_option("decision")
    someone.press("Inscrire à l’ordre du jour")
    assert "Inscrit : point 1 de la séance." in someone.text
    someone.press("Modifier le point")
    page.get_by_label("Projet de délibération").fill("Décide d’arrêter le projet.")
    someone.press("Enregistrer")

    # The convocation, proven.
    council = Body.objects.get()
    someone.open(council.sittings.get().get_absolute_url())
    someone.press("Convocation")
    someone.press("Enregistrer un envoi")
    page.get_by_label("Envoyée le").fill(today.isoformat())
    page.get_by_label("Envoyée par").select_option("platform")
    page.get_by_label("Preuve").fill("journal de la plateforme")
    someone.press("Enregistrer")
    assert "valablement convoquée" in someone.text

    # In the room.
    someone.press("Revenir à la séance")
    someone.press("Présences et pouvoirs")
    for name in ("Aline", "Bruno"):
        page.get_by_label(name, exact=True).select_option("present")
    someone.press("Enregistrer les présences")
    assert "Quorum atteint" in someone.text
    someone.press("1. Arrêt du projet")
    someone.press("Compter le vote")
    page.get_by_label("Pour", exact=True).fill("3")
    someone.press("Enregistrer")
    assert "2 voix possibles" in someone.text
    page.get_by_label("Pour", exact=True).fill("2")
    someone.press("Enregistrer")
    assert "Adoptée à l’unanimité" in someone.text
    someone.press("Numéroter la délibération")
    year = (today + timedelta(days=10)).year
    assert someone.title == f"Délibération n° CS-{year}-001"

    # In Word.
    written = docx.Document(io.BytesIO(someone.download("Document Word")))
    words = "\n".join(one.text for one in written.paragraphs)
    assert "Décide d’arrêter le projet." in words
    assert "Aline" in words

    # And back: one click makes it a fact of the procedure.
    someone.press("Enregistrer comme fait : Arrêt du projet")
    assert "La date suit la délibération." in someone.text
    fact = revision.facts.get()
    assert fact.own_date is None
    assert fact.happened_on == today + timedelta(days=10)

    phone = visitor(viewport=PHONE)
    phone.enter(bob)
    for path in (
        "/gouvernance/", "/gouvernance/instances/", "/gouvernance/actes/",
        council.get_absolute_url(), council.sittings.get().get_absolute_url(),
    ):  # fmt: skip
        phone.open(path)
