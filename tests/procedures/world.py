"""The room's part of the world of tests: objects, arguments of addresses, acts."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from restanque.governance.models import Deliberation, Sitting
from restanque.procedures.calendars import slug_of
from restanque.procedures.models import CalendarFeed, Procedure
from restanque.procedures.nomenclature import ObjectionState, ProofKind
from restanque.procedures.services import calendars, facts, procedures
from tests.procedures import concertation_world as concertation
from tests.procedures import consultations_world as consultations
from tests.procedures import world_dossier as dossier
from tests.questions import PDF

if TYPE_CHECKING:
    from tests.world import World


def build(world: "World", pat: str, scot: str) -> dict[str, Any]:
    """A revision on the PAT with a proven fact, a target, a noted objection; one on the SCoT."""
    today = timezone.localdate()
    built: dict[str, Any] = {}
    for key, territory, mark in (("procedure", world.pat, pat), ("scot_one", world.scot, scot)):
        made = procedures.create_procedure(
            territory=territory,
            kind="scot-aec-revision",
            name=f"Révision {mark}",
            prescribed_on=today - timedelta(days=400),
            note=f"Note de {mark}",
            by=world.member("alice").user,
        )
        built[key] = made
        built[f"{key}_fact"] = facts.record_fact(
            procedure=made,
            step="information-pcaet",
            happened_on=today - timedelta(days=30),
            what=f"Envoi de {mark}",
            proof_kind=ProofKind.RECEIPT,
            proof=SimpleUploadedFile(f"preuve-{mark}.pdf", PDF, "application/pdf"),
        )
        procedures.set_target(
            procedure=made, step="approbation", wished_on=today + timedelta(days=900)
        )
        procedures.note_objection(
            procedure=made,
            rule_id="objection.littoral",
            state=ObjectionState.EXPOSED,
            evidence=f"Étude de {mark}",
        )
        built[f"{key}_feed"] = calendars.open_feed(territory=territory)
        built |= dossier.build(made, key, mark)
        built |= consultations.build(world, made, key, mark)
    built |= concertation.build(world, built, (pat, scot))
    return built


def routes(world: "World", made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Beginning of a route → values of its parameters."""
    return {
        "procedures/": {"pk": made["procedure"].pk, "extension": "docx", "step": "arret"},
        **dossier.routes(made),
        **consultations.routes(made),
        **concertation.routes(made),
        "procedures/faits/": {"pk": made["procedure_fact"].pk},
        "procedures/calendriers/": {"territory": world.pat.pk},
        "procedures/calendrier/": {"slug": slug_of(made["procedure_feed"])},
    }


def acts(world: "World") -> dict[str, dict[str, Any]]:
    """Address name → what somebody who may write would post."""
    today = timezone.localdate()
    coming = Sitting.objects.filter(body__territory=world.pat).earliest("-starts_at")
    act = Deliberation.objects.filter(body__territory=world.pat).order_by("pk").first()
    frame = {"name": "Une procédure neuve", "prescribed_on": today.strftime("%d/%m/%Y")}
    fact = {
        "step": "concertation",
        "happened_on": (today - timedelta(days=200)).strftime("%d/%m/%Y"),
        "proof_kind": "publication",
    }
    return {
        "procedures:create": {**frame, "territory": world.pat.pk, "kind": "pcaet"},
        "procedures:edit": frame,
        "procedures:archive": {},
        "procedures:acknowledge": {},
        "procedures:fact-add": fact,
        "procedures:fact-edit": fact,
        "procedures:fact-remove": {},
        "procedures:target": {"step": "arret", "wished_on": "01/06/2028"},
        "procedures:objections": {
            "rule": "objection.dta",
            "state": "clear",
            "evidence": "Note de calcul",
        },
        "procedures:step-agenda": {"sitting": coming.pk, "kind": "decision"},
        "procedures:step-fact": {"act": act.pk if act else 0},
        "procedures:feed-open": {},
        "procedures:feed-close": {},
        **dossier.acts(),
        **consultations.acts(world),
        **concertation.acts(world),
    }


def prepare(name: str, world: "World") -> None:
    """Put the world in the state where an act has something to do."""
    dossier.prepare(name, world)
    consultations.prepare(name, world)
    concertation.prepare(name, world)
    if name == "procedures:acknowledge":
        Procedure.objects.filter(territory=world.pat).update(law_version="ancienne")
    elif name == "procedures:feed-close":
        CalendarFeed.objects.filter(territory=world.pat).update(opened=True)
