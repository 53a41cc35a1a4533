"""What the services keep, refuse and erase; what the ledger says of it."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from openpyxl import Workbook

from restanque.accounts.models import Membership, Workspace
from restanque.core import purge
from restanque.core.imports import run_import
from restanque.core.imports.services import undo_run
from restanque.core.models import ImportRun
from restanque.procedures.concertation.figures import figures_of
from restanque.procedures.concertation.gaps import GapKind
from restanque.procedures.concertation.ledger import NO_LAW, Ledger
from restanque.procedures.concertation.nomenclature import (
    MeansKind,
    MeansProof,
    ModerationState,
    Way,
)
from restanque.procedures.concertation.participation import running_online, steps_of, ways_of
from restanque.procedures.concertation.services import (
    answers,
    contributions,
    ledger,
    pages,
    participations,
    purging,
)
from restanque.procedures.models import Contribution, Modality, Procedure, PublicPage
from restanque.procedures.reading import Reading
from restanque.procedures.services import facts, procedures
from restanque.territories.models import Territory
from tests.procedures.conftest import TODAY
from tests.questions import PDF


def upload(name: str = "compte-rendu.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def reread(procedure: Procedure) -> Ledger:
    found = Procedure.objects.to_read().get(pk=procedure.pk)
    return Ledger(Reading(found, TODAY))


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def meetings(revision: Procedure) -> Modality:
    return ledger.announce(
        procedure=revision, kind=MeansKind.MEETING, text="Deux réunions publiques", quantity=2
    )


@pytest.fixture
def page(revision: Procedure) -> PublicPage:
    return pages.prepare_page(
        procedure=revision,
        slug="revision",
        title="Révision du SCoT",
        contact_email="equipe@example.org",
        purge_on=TODAY + timedelta(days=365),
    )


def say(procedure: Procedure, text: str = "Plus de bus.", **more: Any) -> Contribution:
    return contributions.record(
        procedure=procedure, way=more.pop("way", Way.PAPER), received_on=TODAY, text=text, **more
    )


# The ledger --------------------------------------------------------------------------------------


def test_the_ledger_says_what_is_missing_and_what_it_may_cost(
    revision: Procedure, meetings: Modality
) -> None:
    ledger.carry_out(
        procedure=revision,
        modalities=[meetings],
        kind=MeansKind.MEETING,
        what="Réunion d’Arles",
        started_on=date(2024, 3, 5),
        attendance=0,
    )
    found = reread(revision)
    kinds = [row.gap.kind for row in found.gaps]
    assert kinds == [GapKind.FEWER, GapKind.UNPROVEN]
    fewer = found.gaps[0]
    assert fewer.duty is not None
    assert fewer.duty.rule.id == "scot.concertation"
    assert fewer.consequence == fewer.duty.rule.consequence
    assert "L103-2" in fewer.duty.article
    assert fewer.duty.evidence.label == "à vérifier"
    assert not found.is_ready
    assert [check.done for check in found.checks] == [True, False, True, True, True]


def test_a_kind_without_rule_says_that_the_base_does_not_know(territory: Territory) -> None:
    plu = procedures.create_procedure(
        territory=territory, kind="plu-revision", name="PLU", prescribed_on=date(2025, 1, 6)
    )
    ledger.announce(procedure=plu, kind=MeansKind.PRESS, text="Un article")
    (row,) = reread(plu).gaps
    assert row.duty is None
    assert row.consequence == NO_LAW


def test_the_arret_closes_the_period(revision: Procedure, meetings: Modality) -> None:
    assert reread(revision).period.end is None
    facts.record_fact(procedure=revision, step="arret", happened_on=date(2026, 3, 2))
    found = reread(revision)
    assert found.period.end == date(2026, 3, 2)
    assert found.gaps[0].gap.final


def test_everything_done_and_proven_is_ready(revision: Procedure, meetings: Modality) -> None:
    for day in (date(2024, 3, 5), date(2025, 3, 5)):
        ledger.carry_out(
            procedure=revision,
            modalities=[meetings],
            kind=MeansKind.MEETING,
            what=f"Réunion du {day:%d/%m/%Y}",
            started_on=day,
            proof_kind=MeansProof.MINUTES,
            proof=upload(),
        )
    found = reread(revision)
    assert found.gaps == ()
    assert found.is_ready
    assert found.rows[0].state == ("réalisé", "fait")


def test_a_file_says_what_it_is_and_is_what_it_says(revision: Procedure) -> None:
    fields: Any = {
        "procedure": revision,
        "kind": MeansKind.PRESS,
        "what": "Article",
        "started_on": TODAY,
    }
    with pytest.raises(ValidationError, match="choisissez la preuve"):
        ledger.carry_out(**fields, proof=upload())
    with pytest.raises(ValidationError, match="type accepté"):
        ledger.carry_out(
            **fields, proof_kind=MeansProof.PRESS, proof=upload("a.zip", b"PK\x03\x04")
        )
    with pytest.raises(ValidationError, match="La fin ne vient pas avant"):
        ledger.carry_out(**fields, ended_on=TODAY - timedelta(days=1))
    with pytest.raises(ValidationError, match="n’a pas de date de fin"):
        ledger.carry_out(**fields, lasting=True, ended_on=TODAY)


def test_nothing_crosses_from_one_procedure_to_another(
    revision: Procedure, meetings: Modality, territory: Territory, page: PublicPage
) -> None:
    other = procedures.create_procedure(
        territory=territory, kind="pcaet", name="PCAET", prescribed_on=TODAY
    )
    act = facts.record_fact(procedure=revision, step="concertation", happened_on=TODAY)
    with pytest.raises(ValidationError, match="autre procédure"):
        ledger.carry_out(
            procedure=other,
            modalities=[meetings],
            kind=MeansKind.OTHER,
            what="x",
            started_on=TODAY,
        )
    with pytest.raises(ValidationError, match="autre procédure"):
        ledger.announce(procedure=other, kind=MeansKind.OTHER, text="x", act=act)
    theme = pages.set_themes(procedure=revision, names=["Eau"])[0]
    with pytest.raises(ValidationError, match="autre procédure"):
        say(other, themes=[theme])


def test_removing_a_modality_keeps_its_means(revision: Procedure, meetings: Modality) -> None:
    ledger.carry_out(
        procedure=revision,
        modalities=[meetings],
        kind=MeansKind.MEETING,
        what="Réunion",
        started_on=TODAY,
    )
    ledger.remove_modality(modality=meetings)
    assert [row.gap.kind for row in reread(revision).gaps] == [
        GapKind.UNPROVEN,
        GapKind.NOT_ANNOUNCED,
    ]


# The public page ---------------------------------------------------------------------------------


def test_an_open_page_keeps_its_address(page: PublicPage) -> None:
    pages.change_page(page=page, slug="autre-adresse")
    pages.open_page(page=page, on=TODAY)
    with pytest.raises(ValidationError, match="ne change plus"):
        pages.change_page(page=page, slug="encore-une")
    page.refresh_from_db()
    closed = pages.close_page(page=page, on=TODAY)
    assert closed.opened_on == TODAY
    assert closed.closed_on == TODAY


def test_two_pages_never_share_an_address(page: PublicPage, territory: Territory) -> None:
    other = procedures.create_procedure(
        territory=territory, kind="pcaet", name="PCAET", prescribed_on=TODAY
    )
    with pytest.raises(ValidationError, match="déjà prise"):
        pages.prepare_page(
            procedure=other,
            slug="revision",
            title="x",
            contact_email="e@example.org",
            purge_on=TODAY,
        )


def test_a_page_does_not_open_nor_take_past_its_erasure(page: PublicPage) -> None:
    pages.open_page(page=page, on=TODAY)
    assert page.takes_on(page.purge_on - timedelta(days=1))
    assert not page.takes_on(page.purge_on)
    with pytest.raises(ValidationError, match="date de conservation"):
        pages.open_page(page=page, on=page.purge_on)


def test_a_document_withdrawn_keeps_both_dates(page: PublicPage) -> None:
    one = pages.put_online(page=page, title="Diagnostic", upload=upload(), on=TODAY)
    pages.withdraw(document=one, on=TODAY + timedelta(days=3))
    one.refresh_from_db()
    assert (one.online_on, one.withdrawn_on) == (TODAY, TODAY + timedelta(days=3))
    assert one.file.storage.exists(one.file.name)


def test_a_used_theme_is_not_taken_away(revision: Procedure) -> None:
    water, _ = pages.set_themes(procedure=revision, names=["Eau", "Énergie", "eau"])
    say(revision, themes=[water])
    with pytest.raises(ValidationError, match="classe 1"):
        pages.set_themes(procedure=revision, names=["Énergie"])
    kept = pages.set_themes(procedure=revision, names=["Énergie", "Eaux", "Eau"])
    assert [one.name for one in kept] == ["Énergie", "Eaux", "Eau"]
    assert kept[2].pk == water.pk


# Contributions -----------------------------------------------------------------------------------


def test_numbers_follow_and_are_never_given_twice(revision: Procedure) -> None:
    first, second = say(revision), say(revision, "Moins de bruit.")
    assert (first.number, second.number) == (1, 2)
    contributions.remove(contribution=second)
    assert say(revision, "Autre").number == 3


def test_a_text_is_kept_in_its_lines_without_control_signs(revision: Procedure) -> None:
    one = say(revision, "  Premier.\r\n\r\nSecond\u202e\x07.  ")
    assert one.text == "Premier.\n\nSecond."
    with pytest.raises(ValidationError):
        say(revision, "\u200b \n")


def test_a_name_waits_for_a_date_of_erasure(revision: Procedure) -> None:
    with pytest.raises(ValidationError, match="date d’effacement"):
        say(revision, person_name="Camille")
    with pytest.raises(ValidationError, match="date d’effacement"):
        participations.prepare(
            procedure=revision, way="enquete", today=TODAY, commissioner="Camille"
        )


def test_hiding_says_why_and_publishing_was_read(revision: Procedure, bob: Membership) -> None:
    one = say(revision, "Le maire Untel est un voleur.")
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        contributions.moderate(contribution=one, state=ModerationState.HIDDEN)
    one.refresh_from_db()
    contributions.moderate(
        contribution=one, state=ModerationState.PUBLISHED, shown="Le maire […].", by=bob.user
    )
    one.refresh_from_db()
    assert one.text == "Le maire Untel est un voleur."
    assert one.words == "Le maire […]."
    assert "untel" not in one.text_key
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.filter(pk=one.pk).update(moderated_at=None)


def test_what_came_by_the_page_is_not_rewritten(revision: Procedure) -> None:
    one = say(revision, way=Way.WEB)
    with pytest.raises(ValidationError, match="telle quelle"):
        contributions.change_typed(contribution=one, received_on=TODAY, text="x", themes=[])


def test_one_answer_for_several_and_none_for_nobody(revision: Procedure) -> None:
    one, two = say(revision), say(revision, "Aussi.")
    first = answers.answer(
        procedure=revision, contributions=[one, two], text="Vu.", public=True, on=TODAY
    )
    again = answers.answer(
        procedure=revision, contributions=[two], text="Mieux.", public=False, on=TODAY
    )
    one.refresh_from_db()
    assert (one.answer, two.answer) == (first, again)
    answers.take_answer_back(contribution=one)
    assert list(revision.answers.all()) == [again]


def test_the_history_holds_nothing_that_names_somebody(
    revision: Procedure, page: PublicPage
) -> None:
    one = say(
        revision,
        "Je suis Camille de la rue Haute.",
        person_name="Camille",
        person_email="camille@example.org",
    )
    kept = str(list(one.history.values()))  # type: ignore[attr-defined]
    assert "Camille" not in kept
    assert "camille@" not in kept


def test_the_purge_erases_persons_and_keeps_words_and_counts(
    revision: Procedure, page: PublicPage
) -> None:
    theme = pages.set_themes(procedure=revision, names=["Bus"])[0]
    one = say(
        revision,
        "Camille, rue Haute : plus de bus.",
        themes=[theme],
        person_name="Camille",
        person_email="camille@example.org",
        attachment=upload("plan.pdf"),
    )
    other = say(revision, "Plus de trains.")
    contributions.moderate(
        contribution=one, state=ModerationState.PUBLISHED, shown="[…] : plus de bus."
    )
    name, storage = one.attachment.name, one.attachment.storage
    before = figures_of(revision, revision.contributions.all())
    assert purge.run_purgers(page.purge_on)["procedures.contributions"] == 0
    late = page.purge_on + timedelta(days=1)
    assert purge.run_purgers(late)["procedures.contributions"] == 1
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.person_name, one.person_email, one.attachment.name) == ("", "", "")
    assert (one.text, one.shown) == ("[…] : plus de bus.", "")
    assert one.purged_on == other.purged_on == late
    assert other.text == "Plus de trains."
    assert figures_of(revision, revision.contributions.all()) == before
    assert purge.run_purgers(late)["procedures.contributions"] == 0
    assert storage.exists(name)  # erased when the transaction ends, not before


def test_what_the_public_deposited_is_never_taken_out_and_its_author_may_be_forgotten(
    revision: Procedure, page: PublicPage
) -> None:
    one = say(revision, "Camille : plus de bus.", way=Way.WEB, person_name="Camille")
    with pytest.raises(ValidationError, match="ne se retire pas du registre"):
        contributions.remove(contribution=one)
    contributions.moderate(
        contribution=one, state=ModerationState.PUBLISHED, shown="[…] : plus de bus."
    )
    purging.forget(contribution=one, on=TODAY)
    one.refresh_from_db()
    assert (one.number, one.text, one.person_name) == (1, "[…] : plus de bus.", "")
    assert one.purged_on == TODAY


@pytest.mark.django_db(transaction=True)
def test_the_purged_file_is_erased(revision: Procedure, page: PublicPage) -> None:
    one = say(revision, attachment=upload("plan.pdf"))
    name, storage = one.attachment.name, one.attachment.storage
    purge.run_purgers(page.purge_on + timedelta(days=1))
    assert not storage.exists(name)


def test_the_figures_count_each_contribution_once_a_theme(revision: Procedure) -> None:
    bus, eau = pages.set_themes(procedure=revision, names=["Bus", "Eau"])
    say(revision, "Plus de bus !", themes=[bus, eau])
    say(revision, "plus de BUS", themes=[bus], way=Way.ORAL)
    say(revision, "Rien")
    found = figures_of(revision, revision.contributions.all())
    assert (found.total, found.repeated, found.untagged, found.waiting) == (3, 1, 1, 3)
    assert [(theme.name, n) for theme, n in found.by_theme] == [("Bus", 2), ("Eau", 1)]
    assert found.by_way == (("courrier", 2), ("oral (réunion, permanence)", 1))
    assert (found.first, found.last) == (TODAY, TODAY)


# Import ------------------------------------------------------------------------------------------


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Reçue le", "Voie", "Texte", "Thèmes"])
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(workspace: Workspace, procedure: Procedure, data: bytes) -> ImportRun:
    return run_import(
        kind="contributions",
        data=data,
        filename="registre.xlsx",
        workspace=workspace,
        dry_run=False,
        context={"procedure": str(procedure.pk)},
    )


def test_a_register_is_imported_skipped_twice_and_undone(
    workspace: Workspace, revision: Procedure
) -> None:
    pages.set_themes(procedure=revision, names=["Mobilités", "Énergie"])
    data = workbook(
        ("12/03/2026", "Registre papier", "Il manque une piste cyclable.", "mobilites; Énergie"),
        ("13/03/2026", "courrier", "Trop de lumière la nuit.", None),
        ("14/03/2026", "courrier", "Sur l’eau.", "Eau"),
        ("32/03/2026", "pigeon", "x", None),
    )
    run = bring(workspace, revision, data)
    assert [one.text for one in revision.contributions.order_by("number")] == [
        "Il manque une piste cyclable.",
        "Trop de lumière la nuit.",
    ]
    first = revision.contributions.get(number=1)
    assert first.way == Way.REGISTER
    assert {theme.name for theme in first.themes.all()} == {"Mobilités", "Énergie"}
    report = " ".join(run.rows.values_list("problem", flat=True))
    assert "Eau\u00a0» n’est pas dans la liste" in report
    bring(workspace, revision, data)
    assert revision.contributions.count() == 2
    undo_run(run=run)
    assert revision.contributions.count() == 0


# Consulting the public ---------------------------------------------------------------------------


@pytest.fixture
def reformed(territory: Territory) -> Procedure:
    """A revision launched under the rules that know the electronic participation."""
    return procedures.create_procedure(
        territory=territory,
        kind="scot-aec-revision",
        name="Révision récente",
        prescribed_on=date(2026, 6, 1),
        prescription_proof="délibération n° 3",
    )


def test_the_regime_says_which_ways_are_open(revision: Procedure, reformed: Procedure) -> None:
    def allowed(procedure: Procedure) -> dict[str, bool]:
        found = Reading(Procedure.objects.to_read().get(pk=procedure.pk), TODAY)
        return {one.way.value: one.allowed for one in ways_of(found)}

    assert allowed(revision) == {"enquete": True, "ppve": False}
    assert allowed(reformed) == {"enquete": True, "ppve": True}
    with pytest.raises(ValidationError, match="n’est pas ouverte à la procédure"):
        participations.prepare(procedure=revision, way="ppve", today=TODAY)


def test_too_short_a_notice_and_too_short_an_opening_are_seen(reformed: Procedure) -> None:
    one = participations.prepare(procedure=reformed, way="ppve", today=TODAY)
    participations.plan(
        participation=one,
        days={
            "avis-ppve": date(2028, 3, 1),
            "ouverture-ppve": date(2028, 3, 10),
            "cloture-ppve": date(2028, 3, 20),
        },
    )
    found = Reading(Procedure.objects.to_read().get(pk=reformed.pk), TODAY)
    notes = {note.step.id: note for note in steps_of(found, "ppve")}
    for step, rule in (("ouverture-ppve", "ppve.avis"), ("cloture-ppve", "ppve.duree")):
        assert rule in {risk.rule_id for risk in notes[step].risks}
        assert rule in {note.rule.id for note in notes[step].rules}
        assert notes[step].badge[1] == "retard"
    assert notes["synthese-ppve"].rules == ()


def test_a_step_done_is_a_fact_of_the_procedure(reformed: Procedure) -> None:
    one = participations.prepare(procedure=reformed, way="ppve", today=TODAY)
    participations.plan(participation=one, days={"ouverture-ppve": TODAY})
    made = participations.record_step(
        participation=one,
        step="ouverture-ppve",
        happened_on=TODAY,
        proof_kind="publication",
        proof=upload("page.pdf"),
    )
    assert made in reformed.facts.all()
    assert not reformed.targets.exists()
    with pytest.raises(ValidationError, match="n’est pas de cette participation"):
        participations.record_step(participation=one, step="arret", happened_on=TODAY)


def test_the_online_participation_runs_between_its_two_days(reformed: Procedure) -> None:
    one = participations.prepare(procedure=reformed, way="ppve", today=TODAY)
    participations.plan(
        participation=one,
        days={"ouverture-ppve": TODAY, "cloture-ppve": TODAY + timedelta(days=30)},
    )
    for shift, found in ((-1, None), (0, one), (30, one), (31, None)):
        assert running_online(reformed, TODAY + timedelta(days=shift)) == found


def test_a_modality_leads_to_the_act_that_announces_it(revision: Procedure) -> None:
    act = facts.record_fact(
        procedure=revision, step="prescription", happened_on=date(2023, 6, 20), proof_kind="letter"
    )
    ledger.announce(procedure=revision, kind=MeansKind.PRESS, text="Un article", act=act)
    (row,) = reread(revision).rows
    assert row.modality.act == act
    assert row.modality.act.happened_on == date(2023, 6, 20)
