"""Preparing a campaign on its pages: frame, population, messages, opening."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse

from restanque.accounts.models import Membership, Workspace
from restanque.core.models import OutgoingMessage
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import (
    create_organisation,
    get_or_create_tag,
    tag_organisations,
    update_organisation,
)
from restanque.surveys import links
from restanque.surveys.campaign_forms import MessagesForm
from restanque.surveys.models import Campaign, Invitation, QuestionnaireVersion
from restanque.surveys.models.campaigns import CampaignStatus
from restanque.surveys.services import campaigns
from restanque.territories.models import Commune, Territory
from tests.conftest import client_of
from tests.surveys.answering import fill, plain, send
from tests.surveys.pages import Browser

pytestmark = pytest.mark.django_db


def frame(territory: Territory, version: QuestionnaireVersion, **changes: Any) -> dict[str, Any]:
    """A filled frame."""
    return {
        "territory": territory.pk, "version": version.pk, "name": "Le pain, 2026",
        "opens_on": "2026-11-24", "closes_on": "2027-01-15", "purge_on": "2028-12-31",
        "minutes": "15", "daily_limit": "200", "sender_name": "PETR", "reply_to": "pat@example.org",
        "purpose": "Connaître le pain.",
    } | changes  # fmt: skip


def test_a_campaign_is_prepared_from_end_to_end(
    territory: Territory,
    version: QuestionnaireVersion,
    organisations: list[Organisation],
    bob: Membership,
) -> None:
    browser = Browser(reverse("surveys:campaign-create"), client_of(bob))
    browser.fill("name", "Le pain, 2026")
    browser.press(None)
    campaign = Campaign.objects.get()
    assert campaign.status == CampaignStatus.DRAFT
    assert campaign.sender_name == "PETR et Métropole"
    assert "Base légale" in campaign.privacy_notice

    population = browser.url
    assert "3 dont 3 à ajouter, 0 sans adresse" in plain(browser.soup.get_text())
    client = client_of(bob)
    chosen = [organisations[0].pk, organisations[2].pk]
    client.post(population, {"selected": chosen})
    assert set(campaign.invitations.values_list("organisation", flat=True)) == set(chosen)

    client.post(reverse("surveys:campaign-open", args=[campaign.pk]))
    campaign.refresh_from_db()
    assert campaign.is_open
    assert not OutgoingMessage.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"closes_on": "2026-11-01"}, "La clôture ne peut pas précéder l’ouverture."),
        ({"purge_on": "2027-01-15"}, "La conservation doit aller au-delà de la clôture."),
        ({"reply_to": "pat"}, "valide"),
        ({"name": ""}, "obligatoire"),
        ({"minutes": "0"}, "supérieure ou égale à 1"),
    ],
)
def test_a_wrong_frame_says_what_and_where(
    territory: Territory,
    version: QuestionnaireVersion,
    bob: Membership,
    changes: dict[str, Any],
    words: str,
) -> None:
    page = client_of(bob).post(
        reverse("surveys:campaign-create"), frame(territory, version, **changes)
    )

    assert page.status_code == 422
    assert words in plain(page.content.decode())
    assert not Campaign.objects.exists()


def test_another_workspaces_questionnaire_or_territory_is_not_offered(
    territory: Territory,
    version: QuestionnaireVersion,
    bob_elsewhere: Membership,
) -> None:
    page = client_of(bob_elsewhere).post(
        reverse("surveys:campaign-create"), frame(territory, version)
    )

    assert page.status_code == 422
    assert not Campaign.objects.exists()


def test_without_a_published_questionnaire_the_next_step_is_said(
    territory: Territory, bob: Membership
) -> None:
    page = client_of(bob).get(reverse("surveys:campaign-create"))
    assert "Il faut un questionnaire publié" in page.content.decode()


def test_the_version_is_fixed_by_the_first_answer(
    invitation: Invitation, version: QuestionnaireVersion, bob: Membership
) -> None:
    send(invitation)
    url = reverse("surveys:campaign-edit", args=[invitation.campaign_id])
    page = client_of(bob).get(url)
    field = BeautifulSoup(page.content.decode(), "html.parser").find("select", {"name": "version"})
    assert field is not None
    assert field.has_attr("disabled")

    data = frame(invitation.campaign.territory, version, name="Renommée")
    data["version"] = "999"
    assert client_of(bob).post(url, data).status_code == 302
    invitation.campaign.refresh_from_db()
    assert invitation.campaign.name == "Renommée"
    assert invitation.campaign.version == version


def population_names(client: Any, campaign: Campaign, query: dict[str, Any]) -> list[str]:
    """The organisations offered."""
    page = client.get(reverse("surveys:campaign-population", args=[campaign.pk]), query)
    soup = BeautifulSoup(page.content.decode(), "html.parser")
    return [th.get_text(strip=True) for th in soup.select("tbody th")]


def test_the_population_is_any_part_of_the_directory(
    campaign: Campaign,
    organisations: list[Organisation],
    workspace: Workspace,
    communes: dict[str, Commune],
    bob: Membership,
) -> None:
    bakery = create_organisation(
        workspace=workspace, kind=Kind.BAKERY, name="Fournil", commune=communes["13004"]
    )
    outside = Commune.objects.create(
        code="30189", name="Nîmes", name_key="nimes", departement=communes["13004"].departement
    )
    create_organisation(
        workspace=workspace, kind=Kind.MAIRIE, name="Mairie de Nîmes", commune=outside
    )
    tag = get_or_create_tag(workspace=workspace, name="Bénéficiaire 2024")
    tag_organisations(organisations=[organisations[1], bakery], tag=tag)
    client = client_of(bob)

    assert population_names(client, campaign, {}) == [
        "Mairie d’Arles",
        "Mairie d’Eyragues",
        "Mairie d’Tarascon",
    ]
    assert population_names(client, campaign, {"kind": "bakery"}) == ["Fournil"]
    assert population_names(client, campaign, {"kind": "", "tag": tag.pk}) == [
        "Fournil",
        "Mairie d’Tarascon",
    ]
    assert population_names(client, campaign, {"kind": "mairie", "tag": tag.pk}) == [
        "Mairie d’Tarascon"
    ]


def test_only_what_the_criteria_show_can_be_added(
    campaign: Campaign, organisations: list[Organisation], workspace: Workspace, bob: Membership
) -> None:
    bakery = create_organisation(workspace=workspace, kind=Kind.BAKERY, name="Sans commune")

    client_of(bob).post(
        reverse("surveys:campaign-population", args=[campaign.pk]), {"selected": [bakery.pk]}
    )

    assert not campaign.invitations.exists()


def test_who_has_no_address_is_said(
    campaign: Campaign, organisations: list[Organisation], bob: Membership
) -> None:
    update_organisation(organisation=organisations[0], email="")

    page = client_of(bob).get(reverse("surveys:campaign-population", args=[campaign.pk]))

    assert "3 dont 3 à ajouter, 1 sans adresse" in plain(page.content.decode())
    assert "aucune adresse" in page.content.decode()


def words(**changes: str) -> dict[str, str]:
    """Message templates that are right, but for the changes."""
    return {
        "invitation_subject": "{enquete}", "invitation_body": "Bonjour {lien} {refus}",
        "reminder_subject": "Rappel", "reminder_body": "{lien} {refus}",
        "receipt_subject": "Merci", "receipt_body": "Merci {organisation}",
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"invitation_body": "Bonjour {refus}"}, "invitation_body"),
        ({"reminder_body": "Bonjour {lien}"}, "reminder_body"),
        ({"receipt_body": "Merci {maire}"}, "receipt_body"),
        ({"invitation_subject": "Voici {lien}"}, "invitation_subject"),
    ],
)
def test_templates_need_their_links_and_known_marks(
    changes: dict[str, str], field: str | None
) -> None:
    form = MessagesForm(words(**changes))
    assert list(form.errors) == ([field] if field else [])


def test_messages_are_previewed_with_a_real_town_hall_and_no_real_link(
    invitation: Invitation, bob: Membership
) -> None:
    url = reverse("surveys:campaign-messages", args=[invitation.campaign_id])
    client = client_of(bob)

    assert (
        client.post(url, words(invitation_body="Chère {organisation} {lien} {refus}")).status_code
        == 302
    )
    text = client.get(url, {"exemple": str(invitation.pk)}).content.decode()
    assert "Chère Mairie d’Arles" in text
    assert "/r/" not in text


def test_the_list_says_who_answered(invitation: Invitation, bob: Membership) -> None:
    send(invitation)

    text = plain(client_of(bob).get(reverse("surveys:campaigns")).content.decode())

    assert "1 sur 3, 33 %" in text
    assert "réponses reçues sur invitations, au" in text
    export = client_of(bob).get(reverse("surveys:campaigns"), {"export": "csv"})
    assert "1 sur 3, 33 %" in plain(export.content.decode("utf-8-sig"))


def test_closing_refuses_answers_but_not_the_team(invitation: Invitation, bob: Membership) -> None:
    client = client_of(bob)
    client.post(reverse("surveys:campaign-close", args=[invitation.campaign_id]))

    campaign = Campaign.objects.get()
    assert campaign.status == CampaignStatus.CLOSED
    text = client.get(reverse("surveys:campaign", args=[campaign.pk])).content.decode()
    assert "Close, le" in plain(text)


def test_closing_now_asks_first_and_says_the_true_day(
    invitation: Invitation, bob: Membership
) -> None:
    fill(invitation, a_cantine="oui")
    client = client_of(bob)
    url = reverse("surveys:campaign-close", args=[invitation.campaign_id])

    asked = plain(client.get(url).content.decode())
    assert "1 organisme est en train de répondre" in asked
    assert "0 réponse reçue à ce jour" in asked
    campaign = Campaign.objects.get()
    assert campaign.is_open
    assert campaigns.closed_on(campaign) is None
    with time_machine.travel(datetime(2026, 12, 3, 10, tzinfo=UTC)):
        client.post(url)
    # A later change of the words is no new closing.
    with time_machine.travel(datetime(2026, 12, 8, 10, tzinfo=UTC)):
        campaigns.update_campaign(campaign=Campaign.objects.get(), minutes=20)

    page = plain(client_of(None).get(links.personal_path(invitation)).content.decode())
    assert "ne prend plus de réponses en ligne depuis le 3 décembre 2026." in page
    assert "2027" not in page.partition("</h1>")[2].partition("</header>")[0]


def test_the_job_of_the_next_morning_says_the_last_day(invitation: Invitation) -> None:
    with time_machine.travel(datetime(2027, 2, 1, 3, tzinfo=UTC)):
        assert campaigns.follow_dates(today=date(2027, 2, 1)) == 1
    assert campaigns.closed_on(Campaign.objects.get()) == date(2027, 1, 31)


def test_a_closing_that_the_history_does_not_tell_has_no_date(invitation: Invitation) -> None:
    Campaign.objects.update(status=CampaignStatus.CLOSED)

    page = plain(client_of(None).get(links.personal_path(invitation)).content.decode())

    assert "ne prend plus de réponses en ligne." in page


def test_an_act_of_the_team_on_an_invitation(invitation: Invitation, bob: Membership) -> None:
    client = client_of(bob)
    url = reverse("surveys:invitation-act", args=[invitation.campaign_id, invitation.pk])

    client.post(url, {"action": "refuse"})
    invitation.refresh_from_db()
    assert invitation.refused_at is not None
    client.post(url, {"action": "answer"})
    client.post(url, {"action": "revoke"})
    invitation.refresh_from_db()
    assert (invitation.refused_at, invitation.generation) == (None, 2)
    assert client.post(url, {"action": "autre"}).status_code == 403
    page = client.get(reverse("surveys:invitation", args=[invitation.campaign_id, invitation.pk]))
    assert "Lien remplacé, Bob" in page.content.decode()


def test_a_new_campaign_lasts_eight_weeks(
    territory: Territory, version: QuestionnaireVersion, bob: Membership
) -> None:
    page = client_of(bob).get(reverse("surveys:campaign-create"))
    soup = BeautifulSoup(page.content.decode(), "html.parser")

    def day(name: str) -> date:
        field = soup.find("input", {"name": name})
        assert field is not None
        return date.fromisoformat(str(field["value"]))

    assert (day("closes_on") - day("opens_on")).days == 56
    assert (day("purge_on") - day("opens_on")).days == 730


def test_a_notice_left_empty_is_written_again_and_a_stale_one_is_said(
    campaign: Campaign, version: QuestionnaireVersion, bob: Membership
) -> None:
    client = client_of(bob)
    url = reverse("surveys:campaign-edit", args=[campaign.pk])
    campaign.purge_on = date(2027, 6, 30)
    campaign.save()
    assert "mettez-la à jour" in client.get(url).content.decode()

    data = frame(campaign.territory, version, purge_on="2027-06-30", privacy_notice="")
    assert client.post(url, data).status_code == 302

    campaign.refresh_from_db()
    assert "30 juin 2027" in plain(campaign.privacy_notice)
    page = client.get(url).content.decode()
    assert "mettez-la à jour" not in page
    assert "Le pain, 2026" in page  # the history says what was renamed
