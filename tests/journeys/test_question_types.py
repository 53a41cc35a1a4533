"""Every type of question in a browser: keyboard, click on the map, ranking, picture, no fault."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from restanque.accounts.models import Workspace
from restanque.surveys import links
from restanque.surveys.models import Campaign, Invitation, Response
from restanque.surveys.services import questionnaires
from restanque.surveys.services.media import join_media
from restanque.surveys.sessions import session_of
from tests.journeys.answering import go_on, settle
from tests.journeys.conftest import PHONE, Visitor, plain
from tests.surveys.all_types import ALL_TYPES, COMMUNES_CSV, PNG

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHOICES, MOMENTS = "/data/choix/", "/data/moments/"


@pytest.fixture
def asked(campaign: Campaign, workspace: Workspace, invitation: Invitation) -> Invitation:
    """The invitation of Eyragues, asked every type of question."""
    questionnaire = questionnaires.create_questionnaire(workspace=workspace, title="Tous les types")
    draft = questionnaires.add_version(
        questionnaire=questionnaire, data=ALL_TYPES.encode(), filename="tous.md"
    )
    for name, data in (("communes.csv", COMMUNES_CSV), ("plan.png", PNG), ("four.png", PNG)):
        join_media(version=draft, upload=SimpleUploadedFile(name, data))
    Campaign.objects.filter(pk=campaign.pk).update(
        version=questionnaires.publish_version(version=draft)
    )
    return Invitation.objects.get(pk=invitation.pk)


@pytest.mark.parametrize(("scripts", "viewport"), [(True, PHONE), (True, None), (False, None)])
def test_every_type_is_answered_by_keyboard_and_by_clicking(
    visitor: Callable[..., Visitor],
    asked: Invitation,
    scripts: bool,
    viewport: dict[str, int] | None,
) -> None:
    person = visitor(scripts=scripts, **({"viewport": viewport} if viewport else {}))
    person.open(f"{links.personal_path(asked)}page/textes/")
    page = person.page
    page.get_by_label("Nom du fournil").fill("L’Épi")
    page.get_by_role("radio", name="4", exact=True).check()
    assert page.locator(".rq-note img").evaluate("image => image.naturalWidth") == 1
    go_on(person)

    answer_choices(person)
    go_on(person)

    answer_places(person)
    go_on(person)
    go_on(person)
    saved = session_of(Response.objects.get(invitation=asked)).flat()
    assert saved["/data/textes/note"] == "4"
    assert saved[f"{CHOICES}epci"] == "Terre de Provence"
    assert saved[f"{CHOICES}ordre"] == "levain courant complet other"
    latitude, longitude = (float(part) for part in saved[f"{MOMENTS}lieu"].split()[:2])
    assert 43 < latitude < 44.1
    assert 4 < longitude < 5.5


def answer_choices(person: Visitor) -> None:
    """Ranking by the keyboard alone: each saving renumbers the others."""
    page = person.page
    page.get_by_role("radio", name="Eyragues").check()
    ranks = [page.locator(f'[name="{CHOICES}ordre.rank.{value}"]') for value in
             ("courant", "complet", "levain", "other")]  # fmt: skip
    for place, box in enumerate(ranks, 1):
        choose(person, box, str(place))
    if not person.scripts:
        with page.expect_navigation():
            page.get_by_role("button", name="Actualiser").click()
    choose(person, ranks[2], "1")
    if not person.scripts:
        go_on(person)  # shown once more: two lines had the same rank
    assert "1. Pain au levain" in plain(page.locator("[id$=ordre-ordre]").inner_text())


def choose(person: Visitor, box: Any, value: str) -> None:
    box.focus()
    box.select_option(value)
    settle(person)


def answer_places(person: Visitor) -> None:
    """By clicking where scripts run, else by typing."""
    page = person.page
    latitude = page.get_by_label("Latitude")
    if not person.scripts:
        assert page.locator(".rq-sur-carte").count() == 0
        latitude.fill("43,84 4,84")
        return
    stage = page.locator(".rq-sur-carte")
    stage.wait_for()
    stage.click(position={"x": 120, "y": 120})
    settle(person)
    assert latitude.input_value().startswith("43,")
    pin = page.locator(".rq-epingle").bounding_box()
    assert pin is not None
    assert pin["width"] > 5
    # The map has lived through the saving; typing moves the pin.
    latitude.fill("43,84")
    page.get_by_label("Longitude").fill("4,84")
    settle(person)
    person.inspect()
