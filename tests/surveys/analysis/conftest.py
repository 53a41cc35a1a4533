"""A territory made by hand: a city that stands alone, 12 villages, 8 towns, in two zones."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine

from restanque.accounts.models import Workspace
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.surveys.models import Campaign, Invitation, QuestionnaireVersion
from restanque.surveys.services import campaigns, invitations
from restanque.territories.models import Commune, Departement, Territory
from restanque.territories.services import create_territory

TODAY = date(2026, 11, 24)
CITY = "13999"
VILLAGES = tuple(f"139{rank:02d}" for rank in range(12))
TOWNS = tuple(f"139{rank:02d}" for rank in range(12, 20))


@pytest.fixture(autouse=True)
def on_that_day() -> Iterator[None]:
    """Noon."""
    with time_machine.travel(datetime(2026, 11, 24, 11, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def plain_land(workspace: Workspace, communes: dict[str, Commune]) -> Territory:
    """The territory: 21 communes, no zone, no EPCI."""
    departement: Departement = communes["13004"].departement
    populations = dict.fromkeys(VILLAGES, 500) | dict.fromkeys(TOWNS, 5_000) | {CITY: 800_000}
    for code, population in populations.items():
        name = "Grande-Ville" if code == CITY else f"Commune {code}"
        Commune.objects.create(
            code=code, name=name, name_key=name.lower(), departement=departement,
            population=population,
        )  # fmt: skip
    return create_territory(
        workspace=workspace,
        name="Plaine",
        kind="pat",
        valid_from=date(2024, 1, 1),
        commune_codes=list(populations),
    )


@pytest.fixture
def ask(
    workspace: Workspace, plain_land: Territory, version: QuestionnaireVersion
) -> Callable[..., dict[str, Invitation]]:
    """Make a campaign that invites every mairie of the plain; INSEE code → invitation."""
    halls = {
        commune.code: create_organisation(
            workspace=workspace, kind=Kind.MAIRIE, name=f"Mairie de {commune.name}", commune=commune
        )
        for commune in plain_land.communes_at(TODAY)
    }

    def make(year: int = 2026) -> dict[str, Invitation]:
        campaign = campaigns.create_campaign(
            territory=plain_land, version=version, name=f"Enquête {year}",
            opens_on=date(year, 11, 1), closes_on=date(year + 1, 1, 31),
            purge_on=date(2029, 1, 1), sender_name="PAT", reply_to="pat@example.org",
            purpose="Compter le pain.",
        )  # fmt: skip
        campaigns.open_campaign(campaign=campaign)
        invitations.add_invitations(campaign=campaign, organisations=halls.values())
        return {
            str(one.organisation.commune_id): one
            for one in Invitation.objects.filter(campaign=campaign).select_related(
                "organisation", "campaign__version", "campaign__territory__workspace"
            )
        }

    return make


@pytest.fixture
def asked(ask: Callable[..., dict[str, Invitation]]) -> Campaign:
    """Six villages and five towns answer; the city is silent.

    Villages: 50 to 100 meals, kilos a tenth of it less one village without canteen; towns 300 to
    700. Even ranks serve the crèche too.
    """
    from tests.surveys.answering import send

    found = ask()
    for rank, code in enumerate((*VILLAGES[:6], *TOWNS[:5])):
        if rank == 5:
            send(found[code], a_cantine="non")
            continue
        meals = 50 + 10 * rank if rank < 6 else 300 + 100 * (rank - 6)
        public = "maternelle creche" if rank % 2 == 0 else "maternelle"
        send(found[code], repas=str(meals), kg=str(meals / 10), publics=public,
             libre=f"Texte numéro {rank}")  # fmt: skip
    return found[CITY].campaign
