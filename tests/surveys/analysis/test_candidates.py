"""Who is on a list, why, and what keeps others off."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.directory.services import get_or_create_tag, tag_organisations
from restanque.surveys.analysis import candidates
from restanque.surveys.analysis.conditions import (
    Condition,
    CriteriaError,
    Operator,
    parse_conditions,
)
from restanque.surveys.models import Campaign, CandidateList, Invitation
from restanque.surveys.services import candidates as writes
from restanque.surveys.services import questionnaires
from tests.conftest import client_of
from tests.surveys.analysis.conftest import TODAY, VILLAGES
from tests.surveys.answering import plain, send

pytestmark = pytest.mark.django_db
CANTEEN = Condition("canteen.has_canteen", Operator.IS, ("oui",))


def names(campaign: Campaign, *conditions: Condition, today: date = TODAY) -> list[str]:
    answers = candidates.Answers(campaign, today=today)
    found = answers.members(answers.checked(conditions))
    return [one.organisation.removeprefix("Mairie de Commune ") for one in found]


# The eleven answers of `asked`: ranks 0 to 10; 5 has no canteen; even ranks serve the crèche.
KEPT = [
    (Condition("canteen.has_canteen", Operator.IS, ("non",)), ["13905"]),
    (Condition("canteen.has_canteen", Operator.IS_NOT, ("oui",)), ["13905"]),
    (
        # 13905 was not asked: it proves nothing of its publics.
        Condition("canteen.sector", Operator.CONTAINS_NOT, ("creche",)),
        ["13901", "13903", "13913", "13915"],
    ),
    (Condition("canteen.sector", Operator.UNTOLD), ["13905"]),
    (Condition("need.meals_per_day", Operator.AT_LEAST, ("600",)), ["13915", "13916"]),
    (Condition("need.meals_per_day", Operator.AT_MOST, ("60",)), ["13900", "13901"]),
    (Condition("/data/fin_/libre", Operator.WORDS, ("numero 7",)), ["13913"]),
    (Condition("commune.population", Operator.AT_LEAST, ("1 000",)), [
        "13912", "13913", "13914", "13915", "13916",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "expected"), KEPT)
def test_each_operator_keeps_whom_it_says(
    asked: Campaign, condition: Condition, expected: list[str]
) -> None:
    assert names(asked, condition) == expected


def test_a_date_within_months_goes_by_the_day_asked(invitation: Invitation, communes: Any) -> None:
    send(invitation, fin="2027-06-30")
    condition = Condition("need.contract_end", Operator.WITHIN_MONTHS, ("12",))

    assert len(names(invitation.campaign, condition)) == 1
    assert names(invitation.campaign, condition, today=date(2026, 6, 29)) == []
    assert names(invitation.campaign, condition, today=date(2027, 7, 1)) == []


def test_every_condition_must_be_met_and_the_reasons_are_given(asked: Campaign) -> None:
    made = writes.create_list(
        campaign=asked,
        name="Grandes",
        conditions=[CANTEEN, Condition("need.meals_per_day", Operator.AT_LEAST, ("600",))],
    )

    found = candidates.members(made, today=TODAY)

    assert [one.commune.code for one in found if one.commune] == ["13915", "13916"]
    assert (
        plain(found[0].reasons[1].condition) == "« Repas par jour » est d’au moins 600 repas/jour"
    )
    assert found[0].reasons[1].answer == "600 repas/jour"
    assert found[0].status == "submitted"


def test_the_directory_counts_too(asked: Campaign) -> None:
    hall = asked.invitations.get(organisation__commune=VILLAGES[0]).organisation
    tag = get_or_create_tag(workspace=asked.workspace, name="Signataire")
    tag_organisations(organisations=[hall], tag=tag)

    assert names(asked, Condition("directory.tags", Operator.CONTAINS, ("signataire",))) == [
        "13900"
    ]
    without = Condition("directory.tags", Operator.CONTAINS_NOT, ("signataire",))
    assert len(names(asked, without)) == 10
    assert len(names(asked, Condition("directory.signs", Operator.CONTAINS_NOT, ("BIO",)))) == 11


REFUSED: list[Any] = [
    {},
    {"version": 1, "all": []},
    {"version": 2, "all": [CANTEEN.as_json()]},
    {"version": 1, "all": [CANTEEN.as_json()] * 6},
    {"version": 1, "all": [{"question": "x", "operator": "drop", "values": []}]},
    {"version": 1, "all": [{"question": "x", "operator": "is", "values": [3]}]},
    {"version": 1, "all": [{"question": "", "operator": "is", "values": []}]},
    {"version": 1, "all": ["canteen"]},
]


@pytest.mark.parametrize("stored", REFUSED)
def test_stored_conditions_are_read_strictly(stored: Any, campaign: Campaign) -> None:
    with pytest.raises(CriteriaError):
        parse_conditions(stored)
    with pytest.raises(ValidationError):
        CandidateList(campaign=campaign, name="Liste", conditions=stored).full_clean()


UNFIT = [
    (Condition("nulle.part", Operator.TOLD), "Aucune question"),
    (Condition("canteen.has_canteen", Operator.AT_LEAST, ("1",)), "ne convient pas"),
    (Condition("canteen.has_canteen", Operator.IS, ("peut",)), "n’a pas de choix"),
    (Condition("canteen.has_canteen", Operator.IS), "dites la valeur"),
    (Condition("need.meals_per_day", Operator.AT_LEAST, ("beaucoup",)), "n’est pas un nombre"),
]


@pytest.mark.parametrize(("condition", "message"), UNFIT)
def test_a_condition_that_does_not_fit_is_refused_in_words(
    campaign: Campaign, condition: Condition, message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        writes.create_list(campaign=campaign, name="Liste", conditions=[condition])


def test_a_campaign_on_the_shipped_questionnaire_has_its_lists(
    campaign: Campaign, workspace: Any
) -> None:
    version = questionnaires.install_shipped_questionnaire(workspace=workspace)
    campaign.version = version
    campaign.save()

    made = writes.install_proposed(campaign=campaign)

    codes = set(campaign.candidate_lists.values_list("shipped_as", flat=True))
    assert codes == {one.code for one in writes.PROPOSED}
    # One of them fits the short questionnaire, and came with the campaign.
    assert len(made) == len(writes.PROPOSED) - 1
    assert writes.install_proposed(campaign=campaign) == []


def test_a_list_is_built_in_two_steps(asked: Campaign, bob: Membership) -> None:
    client = client_of(bob)
    url = reverse("surveys:candidate-create", args=[asked.pk])
    chosen = {"name": "Sans crèche", "question-1": "canteen.sector", "action": "show"}

    shown = client.post(url, chosen)

    assert shown.status_code == 200
    assert 'name="value-1" value="creche"' in shown.content.decode()
    assert not CandidateList.objects.filter(name="Sans crèche").exists()
    empty = client.post(url, chosen | {"action": "save", "operator-1": "contains_not"})
    assert empty.status_code == 422
    assert "dites la valeur cherchée" in plain(empty.content.decode())

    done = client.post(
        url, chosen | {"action": "save", "operator-1": "contains_not", "value-1": ["creche"]}
    )

    made = CandidateList.objects.get(name="Sans crèche")
    assert done.url == made.get_absolute_url()
    page = plain(client.get(done.url).content.decode())
    assert "« Publics servis » ne contient pas « Crèche »" in page
    assert "Commune 13901" in page
    assert (
        "Commune 13900" not in page.split("Sur la liste")[0].split("<table")[1].split("</table")[0]
    )
    export = client.get(f"{done.url}?export=csv").content.decode("utf-8-sig")
    assert len(export.strip().splitlines()) == 5
    edited = client.post(
        reverse("surveys:candidate-edit", args=[asked.pk, made.pk]),
        {"name": "Toutes", "question-1": "canteen.has_canteen", "operator-1": "told",
         "action": "save"},
    )  # fmt: skip
    assert edited.status_code == 302
    made.refresh_from_db()
    assert (made.name, len(candidates.members(made, today=TODAY))) == ("Toutes", 11)
    client.post(reverse("surveys:candidate-delete", args=[asked.pk, made.pk]))
    assert not CandidateList.objects.filter(pk=made.pk).exists()


def test_a_reader_sees_no_list(asked: Campaign, remi: Membership) -> None:
    made = writes.create_list(campaign=asked, name="Cantines", conditions=[CANTEEN])
    client = client_of(remi)
    for url in (reverse("surveys:candidates", args=[asked.pk]), made.get_absolute_url()):
        assert client.get(url).status_code in (403, 404)
    fiche = client.get(reverse("portal:commune", args=[VILLAGES[0]])).content.decode()
    assert "Listes de candidats" not in fiche


def test_the_fiche_commune_says_on_which_lists_and_why(asked: Campaign, bob: Membership) -> None:
    writes.create_list(campaign=asked, name="Cantines à voir", conditions=[CANTEEN])

    fiche = plain(
        client_of(bob).get(reverse("portal:commune", args=[VILLAGES[0]])).content.decode()
    )

    assert "Cantines à voir" in fiche
    assert "Avez-vous une cantine ? : <strong>Oui</strong>" in fiche


def test_all_the_lists_are_read_in_few_queries(
    asked: Campaign, bob: Membership, django_assert_max_num_queries: Any
) -> None:
    for rank in range(6):
        writes.create_list(campaign=asked, name=f"Liste {rank}", conditions=[CANTEEN])
    client = client_of(bob)
    url = reverse("surveys:candidates", args=[asked.pk])
    client.get(url)
    with django_assert_max_num_queries(12):
        client.get(url)
