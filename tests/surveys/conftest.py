"""Fixtures of the room: a few communes, a published short questionnaire, an open campaign."""

from datetime import date

import pytest

from restanque.accounts.models import Membership, Workspace
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.surveys.models import Campaign, Invitation, QuestionnaireVersion
from restanque.surveys.services import campaigns, invitations, questionnaires
from restanque.territories.models import Commune, Departement, Region, Territory
from restanque.territories.services import create_territory, set_coverage
from tests.surveys import forms

COMMUNES = {"13004": "Arles", "13108": "Tarascon", "13036": "Eyragues"}


@pytest.fixture
def communes(db: None) -> dict[str, Commune]:
    """Three communes, by code."""
    region = Region.objects.create(code="93", name="Provence-Alpes-Côte d’Azur")
    departement = Departement.objects.create(code="13", name="Bouches-du-Rhône", region=region)
    return {
        code: Commune.objects.create(
            code=code, name=name, name_key=name.lower(), departement=departement
        )
        for code, name in COMMUNES.items()
    }


@pytest.fixture
def territory(workspace: Workspace, communes: dict[str, Commune]) -> Territory:
    """The PAT."""
    return create_territory(
        workspace=workspace,
        name="PAT",
        kind="pat",
        valid_from=date(2026, 1, 1),
        commune_codes=list(communes),
    )


@pytest.fixture
def other_territory(workspace: Workspace, communes: dict[str, Commune]) -> Territory:
    """The SCoT, of the same workspace."""
    return create_territory(
        workspace=workspace,
        name="SCoT",
        kind="scot",
        valid_from=date(2026, 1, 1),
        commune_codes=["13036"],
    )


@pytest.fixture
def bob_elsewhere(bob: Membership, other_territory: Territory) -> Membership:
    """An agent who covers the SCoT only."""
    bob.all_territories = False
    bob.save()
    set_coverage(membership=bob, territories=[other_territory])
    return bob


@pytest.fixture
def version(workspace: Workspace) -> QuestionnaireVersion:
    """The short questionnaire, published."""
    questionnaire = questionnaires.create_questionnaire(workspace=workspace, title="Le pain, court")
    draft = questionnaires.add_version(
        questionnaire=questionnaire, data=forms.source(), filename="court.md"
    )
    assert not draft.errors, draft.errors
    return questionnaires.publish_version(version=draft)


@pytest.fixture
def campaign(territory: Territory, version: QuestionnaireVersion) -> Campaign:
    """An open campaign."""
    campaign = campaigns.create_campaign(
        territory=territory,
        version=version,
        name="Le pain servi à la cantine",
        opens_on=date(2026, 11, 1),
        closes_on=date(2027, 1, 31),
        purge_on=date(2028, 12, 31),
        sender_name="Équipe du PAT",
        reply_to="pat@example.org",
        purpose="Chercher pour chaque commune le boulanger qui peut livrer sa cantine.",
    )
    return campaigns.open_campaign(campaign=campaign)


@pytest.fixture
def organisations(workspace: Workspace, communes: dict[str, Commune]) -> list[Organisation]:
    """The three town halls."""
    return [
        create_organisation(
            workspace=workspace,
            kind=Kind.MAIRIE,
            name=f"Mairie d’{commune.name}",
            commune=commune,
            email=f"mairie{code}@example.org",
        )
        for code, commune in communes.items()
    ]


@pytest.fixture
def invitation(campaign: Campaign, organisations: list[Organisation]) -> Invitation:
    """The first town hall's invitation; the others are invited too."""
    invitations.add_invitations(campaign=campaign, organisations=organisations)
    return campaign.invitations.get(organisation=organisations[0])


@pytest.fixture
def other_invitation(invitation: Invitation, organisations: list[Organisation]) -> Invitation:
    """The second town hall's."""
    return invitation.campaign.invitations.get(organisation=organisations[1])
