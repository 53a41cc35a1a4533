"""The members of a body brought from a file: tolerant, shown first, taken back."""

from typing import Any

import pytest

from restanque.core.imports.services import ImportRefused, run_import, undo_run
from restanque.core.models import ImportRun
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.governance.models import Body
from restanque.governance.nomenclature import MemberRole
from restanque.governance.services import bodies
from tests.governance.conftest import member

FILE = """Nom;Prénom;Qualité;Commune;Suppléant de;Courriel;Depuis le
ROUX;Dominique;titulaire;Arles;;d.roux@example.org;10/09/2020
Aline;;présidente;;;;
Blanc;Léa;Suppléante;Arles;Dominique Roux;;
Noir;Max;trésorier;;;;
Vert;Iris;membre;Ailleurs;;;
Brun;Tom;suppléant;;Personne;;
"""


def bring(body: Body, *, dry_run: bool = False, text: str = FILE) -> ImportRun:
    context: dict[str, Any] = {"body": str(body.pk), "start_on": "2026-01-05"}
    return run_import(
        kind="governance-members",
        data=text.encode("cp1252"),
        filename="membres.csv",
        workspace=body.workspace,
        dry_run=dry_run,
        context=context,
    )


@pytest.fixture
def town(council: Body) -> Any:
    return create_organisation(workspace=council.workspace, kind=Kind.MAIRIE, name="Mairie d’Arles")


def told(run: ImportRun) -> dict[int, str]:
    return {row.number: f"{row.summary} {row.problem}" for row in run.rows.all()}


def test_the_preview_says_each_row_and_writes_nothing(council: Body, town: Any) -> None:
    before = council.mandates.count()
    words = told(bring(council, dry_run=True))
    assert "pour Arles" in words[2]
    assert "déjà membre" in words[3]
    assert "trésorier" in words[5]
    assert "pas dans l’annuaire" in words[6]
    assert council.mandates.count() == before


def test_the_rows_that_stand_are_written_then_taken_back(council: Body, town: Any) -> None:
    before = council.mandates.count()
    run = bring(council)
    made = member(council, "Dominique ROUX")
    assert made.represents == town
    assert (made.email, made.role) == ("d.roux@example.org", MemberRole.MEMBER)
    assert made.purge_on is not None
    assert member(council, "Léa Blanc").substitute_of == made
    assert not council.mandates.filter(name_key__contains="tom").exists()
    assert council.mandates.count() == before + 3
    undo_run(run=run)
    assert council.mandates.count() == before


def test_who_was_changed_since_is_not_taken_back(council: Body, town: Any) -> None:
    run = bring(council)
    bodies.update_member(mandate=member(council, "Léa Blanc"), represents=None)
    with pytest.raises(ImportRefused, match="modifié depuis"):
        undo_run(run=run)
    assert council.mandates.filter(full_name="Léa Blanc").exists()
