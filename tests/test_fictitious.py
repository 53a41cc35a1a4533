"""Fictitious data say so wherever they go, and never leave by mail; real data never say it."""

from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.urls import reverse

from restanque.accounts.middleware import SESSION_KEY
from restanque.core import mail
from restanque.core.mail.delivery import deliver_due
from restanque.core.models import MessageStatus, OutgoingMessage
from restanque.surveys import links
from restanque.surveys.models import Campaign
from tests.addresses import Address, addresses
from tests.conftest import client_of
from tests.core.smtp import Catcher, smtp_server
from tests.visits import Visitor, leaks, read, words_of
from tests.world import PAT_MARK, SCOT_MARK, World, standing

ADDRESSES = [one for one in addresses() if ":" in one.name]
MARK = "données fictives"

# What holds words of the world and rightly bears no mark.
UNMARKED = {
    "directory:certification_proof": "the file that somebody deposited, as it is",
    "governance:act-proof": "the file that somebody deposited, as it is",
    "governance:act-signed": "the file that somebody deposited, as it is",
    "governance:dispatch-proof": "the file that somebody deposited, as it is",
    "procedures:fact-proof": "the file that somebody deposited, as it is",
    "procedures:piece-file": "the file that somebody deposited, as it is",
    "procedures:advice-file": "the file that somebody deposited, as it is",
    "procedures:dispatch-proof": "the file that somebody deposited, as it is",
    "procedures:opinion-file": "the file that somebody deposited, as it is",
    "procedures:means-proof": "the file that somebody deposited, as it is",
    "procedures:contribution-file": "the file that somebody deposited, as it is",
    "procedures:document": "the file that somebody deposited, as it is",
    "concertation:document": "the file that somebody deposited, as it is",
    "work:deliverable-file": "the file that somebody deposited, as it is",
    "surveys:visit-file": "the picture that somebody took, as it is",
    "surveys:entry-attachment": "the file that somebody deposited, as it is",
    "respondent:attachment": "the file that somebody deposited, as it is",
}
# Perimeters and contours are real ones, whatever the workspace; only names bear the mark.
REAL = ("territoires/",)


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A demonstration workspace, as small and complete as the other."""
    with standing(django_db_blocker, tmp_path_factory.mktemp("files"), fictitious=True) as built:
        yield built


@pytest.fixture
def alice(world: World, db: None) -> Visitor:
    """Its administrator."""
    visitor = Visitor(world)
    visitor.client = client_of(world.member("alice"))
    return visitor


def visitor_of(address: Address, alice: Visitor) -> Visitor:
    """Alice, or a respondent for their pages."""
    return Visitor(alice.world) if address.name.startswith("respondent:") else alice


def is_marked(response: Any) -> bool:
    """Whether it says that its data are invented, in its text, whatever its kind."""
    words = words_of(response).replace("\u00a0", " ").lower()
    # A GeoJSON has no words for people: a field says it.
    return MARK in words or '"fictitious":true' in words.replace(" ", "")


def ids(address: Address) -> str:
    return address.name


@pytest.mark.parametrize("address", ADDRESSES, ids=ids)
def test_what_shows_fictitious_data_says_so(alice: Visitor, address: Address) -> None:
    someone = visitor_of(address, alice)
    queries = ["", "export=csv", "export=xlsx"] if address.is_list else [""]
    for query in queries:
        response = someone.get(address, query)
        if response.status_code != 200 or not leaks(response, PAT_MARK, SCOT_MARK):
            continue
        if address.name in UNMARKED or address.route.startswith(REAL):
            continue
        assert is_marked(response), f"{query or 'the page'} of {someone.url(address)}"


@pytest.mark.parametrize("address", ADDRESSES, ids=ids)
def test_pictures_and_their_data_say_so(alice: Visitor, address: Address) -> None:
    """The downloads of every figure of every page: SVG, CSV, GeoJSON."""
    someone = visitor_of(address, alice)
    page = someone.get(address)
    if address.route.startswith(REAL) or "html" not in page.headers.get("Content-Type", ""):
        return
    for link in BeautifulSoup(page.body, "html.parser").select("a[href*='figure=']"):
        query = str(link["href"]).partition("?")[2]
        if "png" not in query:
            assert is_marked(someone.get(address, query)), query


@pytest.mark.parametrize("file_format", ["xlsx", "csv", "pdf"])
def test_the_files_of_a_mailing_say_so(alice: Visitor, file_format: str) -> None:
    world = alice.world
    mailing = world.campaign.sendings.exclude(medium="email").get()
    url = reverse("surveys:sending-file", args=[world.campaign.pk, mailing.pk])
    response = read(alice.client.post(url, {"format": file_format}))
    assert leaks(response, PAT_MARK)
    assert is_marked(response)


@pytest.mark.parametrize("file_format", ["xlsx", "zip"])
def test_the_exported_answers_say_so(alice: Visitor, file_format: str) -> None:
    url = reverse("surveys:results-export", args=[alice.world.campaign.pk, file_format])
    response = read(alice.client.get(url))
    assert leaks(response, PAT_MARK)
    assert is_marked(response)


@pytest.mark.parametrize("suffix", ["docx", "pdf", "pptx"])
def test_the_files_of_a_report_say_so(alice: Visitor, suffix: str) -> None:
    campaign = alice.world.campaign
    args = [campaign.pk, campaign.publication.report_id, suffix]
    response = read(alice.client.get(reverse("surveys:report-file", args=args)))
    assert leaks(response, PAT_MARK)
    assert is_marked(response)


@pytest.mark.django_db
def test_the_campaign_s_figures_are_among_those_walked(alice: Visitor) -> None:
    page = alice.client.get(reverse("surveys:campaign", args=[alice.world.campaign.pk]))
    assert BeautifulSoup(page.content, "html.parser").select("a[href*='figure=']")


def test_every_message_says_so_and_is_held(world: World, db: None) -> None:
    messages = list(OutgoingMessage.objects.order_by("pk"))
    assert len(messages) >= 3
    for message in messages:
        assert message.fictitious
        assert message.status == MessageStatus.HELD
        assert message.subject.startswith("[données fictives]")


def test_a_fictitious_message_never_leaves_even_with_a_server(world: World, db: None) -> None:
    catcher = Catcher()
    with (
        smtp_server(catcher) as port,
        override_settings(EMAIL_DELIVERY=True, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port),
    ):
        for message in OutgoingMessage.objects.order_by("pk"):
            with pytest.raises(ValidationError, match="fictives"):
                mail.release(message=message)
        # Somebody forces the status: the deliverer refuses all the same.
        OutgoingMessage.objects.update(status=MessageStatus.QUEUED)
        assert deliver_due() == 0
    assert catcher.envelopes == []
    assert set(OutgoingMessage.objects.values_list("status", flat=True)) == {MessageStatus.HELD}
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMessage.objects.update(status=MessageStatus.SENT)


def test_a_demonstration_makes_fictitious_campaigns_only(world: World, db: None) -> None:
    assert set(Campaign.objects.values_list("fictitious", flat=True)) == {True}


# The same pages with real data ---------------------------------------------------------------


@pytest.mark.django_db
def test_a_real_campaign_never_says_so(
    django_db_blocker: Any, world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Beside the demonstration, on the same instance: nothing spills over."""
    with standing(django_db_blocker, tmp_path_factory.mktemp("real")) as real:
        alice = Visitor(real)
        alice.client = client_of(real.member("alice"))
        session = alice.client.session
        session[SESSION_KEY] = real.workspace.pk
        session.save()
        wrong = []
        for address in ADDRESSES:
            response = visitor_of(address, alice).get(address)
            if response.status_code == 200 and is_marked(response):
                wrong.append(address.name)
        respondent = read(alice.client.get(links.personal_path(real.invitations["rove"])))
        assert not is_marked(respondent)
        assert wrong == []
