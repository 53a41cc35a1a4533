"""The file's part of the world of tests."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from restanque.law.current import law_of
from restanque.procedures.dossier import services
from restanque.procedures.models import DossierPiece, Procedure
from tests.questions import PDF

if TYPE_CHECKING:
    from tests.world import World


def _pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def build(procedure: Procedure, key: str, mark: str) -> dict[str, Any]:
    """A file with a version joined, a piece of the team's own, a question, a study."""
    today = timezone.localdate()
    services.open_dossier(procedure=procedure, law=law_of(procedure.workspace))
    piece = services.add_piece(procedure=procedure, name=f"Atlas {mark}", step="arret")
    return {
        f"{key}_piece": piece,
        f"{key}_piece_file": services.add_file(
            piece=piece, upload=_pdf(f"atlas-{mark}.pdf"), version="1", dated_on=today
        ),
        f"{key}_advice": services.record_advice(
            procedure=procedure,
            question=f"Question de {mark} ?",
            asked_to="Service juridique",
            asked_on=today - timedelta(days=20),
            received_on=today,
            answer=f"Réponse à {mark}",
            upload=_pdf(f"réponse-{mark}.pdf"),
        ),
        f"{key}_study": services.record_study(
            procedure=procedure, title=f"Étude {mark}", carrier="Mission foncier", feeds=[piece]
        ),
    }


def routes(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Beginning of a route → values of its parameters."""
    return {
        "procedures/pieces/": {"pk": made["procedure_piece"].pk},
        "procedures/versions/": {"pk": made["procedure_piece_file"].pk},
        "procedures/conseils/": {"pk": made["procedure_advice"].pk},
        "procedures/etudes/": {"pk": made["procedure_study"].pk},
    }


def acts() -> dict[str, dict[str, Any]]:
    """Address name → what somebody who may write would post."""
    today = timezone.localdate().strftime("%d/%m/%Y")
    advice = {"question": "Peut-on prolonger ?", "asked_to": "Un cabinet", "asked_on": today}
    study = {"title": "Étude des mobilités", "carrier": "Mission mobilité", "state": "running"}
    return {
        "procedures:dossier-open": {},
        "procedures:piece": {"state": "reviewed", "writer_label": "Agence"},
        "procedures:piece-add": {"name": "Charte graphique"},
        "procedures:piece-remove": {},
        "procedures:piece-file-add": {
            "upload": _pdf("v2.pdf"),
            "version": "2",
            "dated_on": today,
        },
        "procedures:piece-file-remove": {},
        "procedures:advice-add": advice,
        "procedures:advice-edit": {**advice, "received_on": today, "answer": "Non."},
        "procedures:advice-remove": {},
        "procedures:study-add": study,
        "procedures:study-edit": study,
        "procedures:study-remove": {},
    }


def prepare(name: str, world: "World") -> None:
    """Put the world in the state where an act has something to do."""
    if name == "procedures:dossier-open":
        DossierPiece.objects.filter(procedure__territory=world.pat, code="doo").delete()
