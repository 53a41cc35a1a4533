"""The consultations' part of the world of tests."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from restanque.directory.models import Organisation
from restanque.law.current import law_of
from restanque.procedures.consultations.services import dispatches, lists, opinions
from restanque.procedures.models import Dispatch, Opinion, Procedure, Reply
from tests.questions import PDF

if TYPE_CHECKING:
    from tests.world import World

STEP = "consultation-ppa"


def build(world: "World", procedure: Procedure, key: str, mark: str) -> dict[str, Any]:
    """A body that answered, with a remark replied to; one near its term; one not written to."""
    today = timezone.localdate()
    one = lists.open_consultation(
        procedure=procedure,
        step=STEP,
        name=f"Avis sur l’arrêt {mark}",
        subject=f"Projet de {mark}",
        opened_on=today - timedelta(days=200),
        note=f"Note de {mark}",
    )
    wanted = "13055" if key == "procedure" else "13004"
    hall = Organisation.objects.filter(
        workspace=world.workspace, kind="mairie", commune=wanted
    ).first()
    silent = lists.add_consultee(consultation=one, organisation=hall, law_ids=["scot.membres"])
    lists.add_consultee(
        consultation=one, name=f"Association {mark}", obligation="voluntary", law_ids=[]
    )
    body = lists.add_consultee(
        consultation=one, name=f"Organisme fictif {mark}", law_ids=["scot.ppa"]
    )
    # The world's law may have its own period: the term falls in about twelve days.
    period = law_of(world.workspace).rule("scot.avis-arret").period
    received = today - timedelta(days=period.rough_days - 12 if period else 78)
    for consultee in (silent, body):
        dispatch = dispatches.record_dispatch(
            consultee=consultee,
            sent_on=received - timedelta(days=2),
            sent_by="registered",
            received_on=received,
            proof_kind="receipt",
            proof_reference=f"AR {mark}",
            proof=SimpleUploadedFile(f"ar-{mark}.pdf", PDF, "application/pdf"),
        )
    dispatches.record_dispatch(
        consultee=silent, sent_on=today - timedelta(days=60), sent_by="email", complete=False
    )
    opinion = opinions.record_opinion(
        consultee=body,
        received_on=today - timedelta(days=20),
        sense="reserved",
        text=f"Avis de {mark}",
        file=SimpleUploadedFile(f"avis-{mark}.pdf", PDF, "application/pdf"),
    )
    remark = opinions.add_remark(opinion=opinion, topic="Foncier", text=f"Remarque de {mark}")
    opinions.reply_to(
        remark=remark, decision="accepted", why=f"Réponse à {mark}", piece="DOO", page="p. 12"
    )
    return {
        f"{key}_consultation": one,
        f"{key}_consultee": body,
        f"{key}_dispatch": dispatch,
        f"{key}_remark": remark,
    }


def routes(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Beginning of a route → values of its parameters."""
    return {
        "procedures/consultations/": {"pk": made["procedure_consultation"].pk},
        "procedures/consultations/organismes/": {"pk": made["procedure_consultee"].pk},
        "procedures/consultations/envois/": {"pk": made["procedure_dispatch"].pk},
        "procedures/consultations/remarques/": {"pk": made["procedure_remark"].pk},
    }


def acts(world: "World") -> dict[str, dict[str, Any]]:
    """Address name → what somebody who may write would post."""
    today = timezone.localdate().strftime("%d/%m/%Y")
    frame = {"name": "Une consultation neuve", "subject": "Dossier", "opened_on": today}
    body = {"name": "Un autre organisme", "obligation": "voluntary", "send_by": "email"}
    sending = {"sent_on": today, "sent_by": "hand"}
    hall = Organisation.objects.filter(workspace=world.workspace, commune="13088").first()
    waiting = Dispatch.objects.filter(
        consultee__consultation__procedure__territory=world.pat, received_on__isnull=True
    ).first()
    return {
        "procedures:consultation-open": {**frame, "step": "saisine-mrae"},
        "procedures:consultation-edit": frame,
        "procedures:consultation-remove": {},
        "procedures:consultation-list": {"organisation": [hall.pk if hall else 0]},
        "procedures:consultation-set-aside": {"law_id": "scot.hlm", "reason": "Aucun organisme"},
        "procedures:consultation-record": {},
        "procedures:consultee-add": body,
        "procedures:consultee-edit": body,
        "procedures:consultee-remove": {},
        "procedures:dispatches": {**sending, "everyone": "on"},
        "procedures:receipts": {f"day_{waiting.pk if waiting else 0}": today},
        "procedures:letters": {"letter_subject": "Objet", "letter_body": "Bonjour ⟦organisme⟧"},
        "procedures:consultation-reminders": {"count": "1"},
        "procedures:dispatch-add": sending,
        "procedures:dispatch-edit": {**sending, "complete": "on", "proof_kind": "letter"},
        "procedures:dispatch-remove": {},
        "procedures:opinion": {"received_on": today, "sense": "favourable"},
        "procedures:opinion-remove": {},
        "procedures:remark-add": {"text": "Une autre remarque"},
        "procedures:remark-edit": {"text": "Une remarque corrigée"},
        "procedures:remark-remove": {},
        "procedures:remark-reply": {"decision": "refused", "why": "Hors sujet"},
        "procedures:reply-carry": {"carried_on": today, "version": "v2"},
    }


def prepare(name: str, world: "World") -> None:
    """Put the world in the state where an act has something to do."""
    own = {"consultee__consultation__procedure__territory": world.pat}
    if name in ("procedures:remark-remove", "procedures:opinion-remove"):
        Reply.objects.filter(
            remark__opinion__consultee__consultation__procedure__territory=world.pat
        ).delete()
    elif name in ("procedures:consultation-remove", "procedures:consultee-remove"):
        Dispatch.objects.filter(**own).delete()
        Opinion.objects.filter(**own).delete()
