"""What a person who may write would post to each address of the world, to change something.

`test_outsiders` proves with Alice that each of these posts does change something; the same posts,
made by others, must then change nothing.
"""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from restanque.core.models import OutgoingMessage
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Sign
from restanque.kit.documents import default_template
from restanque.surveys.models import Campaign, VisitRound
from tests.governance import world as governance
from tests.law import world as law
from tests.procedures import world as procedures
from tests.questions import FORM, KILOS, NAME, PDF, REMARK
from tests.supply import world as supply
from tests.work import budget_world as budgets
from tests.work import world as tasks
from tests.world import World


def acts(world: World) -> dict[str, dict[str, Any]]:
    """Address name → form. Uploads are new at each call."""
    return {
        **_accounts(world),
        **_core(),
        **_territories(world),
        **_directory(world),
        **_questionnaires(),
        **_campaigns(world),
        **_follow_up(world),
        **_reports(),
        **_entry(),
        **_visits(world),
        **supply.acts(world),
        **law.acts(),
        **procedures.acts(world),
        **governance.acts(world),
        **tasks.acts(world),
        **budgets.acts(world),
    }


def _day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).strftime("%d/%m/%Y")


def _accounts(world: World) -> dict[str, dict[str, Any]]:
    return {
        "accounts:profile": {"full_name": "Un autre nom"},
        "accounts:member_add": {
            "email": "nouvelle@example.org",
            "full_name": "Nouvelle",
            "role": "agent",
        },
        "accounts:member_edit": {"role": "reader"},
        "accounts:workspace_edit": {"name": "Un autre nom", "contact_email": "a@example.org"},
        "territories:coverage_edit": {"scope": "some", "territories": [world.scot.pk]},
    }


def _core() -> dict[str, dict[str, Any]]:
    table = b"Nom;Nature;Commune\nMoulin neuf;Moulin;Aix-en-Provence\n"
    return {
        "core:message_test": {},
        "core:message_cancel": {},
        "core:job_cancel": {},
        "core:import_new": {"kind": "mill", "file": SimpleUploadedFile("moulins.csv", table)},
        "core:import_apply": {},
        "core:import_undo": {},
        "core:view_save": {
            "list_key": "directory:organisations",
            "name": "Une vue",
            "query": "q=pain",
            "next": "/annuaire/",
        },
        "core:view_delete": {},
        "core:notification_read": {},
        "core:outbox": {"action": "cancel", "everything": "1"},
        "core:suppressions": {"action": "lift", "everything": "1"},
    }


def _territories(world: World) -> dict[str, dict[str, Any]]:
    return {
        "territories:create": {
            "name": "Un bassin",
            "kind": "other",
            "communes": "Aix-en-Provence",
            "valid_from": _day(0),
        },
        "territories:edit": {"name": "Un autre nom", "kind": "pat"},
        "territories:perimeter": {"move": "add", "communes": "Arles", "on": _day(0)},
        "territories:zone_create": {"name": "Zone nouvelle", "colour": "3"},
        "territories:zone_edit": {"name": "Zone renommée", "colour": "2"},
        "territories:zone_communes": {"communes": "Marseille", "confirm": "1"},
        "territories:zone_delete": {"count": "2"},
    }


def _directory(world: World) -> dict[str, dict[str, Any]]:
    bakery = {"kind": "bakery", "name": "Fournil neuf", "commune": "13001"}
    contact = {
        "full_name": "Nouvelle personne",
        "email": "neuve@example.org",
        "is_personal": "on",
        "purpose": "Suivre la réponse.",
        "purge_on": _day(300),
    }
    chosen = [world.invitations[key].organisation_id for key in ("aix", "marseille")]
    return {
        "directory:organisations": {"action": "checked", "everything": "1"},
        "directory:to_check": {"action": "checked", "everything": "1"},
        "directory:town_halls": {"territory": world.pat.pk},
        "directory:tag": {"selected": chosen, "name": "étiquette neuve"},
        "directory:organisation_create": bakery,
        "directory:organisation_edit": bakery,
        "directory:organisation_archive": {},
        "directory:organisation_restore": {},
        "directory:organisation_checked": {},
        "directory:merge": {},
        "directory:contact_add": contact,
        "directory:contact_edit": contact,
        "directory:contact_delete": {},
        "directory:canteen_create": {"name": "Cantine neuve", "commune": "13001"},
        "directory:canteen_edit": {"name": "Cantine renommée", "commune": "13001"},
        "directory:canteen_archive": {},
        "directory:certification_add": {
            "sign": Sign.BIO.value,
            "certificate_number": "FR-1",
            "proof": SimpleUploadedFile("preuve.pdf", PDF),
        },
        "directory:certification_edit": {"sign": Sign.HVE.value, "certificate_number": "FR-2"},
    }


def _questionnaires() -> dict[str, dict[str, Any]]:
    text = "\n".join(line.strip("| ").replace("|", ";") for line in FORM.strip().splitlines())
    return {
        "surveys:questionnaire-create": {"title": "Un autre questionnaire"},
        "surveys:questionnaire-install": {},
        "surveys:questionnaire-edit": {"title": "Un autre titre"},
        "surveys:questionnaire-archive": {"action": "archive"},
        "surveys:questionnaire-upload": {"file": SimpleUploadedFile("f.csv", text.encode())},
        "surveys:version-publish": {"action": "publish"},
        "surveys:version-media": {"action": "remove:four.png"},
    }


def _campaigns(world: World) -> dict[str, dict[str, Any]]:
    frame = {
        "territory": world.pat.pk,
        "version": world.campaign.version_id,
        "name": "Une autre enquête",
        "opens_on": _day(0),
        "closes_on": _day(30),
        "purge_on": _day(300),
        "minutes": "10",
        "daily_limit": "100",
        "sender_name": "Équipe",
        "reply_to": "equipe@example.org",
        "purpose": "Savoir.",
    }
    words = {
        name: getattr(world.campaign, name)
        for name in (
            "invitation_subject",
            "invitation_body",
            "reminder_subject",
            "reminder_body",
            "receipt_subject",
            "receipt_body",
        )
    }
    return {
        "surveys:campaign-create": frame,
        "surveys:campaign-edit": frame,
        "surveys:campaign-population": {
            "selected": [world.invitations["bakery"].organisation_id],
            "?": "kind=bakery",
        },
        "surveys:campaign-messages": words | {"reminder_subject": "Un autre objet"},
        "surveys:campaign-trial": {"kind": "invitation"},
        "surveys:campaign-open": {},
        "surveys:campaign-close": {},
        "surveys:invitations": {"action": "mine", "everything": "1"},
        "surveys:invitation-act": {"action": "revoke"},
        "surveys:export-start": {"reponses": "toutes"},
    }


def _reports() -> dict[str, dict[str, Any]]:
    return {
        "surveys:report": {"reponses": "recues"},
        "surveys:report-publish": {},
        "surveys:report-withdraw": {},
        "surveys:report-template": {"file": SimpleUploadedFile("m.docx", default_template())},
        "surveys:report-template-remove": {},
    }


def _follow_up(world: World) -> dict[str, dict[str, Any]]:
    made_list = {
        "name": "Une autre liste",
        "question-1": REMARK,
        "operator-1": "told",
        "action": "save",
    }
    return {
        "surveys:sendings": {"first": _day(5)},
        "surveys:sending-act": {"action": "left"},
        "surveys:merge": {},
        "surveys:call": {"outcome": "no_answer", "note": "Rien"},
        "surveys:call-assign": {"to": world.member("bob").user_id},
        "surveys:calls-share": {"people": [world.member("bob").user_id], "again": "on"},
        "surveys:texts-tag": {
            "response": world.invitations["aix"].response.pk,
            "path": REMARK,
            "name": "mot neuf",
        },
        "surveys:candidate-create": made_list,
        "surveys:candidate-edit": made_list,
        "surveys:candidate-delete": {},
        "surveys:review-conclude": {"action": "validate", "anyway": "1"},
        "surveys:review-correct": {"path": KILOS, "value": "0,5"},
        "surveys:review-comment": {"text": "Une remarque"},
        "surveys:review-flag": {"resolution": "confirmed", "note": "vu"},
    }


def _entry() -> dict[str, dict[str, Any]]:
    """What the team types for a town hall, and what a town hall does with its own link."""
    answer = {NAME: "Un autre fournil", "action": "next", "revision": "1"}
    return {
        "respondent:page": answer,
        "respondent:review": {},
        "respondent:pause": {"address": "chez-soi@example.org"},
        "respondent:handover": {"address": "collegue@example.org"},
        "respondent:refuse": {"action": "refuse"},
        "respondent:no-reminder": {},
        "respondent:one-click": {},
        "surveys:entry-page": answer,
        "surveys:entry-review": {},
    }


def _visits(world: World) -> dict[str, dict[str, Any]]:
    visits = VisitRound.objects.get(territory=world.pat)
    frame = {
        "territory": world.pat.pk,
        "version": visits.version_id,
        "name": "D’autres visites",
        "kinds": ["mill"],
        "purpose": "Savoir.",
        "purge_on": _day(300),
    }
    twin = Organisation.objects.get(workspace=world.workspace, name__endswith=" bis")
    return {
        "surveys:visit-forms-install": {},
        "surveys:round-create": frame,
        "surveys:round-edit": frame,
        "surveys:round-state": {"action": "close"},
        "surveys:visitor-create": {"display_name": "Un autre", "rounds": [visits.pk]},
        "surveys:visitor-edit": {"display_name": "Un autre"},
        "surveys:visitor-act": {"action": "renew"},
        "surveys:visit-start": {},
        "surveys:visit-conclude": {"action": "validate"},
        "surveys:visit-place": {"organisation": twin.pk},
        "surveys:visit-entry": {"/data/farine_page/farine": "T65", "action": "next"},
        "surveys:visit-entry-finish": {"anyway": "1"},
    }


def prepare(name: str, world: World) -> None:
    """Put the world in the state where an act has something to do."""
    if name == "surveys:merge":
        # A mailing waits already: it is withdrawn first.
        world.campaign.sendings.filter(medium="merge").delete()
    elif name == "surveys:campaign-open":
        Campaign.objects.filter(pk=world.draft_campaign.pk).update(status="draft")
    elif name == "core:outbox":
        OutgoingMessage.objects.filter(status="cancelled").update(status="held")
    elif name.startswith("supply:"):
        supply.prepare(name, world)
    elif name.startswith("procedures:"):
        procedures.prepare(name, world)
    elif name.startswith("governance:"):
        governance.prepare(name, world)
    elif name.startswith("work:"):
        tasks.prepare(name, world)
