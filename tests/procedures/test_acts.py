"""The link between a step and an act: one click both ways, and the date is never copied."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.governance.models import AgendaItem, Body, Deliberation
from restanque.governance.nomenclature import (
    AttendanceStatus,
    BodyKind,
    ItemKind,
    MemberRole,
    VoteMode,
)
from restanque.governance.services import acts as governance_acts
from restanque.governance.services import attendance, bodies, sittings, voting
from restanque.procedures.models import Procedure, ProcedureFact
from restanque.procedures.nomenclature import ProofKind
from restanque.procedures.reading import Reading
from restanque.procedures.services import acts, facts, procedures
from restanque.territories.models import Territory
from restanque.territories.services import create_territory, set_coverage
from tests.conftest import client_of
from tests.governance.conftest import at
from tests.questions import PDF

STEP = "arret"


@pytest.fixture
def council(territory: Territory) -> Body:
    """Three members, of whom one presides."""
    body = bodies.create_body(territory=territory, kind=BodyKind.COUNCIL, name="Conseil syndical")
    for name in ("Aline", "Bruno", "Chloé"):
        role = MemberRole.PRESIDENT if name == "Aline" else MemberRole.MEMBER
        bodies.add_member(body=body, full_name=name, role=role, start_on=date(2020, 9, 1))
    return body


@pytest.fixture
def item(revision: Procedure, council: Body) -> AgendaItem:
    """The step on the agenda of yesterday's sitting."""
    sitting = sittings.create_sitting(
        body=council, starts_at=at(timezone.localdate() - timedelta(days=1))
    )
    return acts.put_on_agenda(procedure=revision, step=STEP, sitting=sitting)


def decide(item: AgendaItem) -> Deliberation:
    """Everybody is there and votes for."""
    lines = {
        one: attendance.Line(AttendanceStatus.PRESENT) for one in item.sitting.body.mandates.all()
    }
    attendance.note_attendance(sitting=item.sitting, lines=lines)
    voting.record_vote(item=item, mode=VoteMode.PUBLIC, votes_for=3)
    return governance_acts.number_act(item=AgendaItem.objects.get(pk=item.pk))


@pytest.fixture
def past_act(council: Body) -> Deliberation:
    """An act known from before, whose date may be corrected."""
    return governance_acts.record_past_act(
        body=council, voted_on=date(2026, 3, 10), number="2026-4", title="Arrêt"
    )


# Services --------------------------------------------------------------------------------------


def test_an_item_leads_back_to_its_step(item: AgendaItem, revision: Procedure) -> None:
    assert item.subject_path == f"/procedures/{revision.pk}/etapes/{STEP}/"
    assert item.subject_label.startswith("Révision")
    with pytest.raises(ValidationError, match="déjà à l’ordre du jour"):
        acts.put_on_agenda(procedure=revision, step=STEP, sitting=item.sitting)


def test_a_fact_of_an_act_copies_nothing(item: AgendaItem, revision: Procedure) -> None:
    act = decide(item)
    fact = acts.record_act(procedure=revision, step=STEP, act=act)
    fact.refresh_from_db()
    assert fact.own_date is None
    assert fact.happened_on == act.voted_on
    assert act.number in fact.proof_words
    state = Reading(
        Procedure.objects.to_read().get(pk=revision.pk), timezone.localdate()
    ).timeline.step(STEP)
    assert state.done == act.voted_on
    assert state.proof is not None
    assert act.number in state.proof


def test_when_the_act_is_corrected_the_fact_follows(
    past_act: Deliberation, revision: Procedure
) -> None:
    fact = acts.record_act(procedure=revision, step=STEP, act=past_act)
    governance_acts.correct_act(act=past_act, voted_on=date(2026, 3, 12), number="2026-5")
    fact = ProcedureFact.objects.get(pk=fact.pk)
    assert fact.happened_on == date(2026, 3, 12)
    assert "2026-5" in fact.proof_words
    scanned = Procedure.objects.to_scan().get(pk=revision.pk)
    assert Reading(scanned, timezone.localdate()).timeline.step(STEP).done == date(2026, 3, 12)


def test_the_database_refuses_a_date_beside_that_of_the_act(
    past_act: Deliberation, revision: Procedure
) -> None:
    fact = acts.record_act(procedure=revision, step=STEP, act=past_act)
    for change in ({"own_date": date(2026, 3, 11)}, {"proof_kind": ProofKind.OTHER}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProcedureFact.objects.filter(pk=fact.pk).update(**change)
    with pytest.raises(ValidationError, match="celle de la délibération"):
        facts.correct_fact(fact=fact, step=STEP, happened_on=date(2026, 3, 11))


def test_a_step_with_another_date_refuses_the_act(
    past_act: Deliberation, revision: Procedure
) -> None:
    facts.record_fact(procedure=revision, step=STEP, happened_on=date(2026, 3, 9))
    with pytest.raises(ValidationError, match="retirez le fait erroné"):
        acts.record_act(procedure=revision, step=STEP, act=past_act)


def test_a_fact_of_the_same_day_becomes_the_act_s_unless_it_holds_a_file(
    past_act: Deliberation, revision: Procedure
) -> None:
    bare = facts.record_fact(
        procedure=revision,
        step=STEP,
        happened_on=past_act.voted_on,
        proof_kind=ProofKind.DELIBERATION,
    )
    fact = acts.record_act(procedure=revision, step=STEP, act=past_act)
    assert fact.pk == bare.pk
    facts.remove_fact(fact=fact)
    facts.record_fact(
        procedure=revision,
        step=STEP,
        happened_on=past_act.voted_on,
        proof_kind=ProofKind.DELIBERATION,
        proof=SimpleUploadedFile("acte.pdf", PDF),
    )
    with pytest.raises(ValidationError, match="avec une pièce"):
        acts.record_act(procedure=revision, step=STEP, act=past_act)


def test_the_launching_act_has_the_date_of_the_procedure(
    council: Body, revision: Procedure
) -> None:
    for day, refused in ((date(2023, 6, 21), True), (revision.prescribed_on, False)):
        act = governance_acts.record_past_act(body=council, voted_on=day, title="Prescription")
        if refused:
            with pytest.raises(ValidationError, match="acte de lancement"):
                acts.record_act(procedure=revision, step="prescription", act=act)
        else:
            assert acts.record_act(procedure=revision, step="prescription", act=act).pk


def test_nothing_crosses_territories(
    revision: Procedure, workspace: Workspace, council: Body
) -> None:
    other = create_territory(
        workspace=workspace, name="PAT", kind="pat", valid_from=date(2024, 1, 1),
        commune_codes=["13004"],
    )  # fmt: skip
    body = bodies.create_body(territory=other, kind=BodyKind.COUNCIL, name="Autre conseil")
    sitting = sittings.create_sitting(
        body=body, starts_at=at(timezone.localdate() + timedelta(days=20))
    )
    with pytest.raises(ValidationError, match="autre territoire"):
        acts.put_on_agenda(procedure=revision, step=STEP, sitting=sitting)
    act = governance_acts.record_past_act(body=body, voted_on=date(2026, 1, 6), title="x")
    with pytest.raises(ValidationError, match="autre territoire"):
        acts.record_act(procedure=revision, step=STEP, act=act)


def test_an_act_on_which_a_fact_rests_is_not_taken_back(
    item: AgendaItem, revision: Procedure
) -> None:
    act = decide(item)
    fact = acts.record_act(procedure=revision, step=STEP, act=act)
    with pytest.raises(ValidationError, match="repose sur cette délibération"):
        governance_acts.remove_act(act=act)
    facts.remove_fact(fact=fact)
    governance_acts.remove_act(act=act)
    assert not Deliberation.objects.exists()


def test_the_target_of_the_step_goes_as_with_any_fact(
    past_act: Deliberation, revision: Procedure
) -> None:
    procedures.set_target(procedure=revision, step=STEP, wished_on=date(2027, 1, 5))
    acts.record_act(procedure=revision, step=STEP, act=past_act)
    assert not revision.targets.exists()


# Pages, both ways ------------------------------------------------------------------------------


def test_one_click_from_the_step_one_click_from_the_act(
    revision: Procedure, council: Body, bob: Membership
) -> None:
    client = client_of(bob)
    sitting = sittings.create_sitting(
        body=council, starts_at=at(timezone.localdate() + timedelta(days=9))
    )
    step = reverse("procedures:step-act", args=[revision.pk, "debat-pas"])
    assert step in client.get(revision.get_absolute_url()).content.decode()
    assert "Inscrire à l’ordre du jour" in client.get(step).content.decode()
    answer = client.post(
        reverse("procedures:step-agenda", args=[revision.pk, "debat-pas"]),
        {"sitting": sitting.pk, "kind": ItemKind.DEBATE},
    )
    item = AgendaItem.objects.get()
    assert answer["Location"] == item.get_absolute_url()
    assert item.kind == ItemKind.DEBATE
    page = client.get(item.get_absolute_url()).content.decode()
    assert step in page
    assert "Enregistrer comme fait" not in page
    lines = {one: attendance.Line(AttendanceStatus.PRESENT) for one in council.mandates.all()}
    attendance.note_attendance(sitting=sitting, lines=lines)
    sittings.set_debated(item=item, debated=True)
    act = governance_acts.number_act(item=AgendaItem.objects.get(pk=item.pk))
    for where in (item.get_absolute_url(), act.get_absolute_url(), step):
        assert "Enregistrer comme fait" in client.get(where).content.decode()
    fact_url = reverse("procedures:step-fact", args=[revision.pk, "debat-pas"])
    assert client.post(fact_url, {"act": act.pk})["Location"] == step
    assert revision.facts.get().act == act
    for where in (item.get_absolute_url(), act.get_absolute_url()):
        shown = client.get(where).content.decode()
        assert "enregistré comme fait" in shown
        assert f'action="{fact_url}"' not in shown
    assert act.get_absolute_url() in client.get(revision.get_absolute_url()).content.decode()
    again = client.post(fact_url, {"act": act.pk})
    assert again.status_code == 422
    edit = client.get(reverse("procedures:fact-edit", args=[revision.facts.get().pk]))
    assert edit["Location"] == act.get_absolute_url()


def test_outsiders_neither_link_nor_see(
    item: AgendaItem, revision: Procedure, territory: Territory, bob: Membership,
    remi: Membership, paula: Membership, charlie: Membership, workspace: Workspace,
) -> None:  # fmt: skip
    act = decide(item)
    step = reverse("procedures:step-act", args=[revision.pk, STEP])
    agenda = reverse("procedures:step-agenda", args=[revision.pk, STEP])
    fact = reverse("procedures:step-fact", args=[revision.pk, STEP])
    assert "Enregistrer comme fait" not in client_of(remi).get(step).content.decode()
    assert client_of(remi).post(fact, {"act": act.pk}).status_code == 403
    assert client_of(remi).post(agenda, {"sitting": item.sitting_id}).status_code == 403
    for someone, codes in ((paula, {403}), (charlie, {404})):
        client = client_of(someone)
        answers = {
            client.get(step).status_code,
            client.post(fact, {"act": act.pk}).status_code,
            client.post(agenda, {"sitting": item.sitting_id}).status_code,
            client.get(item.get_absolute_url()).status_code,
            client.get(act.get_absolute_url()).status_code,
        }
        assert answers == codes
    elsewhere = create_territory(
        workspace=workspace, name="PAT", kind="pat", valid_from=date(2024, 1, 1),
        commune_codes=["13004"],
    )  # fmt: skip
    set_coverage(membership=bob, territories=[elsewhere])
    for path in (step, item.get_absolute_url(), act.get_absolute_url()):
        assert client_of(bob).get(path).status_code == 404
    assert client_of(bob).post(fact, {"act": act.pk}).status_code == 404
    assert not revision.facts.exists()


def test_an_act_of_another_workspace_cannot_be_chosen(
    revision: Procedure, bob: Membership, other_workspace: Workspace
) -> None:
    other = create_territory(
        workspace=other_workspace, name="Ailleurs", kind="scot", valid_from=date(2024, 1, 1),
        commune_codes=["13004"],
    )  # fmt: skip
    body = bodies.create_body(territory=other, kind=BodyKind.COUNCIL, name="Conseil d’ailleurs")
    act = governance_acts.record_past_act(body=body, voted_on=date(2026, 1, 6), title="x")
    answer = client_of(bob).post(
        reverse("procedures:step-fact", args=[revision.pk, STEP]), {"act": act.pk}
    )
    assert answer.status_code == 422
    assert not revision.facts.exists()
    assert client_of(bob).get(act.get_absolute_url()).status_code == 404


def test_the_approval_of_a_plan_is_not_executory_on_the_day_of_its_act(
    revision: Procedure, council: Body, past_act: Deliberation, bob: Membership
) -> None:
    client = client_of(bob)
    acts.record_act(procedure=revision, step=STEP, act=past_act)
    assert "suit ses propres règles" not in client.get(past_act.get_absolute_url()).text
    approval = governance_acts.record_past_act(
        body=council, voted_on=date(2026, 11, 20), number="2026-9", title="Approbation"
    )
    acts.record_act(procedure=revision, step="approbation", act=approval)
    assert "suit ses propres règles" in client.get(approval.get_absolute_url()).text
