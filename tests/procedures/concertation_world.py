"""The concertation's part of the world of tests: objects, arguments of addresses, acts."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from restanque.procedures.concertation import gate
from restanque.procedures.concertation.nomenclature import (
    MeansKind,
    MeansProof,
    ModerationState,
    Way,
)
from restanque.procedures.concertation.services import (
    answers,
    contributions,
    ledger,
    pages,
    participations,
)
from restanque.procedures.models import Procedure, PublicPage
from tests.questions import PDF

if TYPE_CHECKING:
    from tests.world import World

MARKS = ("procedure", "scot_one")


def build(world: "World", built: dict[str, Any], marks: tuple[str, str]) -> dict[str, Any]:
    """On each procedure of the world: a modality, a means, an open page, what was said there."""
    made: dict[str, Any] = {}
    for key, mark in zip(MARKS, marks, strict=True):
        made |= {f"{key}_{name}": one for name, one in _one(world, built[key], mark).items()}
    return made


def _one(world: "World", procedure: Procedure, mark: str) -> dict[str, Any]:
    today, user = timezone.localdate(), world.member("alice").user
    modality = ledger.announce(
        procedure=procedure,
        kind=MeansKind.MEETING,
        text=f"Réunions publiques de {mark}",
        quantity=3,
        source="article 4",
    )
    means = ledger.carry_out(
        procedure=procedure,
        modalities=[modality],
        kind=MeansKind.MEETING,
        what=f"Réunion publique de {mark}",
        place=f"Salle {mark}",
        started_on=today - timedelta(days=60),
        attendance=42,
        published=True,
        proof_kind=MeansProof.MINUTES,
        proof=SimpleUploadedFile(f"compte-rendu-{mark}.pdf", PDF, "application/pdf"),
    )
    page = pages.prepare_page(
        procedure=procedure,
        slug=f"scot-{mark}-{world.workspace.pk}".lower().replace("é", "e"),
        title=f"Donner son avis, {mark}",
        contact_email="equipe@example.org",
        steps=["arret"],
        purge_on=today + timedelta(days=400),
    )
    theme = pages.set_themes(procedure=procedure, names=[f"Mobilités de {mark}"])[0]
    document = pages.put_online(
        page=page,
        title=f"Diagnostic de {mark}",
        upload=SimpleUploadedFile(f"diagnostic-{mark}.pdf", PDF, "application/pdf"),
        on=today,
    )
    pages.open_page(page=page, on=today)
    said = contributions.record(
        procedure=procedure,
        way=Way.WEB,
        received_on=today,
        text=f"Il manque un bus vers {mark}.",
        themes=[theme],
        person_name=f"Camille {mark}",
        person_email="camille@example.org",
        attachment=SimpleUploadedFile(f"plan-{mark}.pdf", PDF, "application/pdf"),
    )
    contributions.moderate(
        contribution=said, state=ModerationState.PUBLISHED, shown=said.text, by=user
    )
    given = answers.answer(
        procedure=procedure,
        contributions=[said],
        text=f"Une ligne est étudiée vers {mark}.",
        public=True,
        on=today,
        by=user,
    )
    typed = contributions.record(
        procedure=procedure,
        way=Way.PAPER,
        received_on=today,
        text=f"Courrier reçu de {mark}.",
    )
    inquiry = participations.prepare(
        procedure=procedure, way="enquete", today=today, paper_places=f"Mairie de {mark}"
    )
    return {
        "modality": modality,
        "means": means,
        "page": page,
        "document": document,
        "said": said,
        "given": given,
        "typed": typed,
        "inquiry": inquiry,
    }


def routes(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Beginning of a route → values of its parameters."""
    return {
        "procedures/modalites/": {"pk": made["procedure_modality"].pk},
        "procedures/moyens/": {"pk": made["procedure_means"].pk},
        "procedures/documents-en-ligne/": {"pk": made["procedure_document"].pk},
        "procedures/contributions/": {"pk": made["procedure_said"].pk},
        "procedures/contributions/<int:pk>/modifier/": {"pk": made["procedure_typed"].pk},
        "procedures/contributions/<int:pk>/effacer/": {"pk": made["procedure_typed"].pk},
        "procedures/reponses/": {"pk": made["procedure_given"].pk},
        "procedures/participations/": {
            "pk": made["procedure_inquiry"].pk,
            "step": "avis-enquete",
        },
        "concertation/": {
            "slug": made["procedure_page"].slug,
            "pk": made["procedure_document"].pk,
            "token": gate.receipt(made["procedure_said"].pk),
        },
    }


def acts(world: "World") -> dict[str, dict[str, Any]]:
    """Address name → what somebody who may write would post."""
    today = timezone.localdate()
    day = today.strftime("%d/%m/%Y")
    modality = {"text": "Un registre dans chaque mairie", "kind": "register", "quantity": "3"}
    means = {
        "what": "Exposition",
        "kind": "exhibition",
        "started_on": day,
        "count": "1",
        "proof_kind": "photo",
    }
    typed = {"way": "oral", "received_on": day, "text": "Dit en réunion"}
    return {
        "procedures:modality-add": modality,
        "procedures:modality-edit": modality,
        "procedures:modality-remove": {},
        "procedures:means-add": means,
        "procedures:means-edit": means,
        "procedures:means-remove": {},
        "procedures:public-page-edit": {
            "title": "Un autre titre",
            "slug": PublicPage.objects.get(procedure__territory=world.pat).slug,
            "contact_email": "equipe@example.org",
            "purge_on": (today + timedelta(days=500)).strftime("%d/%m/%Y"),
        },
        "procedures:public-page-open": {},
        "procedures:public-page-close": {},
        "procedures:themes": {"names": f"{_theme(world)}\nUn thème neuf"},
        "procedures:document-add": {
            "title": "Carte",
            "upload": SimpleUploadedFile("carte.pdf", PDF, "application/pdf"),
        },
        "procedures:document-withdraw": {},
        "procedures:contributions": {"action": "publish", "everything": "1"},
        "procedures:contribution-add": typed,
        "procedures:contribution": {"state": "hidden", "reason": "Hors sujet", "shown": "x"},
        "procedures:contribution-edit": typed,
        "procedures:contribution-remove": {},
        "procedures:contribution-forget": {},
        "procedures:answer-take-back": {},
        "procedures:answer-add": {"n": "1", "text": "Merci.", "public": "on"},
        "procedures:answer-edit": {"text": "Merci beaucoup.", "public": "on"},
        "procedures:participation-add": {"way": "ppve"},
        "procedures:participation-edit": {"reference": "Décision n° 4"},
        "procedures:participation-plan": {
            "avis-enquete": (today + timedelta(days=90)).strftime("%d/%m/%Y")
        },
        "procedures:participation-record": {"happened_on": day, "proof_kind": "publication"},
    }


def _theme(world: "World") -> str:
    found = PublicPage.objects.get(procedure__territory=world.pat)
    first = found.procedure.themes.first()
    return first.name if first else ""


def prepare(name: str, world: "World") -> None:
    """Put the world in the state where an act has something to do."""
    if name == "procedures:public-page-open":
        PublicPage.objects.filter(procedure__territory=world.pat).update(opened=False)
    elif name == "procedures:participation-add":
        # Launched under the rules that know the electronic participation.
        Procedure.objects.filter(territory=world.pat, public_page__isnull=False).update(
            prescribed_on=timezone.localdate()
        )
