"""A revision from its launching act to a calendar read by another program."""

import urllib.request
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.procedures.models import Procedure
from restanque.territories.services import create_territory
from tests.journeys.conftest import PHONE, Visitor
from tests.questions import PDF
from tests.territories.france import load_communes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_revision_is_followed_to_its_next_date(
    visitor: Callable[..., Visitor],
    workspace: Workspace,
    bob: Membership,
    settings: Any,
    tmp_path: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    today = timezone.localdate()
    load_communes({"13004", "13108"})
    create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2024, 1, 1),
        commune_codes=["13004", "13108"],
    )
    someone = visitor()
    someone.enter(bob)
    page = someone.open("/procedures/")
    someone.press("Nouvelle procédure")
    page.get_by_label("Nom", exact=True).fill("Révision du SCoT")
    page.get_by_label("Date de l’acte de lancement").fill("2023-06-20")
    page.get_by_label("Preuve de cet acte").fill("délibération n° 12")
    someone.press("Enregistrer")
    assert someone.title == "Révision du SCoT"
    assert "anciennes règles" in someone.text

    sent = today - timedelta(days=20)
    someone.press("Enregistrer un fait")
    page.get_by_label("Étape").select_option("information-pcaet")
    page.get_by_label("Date", exact=True).fill(sent.isoformat())
    page.locator("#id_proof_kind").select_option("receipt")
    page.get_by_label("Référence de la preuve").fill("AR 7")
    page.get_by_label("Pièce").set_input_files(
        {"name": "ar.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    someone.press("Enregistrer")
    assert "Réponse attendue au plus tard le" in someone.text
    assert "R229-53" in someone.text
    page.locator("#echeances summary").first.click()
    assert "accusé de réception, AR 7" in someone.text
    someone.inspect()

    someone.press("Et si… ?")
    page.get_by_label("Et si cette étape").select_option("approbation")
    page.get_by_label("avait lieu le").fill((today + timedelta(days=30)).isoformat())
    someone.press("Essayer")
    assert "Ce qui deviendrait illégal ou hors délai" in someone.text
    assert not Procedure.objects.get().targets.exists()

    someone.open("/procedures/calendriers/")
    someone.press("Ouvrir : SCoT")
    url = page.get_by_label("Adresse à coller dans votre agenda").input_value()
    with urllib.request.urlopen(url, timeout=10) as answer:
        said = answer.read().decode().replace("\r\n ", "")
    assert "Réponses du préfet et de la région" in said
    assert "(Révision du SCoT)" in said

    one = Procedure.objects.get()
    phone = visitor(viewport=PHONE)
    phone.enter(bob)
    for path in ("/", "/procedures/", one.get_absolute_url(), "/droit/?evidence=a-verifier"):
        phone.open(path)
    phone.open(f"/procedures/{one.pk}/objections/")
    phone.open("/procedures/calendriers/")
    fact = one.facts.get()
    phone.open(f"/procedures/faits/{fact.pk}/retirer/")
    phone.press("Retirer")
    assert "Le fait est retiré" in phone.text
    assert not one.facts.exists()
