"""A list as town halls keep it, from Excel under Windows: shown, mended, imported, undone."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.directory.models import Organisation
from restanque.surveys.models import Campaign
from tests.journeys.conftest import Visitor, plain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = (
    "Commune;Mél;Tél\r\n"
    "ARLES;accueil@example.org;04.90.49.36.36\r\n"
    "Maussane les Alpilles;maussane@example.org;\r\n"
    "Trifouillis-les-Oies;x@example.org;\r\n"
    "Eyragues;pas une adresse;\r\n"
    "Noves « centre »;;\r\n"
)


def test_a_list_with_faults_is_shown_then_imported_then_undone(
    visitor: Callable[..., Visitor], campaign: Campaign, alice: Membership
) -> None:
    before = state()
    office = visitor()
    office.enter(alice)
    office.open(reverse("core:imports"))
    office.press("Mairies")
    office.page.locator("input[type=file]").set_input_files(
        {"name": "mairies été.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")}
    )
    office.press("Relire le fichier")
    check_preview(office)
    assert state() == before, "a preview writes nothing"

    report = office.download("Rapport")
    assert report.startswith(b"PK")
    office.press("Importer 2 lignes, laisser 3 lignes à corriger")
    after = state()
    assert after["Mairie d’Arles"] == ("accueil@example.org", "04 90 49 36 36")
    assert after["Mairie de Maussane-les-Alpilles"][0] == "maussane@example.org"
    assert after["Mairie d’Eyragues"] == before["Mairie d’Eyragues"]

    office.press("Défaire cet import")
    assert state() == before
    assert "défait" in office.text.lower()


def state() -> dict[str, tuple[str, str]]:
    """Name → address and telephone of every organisation."""
    return {one.name: (one.email, one.phone) for one in Organisation.objects.all()}


def check_preview(office: Visitor) -> None:
    """Each fault names its line, its column, what was read and what to do."""
    lines = plain(office.page.get_by_role("table").inner_text())
    assert re.search("Ligne 4, Commune : « Trifouillis-les-Oies »", lines), lines
    assert re.search("Ligne 5, .*« pas une adresse »", lines), lines
    office.press("à corriger (3)")
    assert office.page.locator("tbody tr").count() == 3
