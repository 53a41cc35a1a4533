"""Who is consulted, when each must answer, what silence means, what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import (
    archive_organisation,
    create_organisation,
    merge_organisations,
)
from restanque.engine.law import Override, Period, Unit, merge, shipped
from restanque.law.current import law_of
from restanque.procedures.consultations.checking import Inspection, ProcedureInspection
from restanque.procedures.consultations.impact import moved_terms
from restanque.procedures.consultations.nomenclature import Sense
from restanque.procedures.consultations.proposing import State, draft
from restanque.procedures.consultations.reading import read_one
from restanque.procedures.consultations.services import dispatches, lists, opinions, steps
from restanque.procedures.consultations.terms import Standing
from restanque.procedures.models import Consultation, Consultee, Procedure, Reply
from restanque.procedures.services import facts, procedures
from restanque.territories.models import Commune, Epci
from tests.procedures.conftest import CODES, TODAY
from tests.questions import PDF

STEP = "consultation-ppa"
ARRET = date(2026, 6, 10)


def opened(procedure: Procedure, step: str = STEP, name: str = "Avis") -> Consultation:
    """A consultation of the arrested draft."""
    return lists.open_consultation(
        procedure=procedure, step=step, name=name, subject="Projet, v1", opened_on=ARRET
    )


@pytest.fixture
def consultation(revision: Procedure) -> Consultation:
    """At the step of the PPA."""
    return opened(revision)


@pytest.fixture
def body(consultation: Consultation) -> Consultee:
    """A member commune, not in the directory."""
    return lists.add_consultee(
        consultation=consultation, name="Commune fictive", law_ids=["scot.membres"]
    )


@pytest.fixture
def mairie(workspace: Workspace, territory: Any) -> Callable[[str], Organisation]:
    """Makes the mairie of a commune."""

    def make(code: str, **fields: Any) -> Organisation:
        commune = Commune.objects.get(pk=code)
        return create_organisation(
            workspace=workspace, kind=Kind.MAIRIE, name=f"Mairie de {commune.name}",
            commune=commune, **fields,
        )  # fmt: skip

    return make


def sent(one: Consultee, day: date, *, received: date | None = None, proof: str = "") -> None:
    """The file left."""
    dispatches.record_dispatch(
        consultee=one, sent_on=day, sent_by="registered", received_on=received, proof_kind=proof
    )


def row(one: Consultee, today: date = TODAY) -> Any:
    """The body, read."""
    return read_one(one.consultation, today).row_of(one.pk)


# The individual term ------------------------------------------------------------------------------


def test_the_clock_of_each_starts_on_its_own_receipt(
    consultation: Consultation, body: Consultee
) -> None:
    other = lists.add_consultee(
        consultation=consultation, name="Autre commune", law_ids=["scot.membres"]
    )
    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    sent(other, date(2026, 6, 12), received=date(2026, 6, 30), proof="receipt")
    assert row(body).term.last_day == date(2026, 9, 15)
    assert row(body).term.silence_on == date(2026, 9, 16)
    assert row(other).term.last_day == date(2026, 9, 30)
    found = row(body).term.wait
    assert found.rule_id == "scot.avis-arret"
    assert "R143-4" in found.article
    assert "15 juin 2026 + 3 mois" in found.computation
    assert row(body).term.fact.words == "Réception du dossier, le 15 juin 2026"


def test_month_ends_are_those_of_the_engine(body: Consultee) -> None:
    sent(body, date(2026, 11, 28), received=date(2026, 11, 30), proof="receipt")
    assert row(body).term.last_day == date(2027, 2, 28)


def test_without_receipt_the_dispatch_counts_and_nothing_is_proven(body: Consultee) -> None:
    sent(body, date(2026, 6, 12), proof="receipt")
    found = row(body)
    assert found.term.last_day == date(2026, 9, 12)
    assert not found.term.proven
    assert found.standing is Standing.UNPROVEN


def test_only_a_complete_file_starts_the_clock_and_the_last_one_counts(body: Consultee) -> None:
    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    dispatches.record_dispatch(
        consultee=body, sent_on=date(2026, 7, 1), sent_by="email", received_on=date(2026, 7, 1),
        complete=False,
    )  # fmt: skip
    assert row(body).term.last_day == date(2026, 9, 15)
    sent(body, date(2026, 8, 1), received=date(2026, 8, 3), proof="receipt")
    assert row(body).term.last_day == date(2026, 11, 3)


def test_a_disputed_period_reminds_before_the_shortest_and_waits_for_the_longest(
    revision: Procedure,
) -> None:
    one = opened(revision, "saisine-prefet-region")
    prefect = lists.add_consultee(
        consultation=one, name="Organisme fictif", law_ids=["scot.prefet-region"]
    )
    sent(prefect, date(2026, 9, 1), received=date(2026, 9, 1), proof="receipt")
    found = row(prefect, date(2026, 11, 24))
    assert found.term.disputed
    assert found.term.last_day == date(2026, 11, 1)
    assert found.term.silence_on == date(2026, 12, 2)
    assert found.standing is Standing.DOUBT
    assert found.to_remind
    opinions.record_opinion(consultee=prefect, received_on=date(2026, 11, 20), sense="favourable")
    prefect.refresh_from_db()
    assert row(prefect).standing is Standing.LATE_PERHAPS


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2026, 9, 15), Standing.ANSWERED),
        (date(2026, 9, 16), Standing.LATE),
        (None, Standing.SILENT),
    ],
)
def test_in_time_late_or_silent(body: Consultee, day: date | None, standing: Standing) -> None:
    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    if day is not None:
        opinions.record_opinion(consultee=body, received_on=day, sense="unfavourable")
    assert row(body).standing is standing
    assert "réputé favorable" in row(body).term.silence


def test_silence_is_acquired_the_day_after_the_term_only(body: Consultee) -> None:
    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    assert row(body, date(2026, 9, 15)).standing is Standing.WAITING
    assert row(body, date(2026, 9, 16)).standing is Standing.SILENT


def test_a_late_opinion_is_kept_and_counted_as_an_answer(body: Consultee) -> None:
    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    opinions.record_opinion(consultee=body, received_on=date(2026, 10, 1), sense="reserved")
    counts = read_one(body.consultation, TODAY).counts
    assert (counts.answered, counts.late, counts.silent) == (1, 1, 0)
    assert dict(counts.by_sense)[Sense.RESERVED] == 1


def test_a_body_that_no_rule_times_waits_without_term(revision: Procedure) -> None:
    one = opened(revision, "notification-prescription")
    ppa = lists.add_consultee(
        consultation=one, name="Organisme fictif", law_ids=["scot.notification-ppa"]
    )
    sent(ppa, date(2023, 7, 3), received=date(2023, 7, 5), proof="receipt")
    assert row(ppa).standing is Standing.NO_TERM
    assert "Aucun texte de la base" in row(ppa).term.silence


def test_a_rule_without_period_gives_its_words_and_no_date(territory: Any) -> None:
    plu = procedures.create_procedure(
        territory=territory, kind="plu-modification", name="Modification",
        prescribed_on=date(2026, 7, 1),
    )  # fmt: skip
    one = opened(plu, "notification-ppa")
    ppa = lists.add_consultee(
        consultation=one, name="Organisme fictif", law_ids=["plu-modification.ppa"]
    )
    sent(ppa, date(2026, 7, 3), received=date(2026, 7, 5), proof="receipt")
    assert row(ppa).term.last_day is None
    assert "il n’y a pas d’avis" in row(ppa).term.silence


# The list -----------------------------------------------------------------------------------------


def test_every_category_of_the_law_is_shown_with_its_article(
    consultation: Consultation, alice: Membership
) -> None:
    found = draft(consultation, shipped(), alice)
    named = {one.id for one in shipped().consultees if one.step == STEP and "scot" in one.id}
    assert {one.legal.id for one in found.categories} == {
        one for one in named if one.startswith("scot.")
    }
    assert all(one.article for one in found.categories)


def test_the_directory_fills_the_categories_and_says_what_it_lacks(
    consultation: Consultation,
    workspace: Workspace,
    alice: Membership,
    mairie: Callable[..., Organisation],
) -> None:
    arles = mairie("13004")
    region = create_organisation(workspace=workspace, kind=Kind.PPA, name="Conseil régional fictif")
    other = create_organisation(workspace=workspace, kind=Kind.PPA, name="Organisme fictif A")
    create_organisation(workspace=workspace, kind=Kind.BAKERY, name="Boulangerie de la Région")
    found = {one.legal.id: one for one in draft(consultation, shipped(), alice).categories}
    assert [one.organisation for one in found["scot.membres"].found] == [arles]
    lacks = {one.label for one in found["scot.membres"].lacks}
    assert {"Mairie de Tarascon", "Mairie de Eyragues"} <= lacks
    assert [one.organisation for one in found["scot.ppa"].found] == [region, other]
    assert "Chambre d’agriculture" in {one.label for one in found["scot.ppa"].lacks}
    assert found["scot.hlm"].is_empty
    assert found["scot.hlm"].lacks


def test_an_epci_is_found_by_its_siren_or_its_exact_name(
    consultation: Consultation, workspace: Workspace, alice: Membership
) -> None:
    epci = Commune.objects.get(pk="13004").epci
    assert epci is not None
    by_name = create_organisation(workspace=workspace, kind=Kind.EPCI, name=epci.name)
    stranger = create_organisation(workspace=workspace, kind=Kind.EPCI, name="CC fictive")
    found = {one.legal.id: one for one in draft(consultation, shipped(), alice).categories}
    members = [one.organisation for one in found["scot.membres"].found]
    assert by_name in members
    assert stranger not in members
    rest = Epci.objects.filter(communes__in=["13108", "13036"]).exclude(pk=epci.pk).distinct()
    assert {one.name for one in rest} <= {one.label for one in found["scot.membres"].lacks}


def test_a_condition_not_met_is_said_and_one_not_answered_keeps_the_consultation(
    revision: Procedure, alice: Membership
) -> None:
    one = opened(revision, "saisine-agricole")
    found = draft(one, shipped(), alice)
    assert {each.applies for each in found.categories} == {None}
    assert all(each.question for each in found.categories)
    procedures.update_procedure(procedure=revision, conditions={"reduit-espaces": False})
    one.refresh_from_db()
    assert {each.applies for each in draft(one, shipped(), alice).categories} == {False}


def test_run_again_the_list_shows_differences(
    consultation: Consultation,
    workspace: Workspace,
    alice: Membership,
    mairie: Callable[..., Organisation],
) -> None:
    arles = mairie("13004")
    first = draft(consultation, shipped(), alice)
    assert lists.add_proposed(consultation=consultation, chosen=first.proposals.values()) == 1
    tarascon = mairie("13108")
    again = draft(consultation, shipped(), alice)
    states = {one.organisation.pk: one.state for one in again.proposals.values()}
    assert states == {arles.pk: State.LISTED, tarascon.pk: State.NEW}
    assert again.new_count == 1
    archive_organisation(organisation=arles)
    gone = draft(consultation, shipped(), alice).gone
    assert [(one.consultee.organisation_id, one.why) for one in gone] == [
        (arles.pk, "l’organisation est archivée dans l’annuaire")
    ]


def test_a_body_added_by_hand_gets_its_title_from_the_proposal(
    consultation: Consultation, alice: Membership, mairie: Callable[..., Organisation]
) -> None:
    arles = mairie("13004")
    one = lists.add_consultee(consultation=consultation, organisation=arles, obligation="voluntary")
    assert one.rule == ""
    found = draft(consultation, shipped(), alice)
    assert found.proposals[arles.pk].state is State.TO_COMPLETE
    lists.add_proposed(consultation=consultation, chosen=found.proposals.values())
    one.refresh_from_db()
    assert (one.law_ids, one.rule, one.obligation) == (
        ["scot.membres"], "scot.avis-arret", "mandatory",
    )  # fmt: skip


def test_who_sees_one_territory_only_is_proposed_what_the_directory_shows_them(
    consultation: Consultation,
    workspace: Workspace,
    bob: Membership,
    mairie: Callable[..., Organisation],
) -> None:
    from restanque.territories.services import set_coverage

    arles = mairie("13004")
    create_organisation(workspace=workspace, kind=Kind.PPA, name="Organisme sans commune")
    set_coverage(membership=bob, territories=[consultation.procedure.territory])
    bob.refresh_from_db()
    assert set(draft(consultation, shipped(), bob).proposals) == {arles.pk}


def test_the_neighbours_are_those_that_touch(
    consultation: Consultation,
    alice: Membership,
    mairie: Callable[..., Organisation],
) -> None:
    from tests.territories.france import load_communes

    # Noves touches Eyragues; Marseille does not.
    load_communes((*CODES, "13066", "13055"))
    noves, marseille = mairie("13066"), mairie("13055")
    found = {one.legal.id: one for one in draft(consultation, shipped(), alice).categories}
    around = [one.organisation for one in found["scot.voisins"].found]
    assert noves in around
    assert marseille not in around
    assert not found["scot.voisins"].found[0].ticked


def test_a_merge_in_the_directory_keeps_the_consulted_body(
    consultation: Consultation, workspace: Workspace, mairie: Callable[..., Organisation]
) -> None:
    kept = mairie("13004")
    twin = create_organisation(workspace=workspace, kind=Kind.MAIRIE, name="Ville d’Arles")
    one = lists.add_consultee(consultation=consultation, organisation=twin)
    merge_organisations(kept=kept, absorbed=twin)
    one.refresh_from_db()
    assert one.organisation == kept


# Omissions ----------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """With plain spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def messages(consultation: Consultation) -> list[str]:
    """What is missing, in words."""
    found = Inspection(read_one(consultation, TODAY)).omissions
    return [plain(one.message) for one in found]


def test_a_mandatory_category_without_body_is_an_omission_until_set_aside(
    consultation: Consultation, body: Consultee
) -> None:
    assert any(one.startswith("Représentant des organismes HLM") for one in messages(consultation))
    assert not any(one.startswith("Communes et EPCI voisins") for one in messages(consultation))
    lists.set_aside_category(
        consultation=consultation, law_id="scot.hlm", reason="Aucun sur le territoire"
    )
    assert not any(one.startswith("Représentant") for one in messages(consultation))
    lists.set_aside_category(consultation=consultation, law_id="scot.hlm", reason="")
    assert any(one.startswith("Représentant") for one in messages(consultation))


def test_a_body_not_consulted_before_the_next_act_is_a_grave_omission(
    revision: Procedure, consultation: Consultation, body: Consultee
) -> None:
    found = Inspection(read_one(consultation, TODAY)).omissions
    mine = [one for one in found if one.row is not None]
    assert [one.grave for one in mine] == [False]
    facts.record_fact(procedure=revision, step="approbation", happened_on=date(2026, 11, 2))
    found = Inspection(read_one(consultation, TODAY)).omissions
    mine = [one for one in found if one.row is not None]
    assert [one.grave for one in mine] == [True]
    assert "n’a pas été consulté avant : Approbation" in plain(mine[0].message)
    assert mine[0].consequence == "L’oubli d’un organisme à consulter est un vice de procédure."


def test_a_file_sent_before_the_arret_or_after_the_next_act_is_told(
    revision: Procedure, consultation: Consultation, body: Consultee
) -> None:
    facts.record_fact(procedure=revision, step="arret", happened_on=ARRET)
    sent(body, date(2026, 6, 1), received=date(2026, 6, 2), proof="receipt")
    assert any("avant : Arrêt du projet" in one for one in messages(consultation))
    body.dispatches.all().delete()
    facts.record_fact(procedure=revision, step="approbation", happened_on=date(2026, 7, 1))
    sent(body, date(2026, 7, 10), received=date(2026, 7, 12), proof="receipt")
    assert any("après : Approbation" in one for one in messages(consultation))


def test_going_on_before_the_end_of_a_term_is_told_unless_answered(
    revision: Procedure, consultation: Consultation, body: Consultee
) -> None:
    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    facts.record_fact(procedure=revision, step="approbation", happened_on=date(2026, 9, 1))
    assert any("n’était pas passé" in one for one in messages(consultation))
    opinions.record_opinion(consultee=body, received_on=date(2026, 8, 20), sense="favourable")
    assert not any("n’était pas passé" in one for one in messages(consultation))


def test_an_unproven_receipt_is_told(consultation: Consultation, body: Consultee) -> None:
    sent(body, date(2026, 6, 12))
    assert any("n’est pas prouvée" in one for one in messages(consultation))


def test_a_neighbour_is_due_once_it_has_asked(consultation: Consultation) -> None:
    one = lists.add_consultee(
        consultation=consultation, name="Commune voisine fictive", law_ids=["scot.voisins"],
        obligation="on_request",
    )  # fmt: skip
    assert not row(one).is_due
    lists.update_consultee(consultee=one, law_ids=["scot.voisins"], requested_on=date(2026, 6, 20))
    assert row(one).is_due
    assert any("Commune voisine" in said for said in messages(consultation))


def test_a_step_past_without_any_consultation_shows_on_the_procedure(revision: Procedure) -> None:
    facts.record_fact(procedure=revision, step="saisine-mrae", happened_on=date(2026, 6, 20))
    found = ProcedureInspection(revision, TODAY, law_of(revision.workspace))
    assert "saisine-mrae" in {one.step for one in found.missing_steps}
    one = opened(revision, "saisine-mrae")
    found = ProcedureInspection(revision, TODAY, law_of(revision.workspace))
    assert "saisine-mrae" not in {each.step for each in found.missing_steps}
    assert {subject.pk for subject, _ in found.omissions} == {one.pk}


def test_the_check_list_ends_when_everything_is_done(
    revision: Procedure, consultation: Consultation, body: Consultee
) -> None:
    for legal in ("scot.ppa", "scot.scot-voisins", "scot.hlm", "scot.massif"):
        lists.set_aside_category(consultation=consultation, law_id=legal, reason="Aucun, fictif")
    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    opinion = opinions.record_opinion(
        consultee=body, received_on=date(2026, 8, 1), sense="reserved"
    )
    remark = opinions.add_remark(opinion=opinion, text="À préciser")

    def open_checks() -> list[str]:
        checks = Inspection(read_one(consultation, TODAY)).checks
        return [one.label for one in checks if one.done is False]

    assert len(open_checks()) == 2
    reply = opinions.reply_to(remark=remark, decision="accepted", piece="DOO")
    assert any("modification" in one for one in open_checks())
    opinions.carry_over(reply=reply, version="v2")
    assert open_checks() == ["L’étape est enregistrée dans la procédure"]
    steps.record_step(reading=read_one(consultation, TODAY))
    assert open_checks() == []
    assert messages(consultation) == []


# From the dispatches to the fact ------------------------------------------------------------------


def test_the_step_takes_the_date_of_the_last_receipt(
    revision: Procedure, consultation: Consultation, body: Consultee
) -> None:
    other = lists.add_consultee(
        consultation=consultation, name="Autre commune", law_ids=["scot.membres"]
    )
    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    with pytest.raises(ValidationError, match="Autre commune"):
        steps.record_step(reading=read_one(consultation, TODAY))
    sent(other, date(2026, 6, 12))
    with pytest.raises(ValidationError, match=r"Réception non connue.*Autre commune"):
        steps.record_step(reading=read_one(consultation, TODAY))
    late = other.dispatches.get()
    receipt = dispatches.Receipt(date(2026, 6, 18), "2C 145")
    assert dispatches.record_receipts(consultation=consultation, receipts={late.pk: receipt}) == 1
    fact = steps.record_step(reading=read_one(consultation, TODAY))
    assert (fact.step, fact.happened_on) == (STEP, date(2026, 6, 18))
    assert fact.proof_words.startswith("accusé de réception")
    with pytest.raises(ValidationError, match="déjà enregistrée"):
        steps.record_step(reading=read_one(consultation, TODAY))


def test_an_agreement_is_dated_by_the_answer(revision: Procedure) -> None:
    procedures.update_procedure(procedure=revision, conditions={"littoral": True})
    one = opened(revision, "accord-prefet-maritime")
    body = lists.add_consultee(
        consultation=one, name="Organisme fictif", law_ids=["scot.prefet-maritime"]
    )
    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    assert not steps.step_date(read_one(one, TODAY)).ready
    opinions.record_opinion(consultee=body, received_on=date(2026, 7, 20), sense="refusal")
    assert "Un accord est refusé." in steps.step_date(read_one(one, TODAY)).obstacles
    body.refresh_from_db()
    opinions.record_opinion(consultee=body, received_on=date(2026, 7, 20), sense="favourable")
    assert steps.record_step(reading=read_one(one, TODAY)).happened_on == date(2026, 7, 20)


# What cannot be -----------------------------------------------------------------------------------


def test_impossible_states_are_refused(consultation: Consultation, body: Consultee) -> None:
    with pytest.raises(ValidationError, match="avant d’être envoyé"):
        sent(body, date(2026, 6, 12), received=date(2026, 6, 1))
    with pytest.raises(ValidationError, match="déjà ce nom"):
        lists.add_consultee(consultation=consultation, name="COMMUNE FICTIVE")
    with pytest.raises(ValidationError, match="pas une catégorie"):
        lists.add_consultee(consultation=consultation, name="X", law_ids=["scot.mrae"])
    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    with pytest.raises(ValidationError, match="n’est parti que"):
        opinions.record_opinion(consultee=body, received_on=date(2026, 6, 1), sense="favourable")
    opinion = opinions.record_opinion(
        consultee=body, received_on=date(2026, 8, 1), sense="reserved"
    )
    remark = opinions.add_remark(opinion=opinion, text="À préciser")
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        opinions.reply_to(remark=remark, decision="refused")
    reply = opinions.reply_to(remark=remark, decision="noted")
    with pytest.raises(ValidationError, match="remarque acceptée"):
        opinions.carry_over(reply=reply, version="v2")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=reply.pk).update(carried_on=TODAY)
    for refused in (
        lambda: lists.remove_consultee(consultee=body),
        lambda: lists.remove_consultation(consultation=consultation),
        lambda: opinions.remove_opinion(opinion=opinion),
        lambda: opinions.remove_remark(remark=remark),
    ):
        with pytest.raises(ValidationError):
            refused()


def test_an_organisation_of_another_team_is_refused(
    consultation: Consultation, other_workspace: Workspace
) -> None:
    theirs = create_organisation(
        workspace=other_workspace, kind=Kind.PPA, name="Organisme d’ailleurs"
    )
    with pytest.raises(ValidationError, match="annuaire de l’équipe"):
        lists.add_consultee(consultation=consultation, organisation=theirs)


def test_files_go_with_what_they_prove(
    body: Consultee, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("ar.pdf", PDF, "application/pdf")
    with pytest.raises(ValidationError, match="choisissez la preuve"):
        dispatches.record_dispatch(
            consultee=body, sent_on=ARRET, sent_by="registered", proof=upload
        )
    one = dispatches.record_dispatch(
        consultee=body, sent_on=ARRET, sent_by="registered", proof_kind="receipt", proof=upload
    )
    assert len(list(tmp_path.rglob("*.pdf"))) == 1
    with django_capture_on_commit_callbacks(execute=True):
        dispatches.remove_dispatch(dispatch=one)
    assert list(tmp_path.rglob("*.pdf")) == []


# A change of law ----------------------------------------------------------------------------------


def longer(months: int) -> Any:
    """The law with another period for the opinions on the draft."""
    change = Override(
        "rules", "scot.avis-arret", {"period": Period(months, Unit.MONTHS)}, "x", TODAY
    )
    return merge(shipped(), [change])


def test_a_change_of_law_lists_the_terms_it_moves(body: Consultee, alice: Membership) -> None:
    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    (moved,) = moved_terms(alice, shipped(), longer(6))
    assert (moved.before, moved.after) == (date(2026, 9, 15), date(2026, 12, 15))
    # Its silence was acquired, and would be again only once the new term has passed.
    assert moved.grave == (timezone.localdate() < date(2026, 12, 16))
    assert moved_terms(alice, shipped(), shipped()) == []
    opinions.record_opinion(consultee=body, received_on=date(2026, 8, 1), sense="favourable")
    assert moved_terms(alice, shipped(), longer(6)) == []


def test_a_body_told_another_term_than_today_s_is_said(
    body: Consultee, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    assert not row(body).term.changed
    where = "restanque.procedures.consultations.reading.law_of"
    monkeypatch.setattr(where, lambda workspace: longer(6))
    assert row(body).term.changed
    assert any("a changé depuis l’envoi" in one for one in messages(body.consultation))


# Cost ---------------------------------------------------------------------------------------------


def test_reading_costs_the_same_for_121_bodies_and_40_remarks_each(
    consultation: Consultation, body: Consultee
) -> None:
    from restanque.procedures.models import Dispatch, Opinion, Remark

    sent(body, date(2026, 6, 12), received=date(2026, 6, 15), proof="receipt")
    with CaptureQueriesContext(connection) as few:
        Inspection(read_one(consultation, TODAY)).checks  # noqa: B018
    made = Consultee.objects.bulk_create(
        Consultee(
            consultation=consultation, name=f"Commune {n}", name_key=f"commune {n}",
            law_ids=["scot.membres"], rule="scot.avis-arret",
        )
        for n in range(120)
    )  # fmt: skip
    Dispatch.objects.bulk_create(
        Dispatch(consultee=one, sent_on=ARRET, sent_by="email", received_on=ARRET) for one in made
    )
    given = Opinion.objects.bulk_create(
        Opinion(consultee=one, received_on=ARRET + timedelta(days=20), sense="reserved")
        for one in made
    )
    Remark.objects.bulk_create(
        Remark(opinion=one, order=n + 1, text=f"Remarque {n}", text_key=f"remarque {n}")
        for one in given
        for n in range(40)
    )
    with CaptureQueriesContext(connection) as many:
        reading = read_one(consultation, TODAY)
        Inspection(reading).checks  # noqa: B018
    assert reading.remarks.total == 4800
    assert len(many) == len(few) <= 10


# What is only told, what nobody read --------------------------------------------------------------


def test_the_region_has_two_months_to_answer_the_information(revision: Procedure) -> None:
    one = opened(revision, "information-pcaet")
    region, mayors = (
        lists.add_consultee(consultation=one, name=name, law_ids=[law_id])
        for name, law_id in (
            ("Région fictive", "scot.information-region"),
            ("Maires fictifs", "scot.information-maires"),
        )
    )
    for body_ in (region, mayors):
        sent(body_, date(2026, 11, 3), received=date(2026, 11, 5), proof="receipt")
    assert row(region).term.last_day == date(2027, 1, 5)
    assert row(mayors).term.last_day is None


def test_silence_known_from_memory_says_so(revision: Procedure, body: Consultee) -> None:
    one = opened(revision, "saisine-mrae", name="Saisine")
    mrae = lists.add_consultee(consultation=one, name="Autorité fictive", law_ids=["scot.mrae"])
    assert row(mrae).term.silence.endswith("Texte à vérifier.")
    assert "à vérifier" not in row(body).term.silence
