"""What may be recorded, what is refused, and what a record does to the dates."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from restanque.engine.deadlines import RiskKind, StepStatus
from restanque.procedures.models import ObjectionNote, Procedure, ProcedureFact, Target
from restanque.procedures.nomenclature import ObjectionState, ProofKind
from restanque.procedures.reading import Reading
from restanque.procedures.services import facts, procedures
from restanque.territories.models import Territory
from tests.procedures.conftest import TODAY
from tests.questions import PDF


def reading(procedure: Procedure) -> Reading:
    return Reading(Procedure.objects.to_read().get(pk=procedure.pk), TODAY)


def pdf(name: str = "preuve.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def test_the_launching_act_chooses_the_rules(territory: Territory, revision: Procedure) -> None:
    after = procedures.create_procedure(
        territory=territory,
        kind="scot-aec-revision",
        name="Autre",
        prescribed_on=date(2026, 5, 26),
    )
    assert reading(revision).timeline.regime == "avant-loi-2025-1129"
    assert reading(after).timeline.regime != "avant-loi-2025-1129"


def test_a_proven_fact_starts_a_clock_with_its_article(revision: Procedure) -> None:
    facts.record_fact(
        procedure=revision,
        step="consultation-ppa",
        happened_on=date(2026, 11, 30),
        proof_kind=ProofKind.RECEIPT,
        proof_reference="AR 12",
    )
    found = next(
        one for one in Reading(
            Procedure.objects.to_read().get(pk=revision.pk), date(2026, 12, 1)
        ).deadlines if one.state.id == "avis-ppa"
    )  # fmt: skip
    # The trap of the month that has no 30th.
    assert found.day == date(2027, 2, 28)
    assert found.firm
    assert found.answer
    assert "L143-20" in found.found.article
    assert found.found.proof == "accusé de réception, AR 12"
    assert found.found.rule.consequence


def test_a_fact_without_proof_is_kept_and_told(revision: Procedure) -> None:
    facts.record_fact(procedure=revision, step="concertation", happened_on=date(2023, 9, 1))
    read = reading(revision)
    assert read.timeline.step("concertation").status is StepStatus.DONE
    unproven = [r.step for r in read.timeline.risks if r.kind is RiskKind.UNPROVEN]
    assert "concertation" in unproven


def test_what_is_to_be_confirmed_proves_nothing(revision: Procedure) -> None:
    fact = facts.record_fact(
        procedure=revision,
        step="concertation",
        happened_on=date(2023, 9, 1),
        proof_kind=ProofKind.PUBLICATION,
        to_confirm=True,
    )
    assert fact.as_event().proof is None
    procedures.update_procedure(
        procedure=revision, prescription_proof="délibération n° 1", to_confirm=True
    )
    assert reading(revision).timeline.step("prescription").proof is None


def test_two_dates_of_one_step_are_a_contradiction(revision: Procedure) -> None:
    for day in (date(2023, 9, 1), date(2023, 10, 1)):
        facts.record_fact(procedure=revision, step="concertation", happened_on=day)
    kinds = [(r.kind, r.step) for r in reading(revision).timeline.risks]
    assert (RiskKind.CONTRADICTORY, "concertation") in kinds
    with pytest.raises(ValidationError, match="déjà enregistrée"):
        facts.record_fact(procedure=revision, step="concertation", happened_on=date(2023, 9, 1))


@pytest.mark.parametrize(
    ("step", "day", "field"),
    [("inconnue", date(2024, 1, 1), "step"), ("arret", date(1023, 6, 20), "happened_on")],
)
def test_an_impossible_fact_is_refused(
    revision: Procedure, step: str, day: date, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        facts.record_fact(procedure=revision, step=step, happened_on=day)
    assert field in refused.value.message_dict


def test_a_file_says_what_it_proves(revision: Procedure) -> None:
    with pytest.raises(ValidationError, match="choisissez la preuve"):
        facts.record_fact(
            procedure=revision, step="arret", happened_on=date(2026, 6, 1), proof=pdf()
        )
    fact = facts.record_fact(
        procedure=revision,
        step="arret",
        happened_on=date(2026, 6, 1),
        proof_kind=ProofKind.DELIBERATION,
        proof=pdf("délibération.pdf"),
    )
    assert fact.proof_name == "délibération.pdf"
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcedureFact.objects.filter(pk=fact.pk).update(proof_kind="")


def test_a_file_goes_with_its_fact_and_its_correction(
    revision: Procedure, django_capture_on_commit_callbacks: Any
) -> None:
    fact = facts.record_fact(
        procedure=revision,
        step="arret",
        happened_on=date(2026, 6, 1),
        proof_kind=ProofKind.DELIBERATION,
        proof=pdf(),
    )
    first = Path(fact.proof.path)
    with django_capture_on_commit_callbacks(execute=True):
        facts.correct_fact(fact=fact, step="arret", happened_on=date(2026, 6, 2), proof=pdf())
    second = Path(fact.proof.path)
    assert not first.exists()
    assert second.exists()
    with django_capture_on_commit_callbacks(execute=True):
        facts.remove_fact(fact=fact)
    assert not second.exists()
    kinds = [one.history_type for one in ProcedureFact.history.order_by("history_id")]
    assert kinds == ["+", "~", "-"]


def test_a_target_sets_latest_dates_and_goes_when_the_step_is_done(revision: Procedure) -> None:
    procedures.set_target(procedure=revision, step="arret", wished_on=date(2027, 6, 1))
    read = reading(revision)
    assert read.timeline.step("arret").planned == date(2027, 6, 1)
    assert read.timeline.step("bilan-concertation").latest == date(2027, 6, 1)
    facts.record_fact(procedure=revision, step="arret", happened_on=date(2026, 11, 1))
    assert not Target.objects.filter(procedure=revision).exists()
    with pytest.raises(ValidationError, match="déjà faite"):
        procedures.set_target(procedure=revision, step="arret", wished_on=date(2027, 6, 1))
    with pytest.raises(ValidationError, match="déjà faite"):
        procedures.set_target(procedure=revision, step="prescription", wished_on=date(2027, 6, 1))


def test_what_if_writes_nothing(revision: Procedure) -> None:
    facts.record_fact(procedure=revision, step="arret", happened_on=date(2026, 11, 1))
    before = Procedure.history.count(), Target.objects.count()
    difference = reading(revision).what_if("approbation", date(2026, 12, 1))
    # A month after the arrêt: the opinions have three.
    assert difference.new_illegal
    late = reading(revision).what_if("approbation", date(2029, 12, 1))
    assert not late.new_illegal
    assert {one.step for one in late.moved} > {"approbation"}
    assert (Procedure.history.count(), Target.objects.count()) == before


def test_an_objection_is_set_aside_with_evidence_only(revision: Procedure) -> None:
    with pytest.raises(ValidationError, match="sur quelle preuve"):
        procedures.note_objection(
            procedure=revision,
            rule_id="objection.littoral",
            state=ObjectionState.CLEAR,
            evidence=" ",
        )
    with pytest.raises(ValidationError, match="pas dans la liste"):
        procedures.note_objection(
            procedure=revision, rule_id="arret", state=ObjectionState.OPEN, evidence=""
        )
    for evidence in ("étude", "étude, p. 12"):
        procedures.note_objection(
            procedure=revision,
            rule_id="objection.littoral",
            state=ObjectionState.CLEAR,
            evidence=evidence,
        )
    assert ObjectionNote.objects.get().evidence == "étude, p. 12"


@pytest.mark.parametrize(
    "changes", [{"kind": "inconnue"}, {"participation": "inconnue"}, {"name_key": None}]
)
def test_the_database_refuses_what_cannot_be(revision: Procedure, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Procedure.objects.filter(pk=revision.pk).update(**changes)


def test_names_are_said_once(territory: Territory, revision: Procedure) -> None:
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        procedures.create_procedure(
            territory=territory, kind="plh", name="RÉVISION", prescribed_on=date(2024, 1, 1)
        )


def test_conditions_are_known_questions_answered(revision: Procedure) -> None:
    with pytest.raises(ValidationError, match="Question inconnue"):
        procedures.update_procedure(procedure=revision, conditions={"mer": True})
    procedures.update_procedure(procedure=revision, conditions={"littoral": False})
    state = reading(revision).timeline.step("accord-prefet-maritime")
    assert state.status is StepStatus.NOT_APPLICABLE


def test_the_two_clocks_start_from_one_approval(revision: Procedure) -> None:
    procedures.set_target(procedure=revision, step="approbation", wished_on=date(2028, 6, 30))
    years = [(tick.clock, tick.date.year) for tick in reading(revision).clock]
    assert ("pcaet", 2031) in years
    assert ("pcaet", 2034) in years
    assert ("scot", 2031) in years
    assert ("scot", 2038) in years
