"""History of an object, in French."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.template import Context, Template

from restanque.accounts.models import Membership, Workspace
from restanque.core.history import Change, entries

pytestmark = pytest.mark.django_db


@pytest.fixture
def territory(workspace: Workspace, bob: Membership) -> Any:
    """Something with a history (of a higher room: core has none of its own), made by Bob."""
    made = apps.get_model("territories", "Territory")(workspace=workspace, name="PAT", kind="pat")
    made._history_user = bob.user
    made.save()
    return made


def test_changes_are_told_with_their_french_names_newest_first(
    territory: Any, alice: Membership
) -> None:
    territory._history_user = alice.user
    territory.name, territory.kind = "SCoT", "scot"
    territory.save()

    latest, first = entries(territory)

    assert (first.what, first.who, first.changes) == ("création", "Bob", [])
    assert (latest.what, latest.who) == ("modification", "Alice")
    assert latest.changes == [
        Change("nom", "PAT", "SCoT"),
        Change(
            "nature",
            "Projet alimentaire territorial (PAT)",
            "Schéma de cohérence territoriale (SCoT)",
        ),
    ]


def test_a_save_that_changes_nothing_is_left_out(territory: Any) -> None:
    territory.save()

    assert len(entries(territory)) == 1


def test_an_emptied_field_is_told(territory: Any) -> None:
    territory.description = "Les 121 communes"
    territory.save()
    territory.description = ""
    territory.save()

    assert entries(territory)[0].changes == [Change("description", "Les 121 communes", "–")]


def test_a_relation_is_named(territory: Any, other_workspace: Workspace) -> None:
    territory.workspace = other_workspace
    territory.save()

    assert entries(territory)[0].changes == [Change("espace", "PETR et Métropole", "Autre équipe")]


def test_only_the_latest_are_shown(territory: Any) -> None:
    for rank in range(5):
        territory.name = f"PAT {rank}"
        territory.save()

    shown = entries(territory, limit=2)

    assert [entry.changes[0].new for entry in shown] == ["PAT 4", "PAT 3"]


def test_the_panel_shows_it(territory: Any) -> None:
    territory.name = "Nouveau nom"
    territory.save()

    page = Template("{% load core %}{% history subject %}").render(Context({"subject": territory}))
    text = " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())

    assert "Nom : PAT → Nouveau nom" in text
    assert "Création par Bob" in text
