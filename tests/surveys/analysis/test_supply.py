"""Kilos by the place where the bread is made."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from restanque.accounts.models import Membership, Workspace
from restanque.surveys.analysis.study import RECEIVED, Study
from restanque.surveys.analysis.supply import Supply
from restanque.surveys.models import Invitation, QuestionnaireVersion
from restanque.surveys.services import answers, questionnaires
from tests.conftest import client_of
from tests.surveys import forms
from tests.surveys.analysis.conftest import CITY, TODAY, TOWNS, VILLAGES
from tests.surveys.answering import plain

pytestmark = pytest.mark.django_db
# ruff: noqa: E501 (the columns of a sheet stay aligned)
LOCAL = "| select_one ouinon   | local       | Dans la commune ?          |          |                       |                   |                    |               |               |            |               |"
MORE = """| select_one ouinon | local | Dans la commune ? | | | | | | | | need.supplier_in_commune | |
|        | text | four_commune | Où ? | | | | | | | | | |
|        | decimal | four_part | Part ? | | | | | | | |  |"""


@pytest.fixture
def version(workspace: Workspace) -> QuestionnaireVersion:
    """The short questionnaire, which also asks where each supplier bakes."""
    assert LOCAL in forms.SURVEY
    text = forms.SURVEY.replace(LOCAL, MORE)
    questionnaire = questionnaires.create_questionnaire(workspace=workspace, title="Court")
    draft = questionnaires.add_version(
        questionnaire=questionnaire, data=forms.source(text), filename="court.md"
    )
    assert not draft.errors, draft.errors
    return questionnaires.publish_version(version=draft)


def test_kilos_go_to_the_place_that_was_said(
    ask: Callable[..., dict[str, Invitation]], bob: Membership
) -> None:
    found = ask()
    # Its own oven; another commune of the territory for a quarter; beyond; a name of no commune.
    said = [
        {"local": "oui"},
        {"local": "non", "four_commune": f"Commune {TOWNS[0]}"},
        {"local": "non", "four_commune": "Arles"},
        {"local": "non", "four_commune": "quelque part"},
    ]
    for rank, code in enumerate((*VILLAGES[:6], *TOWNS[:5])):
        values = {"/data/cantine/a_cantine": "oui", "/data/cantine/repas": "100",
                  "/data/pain/kg": "10"}  # fmt: skip
        turn = said[rank % 4] | {"nom": "Fournil"}
        values |= {f"/data/pain/four[1]/{name}": text for name, text in turn.items()}
        answers.save_answers(invitation=found[code], values=values)
        assert answers.submit(invitation=found[code]).accepted
    study = Study(found[CITY].campaign, today=TODAY, statuses=RECEIVED)

    lines = {line.code: line for line in Supply(study).lines}

    assert {code: line.kilos.unweighted for code, line in lines.items()} == {
        "commune": 30, "territory": 30, "outside": 30, "unknown": 20,
    }  # fmt: skip
    assert sum(line.kilos.value or 0 for line in lines.values()) == pytest.approx(200)
    assert sum(line.share.value or 0 for line in lines.values()) == pytest.approx(1)
    url = reverse("surveys:results-supply", args=[study.campaign.pk])
    page = plain(client_of(bob).get(url).content.decode())
    assert "Hors du territoire" in page
