"""A small PAT whose mairies answer, whose bakers are known, for the room's tests."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from restanque.accounts.models import Membership, Workspace
from restanque.directory import services as directory
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.surveys.models import Campaign, Invitation, Response
from restanque.surveys.services import answers, campaigns, invitations, questionnaires, review
from restanque.territories.models import Commune, Territory
from restanque.territories.services import create_territory
from tests.territories.france import load_communes

TODAY = date(2026, 11, 24)
CODES = ("13004", "13108", "13036", "13100", "13027", "13045")

FORM = """
| survey |
|  | type | name | label | bind::rq:fact |
|  | begin_group | pain | Le pain | |
|  | select_one ouinon | cantine | Une cantine ? | canteen.has_canteen |
|  | decimal | kg | Kilos par jour | need.kg_per_day |
|  | integer | repas | Repas par jour | need.meals_per_day |
|  | integer | jours | Jours par an | need.days_per_year |
|  | select_one type | type | Type de pain | need.bread_class |
|  | select_one ouinon | bio | Davantage de bio ? | orientation.organic |
|  | begin_repeat | four | Fournisseur | |
|  | text | nom | Nom | need.current_supplier |
|  | decimal | prix | Prix HT | need.price_per_kg |
|  | end_repeat | | | |
|  | end_group | | | |
| choices |
|  | list_name | name | label |
|  | ouinon | oui | Oui |
|  | ouinon | non | Non |
|  | type | courant | Courant |
|  | type | complet | Complet |
| settings |
|  | form_title | form_id | version | namespaces |
|  | Le pain | supply_test | 1 | rq="https://restanque.org/xforms" |
"""
GROUP = "/data/pain/"


@pytest.fixture
def communes(db: None) -> dict[str, Commune]:
    """Six real communes (Arles stands only for itself), by INSEE code."""
    load_communes(CODES)
    return {one.pk: one for one in Commune.objects.filter(pk__in=CODES)}


@pytest.fixture
def territory(workspace: Workspace, communes: dict[str, Commune]) -> Territory:
    """The PAT, made of them."""
    return create_territory(
        workspace=workspace,
        name="PAT",
        kind="pat",
        valid_from=date(2026, 1, 1),
        commune_codes=list(communes),
    )


@pytest.fixture
def campaign(territory: Territory) -> Campaign:
    """An open campaign on it."""
    questionnaire = questionnaires.create_questionnaire(
        workspace=territory.workspace, title="Le pain"
    )
    draft = questionnaires.add_version(
        questionnaire=questionnaire, data=FORM.encode(), filename="pain.md"
    )
    assert not draft.errors, draft.errors
    made = campaigns.create_campaign(
        territory=territory,
        version=questionnaires.publish_version(version=draft),
        name="Le pain 2026",
        opens_on=date(2026, 11, 1),
        closes_on=date(2026, 12, 15),
        purge_on=date(2028, 12, 31),
        sender_name="PETR",
        reply_to="pat@example.org",
        purpose="Préparer les achats.",
    )
    campaigns.open_campaign(campaign=made)
    return made


@pytest.fixture
def answer(campaign: Campaign, alice: Membership) -> Callable[..., Response]:
    """`answer("13004", kg="12")`: the mairie's answer, sent and validated."""

    def make(code: str, *, validated: bool = True, **values: Any) -> Response:
        mairie = mairie_of(campaign.workspace, code)
        invitations.add_invitations(campaign=campaign, organisations=[mairie])
        invitation = Invitation.objects.get(campaign=campaign, organisation=mairie)
        typed = {f"{GROUP}{name}": str(value) for name, value in values.items()}
        answers.save_answers(invitation=invitation, values=typed)
        sent = answers.submit(invitation=invitation)
        assert not sent.faults, sent.faults
        response = Response.objects.get(invitation=invitation)
        if validated:
            review.validate(response=response, by=alice.user)
        return response

    return make


def mairie_of(workspace: Workspace, code: str) -> Organisation:
    """The town hall of a commune, created the first time."""
    commune = Commune.objects.get(pk=code)
    known = Organisation.objects.mairies_of(workspace, commune).first()
    return known or directory.create_organisation(
        workspace=workspace, kind=Kind.MAIRIE, name=f"Mairie de {commune.name}", commune=commune
    )


@pytest.fixture
def bakery(territory: Territory) -> Callable[..., Organisation]:
    """`bakery("Fournil du Rhône", "13108")`: a bakery of the directory."""

    def make(name: str, code: str, **fields: Any) -> Organisation:
        return directory.create_organisation(
            workspace=territory.workspace,
            kind=Kind.BAKERY,
            name=name,
            commune=Commune.objects.get(pk=code),
            **fields,
        )

    return make
