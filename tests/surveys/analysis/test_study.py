"""The study gives what the engine gives, of the right people, and says what it cannot give."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.engine.estimation import Frame, mean, quantile, share, total, weigh
from restanque.surveys.analysis.study import RECEIVED, Study, UnknownQuestionError
from restanque.surveys.models import Campaign, Invitation, Response
from restanque.surveys.services import invitations
from restanque.territories.models import Commune
from restanque.territories.sizes import SIZE_CLASSES
from tests.surveys.analysis.conftest import CITY, TODAY, TOWNS, VILLAGES
from tests.surveys.answering import send

pytestmark = pytest.mark.django_db


def study_of(campaign: Campaign, **options: Any) -> Study:
    return Study(campaign, today=TODAY, **({"statuses": RECEIVED} | options))


def by_hand() -> tuple[Any, np.ndarray[Any, Any]]:
    """The design of `asked`, and the meals of its eleven respondents (NaN: no canteen)."""
    codes = [*VILLAGES, *TOWNS, CITY]
    labels = dict.fromkeys(VILLAGES, SIZE_CLASSES[0].label)
    labels |= dict.fromkeys(TOWNS, SIZE_CLASSES[2].label) | {CITY: SIZE_CLASSES[4].label}
    frame = Frame(
        tuple(codes),
        tuple(labels[code] for code in codes),
        None,
        tuple(size.label for size in SIZE_CLASSES),
        np.array([code == CITY for code in codes]),
    )
    answered = {*VILLAGES[:6], *TOWNS[:5]}
    made = weigh(frame, np.array([code in answered for code in codes]))
    meals = [50, 60, 70, 80, 90, np.nan, 300, 400, 500, 600, 700]
    return made.design, np.array(meals, dtype=float)


def test_weights_are_those_of_the_engine(asked: Campaign) -> None:
    study, (design, _) = study_of(asked), by_hand()

    assert not study.refusal
    assert sorted(study.weight_by_invitation.values()) == pytest.approx(sorted(design.weights))
    assert sum(study.weight_by_invitation.values()) == pytest.approx(20)
    assert study.plan is not None
    assert [(cell.population, cell.respondents) for cell in study.plan.cells] == [
        (12, (6,)), (8, (5,)),
    ]  # fmt: skip


def test_shares_means_quantiles_and_totals_agree_with_the_engine(asked: Campaign) -> None:
    study, (design, meals) = study_of(asked), by_hand()
    canteen = ~np.isnan(meals)
    rank = np.arange(11)
    creche = np.where(canteen, (rank % 2 == 0).astype(float), np.nan)
    expected = [
        (study.share("canteen.has_canteen", "oui"), share(design, canteen.astype(float))),
        (study.share("canteen.sector", "creche"), share(design, creche, domain=canteen)),
        (study.mean("need.meals_per_day"), mean(design, meals, domain=canteen)),
        (study.quantile("need.meals_per_day"), quantile(design, meals, domain=canteen)),
        (
            study.total("need.meals_per_day"),
            total(design, np.where(canteen, meals, 0.0), nonnegative=True),
        ),
    ]
    for figure, engine in expected:
        assert figure.weighted
        assert figure.value == pytest.approx(engine.value, rel=1e-12)
        assert figure.interval == pytest.approx(engine.interval, rel=1e-12)
        assert figure.n == engine.n
        assert figure.n_missing == engine.n_missing


def test_a_silent_city_is_left_out_and_said(asked: Campaign) -> None:
    study = study_of(asked)

    assert [place.name for place in study.population.certain] == ["Grande-Ville"]
    figure = study.total("need.kg_per_day", by_population=True)
    assert any("Hors Grande-Ville" in note for note in figure.notes)
    assert study.method.silent == ("Grande-Ville",)
    assert any("hors Grande-Ville" in sentence for sentence in study.method.sentences)


def test_a_city_that_answers_stands_for_itself_alone(
    ask: Callable[..., dict[str, Invitation]],
) -> None:
    found = ask()
    for code in (*VILLAGES[:5], *TOWNS[:5], CITY):
        send(found[code], repas="100", kg="10" if code != CITY else "9000")
    study = study_of(found[CITY].campaign)

    weights = {one.row.commune.code: one for one in study.weights if one.row.commune is not None}
    assert weights[CITY].value == 1
    assert weights[CITY].self_representing
    # 20 other communes of 10 kg, and the city's own.
    assert study.total("need.kg_per_day").value == pytest.approx(20 * 10 + 9000)


def test_too_few_answers_are_refused_and_shown_bare(
    ask: Callable[..., dict[str, Invitation]],
) -> None:
    found = ask()
    for code in VILLAGES[:3]:
        send(found[code], repas="100", kg="10")
    send(found[VILLAGES[3]], a_cantine="non")
    study = study_of(found[CITY].campaign)

    assert "au moins 5 pour pondérer" in study.refusal
    figure = study.share("canteen.has_canteen", "oui")
    assert (figure.value, figure.interval, figure.weighted) == (0.75, None, False)
    assert figure.label == "répondants seulement"
    assert figure.notes == (study.refusal,)
    assert any("Pas de pondération" in sentence for sentence in study.method.sentences)


def test_a_cell_without_answer_to_one_question_is_merged_for_it_alone(
    ask: Callable[..., dict[str, Invitation]],
) -> None:
    found = ask()
    for code in VILLAGES[:5]:
        send(found[code], repas="100", kg="10")
    for code in TOWNS[:5]:
        send(found[code], repas="100", kg="10", publics="creche")
    study = study_of(found[CITY].campaign)

    figure = study.share("canteen.sector", "creche")

    assert (figure.n, figure.n_missing, figure.value) == (5, 5, 1)
    assert any("les cellules ont été refaites" in note for note in figure.notes)
    assert study.share("canteen.has_canteen", "oui").n == 10


def test_organisations_that_are_no_mairie_stand_for_nobody(
    asked: Campaign, plain_land: Any
) -> None:
    commune = Commune.objects.get(code=VILLAGES[0])
    other = create_organisation(
        workspace=asked.workspace, kind=Kind.OTHER, name="Association", commune=commune
    )
    invitations.add_invitations(campaign=asked, organisations=[other])
    send(asked.invitations.get(organisation=other), repas="4900", kg="900")
    study = study_of(asked)

    assert [row.organisation for row in study.outside] == ["Association"]
    assert study.method.outside == 1
    assert len(study.respondents) == 11
    assert (study.quantile("need.meals_per_day", 0.99).value or 0) < 4900


def test_a_campaign_without_mairie_is_not_weighted(campaign: Campaign) -> None:
    study = study_of(campaign)
    assert "Aucune mairie n’est invitée" in study.refusal


def test_only_validated_answers_count_by_default(asked: Campaign) -> None:
    study = Study(asked, today=TODAY)
    assert study.respondents == ()
    Response.objects.filter(invitation__campaign=asked).update(status="validated")
    assert len(Study(asked, today=TODAY).respondents) == 11


def test_groups_are_of_places_or_of_answers(asked: Campaign) -> None:
    study = study_of(asked)

    assert [(group.label[:5], group.n, group.population) for group in study.by("taille")] == [
        ("Moins", 6, 12), ("3 500"[:1] + study.by("taille")[1].label[1:5], 5, 8),
        (study.by("taille")[2].label[:5], 0, 1),
    ]  # fmt: skip
    assert [(group.key, group.n) for group in study.by("canteen.has_canteen")] == [
        ("oui", 10), ("non", 1),
    ]  # fmt: skip
    quarters = study.by("need.meals_per_day")
    assert sum(group.n for group in quarters) == 10
    small = study.by("taille")[0]
    assert study.share("canteen.has_canteen", "non", within=small).value == pytest.approx(1 / 6)
    with pytest.raises(UnknownQuestionError):
        study.by("rien")


def test_a_study_reads_in_few_queries(asked: Campaign, django_assert_num_queries: Any) -> None:
    campaign = Campaign.objects.select_related("version", "territory").get(pk=asked.pk)
    with django_assert_num_queries(5):
        study = study_of(campaign)
        for question in study.questions:
            if question.choices:
                study.shares(question)
        assert study.method.n == 11
