"""Pages the kit makes by itself: gallery, errors, vendored files, theme."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults
from django.views.csrf import csrf_failure

import restanque.kit
from restanque.kit import palette
from tests.conftest import StrictClient

KIT = Path(restanque.kit.__file__).parent
THEME = (KIT / "static/kit/theme.css").read_text()


@pytest.fixture
def gallery(settings) -> BeautifulSoup:
    settings.DEMO = True
    response = StrictClient().get("/composants/")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_gallery_shows_every_component(gallery: BeautifulSoup) -> None:
    classes = {name for node in gallery.find_all(class_=True) for name in node["class"]}
    shown = {
        "rq-head",
        "rq-terrasse",
        "rq-badge-retard",
        "rq-fictif",
        "rq-chiffre",
        "rq-avis-erreur",
        "rq-vide",
        "rq-filters",
        "rq-pages",
        "rq-figure",
        "rq-map",
        "rq-etapes",
        "rq-champ-erreur",
        "rq-barre",
        "rq-legende",
    }
    assert shown <= classes
    assert len(gallery.select(".rq-figure")) == 6


def test_gallery_ids_are_unique_and_labels_reach_their_fields(gallery: BeautifulSoup) -> None:
    ids = [node["id"] for node in gallery.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for label in gallery.find_all("label"):
        assert label["for"] in ids
    for link in gallery.select('a[href^="#"]'):
        assert link["href"] in {"#", *(f"#{i}" for i in ids)}


def test_gallery_serves_its_downloads(settings) -> None:
    settings.DEMO = True
    response = StrictClient().get("/composants/?figure=etats&format=geojson")
    assert json.loads(response.content)["fictitious"] is True
    assert StrictClient().get("/composants/?figure=nothing").status_code == 404


def test_gallery_does_not_exist_in_production(settings) -> None:
    settings.DEMO = settings.DEBUG = False
    assert StrictClient().get("/composants/").status_code == 404


def test_every_icon_is_drawn_within_its_frame(gallery: BeautifulSoup) -> None:
    for icon in gallery.select("svg.rq-i"):
        assert icon["aria-hidden"] == "true"
        assert icon.path["d"]


@pytest.mark.parametrize(
    ("status", "words"),
    [(403, "ne vous est pas ouverte"), (404, "n’existe pas")],
)
def test_error_pages_say_what_to_do(rf: RequestFactory, status: int, words: str) -> None:
    view = {403: defaults.permission_denied, 404: defaults.page_not_found}[status]
    response = view(rf.get("/x/"), Exception("secret"))
    assert response.status_code == status
    html = response.content.decode()
    assert words in html
    assert "secret" not in html
    assert 'href="/"' in html


def test_expired_form_explains_how_not_to_lose_answers(rf: RequestFactory) -> None:
    html = csrf_failure(rf.post("/x/")).content.decode()
    assert "Ce formulaire a expiré" in html
    assert "Copiez les réponses" in html


@pytest.mark.parametrize(
    ("name", "words"), [("500.html", "Une panne"), ("400.html", "n’a pas été comprise")]
)
def test_last_resort_pages_need_no_context(name: str, words: str) -> None:
    html = render_to_string(name)
    assert words in html
    for path in re.findall(r'href="/static/(kit/[^"]+)"', html):
        assert (KIT / "static" / path).exists()


def test_crash_shows_the_page_of_crashes(rf: RequestFactory) -> None:
    response = defaults.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Une panne est survenue" in response.content.decode()


@pytest.mark.django_db
def test_unknown_address_is_a_french_404() -> None:
    response = Client().get("/composants/nulle-part/")
    assert response.status_code == 404
    assert "Cette page n’existe pas" in response.content.decode()


def test_vendored_files_are_those_declared() -> None:
    declared = {}
    for package in json.loads((KIT / "vendor.json").read_text()):
        assert {"name", "version", "licence", "source", "files"} == set(package)
        declared |= package["files"]
    for path, digest in declared.items():
        assert hashlib.sha256((KIT / path).read_bytes()).hexdigest() == digest, path
    folders = ("static/kit/vendor", "static/kit/fonts", "documents/fonts")
    present = {
        str(p.relative_to(KIT))
        for folder in folders
        for p in (KIT / folder).rglob("*")
        if p.is_file()
    }
    assert present == set(declared)


def test_fonts_of_the_theme_exist() -> None:
    for path in re.findall(r"url\((fonts/[^)]+)\)", THEME):
        assert (KIT / "static/kit" / path).exists()


@pytest.mark.parametrize(
    ("variable", "colour"),
    [
        ("calcaire", palette.LIMESTONE),
        ("papier", palette.PAPER),
        ("joint", palette.JOINT),
        ("pierre", palette.STONE),
        ("encre", palette.INK),
        ("encre-2", palette.INK_2),
        ("olive", palette.OLIVE),
        ("olive-fonce", palette.OLIVE_DARK),
        ("olive-moyen", palette.OLIVE_MID),
        ("olive-clair", palette.OLIVE_LIGHT),
        ("ocre", palette.OCHRE),
        ("ocre-fonce", palette.OCHRE_DARK),
        ("ocre-clair", palette.OCHRE_LIGHT),
        ("bauxite", palette.BAUXITE),
        ("durance", palette.DURANCE),
    ],
)
def test_drawings_use_the_themes_colours(variable: str, colour: str) -> None:
    assert f"--rq-{variable}: {colour};" in THEME


def test_theme_calls_nothing_from_outside() -> None:
    assert not re.findall(r"@import|https?:", THEME)
