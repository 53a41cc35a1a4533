"""Builds the demo: the real PAT and SCoT perimeters, fictitious people, a campaign of answers."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.accounts.services import create_workspace
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import populate_town_halls
from restanque.portal.demo.budget import play_budget
from restanque.portal.demo.campaign import Simulation
from restanque.portal.demo.cast import CAST, add_cast
from restanque.portal.demo.concertation import play_concertation
from restanque.portal.demo.consultations import play_consultations
from restanque.portal.demo.governance import play_governance
from restanque.portal.demo.past import play_past
from restanque.portal.demo.procedures import play_procedures
from restanque.portal.demo.supply import play_supply
from restanque.portal.demo.visits import play_visits
from restanque.portal.demo.work import play_work
from restanque.surveys.models import Campaign, Invitation
from restanque.surveys.services import campaigns, invitations, questionnaires
from restanque.territories.models import Territory, TerritoryKind
from restanque.territories.services import assign_zone, create_territory, create_zone

# The workspace is found again by the short name that is made from its first name.
SLUG = "demonstration-pat-et-scot-aec"
NAME = "Démonstration : PAT et SCoT-AEC"
# SIREN of the four EPCI: Métropole Aix-Marseille-Provence, then the three of the PETR.
METROPOLE = "200054807"
PETR = ("241300417", "241300375", "200035087")
SEED = 2026


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo holds."""

    communes: int
    invited: int
    answered: int

    def __str__(self) -> str:
        return (
            f"Démonstration : {self.communes} communes, {self.invited} invitations, "
            f"{self.answered} réponses fictives."
        )


@transaction.atomic
def build_demo(*, today: date | None = None, seed: int = SEED) -> DemoReport:
    """Build the demo once; run again, it only says what is there."""
    today = today or timezone.localdate()
    workspace = Workspace.objects.filter(slug=SLUG, fictitious=True).first()
    if workspace is None:
        workspace = create_workspace(
            name=NAME,
            data_controller="Collectivités de démonstration (fictif)",
            dpo_contact="dpo@example.org",
            contact_email="equipe-pat@example.org",
            fictitious=True,
        )
        _fill(workspace, today, seed)
    return _report(workspace, today)


def _fill(workspace: Workspace, today: date, seed: int) -> None:
    start = date(2020, 1, 1)
    pat = create_territory(
        workspace=workspace,
        name="PAT Métropole et Pays d’Arles",
        kind=TerritoryKind.PAT,
        epci_sirens=(METROPOLE, *PETR),
        valid_from=start,
    )
    scot = create_territory(
        workspace=workspace,
        name="SCoT-AEC du Pays d’Arles",
        kind=TerritoryKind.SCOT,
        epci_sirens=PETR,
        valid_from=start,
    )
    members = add_cast(workspace, {"PAT": pat, "SCoT": scot})
    for name, sirens in (("Pays d’Arles", PETR), ("Métropole", (METROPOLE,))):
        zone = create_zone(territory=pat, name=name)
        communes = pat.communes_at(today).filter(epci__in=sirens)
        assign_zone(zone=zone, communes=communes, on=today)
    populate_town_halls(workspace=workspace, territory=pat)
    campaign = _campaign(workspace, pat, members[CAST[0].name], today)
    sent = Invitation.objects.filter(campaign=campaign).select_related(
        "campaign__version",
        "campaign__territory__workspace",
        "organisation__commune__statistics",
    )
    reviewer = members[CAST[1].name].user
    Simulation(campaign, today=today, reviewer=reviewer, seed=seed).play(list(sent.order_by("pk")))
    play_past(campaign, by=reviewer, seed=seed)
    play_visits(pat, by=reviewer, today=today)
    play_supply(campaign, by=reviewer, today=today, seed=seed)
    play_procedures(scot, by=reviewer, today=today)
    play_governance(scot, by=members[CAST[1].name], today=today)
    play_budget(scot, by=reviewer, today=today)
    play_concertation(scot, by=reviewer, today=today, seed=seed)
    play_consultations(scot, by=reviewer, today=today)
    play_work(members, campaign=campaign, scot=scot, today=today)


def _campaign(workspace: Workspace, pat: Territory, lead: Membership, today: date) -> Campaign:
    version = questionnaires.install_shipped_questionnaire(workspace=workspace, by=lead.user)
    campaign = campaigns.create_campaign(
        territory=pat,
        version=version,
        name=f"Le pain des cantines, {today.year}",
        opens_on=today - timedelta(days=50),
        closes_on=today + timedelta(days=24),
        purge_on=today + timedelta(days=730),
        sender_name="Équipe du projet alimentaire territorial (fictif)",
        reply_to="equipe-pat@example.org",
        purpose=(
            "Connaître le pain servi dans les cantines, son origine et son prix, et les souhaits "
            "des communes, pour préparer des actions avec elles."
        ),
        by=lead.user,
    )
    mairies = Organisation.objects.active().filter(
        workspace=workspace, kind=Kind.MAIRIE, commune__in=pat.communes_at(today)
    )
    invitations.add_invitations(campaign=campaign, organisations=mairies)
    return campaigns.open_campaign(campaign=campaign, by=lead.user)


def _report(workspace: Workspace, today: date) -> DemoReport:
    pat = Territory.objects.filter(workspace=workspace).order_by("pk").first()
    campaign = Campaign.objects.filter(territory=pat).order_by("pk").first()
    if pat is None or campaign is None:
        return DemoReport(0, 0, 0)
    progress = campaigns.campaign_progress(campaign)
    return DemoReport(pat.communes_at(today).count(), progress.invited, progress.answered)
