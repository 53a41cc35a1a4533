"""A procedure as a workbook."""

from restanque.engine.deadlines import StepStatus
from restanque.engine.law import prefect_objections
from restanque.kit.documents import Sheet, xlsx_bytes
from restanque.kit.text import format_date
from restanque.law.evidence import evidence_of
from restanque.procedures.models import ObjectionNote
from restanque.procedures.reading import Reading


def workbook(reading: Reading) -> bytes:
    """Deadlines, steps, facts, risks, objections, rules to verify: one sheet each."""
    sheets = [
        _deadlines(reading),
        _steps(reading),
        _facts(reading),
        _risks(reading),
        _rules(reading),
    ]
    if reading.procedure.engine_kind.document == "scot":
        sheets.append(_objections(reading))
    return xlsx_bytes(sheets, fictitious=reading.is_fictitious)


def _deadlines(reading: Reading) -> Sheet:
    procedure, timeline = reading.procedure, reading.timeline
    notes = [
        ("Procédure", f"{procedure.name} ({timeline.label})"),
        ("Territoire", procedure.territory.name),
        ("Règles", timeline.regime_label),
        ("État du droit", reading.law.version),
        ("Calculé le", format_date(reading.today)),
        *(("À savoir", note) for note in timeline.notes),
    ]
    headers = (
        "Date", "Étape", "Qui agit", "Règle", "Article", "Version de la règle", "Preuve du droit",
        "À vérifier", "Ce qui fait courir le délai", "Preuve", "Calcul", "Si le délai est manqué",
        "Nature",
    )  # fmt: skip
    rows = [
        (
            one.day,
            one.state.step.label,
            one.state.step.actor,
            one.found.rule.title,
            one.found.article,
            one.found.version,
            one.evidence.label,
            "oui" if one.found.rule.to_verify else "non",
            one.found.starts_from,
            one.found.proof,
            one.found.computation,
            one.found.rule.consequence,
            "réponse attendue d’un autre" if one.answer else "dernier jour pour agir",
        )
        for one in reading.deadlines
    ]
    return Sheet("Échéances", headers, rows, notes)


def _steps(reading: Reading) -> Sheet:
    headers = (
        "Étape", "Qui agit", "État", "Fait le", "Au plus tôt", "Au plus tard", "Prévu le",
        "Date visée", "Preuve attendue", "Preuve",
    )  # fmt: skip
    rows = [
        (
            row.state.step.label,
            row.state.step.actor,
            "acquis par le silence" if row.state.tacit else row.state.status.label,
            row.state.done,
            row.state.earliest,
            row.state.latest,
            row.state.planned,
            row.target,
            row.state.step.proof,
            _proof(row.state.status, row.state.proof),
        )
        for row in reading.rows
    ]
    return Sheet("Étapes", headers, rows)


def _proof(status: StepStatus, proof: str | None) -> str:
    if status is not StepStatus.DONE:
        return ""
    return proof or "non prouvé"


def _facts(reading: Reading) -> Sheet:
    headers = (
        "Étape", "Date", "Précision", "Preuve", "Pièce", "Organisme", "Envoyé par", "Source",
        "À confirmer", "Fictif", "État du droit à l’enregistrement",
    )  # fmt: skip
    rows = [
        (
            fact.step_label,
            fact.happened_on,
            fact.what,
            fact.proof_words or "non prouvé",
            fact.proof_name,
            fact.who,
            str(fact.get_sent_by_display()) if fact.sent_by else "",
            fact.source,
            "oui" if fact.to_confirm else "non",
            "oui" if fact.fictitious else "non",
            fact.law_version,
        )
        for fact in reading.procedure.facts.all()
    ]
    return Sheet("Faits", headers, rows)


def _risks(reading: Reading) -> Sheet:
    rows = [
        (risk.kind.label, reading.label_of(risk.step), risk.message, risk.article, risk.consequence)
        for risk in reading.timeline.risks
    ]
    return Sheet("Risques", ("Nature", "Étape", "Constat", "Article", "Conséquence"), rows)


def _objections(reading: Reading) -> Sheet:
    notes = {one.rule_id: one for one in ObjectionNote.objects.filter(procedure=reading.procedure)}
    rows = []
    for rule in prefect_objections(reading.law):
        note = notes.get(rule.id)
        state = str(note.get_state_display()) if note else "à examiner"
        rows.append(
            (
                rule.title,
                reading.law.cite(rule.articles),
                state,
                note.evidence if note else "",
                note.noted_on if note else None,
            )
        )
    headers = ("Point", "Article", "État", "Éléments de preuve", "Noté le")
    return Sheet("Objections du préfet", headers, rows)


def _rules(reading: Reading) -> Sheet:
    rows = [
        (rule.title, reading.law.cite(rule.articles), evidence_of(rule).detail, rule.note)
        for rule in reading.rules_to_verify
    ]
    return Sheet("Règles à vérifier", ("Règle", "Article", "État de la preuve", "Remarque"), rows)
