"""A small but complete world, built through services, for tests that walk every page.

Alice administers the workspace; Bob is an agent of it all; Dora is an agent who covers the SCoT
only; Rémi reads; Paula is a partner who covers the PAT; Charlie administers another workspace.

Everything of the PAT bears `PAT_MARK` in its words, everything of the workspace as a whole
`TEAM_MARK`, what belongs to Alice alone `ALICE_MARK`, and everything of Dora's SCoT `SCOT_MARK`:
a leak is then visible to the eye of a test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from restanque.accounts import services as accounts
from restanque.accounts.models import Membership, Role, Workspace
from restanque.core import mail, notices, saved_views
from restanque.core.imports import run_import
from restanque.core.jobs import start_job
from restanque.core.jobs.services import perform
from restanque.core.models import ImportRun, OutgoingMessage, Purpose
from restanque.directory import services as directory
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind, Sign
from restanque.kit.documents import default_template
from restanque.surveys.analysis.conditions import Condition, Operator
from restanque.surveys.models import Campaign, Invitation, QuestionnaireVersion
from restanque.surveys.models.followup import CallOutcome
from restanque.surveys.models.sendings import SendingKind, SendingMedium
from restanque.surveys.posting import PagePost
from restanque.surveys.services import (
    answers,
    calls,
    campaigns,
    candidates,
    flags,
    invitations,
    mailmerge,
    media,
    questionnaires,
    reports,
    review,
    sending,
    texts,
)
from restanque.surveys.visits import reception, rounds, visitors
from restanque.surveys.visits.reading import session_for
from restanque.territories import services as territories
from restanque.territories.models import Territory
from tests.addresses import routes_of, special_of
from tests.core import work
from tests.governance import world as governance
from tests.law import world as law
from tests.procedures import world as procedures
from tests.questions import BILL, FORM, KILOS, MEALS, NAME, PDF, PNG, REMARK
from tests.supply import world as supply
from tests.surveys.visiting import photo
from tests.territories.france import load_communes
from tests.work import budget_world as budgets
from tests.work import world as tasks

PAT_MARK = "Zébuline"
SCOT_MARK = "Olivette"
TEAM_MARK = "Quetsche"
ALICE_MARK = "Mirabelle"

PAT_COMMUNES = ("13001", "13055", "13088", "13002")
SCOT_COMMUNES = ("13004", "13108", "13036")


@dataclass
class World:
    """Who and what there is. `routes` finds the arguments of any address of the site."""

    workspace: Workspace
    members: dict[str, Membership] = field(default_factory=dict)
    pat: Territory = field(init=False)
    scot: Territory = field(init=False)
    campaign: Campaign = field(init=False)
    draft_campaign: Campaign = field(init=False)
    scot_campaign: Campaign = field(init=False)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    # Beginning of a route → the values of its parameters; the longest beginning is used.
    routes: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Addresses that need another object than their neighbours do.
    special: dict[str, dict[str, Any]] = field(default_factory=dict)

    def member(self, name: str) -> Membership:
        """One of the cast."""
        return self.members[name]

    def kwargs_of(self, name: str, route: str, parameters: list[str]) -> dict[str, Any]:
        """The arguments of an address. LookupError, saying what to add, when one is unknown."""
        beginnings = [start for start in self.routes if route.startswith(start)]
        known = dict(self.routes[max(beginnings, key=len)]) if beginnings else {}
        known |= self.special.get(name, {})
        missing = [parameter for parameter in parameters if parameter not in known]
        if missing:
            raise LookupError(
                f"{name} ({route}): no value for {', '.join(missing)}. "
                "Add one in tests/addresses.py, with its object in tests/world.py."
            )
        return {parameter: known[parameter] for parameter in parameters}


@contextmanager
def standing(blocker: Any, folder: Path, *, fictitious: bool = False) -> Iterator[World]:
    """A world for a whole module: each test's own transaction is nested in this one.

    `blocker` is pytest-django's; `folder` receives the private files.
    """
    with blocker.unblock(), override_settings(MEDIA_ROOT=folder), transaction.atomic():
        yield build_world(fictitious=fictitious)
        transaction.set_rollback(True)


def build_world(*, fictitious: bool = False) -> World:
    """Build everything, in the current transaction. `fictitious` makes a demonstration of it."""
    load_communes({*PAT_COMMUNES, *SCOT_COMMUNES})
    workspace = accounts.create_workspace(
        name="PETR et Métropole", contact_email="equipe@example.org", fictitious=fictitious
    )
    world = World(workspace)
    _people(world, fictitious)
    _territories(world)
    organisations = _directory(world, fictitious)
    versions = _questionnaires(world)
    _campaigns(world, versions["published"], organisations, fictitious)
    _answers(world)
    sendings = _sendings(world)
    visits = _visits(world, organisations)
    things = {
        **organisations,
        **versions,
        **sendings,
        **visits,
        **_report(world),
        **_tools(world),
        **_elsewhere(world),
    }
    things |= supply.build(world, things, PAT_MARK, SCOT_MARK)
    things |= law.build(world, TEAM_MARK)
    things |= governance.build(world, PAT_MARK, SCOT_MARK)
    things |= procedures.build(world, PAT_MARK, SCOT_MARK)
    things |= tasks.build(world, PAT_MARK, SCOT_MARK, TEAM_MARK)
    things |= budgets.build(world, things, PAT_MARK, SCOT_MARK)
    world.routes, world.special = routes_of(world, things), special_of(world, things)
    return world


def _people(world: World, fictitious: bool) -> None:
    cast = (
        ("alice", "Alice", Role.ADMINISTRATOR, None),
        ("bob", "Bob", Role.AGENT, None),
        ("dora", "Dora", Role.AGENT, False),
        ("remi", "Rémi", Role.READER, None),
        ("paula", "Paula", Role.PARTNER, None),
    )
    for key, name, role, everywhere in cast:
        world.members[key] = accounts.add_member(
            workspace=world.workspace,
            email=f"{key}@example.org",
            full_name=name,
            role=role,
            all_territories=everywhere,
            fictitious=fictitious,
        )


def _territories(world: World) -> None:
    start = date(2024, 1, 1)
    world.pat = territories.create_territory(
        workspace=world.workspace,
        name=f"PAT {PAT_MARK}",
        kind="pat",
        valid_from=start,
        commune_codes=PAT_COMMUNES,
    )
    world.scot = territories.create_territory(
        workspace=world.workspace,
        name=f"SCoT {SCOT_MARK}",
        kind="scot",
        valid_from=start,
        commune_codes=SCOT_COMMUNES,
    )
    territories.set_coverage(membership=world.member("dora"), territories=[world.scot])
    territories.set_coverage(membership=world.member("paula"), territories=[world.pat])


def _directory(world: World, fictitious: bool) -> dict[str, Any]:
    workspace, today = world.workspace, timezone.localdate()
    communes = {commune.code: commune for commune in world.pat.communes_at(today)}
    communes |= {commune.code: commune for commune in world.scot.communes_at(today)}

    def organisation(kind: Kind, name: str, code: str, **fields: Any) -> Organisation:
        return directory.create_organisation(
            workspace=workspace,
            kind=kind,
            name=name,
            commune=communes[code],
            fictitious=fictitious,
            **fields,
        )

    made: dict[str, Any] = {
        "aix": organisation(
            Kind.MAIRIE,
            f"Mairie d’Aix {PAT_MARK}",
            "13001",
            email="aix@example.org",
            phone="0442919000",
            notes=f"Notes de {PAT_MARK}",
        ),
        "marseille": organisation(
            Kind.MAIRIE, f"Mairie de Marseille {PAT_MARK}", "13055", email="marseille@example.org"
        ),
        "rove": organisation(
            Kind.MAIRIE, f"Mairie du Rove {PAT_MARK}", "13088", email="rove@example.org"
        ),
        # Without an address: somebody has to call.
        "allauch": organisation(
            Kind.MAIRIE, f"Mairie d’Allauch {PAT_MARK}", "13002", phone="0491100000"
        ),
        "bakery": organisation(Kind.BAKERY, f"Boulangerie {PAT_MARK}", "13001"),
        "twin": organisation(Kind.BAKERY, f"Boulangerie {PAT_MARK} bis", "13001"),
        "arles": organisation(
            Kind.MAIRIE, f"Mairie d’Arles {SCOT_MARK}", "13004", email="arles@example.org"
        ),
        "tarascon": organisation(Kind.BAKERY, f"Boulangerie {SCOT_MARK}", "13108"),
    }
    tag = directory.get_or_create_tag(workspace=workspace, name=f"étiquette {TEAM_MARK}")
    directory.tag_organisations(organisations=[made["bakery"]], tag=tag)
    made["tag"] = tag
    made["contact"] = directory.add_contact(
        organisation=made["aix"],
        full_name=f"{PAT_MARK} Martin",
        email="martin@example.org",
        purpose="Suivre la réponse de sa commune.",
        purge_on=today + timedelta(days=365),
        fictitious=fictitious,
    )
    made["canteen"] = directory.create_canteen(
        workspace=workspace,
        name=f"Cantine {PAT_MARK}",
        organisation=made["aix"],
        commune=communes["13001"],
        daily_meal_count=800,
        fictitious=fictitious,
    )
    directory.create_canteen(
        workspace=workspace,
        name=f"Cantine {SCOT_MARK}",
        organisation=made["arles"],
        commune=communes["13004"],
        fictitious=fictitious,
    )
    made["certification"] = directory.add_certification(
        organisation=made["bakery"],
        sign=Sign.BIO,
        proof=SimpleUploadedFile(f"preuve-{PAT_MARK}.pdf", PDF, "application/pdf"),
        certificate_number=f"FR-{PAT_MARK}",
        fictitious=fictitious,
    )
    made["zone"] = territories.create_zone(territory=world.pat, name=f"Zone {PAT_MARK}")
    territories.assign_zone(
        zone=made["zone"], communes=[communes["13001"], communes["13088"]], on=today
    )
    territories.create_zone(territory=world.scot, name=f"Zone {SCOT_MARK}")
    return made


def _questionnaires(world: World) -> dict[str, Any]:
    questionnaire = questionnaires.create_questionnaire(
        workspace=world.workspace, title=f"Le pain, selon {TEAM_MARK}"
    )
    draft = questionnaires.add_version(
        questionnaire=questionnaire, data=FORM.encode(), filename="court.md"
    )
    assert not draft.errors, draft.errors
    media.join_media(version=draft, upload=SimpleUploadedFile("four.png", PNG))
    published = questionnaires.publish_version(version=draft)
    waiting = questionnaires.add_version(
        questionnaire=questionnaire, data=FORM.encode(), filename=f"brouillon-{TEAM_MARK}.md"
    )
    return {"questionnaire": questionnaire, "published": published, "waiting": waiting}


def _campaigns(
    world: World, version: QuestionnaireVersion, organisations: dict[str, Any], fictitious: bool
) -> None:
    def campaign(territory: Territory, name: str, invited: list[str]) -> Campaign:
        made = campaigns.create_campaign(
            territory=territory,
            version=version,
            name=name,
            opens_on=timezone.localdate() - timedelta(days=20),
            closes_on=timezone.localdate() + timedelta(days=30),
            purge_on=timezone.localdate() + timedelta(days=700),
            sender_name=f"Équipe de {name}",
            reply_to="equipe@example.org",
            purpose=f"Chercher un boulanger, pour {name}.",
            by=world.member("alice").user,
            fictitious=fictitious,
        )
        invitations.add_invitations(
            campaign=made, organisations=[organisations[key] for key in invited]
        )
        for one in made.invitations.select_related("organisation"):
            key = next(k for k in invited if organisations[k].pk == one.organisation_id)
            one.campaign = made
            world.invitations[key] = one
        return made

    world.draft_campaign = campaign(world.pat, f"Enquête à venir, {PAT_MARK}", ["bakery"])
    world.campaign = campaign(
        world.pat, f"Enquête {PAT_MARK}", ["aix", "marseille", "rove", "allauch"]
    )
    world.scot_campaign = campaign(world.scot, f"Enquête {SCOT_MARK}", ["arles"])
    for opened in (world.campaign, world.scot_campaign):
        campaigns.open_campaign(campaign=opened)


def _answers(world: World) -> None:
    bob = world.member("bob").user
    sent, begun, silent = (world.invitations[key] for key in ("aix", "marseille", "rove"))
    answers.save_answers(
        invitation=sent,
        # 900 g of bread a meal: the plausibility table flags it.
        values={NAME: f"Fournil {PAT_MARK}", MEALS: "10", KILOS: "9", REMARK: f"Dit {PAT_MARK}"},
    )
    answers.save_page(
        invitation=sent,
        page=0,
        post=PagePost({}, {BILL: SimpleUploadedFile(f"facture-{PAT_MARK}.pdf", PDF)}),
    )
    assert answers.submit(invitation=sent, receipt_to="aix@example.org").accepted
    flags.refresh_flags(response=sent.response)
    review.comment(response=sent.response, by=bob, text=f"Remarque sur {PAT_MARK}")
    texts.tag_answer(response=sent.response, path=REMARK, name=f"Mot {PAT_MARK}")
    candidates.create_list(
        campaign=world.campaign,
        name=f"Candidats {PAT_MARK}",
        conditions=[Condition(REMARK, Operator.TOLD)],
    )
    answers.save_answers(invitation=begun, values={NAME: f"Pétrin {PAT_MARK}"})
    calls.log_call(
        invitation=silent,
        outcome=CallOutcome.NO_ANSWER,
        by=bob,
        note=f"Standard de {PAT_MARK} occupé",
    )
    answers.save_answers(
        invitation=world.invitations["arles"], values={NAME: f"Fournil {SCOT_MARK}"}
    )


def _report(world: World) -> dict[str, Any]:
    """The report of the PAT's campaign, published; the team's Word template."""
    bob, now = world.member("bob").user, timezone.localtime()
    made = reports.make_report(campaign=world.campaign, by=bob, now=now)
    reports.publish_report(report=made, by=bob, now=now)
    reports.set_template(
        workspace=world.workspace,
        data=default_template(),
        filename=f"modele-{TEAM_MARK}.docx",
        by=bob,
    )
    return {"report": made}


def _sendings(world: World) -> dict[str, Any]:
    alice = world.member("alice").user
    plan = sending.plan_sending(
        campaign=world.campaign, kind=SendingKind.INVITATION, now=timezone.now()
    )
    by_mail = sending.start_sending(
        campaign=world.campaign,
        kind=SendingKind.INVITATION,
        by=alice,
        typed_count=plan.messages,
    )
    assert by_mail.job is not None
    perform(by_mail.job.pk)
    merge_kind = SendingKind.REMINDER if world.campaign.fictitious else SendingKind.INVITATION
    merged = mailmerge.prepare(
        campaign=world.campaign, medium=SendingMedium.MERGE, kind=merge_kind, by=alice
    )
    message = OutgoingMessage.objects.filter(purpose=Purpose.INVITATION).order_by("pk").first()
    return {"by_mail": by_mail, "merged": merged, "message": message}


def _visits(world: World, organisations: dict[str, Any]) -> dict[str, Any]:
    """A series of visits of the PAT's bakeries, its visitor, and a visit that came from a phone."""
    version = rounds.install_visit_form(workspace=world.workspace, name="visite-boulangerie")
    made = rounds.create_round(
        territory=world.pat,
        version=version,
        name=f"Visites {PAT_MARK}",
        kinds=[Kind.BAKERY],
        purpose=f"Trouver un boulanger, pour {PAT_MARK}.",
        purge_on=timezone.localdate() + timedelta(days=700),
    )
    visitor = visitors.create_visitor(
        territory=world.pat, display_name=f"Stagiaire {PAT_MARK}", rounds=[made]
    )
    session = session_for(made, version, instance=None, instance_id="uuid:visite")
    for path, value in {
        "/data/visite/commune": "13001",
        "/data/visite/connue": "liste",
        "/data/visite/organisation": str(organisations["bakery"].pk),
        "/data/farine_page/moulin": f"Moulin {PAT_MARK}",
    }.items():
        session.set(path, value)
        session.recompute()
    picture = SimpleUploadedFile("devanture.jpg", photo(PAT_MARK.encode()))
    received = reception.receive(
        visitor=visitor,
        xml=session.to_xml(prune=True).encode(),
        files={"devanture.jpg": picture},
    )
    return {"round": made, "visitor": visitor, "visit": received.visit}


def _tools(world: World) -> dict[str, Any]:
    alice, workspace = world.member("alice"), world.workspace
    job = start_job(
        workspace=workspace,
        kind="essai",
        label=f"Export {PAT_MARK}",
        task=work.count_to,
        arguments={"total": 1},
        requested_by=alice.user,
    )
    perform(job.pk)
    waiting_job = start_job(
        workspace=workspace,
        kind="essai",
        label=f"Attente {PAT_MARK}",
        task=work.count_to,
        arguments={"total": 1},
        requested_by=alice.user,
    )

    def imported(name: str, *, dry_run: bool) -> ImportRun:
        text = f"Nom;Nature;Commune\nMoulin {PAT_MARK} {name};Moulin;Aix-en-Provence\n"
        return run_import(
            kind="organisations",
            data=text.encode(),
            filename=f"{name}-{PAT_MARK}.csv",
            workspace=workspace,
            dry_run=dry_run,
            user=alice.user,
        )

    mail.suppress_address(workspace=workspace, email="zebuline@example.org", reason="manual")
    return {
        "job": job,
        "waiting_job": waiting_job,
        "preview": imported("apercu", dry_run=True),
        "applied": imported("importe", dry_run=False),
        "view": saved_views.save_view(
            membership=alice,
            list_key="directory:organisations",
            name=f"Vue {ALICE_MARK}",
            query="kind=bakery",
        ),
        "notice": notices.notify(membership=alice, text=f"À lire : {ALICE_MARK}", url="/annuaire/"),
    }


def _elsewhere(world: World) -> dict[str, Any]:
    """Charlie's workspace, with what it takes for lists not to be empty by accident."""
    other = accounts.create_workspace(name="Autre équipe")
    charlie = accounts.add_member(
        workspace=other,
        email="charlie@example.org",
        full_name="Charlie",
        role=Role.ADMINISTRATOR,
    )
    world.members["charlie"] = charlie
    territory = territories.create_territory(
        workspace=other,
        name="Territoire d’ailleurs",
        kind="pat",
        valid_from=date(2024, 1, 1),
        # The same communes: only the workspace tells them apart.
        commune_codes=PAT_COMMUNES,
    )
    directory.create_organisation(
        workspace=other,
        kind=Kind.BAKERY,
        name="Boulangerie d’ailleurs",
        commune=territory.communes_at(timezone.localdate()).get(pk="13001"),
    )
    return {}
