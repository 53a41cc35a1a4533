"""A campaign big enough to be weighted: forty communes in two EPCI, thirty answers."""

from datetime import date
from random import Random

from restanque.accounts.models import User, Workspace
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.surveys.models import Campaign
from restanque.surveys.services import invitations, review
from restanque.territories.models import Commune, Departement, Epci, Territory
from restanque.territories.services import add_communes
from tests.surveys.answering import send

TODAY = date(2026, 11, 24)
POPULATIONS = [400, 700, 900, 1500, 2200, 3000, 5000, 9000]


def fill_campaign(campaign: Campaign, territory: Territory, workspace: Workspace, by: User) -> None:
    """Invite forty town halls and one bakery; thirty answer, and the bakery. Always the same."""
    dice = Random(20261124)
    epci = [
        Epci.objects.create(siren=f"20000000{rank}", name=name, name_key=name.lower(), kind="CC")
        for rank, name in enumerate(("Terre de Provence", "Vallée des Baux"))
    ]
    departement = Departement.objects.get(code="13")
    halls = []
    for rank in range(40):
        commune = Commune.objects.create(
            code=f"139{rank:02d}",
            name=f"Échauguette-{rank:02d}",
            name_key=f"echauguette {rank:02d}",
            departement=departement,
            # The first is a town that stands only for itself.
            population=POPULATIONS[rank % 8] if rank else 60_000,
            epci=epci[rank % 2],
        )
        halls.append(
            create_organisation(
                workspace=workspace, kind=Kind.MAIRIE, name=f"Mairie {rank:02d}", commune=commune
            )
        )
    add_communes(territory=territory, codes=[hall.commune_id for hall in halls], on=TODAY)
    baker = create_organisation(
        workspace=workspace, kind=Kind.BAKERY, name="Fournil de l’Épi", commune=halls[0].commune
    )
    invitations.add_invitations(campaign=campaign, organisations=[*halls, baker])
    for rank, hall in enumerate([*halls[:30], baker]):
        invitation = campaign.invitations.get(organisation=hall)
        meals = dice.randrange(20, 400)
        answer = {"a_cantine": "non" if rank % 6 == 5 else "oui", "libre": f"Secret {rank}"}
        if answer["a_cantine"] == "oui":
            answer |= {"repas": str(meals), "kg": str(meals * dice.randrange(30, 70) / 1000)}
            if rank % 5:
                answer["publics"] = "maternelle creche" if rank % 3 else "maternelle"
        response = send(invitation, **answer)
        review.validate(response=response, by=by)
