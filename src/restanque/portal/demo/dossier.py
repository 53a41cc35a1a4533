"""The demo's file of the SCoT-AEC: pieces begun, two questions of law, a study, all invented."""

from datetime import date, timedelta

from restanque.accounts.models import User
from restanque.law.current import law_of
from restanque.procedures.dossier import services
from restanque.procedures.dossier.nomenclature import PieceState, StudyState
from restanque.procedures.models import Procedure

# Piece, state, version, who writes: nothing here is the real state of anybody's work.
_PIECES = (
    ("pas", PieceState.REVIEWED, "0.4", "service planification (fictif)"),
    ("doo", PieceState.WRITING, "0.2", "bureau d’études fictif"),
    ("rapport-environnemental", PieceState.WRITING, "0.1", "bureau d’études fictif"),
    ("diagnostic-pcaet", PieceState.APPROVED, "1.0", "service climat (fictif)"),
    ("plan-actions", PieceState.TO_WRITE, "", "service climat (fictif)"),
)


def play_dossier(procedure: Procedure, *, by: User, today: date) -> None:
    """Open the file and play a little of its life."""
    services.open_dossier(procedure=procedure, law=law_of(procedure.workspace))
    pieces = {piece.code: piece for piece in procedure.pieces.all()}
    for code, state, version, writer in _PIECES:
        services.update_piece(
            piece=pieces[code],
            state=state,
            version=version,
            dated_on=today - timedelta(days=40) if version else None,
            writer_label=writer,
        )
    services.record_advice(
        procedure=procedure,
        question="Le bilan de la concertation peut-il être arrêté dans la délibération d’arrêt ?",
        asked_to="Service juridique (fictif)",
        asked_on=today - timedelta(days=90),
        received_on=today - timedelta(days=70),
        answer="Réponse inventée pour la démonstration : oui, par une seule délibération.",
        step="bilan-concertation",
        by=by,
        fictitious=True,
    )
    services.record_advice(
        procedure=procedure,
        question="L’avis du préfet de région se rend-il en deux mois ou en trois ?",
        asked_to="Cabinet fictif",
        asked_on=today - timedelta(days=25),
        step="avis-prefet-region",
        rule_id="pcaet.avis-projet",
        by=by,
        fictitious=True,
    )
    services.record_study(
        procedure=procedure,
        title="Étude du foncier économique (fictive)",
        carrier="Mission foncier (fictive)",
        state=StudyState.RUNNING,
        expected_on=today + timedelta(days=60),
        feeds=[pieces["doo"], pieces["daacl"]],
        fictitious=True,
    )
