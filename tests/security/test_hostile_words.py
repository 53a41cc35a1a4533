"""Names, answers and labels typed by an attacker stay words on every page of a whole world."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from restanque.accounts.models import User, Workspace
from restanque.directory.models import Canteen, Certification, Contact, Organisation, Tag
from restanque.surveys.models import Campaign, Questionnaire
from restanque.territories.models import Territory, Zone
from tests import world as worlds
from tests.addresses import addresses
from tests.visits import Visitor
from tests.world import World

# Closes an attribute, opens elements, and looks like a template and a spreadsheet's formula.
HOSTILE = "=x\"'><img src=q onerror=a()><b data-mal>{ {a} }"
NAMED: tuple[tuple[type[Any], str], ...] = (
    (Organisation, "name"), (Organisation, "notes"), (Organisation, "address"),
    (Contact, "full_name"), (Contact, "function"), (Canteen, "name"), (Tag, "name"),
    (Certification, "body"), (Territory, "name"), (Territory, "description"), (Zone, "name"),
    (Campaign, "name"), (Campaign, "sender_name"), (Campaign, "purpose"),
    (Questionnaire, "title"), (Workspace, "name"), (User, "full_name"),
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile_world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("files")
    with worlds.standing(django_db_blocker, folder) as world:
        for model, field in NAMED:
            for rank, row in enumerate(model._base_manager.all()):
                model._base_manager.filter(pk=row.pk).update(**{field: f"{HOSTILE}{rank}"})
        yield world


@pytest.mark.django_db
def test_nothing_typed_becomes_markup(hostile_world: World) -> None:
    visitor = Visitor(hostile_world)
    visitor.client.force_login(
        hostile_world.member("alice").user, backend="django.contrib.auth.backends.ModelBackend"
    )
    pages = 0
    for address in addresses():
        try:
            response = visitor.get(address)
        except LookupError:
            continue
        if "html" not in response.headers.get("Content-Type", ""):
            continue
        soup = BeautifulSoup(response.body, "html.parser")
        assert not soup.find_all(attrs={"data-mal": True}), address.name
        assert not soup.find_all("img", src="q"), address.name
        pages += response.status_code == 200
    assert pages > 60
