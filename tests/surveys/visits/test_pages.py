"""The team's pages: prepare, give a code, read over, type at the desk."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from restanque.accounts.models import Membership, Workspace
from restanque.directory.models import OrganisationFact
from restanque.surveys.models import Visit, Visitor, VisitRound
from restanque.surveys.visits import reviewing, visitors
from restanque.surveys.visits.keys import password_of
from tests.conftest import client_of
from tests.surveys.visiting import Ground, photo
from tests.surveys.visits.test_gains import FULL

pytestmark = pytest.mark.django_db


def words(response: Any) -> str:
    text = BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)
    return text.replace("\u00a0", " ")


def test_a_team_starts_from_nothing(workspace: Workspace, bob: Membership) -> None:
    from tests.surveys.visiting import communes_of_tests

    communes_of_tests()
    client = client_of(bob)
    assert "Installer les deux formulaires" in words(client.get(reverse("surveys:visits")))
    response = client.post(reverse("surveys:visit-forms-install"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("surveys:round-create")
    assert "Visite de boulangerie" in words(response)
    client.post(reverse("surveys:visit-forms-install"))
    assert workspace.questionnaires.count() == 2


def test_a_series_then_a_visitor_then_its_code(ground: Ground, bob: Membership) -> None:
    client = client_of(bob)
    frame = {
        "territory": ground.territory.pk,
        "version": ground.visits.version_id,
        "name": "Boulangeries, printemps",
        "kinds": ["bakery", "mill"],
        "purpose": "Savoir.",
        "purge_on": "31/12/2028",
    }
    client.post(reverse("surveys:round-create"), frame)
    made = VisitRound.objects.get(name="Boulangeries, printemps")
    assert made.kinds == ["bakery", "mill"]
    response = client.post(
        reverse("surveys:visitor-create", args=[made.pk]),
        {"display_name": "Moulin de la Crau", "rounds": [made.pk]},
        follow=True,
    )
    visitor = Visitor.objects.get(display_name="Moulin de la Crau")
    assert password_of(visitor) in words(response)
    code = BeautifulSoup(response.content, "html.parser").select_one("svg.rq-code")
    assert code is not None
    assert code.find("title") is not None
    assert response["Cache-Control"] == "no-store"


def test_the_code_is_read_back_by_a_phone(ground: Ground, settings: Any) -> None:
    from tests.conformance.collect.client import Phone

    settings.BASE_URL = "https://restanque.example"
    phone = Phone.from_code(visitors.settings_code(ground.visitor))
    assert phone.server == "https://restanque.example/odk"
    assert phone.password == password_of(ground.visitor)


def test_a_reader_sees_who_was_visited_but_neither_answers_nor_codes(
    ground: Ground, remi: Membership
) -> None:
    visit = ground.received(FULL)
    client = client_of(remi)
    page = client.get(ground.visits.get_absolute_url())
    assert "Fournil des Arènes" in words(page)
    assert "Stagiaire 2026" in words(page)
    assert client.get(visit.get_absolute_url()).status_code == 403
    assert client.get(ground.visitor.get_absolute_url()).status_code == 403


def test_another_workspace_finds_nothing(ground: Ground, charlie: Membership) -> None:
    visit = ground.received(FULL, preuve_jpg=photo())
    client = client_of(charlie)
    file = visit.files.get()
    for name, args in (
        ("visit-round", [ground.visits.pk]),
        ("visit", [visit.pk]),
        ("visit-file", [visit.pk, file.pk]),
        ("visitor", [ground.visitor.pk]),
    ):
        assert client.get(reverse(f"surveys:{name}", args=args)).status_code == 404


def test_a_file_is_reached_under_its_own_visit_only(ground: Ground, bob: Membership) -> None:
    one = ground.received(FULL, preuve_jpg=photo())
    other = ground.received(FULL, identifier="uuid:b")
    url = reverse("surveys:visit-file", args=[other.pk, one.files.get().pk])
    assert client_of(bob).get(url).status_code == 404


def test_a_picture_is_shown_as_a_picture_and_anything_else_is_a_download(
    ground: Ground, bob: Membership
) -> None:
    visit = ground.received(FULL, preuve_jpg=photo(), page_html=b"<script>alert(1)</script>")
    client = client_of(bob)
    picture, page = visit.files.order_by("-name")
    shown = client.get(reverse("surveys:visit-file", args=[visit.pk, picture.pk]))
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    given = client.get(reverse("surveys:visit-file", args=[visit.pk, page.pk]))
    b"".join(given.streaming_content)
    assert given["Content-Disposition"].startswith("attachment")
    assert "sandbox" in given["Content-Security-Policy"]


def test_reading_over_tells_what_will_be_written_then_writes_it(
    ground: Ground, bob: Membership
) -> None:
    visit = ground.received(FULL)
    client = client_of(bob)
    page = words(client.get(visit.get_absolute_url()))
    assert "certification : Agriculture biologique" in page
    assert "téléphone : rien → 04 90 99 00 11" in page
    assert "1 fichier annoncé n’est pas arrivé : preuve.jpg" in page
    response = client.post(
        reverse("surveys:visit-conclude", args=[visit.pk]), {"action": "validate"}, follow=True
    )
    assert "visite validée" in words(response)
    fiche = words(client.get(ground.organisations["arles"].get_absolute_url()))
    assert "Capacité de production, pain courant" in fiche
    assert "Visite du 20 nov. 2026, Stagiaire 2026" in fiche
    client.post(reverse("surveys:visit-conclude", args=[visit.pk]), {"action": "undo"})
    assert not OrganisationFact.objects.exists()


def test_faults_are_listed_in_the_queue_and_on_the_page(ground: Ground, bob: Membership) -> None:
    visit = ground.received(FULL | {"/data/livraison/rayon": "5000"})
    client = client_of(bob)
    assert "1 défaut" in words(client.get(ground.visits.get_absolute_url()))
    assert "entre 0 et 300" in words(client.get(visit.get_absolute_url()))
    assert "Visites à relire" in words(client.get(reverse("portal:home")))


def test_a_visit_is_typed_at_the_desk_page_by_page(ground: Ground, bob: Membership) -> None:
    client = client_of(bob)
    response = client.post(reverse("surveys:visit-start", args=[ground.visits.pk]), follow=True)
    visit = Visit.objects.get()
    assert visit.is_draft
    page = response.redirect_chain[-1][0]
    first = {
        "/data/visite/visite_date": "20/11/2026",
        "/data/visite/commune": "13004",
        "/data/visite/connue": "liste",
        "action": "next",
    }
    shown = client.post(page, first)
    assert "Quelle boulangerie" in words(shown)
    first["/data/visite/organisation"] = str(ground.organisations["arles"].pk)
    making = client.post(page, first)
    assert making.status_code == 302
    client.post(
        making["Location"],
        {"/data/fabrication/pains": ["courant"], "action": "refresh"},
    )
    client.post(
        making["Location"],
        {
            "/data/fabrication/pains": ["courant"],
            "/data/fabrication/pain[1]/capacite": "80,5",
            "action": "next",
        },
    )
    signs = reverse("surveys:visit-entry", args=[visit.pk, "signes_page"])
    client.post(signs, {"/data/signes_page/nb_signes": "1", "action": "refresh"})
    client.post(
        signs,
        {
            "/data/signes_page/nb_signes": "1",
            "/data/signes_page/signe[1]/sigle": "BIO",
            "/data/signes_page/signe[1]/preuve": SimpleUploadedFile("preuve.jpg", photo()),
            "action": "next",
        },
    )
    end = reverse("surveys:visit-entry-finish", args=[visit.pk])
    assert "Enregistrer la visite" in words(client.get(end))
    client.post(end)
    visit.refresh_from_db()
    assert (visit.status, visit.channel, visit.faults) == ("submitted", "web", [])
    assert visit.flat["/data/fabrication/pain[1]/capacite"] == "80.5"
    assert visit.organisation == ground.organisations["arles"]
    assert visit.files.get().name == "preuve.jpg"


def test_a_visit_with_faults_is_recorded_when_one_insists(ground: Ground, bob: Membership) -> None:
    client = client_of(bob)
    client.post(reverse("surveys:visit-start", args=[ground.visits.pk]))
    visit = Visit.objects.get()
    end = reverse("surveys:visit-entry-finish", args=[visit.pk])
    assert client.post(end).status_code == 422
    assert client.post(end, {"anyway": "1"}).status_code == 302
    visit.refresh_from_db()
    assert visit.status == "submitted"
    assert visit.faults


def test_a_received_visit_is_corrected_and_its_envelope_kept(
    ground: Ground, bob: Membership
) -> None:
    visit = ground.received(FULL | {"/data/livraison/rayon": "5000"})
    sent = visit.received_xml
    client = client_of(bob)
    page = reverse("surveys:visit-entry", args=[visit.pk, "livraison"])
    client.post(
        page,
        {
            "/data/livraison/livre": "oui",
            "/data/livraison/rayon": "50",
            "action": "save",
        },
    )
    visit.refresh_from_db()
    assert visit.faults == []
    assert visit.flat["/data/livraison/rayon"] == "50"
    assert visit.received_xml == sent
    reviewing.validate(visit=visit, by=bob.user)
    assert client.get(page).status_code == 404


def test_a_draft_may_be_thrown_away_a_phone_s_visit_may_not(
    ground: Ground, bob: Membership
) -> None:
    client = client_of(bob)
    client.post(reverse("surveys:visit-start", args=[ground.visits.pk]))
    draft = Visit.objects.get()
    received = ground.received()
    for visit in (draft, received):
        client.post(reverse("surveys:visit-entry-finish", args=[visit.pk]), {"action": "discard"})
    assert list(Visit.objects.all()) == [received]


def test_closing_and_opening_a_series(ground: Ground, bob: Membership) -> None:
    client, url = client_of(bob), reverse("surveys:round-state", args=[ground.visits.pk])
    client.post(url, {"action": "close"})
    ground.visits.refresh_from_db()
    assert not ground.visits.is_open
    client.post(url, {"action": "reopen"})
    ground.visits.refresh_from_db()
    assert ground.visits.is_open
    assert client.post(url, {"action": "autre"}).status_code == 404
