"""Past events from a spreadsheet and from Docurba: found by their words, told when unsure."""

import json
from datetime import date

import pytest

from restanque.accounts.models import Workspace
from restanque.core.imports import run_import
from restanque.core.imports.services import ImportRefused, preview_import, undo_run
from restanque.core.models import ImportRun, RowAction
from restanque.engine.deadlines import kind_named, kinds
from restanque.procedures.dossier.docurba import _STEPS, step_of
from restanque.procedures.dossier.importers import proof_of, read_day
from restanque.procedures.dossier.steps import StepNames
from restanque.procedures.models import Procedure, ProcedureFact
from restanque.procedures.nomenclature import ProofKind
from restanque.procedures.services import facts, procedures

KIND = kind_named("scot-aec-revision")
NAMES = StepNames(KIND)
HEADER = "Étape;Date;Preuve;Référence;Source;À confirmer\n"


def brought(
    workspace: Workspace, procedure: Procedure, text: str, kind: str = "procedure-events"
) -> ImportRun:
    name = "events.json" if text.lstrip().startswith(("[", "{")) else "faits.csv"
    return run_import(
        kind=kind,
        data=text.encode(),
        filename=name,
        workspace=workspace,
        dry_run=False,
        context={"procedure": str(procedure.pk)},
    )


def told(run: ImportRun, action: RowAction) -> list[str]:
    rows = run.rows.filter(action=action).order_by("number")
    return [(row.problem or row.summary).replace("\u00a0", " ") for row in rows]


# Names of steps -------------------------------------------------------------------------------


@pytest.mark.parametrize("step", KIND.steps, ids=lambda step: step.id)
def test_a_step_is_found_by_its_label_whatever_the_writing(step: object) -> None:
    label = step.label  # type: ignore[attr-defined]
    for written in (label, label.upper(), label.replace("é", "e").replace("’", "'")):
        assert NAMES.find(written) == (step.id,)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Débat PAS", ("debat-pas",)),
        ("ARRET", ("arret",)),
        ("Bilan concertation", ("bilan-concertation",)),
        ("approbation", ("approbation",)),
        ("porter à connaissance", ("porter-a-connaissance",)),
        ("association des personnes publiques", ("association",)),
        ("de la", ()),
        ("recrutement du bureau d’études", ()),
    ],
)
def test_a_step_is_found_by_fewer_words(typed: str, found: tuple[str, ...]) -> None:
    assert NAMES.find(typed) == found


def test_words_that_several_steps_share_choose_none() -> None:
    assert len(NAMES.find("enquête publique")) > 1
    assert "Débat sur les orientations du PAS" in NAMES.nearest("Debat sur les orientation du PAS")


@pytest.mark.parametrize(
    ("proof", "reference", "kind"),
    [
        ("délibération n° 4", "", ProofKind.DELIBERATION),
        ("AR", "12", ProofKind.RECEIPT),
        ("accusé de réception", "12", ProofKind.RECEIPT),
        ("Certificat d’affichage", "", ProofKind.POSTING),
        ("courriel", "", ProofKind.OTHER),
        ("", "12", ProofKind.OTHER),
        (None, None, ""),
    ],
)
def test_a_proof_is_recognised_by_its_words(
    proof: str | None, reference: str | None, kind: str
) -> None:
    assert proof_of(proof, reference)[0] == kind


def test_a_proof_loses_no_word() -> None:
    assert proof_of("délibération n° 4", "") == ("deliberation", "délibération n° 4")
    assert proof_of("accusé de réception", "AR 7") == ("receipt", "AR 7")
    assert proof_of("courriel", "du 4 mai") == ("other", "courriel, du 4 mai")


# A team's spreadsheet ------------------------------------------------------------------------


def test_past_events_are_recorded_and_what_is_unsure_is_told(
    workspace: Workspace, revision: Procedure
) -> None:
    run = brought(
        workspace,
        revision,
        HEADER
        + "Debat PAS;17/12/2024;délibération n° 41;;registre;\n"
        + "Enquête publique;01/02/2026;;;;\n"
        + "Réunion de chantier;01/02/2026;;;;\n"
        + "Concertation;32/13/2024;;;;\n"
        + "porter à connaissance;5 mars 2024;courrier;;;oui\n",
    )
    assert len(told(run, RowAction.CREATE)) == 2
    unsure = told(run, RowAction.ERROR)
    assert len(unsure) == 3
    assert any("Ouverture de l’enquête publique" in text for text in unsure)
    assert any("n’a pas cette étape" in text for text in unsure)
    debate = ProcedureFact.objects.get(step="debat-pas")
    assert debate.happened_on == date(2024, 12, 17)
    assert debate.proof_words == "délibération signée, délibération n° 41"
    assert debate.source == "registre"
    known = ProcedureFact.objects.get(step="porter-a-connaissance")
    assert known.to_confirm
    assert known.happened_on == date(2024, 3, 5)


def test_the_same_file_twice_records_nothing_twice(
    workspace: Workspace, revision: Procedure
) -> None:
    text = HEADER + "Arrêt;17/12/2025;;;;\nArrêt;17/12/2025;;;;\nArrêt;18/12/2025;;;;\n"
    first = brought(workspace, revision, text)
    assert len(told(first, RowAction.CREATE)) == 2
    assert "plusieurs dates" in told(first, RowAction.CREATE)[1]
    assert "déjà enregistré" in told(first, RowAction.SKIP)[0]
    second = brought(workspace, revision, text)
    assert told(second, RowAction.CREATE) == []


def test_an_import_is_undone_with_the_date_that_was_aimed_at(
    workspace: Workspace, revision: Procedure
) -> None:
    procedures.set_target(procedure=revision, step="arret", wished_on=date(2027, 6, 1))
    run = brought(workspace, revision, HEADER + "Arrêt;17/12/2025;;;;\n")
    assert not revision.targets.exists()
    undo_run(run=run)
    assert not revision.facts.exists()
    assert revision.targets.get().wished_on == date(2027, 6, 1)


def test_an_import_corrected_since_is_not_undone(workspace: Workspace, revision: Procedure) -> None:
    run = brought(workspace, revision, HEADER + "Arrêt;17/12/2025;;;;\n")
    fact = revision.facts.get()
    facts.correct_fact(fact=fact, step="arret", happened_on=date(2025, 12, 18))
    with pytest.raises(ImportRefused, match="corrigé depuis"):
        undo_run(run=run)
    assert revision.facts.get().happened_on == date(2025, 12, 18)


def test_a_procedure_of_another_workspace_takes_nothing(
    other_workspace: Workspace, revision: Procedure
) -> None:
    with pytest.raises(Procedure.DoesNotExist):
        brought(other_workspace, revision, HEADER + "Arrêt;17/12/2025;;;;\n")


# Docurba --------------------------------------------------------------------------------------

EVENTS = [
    {
        "type": "Délibération de l'établissement public qui prescrit",
        "date_iso": "2023-06-19T22:30:00+00:00",
        "description": "Comité\nsyndical",
        "is_valid": True,
        "procedure_id": "a1",
        "law": "L153-11",
    },
    {"type": "Réunion des PPA", "date_iso": "2024-05-02", "procedure_id": "a1"},
    {"type": "Réunion des PPA", "date_iso": "2024-02-02", "procedure_id": "a1"},
    {"type": "Recrutement d'un bureau d'études", "date_iso": "2023-09-01", "procedure_id": "a1"},
    {
        "type": "Délibération qui arrête le projet de SCoT",
        "date_iso": "2025-12-17",
        "is_valid": False,
        "procedure_id": "a1",
    },
]


def test_docurba_s_events_become_facts_to_confirm(
    workspace: Workspace, revision: Procedure
) -> None:
    run = brought(workspace, revision, json.dumps({"events": EVENTS}), "docurba-events")
    assert told(run, RowAction.ERROR) == []
    kept = {fact.step: fact for fact in revision.facts.all()}
    assert {step: fact.happened_on for step, fact in kept.items()} == {
        "prescription": date(2023, 6, 20),  # 22:30 UTC is the next day in Paris
        "association": date(2024, 2, 2),
    }
    assert all(fact.to_confirm and "export Docurba" in fact.source for fact in kept.values())
    assert kept["prescription"].what == "Comité syndical"
    skipped = " ".join(told(run, RowAction.SKIP))
    assert "Recrutement d'un bureau d'études" in skipped
    assert "aucune étape de cette procédure n’y répond" in skipped
    assert "invalidé dans Docurba" in skipped
    assert "plus ancienne" in skipped
    assert any("law" in note for note in run.notes)  # the column of articles is told unread
    assert not any("L153-11" in f"{fact.what}{fact.source}" for fact in kept.values())


def test_docurba_s_csv_is_read_too(workspace: Workspace, revision: Procedure) -> None:
    text = "id,type,date_iso,is_valid\n1,Débat sur les orientations du PAS,2025-03-04,true\n"
    brought(workspace, revision, text, "docurba-events")
    assert revision.facts.get().step == "debat-pas"


def test_several_procedures_in_a_file_ask_which(workspace: Workspace, revision: Procedure) -> None:
    both = [*EVENTS, {**EVENTS[1], "procedure_id": "b2"}]
    run = brought(workspace, revision, json.dumps(both), "docurba-events")
    assert len(told(run, RowAction.ERROR)) == len(both)
    chosen = run_import(
        kind="docurba-events",
        data=json.dumps(both).encode(),
        filename="e.json",
        workspace=workspace,
        dry_run=False,
        context={"procedure": str(revision.pk), "docurba_id": "b2"},
    )
    assert len(told(chosen, RowAction.CREATE)) == 1
    assert revision.facts.get().step == "association"


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[1, 2]", "[]"])
def test_what_is_not_a_list_of_events_is_refused(
    workspace: Workspace, revision: Procedure, text: str
) -> None:
    with pytest.raises(ImportRefused):
        preview_import(
            kind="docurba-events",
            data=text.encode(),
            filename="e.json",
            workspace=workspace,
            user=None,
            context={"procedure": str(revision.pk)},
        )


NUMBER = '[{"type": ' + "9" * 5000 + "}]"
NAMES_THAT_CHANGE = json.dumps([{f"champ{n}": n} for n in range(5000)])


@pytest.mark.parametrize("text", ["[" * 100_000, NUMBER, NAMES_THAT_CHANGE])
def test_a_json_made_to_stifle_the_server_is_refused(
    workspace: Workspace, revision: Procedure, text: str
) -> None:
    """Deep, with an endless number, or whose table would have 25 million cells."""
    with pytest.raises(ImportRefused):
        preview_import(
            kind="docurba-events",
            data=text.encode(),
            filename="e.json",
            workspace=workspace,
            user=None,
            context={"procedure": str(revision.pk)},
        )


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:30:00+00:00", "0001-01-01T00:00:00+09:00", "0001-01-01T00:00"]
)
def test_a_moment_out_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="«"):
        read_day(text)


def test_each_name_of_docurba_leads_to_a_step_that_exists() -> None:
    known = {step.id for kind in kinds() for step in kind.steps}
    for steps in _STEPS.values():
        assert set(steps) & known
    plu = kind_named("plu-revision")
    assert step_of(plu, "Arrêt de projet") == "arret"
    assert step_of(plu, "Débat sur les orientations du PAS") is None
    assert step_of(KIND, "délibération d’approbation") == "approbation"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-03-04", date(2025, 3, 4)),
        ("2025-03-03T23:30:00Z", date(2025, 3, 4)),
        ("2025-03-04 00:00:00+01:00", date(2025, 3, 4)),
        ("2025-03-04T12:00:00", date(2025, 3, 4)),
        ("4 mars 2025", date(2025, 3, 4)),
    ],
)
def test_a_moment_is_read_at_its_day_in_paris(text: str, day: date) -> None:
    assert read_day(text) == day
