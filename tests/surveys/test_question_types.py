"""Every type of question, answered in pages without any script, then sent."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from restanque.accounts.models import Membership, Workspace
from restanque.surveys import links
from restanque.surveys.models import Campaign, Invitation, QuestionnaireVersion, Response
from restanque.surveys.services import questionnaires, review
from restanque.surveys.services.answers import save_answers, submit
from restanque.surveys.services.media import join_media
from restanque.surveys.sessions import session_of
from tests.surveys.all_types import ALL_TYPES, COMMUNES_CSV, PNG
from tests.surveys.answering import plain
from tests.surveys.pages import Browser

pytestmark = pytest.mark.django_db
TEXTS, CHOICES, MOMENTS, FILES = (
    "/data/textes/",
    "/data/choix/",
    "/data/moments/",
    "/data/fichiers/",
)


@pytest.fixture
def version(workspace: Workspace) -> QuestionnaireVersion:
    """Every type, with its list and pictures, published."""
    questionnaire = questionnaires.create_questionnaire(workspace=workspace, title="Tous les types")
    draft = questionnaires.add_version(
        questionnaire=questionnaire, data=ALL_TYPES.encode(), filename="tous.md"
    )
    assert not draft.errors, draft.errors
    for name, data in (("communes.csv", COMMUNES_CSV), ("plan.png", PNG), ("four.png", PNG)):
        join_media(version=draft, upload=SimpleUploadedFile(name, data))
    return questionnaires.publish_version(version=draft)


@pytest.fixture
def pages(invitation: Invitation) -> Browser:
    """The respondent's browser, on the first page."""
    browser = Browser(links.personal_path(invitation))
    browser.follow("Commencer")
    return browser


def flat(invitation: Invitation) -> dict[str, str]:
    """What is saved."""
    return session_of(Response.objects.get(invitation=invitation)).flat()


def test_texts_and_numbers(pages: Browser, invitation: Invitation) -> None:
    note = pages.soup.select_one(".rq-note")
    assert note is not None
    assert note.select_one("strong").get_text() == "votre temps"
    assert note.find("img")["src"].startswith(links.personal_path(invitation))  # type: ignore[index,union-attr]
    assert "cache" not in pages.html
    label = pages.soup.find("label", {"for": "q-data-textes-court"})
    assert label is not None
    assert label.find("em").get_text() == "fournil"
    pages.fill(TEXTS + "court", "L’Épi")
    pages.fill(TEXTS + "long", "Une ligne\nUne autre")
    pages.fill(TEXTS + "repas", "1 200")
    pages.fill(TEXTS + "kilos", "12,5")
    pages.choose(TEXTS + "note", "4")
    pages.fill(TEXTS + "part", "150")
    pages.fill(TEXTS + "rang", "2")
    pages.fill(TEXTS + "code", "LOT-7")
    pages.press("next")
    assert pages.status == 422
    assert "Une valeur entre 0 et 100 est attendue." in pages.text
    assert "Soit 2400 repas par jour" in pages.text
    pages.fill(TEXTS + "part", "50")
    pages.press("next")
    saved = flat(invitation)
    assert {path: saved[TEXTS + path] for path in ("court", "repas", "kilos", "note", "part")} == {
        "court": "L’Épi", "repas": "1200", "kilos": "12.5", "note": "4", "part": "50",
    }  # fmt: skip
    assert saved[TEXTS + "rang"] == "2"
    assert saved[TEXTS + "code"] == "LOT-7"
    assert saved[TEXTS + "cache"] == "pat"


def open_part(pages: Browser, invitation: Invitation, key: str) -> None:
    pages.open(f"{links.personal_path(invitation)}page/{key}/")


def test_choices(pages: Browser, invitation: Invitation) -> None:
    open_part(pages, invitation, "choix")
    scale = pages.soup.select_one(".rq-echelle")
    assert scale is not None
    assert len(scale.find_all("input")) == 3
    assert pages.soup.select_one(".rq-colonnes") is not None
    assert "Pain **courant**" not in pages.html
    pages.choose(CHOICES + "avis", "oui")
    pages.choose(CHOICES + "pain", "other")
    pages.tick(CHOICES + "pains", "courant")
    pages.tick(CHOICES + "pains", "levain")
    pages.fill(CHOICES + "menu", "bof")
    pages.choose(CHOICES + "commune", "13004")
    pages.tick(CHOICES + "accord", "OK")
    pages.press("refresh")
    # « Or other » asks which, in French; the list of the joined file gave its commune's EPCI.
    assert pages.soup.find("label", string=re.compile("Précisez")) or "Précisez" in pages.text
    assert "EPCI : ACCM" in pages.text
    pages.fill(CHOICES + "pain_other", "Fougasse")
    pages.press("refresh")
    saved = flat(invitation)
    assert saved[CHOICES + "pain"] == "other"
    assert saved[CHOICES + "pain_other"] == "Fougasse"
    assert saved[CHOICES + "pains"] == "courant levain"
    assert saved[CHOICES + "commune"] == "13004"
    assert saved[CHOICES + "epci"] == "ACCM"
    assert saved[CHOICES + "accord"] == "OK"
    assert saved[CHOICES + "menu"] == "bof"
    pages.open(f"{links.personal_path(invitation)}relire/")
    assert "Pain courant" in pages.text
    assert "**" not in pages.text


def rank(pages: Browser, **ranks: str) -> None:
    for value, place in ranks.items():
        pages.fill(f"{CHOICES}ordre.rank.{value}", place)


def test_a_ranking_inserts_and_says_so(pages: Browser, invitation: Invitation) -> None:
    open_part(pages, invitation, "choix")
    rank(pages, courant="1", complet="2", levain="3")
    pages.press("next")
    assert pages.status == 422
    assert "Classez tous les choix proposés." in pages.text
    rank(pages, other="4")
    pages.press("refresh")
    assert flat(invitation)[CHOICES + "ordre"] == "courant complet levain other"
    rank(pages, levain="1")
    pages.press("next")
    # Two first places: the one just given wins, and the person sees it before going on.
    assert pages.status == 422
    assert "Vérifiez l’ordre" in pages.text
    assert flat(invitation)[CHOICES + "ordre"] == "levain courant complet other"
    assert "Votre ordre : 1. Pain au levain" in plain(pages.text)
    pages.press("next")
    assert "Dates et lieux" in pages.title


def test_dates_and_places(pages: Browser, invitation: Invitation) -> None:
    open_part(pages, invitation, "moments")
    pages.fill(MOMENTS + "jour", "24/11/2026")
    pages.fill(MOMENTS + "mois", "2026-09")
    pages.fill(MOMENTS + "annee", "1998")
    pages.fill(MOMENTS + "heure", "8h30")
    pages.fill(MOMENTS + "visite", "2026-12-01T09:15")
    pages.fill(MOMENTS + "lieu.lat", "43,67 4,62")
    pages.fill(MOMENTS + "tournee", "43,67 4,62\n43,68 4,63")
    pages.fill(MOMENTS + "parcelle", "43,67 4,62\n43,68 4,62\n43,68 4,63")
    pages.press("next")
    saved = flat(invitation)
    assert saved[MOMENTS + "jour"] == "2026-11-24"
    assert saved[MOMENTS + "mois"] == "2026-09-01"
    assert saved[MOMENTS + "annee"] == "1998-01-01"
    assert saved[MOMENTS + "heure"].startswith("08:30")
    assert saved[MOMENTS + "visite"].startswith("2026-12-01T09:15")
    assert saved[MOMENTS + "lieu"] == "43.67 4.62"
    assert saved[MOMENTS + "tournee"] == "43.67 4.62; 43.68 4.63"
    assert saved[MOMENTS + "parcelle"].count(";") == 3
    open_part(pages, invitation, "moments")
    assert (pages.value(MOMENTS + "lieu.lat"), pages.value(MOMENTS + "lieu.lon")) == (
        "43,67",
        "4,62",
    )
    assert pages.value(MOMENTS + "mois") == "2026-09"
    assert pages.value(MOMENTS + "annee") == "1998"
    pages.fill(MOMENTS + "lieu.lat", "derrière l’église")
    pages.press("next")
    assert pages.status == 422
    assert "latitude puis longitude" in pages.text
    assert "derrière l’église" in pages.text
    pages.fill(MOMENTS + "lieu.lat", "43°40'36\" N")
    pages.fill(MOMENTS + "lieu.lon", "4°37'12\" E")
    pages.press("next")
    assert flat(invitation)[MOMENTS + "lieu"] == "43.6766667 4.62"
    pages.open(f"{links.personal_path(invitation)}relire/")
    for words in ("43,67667° N, 4,62° E", "2 points", "09/2026", "1998", "24/11/2026"):
        assert words in plain(pages.text)


def test_a_point_measured_by_a_telephone_keeps_its_altitude(
    pages: Browser, invitation: Invitation
) -> None:
    save_answers(invitation=invitation, values={MOMENTS + "lieu": "43.67 4.62 12 3.5"})
    open_part(pages, invitation, "moments")
    pages.fill(MOMENTS + "annee", "1998")
    pages.press("next")
    assert flat(invitation)[MOMENTS + "lieu"] == "43.67 4.62 12 3.5"


@pytest.mark.parametrize(
    ("question", "name", "content", "accepted"),
    [
        ("photo", "four.png", PNG, True),
        ("photo", "four.pdf", b"%PDF-1.4\n", False),
        ("photo", "four.jpg", PNG, False),
        ("facture", "facture.pdf", b"%PDF-1.4\n%%EOF\n", True),
        ("facture", "facture.exe", b"MZ", False),
        ("son", "son.mp3", b"ID3\x03" + b"\0" * 20, True),
        ("son", "son.mp3", b"<html>", False),
        ("film", "film.mp4", b"\0\0\0\x18ftypmp42", True),
        ("film", "film.mp4", b"%PDF-1.4", False),
    ],
)
def test_files_by_their_kind_and_contents(
    pages: Browser,
    invitation: Invitation,
    question: str,
    name: str,
    content: bytes,
    accepted: bool,
) -> None:
    open_part(pages, invitation, "fichiers")
    pages.attach(FILES + question, name, content)
    pages.press("next")
    assert (pages.status == 200) is accepted
    assert (FILES + question in flat(invitation)) is accepted


def test_pictures_are_shown_to_whoever_has_the_link_only(
    pages: Browser, invitation: Invitation, other_invitation: Invitation
) -> None:
    source = pages.soup.select_one(".rq-note img")["src"]  # type: ignore[index]
    shown = pages.client.get(source)
    assert shown.status_code == 200
    assert shown.content == PNG
    assert shown["Content-Type"] == "image/png"
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    base = links.personal_path(invitation)
    assert pages.client.get(f"{base}image/communes.csv").status_code == 404
    assert pages.client.get(f"{base}image/autre.png").status_code == 404
    assert pages.client.get("/r/1-forged/image/plan.png").status_code == 404


def test_the_map_of_a_place_stands_on_local_contours(
    pages: Browser, invitation: Invitation
) -> None:
    open_part(pages, invitation, "moments")
    holder = pages.soup.select_one("[data-ground]")
    assert holder is not None
    assert holder.has_attr("hidden")
    ground = pages.client.get(holder["data-ground"]).json()
    assert {feature["id"] for feature in ground["features"]} == {"13004", "13036", "13108"}
    assert "leaflet.js" in pages.html
    open_part(pages, invitation, "choix")
    assert "leaflet.js" not in pages.html


def test_a_whole_answer_is_sent(pages: Browser, invitation: Invitation, campaign: Campaign) -> None:
    pages.fill(TEXTS + "court", "L’Épi")
    pages.press("next")
    for _ in range(3):
        pages.press("next")
    assert "Relire" in pages.text or "relire" in pages.url
    pages.press(None)
    response = Response.objects.get(invitation=invitation)
    assert response.submitted_at is not None
    assert response.flat[TEXTS + "court"] == "L’Épi"


def test_the_team_corrects_a_date_and_a_place_as_it_would_type_them(
    pages: Browser, invitation: Invitation, alice: Membership
) -> None:
    save_answers(
        invitation=invitation,
        values={TEXTS + "court": "L’Épi", MOMENTS + "annee": "1998-01-01"},
    )
    sent = submit(invitation=invitation).response
    typed = {MOMENTS + "annee": "1999", MOMENTS + "jour": "24/11/2026",
             MOMENTS + "lieu": "43,67 ; 4,62"}  # fmt: skip
    review.correct(response=sent, values=typed, by=alice.user)
    saved = flat(invitation)
    assert saved[MOMENTS + "annee"] == "1999-01-01"
    assert saved[MOMENTS + "jour"] == "2026-11-24"
    assert saved[MOMENTS + "lieu"] == "43.67 4.62"
