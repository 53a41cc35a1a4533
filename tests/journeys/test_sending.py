"""Writing for real, to a server of our own on the loopback: from the list to « se désinscrire »."""

import re
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.core.mail import delivery
from restanque.core.models import OutgoingMessage
from restanque.surveys.models import Campaign, Invitation, Sending, SendingLine
from tests.core.smtp import Catcher, smtp_server
from tests.journeys.answering import NO_CANTEEN, answer_pages
from tests.journeys.conftest import Visitor, plain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESSES = [f"mairie{code}@example.org" for code in (13004, 13036, 13058, 13066, 13108)]
ARLES, EYRAGUES, *_ = ADDRESSES
# What the world sees; a reverse proxy hands it over to the server, with its certificate.
SITE = "https://enquetes.example.org"
LINK = re.compile(rf"{SITE}(/r/\d+-[\w-]+/)(?=\s)")


@pytest.fixture
def catcher(visitor: Any, settings: Any) -> Iterator[Catcher]:
    """A mail server that keeps what it receives, and the address of the site as messages say it."""
    settings.BASE_URL = SITE
    received = Catcher()
    with smtp_server(received) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_DELIVERY = True
        settings.DEFAULT_FROM_EMAIL = "Restanque <enquetes@example.org>"
        yield received


def test_the_real_sending(
    visitor: Callable[..., Visitor], campaign: Campaign, bob: Membership, catcher: Catcher
) -> None:
    Invitation.objects.update(sent_at=None, recipients=[])
    office = visitor()
    office.enter(bob)
    send_invitations(office, campaign)
    assert sorted(catcher.recipients) == ADDRESSES
    messages = {recipients[0]: message for _, recipients, message in catcher.envelopes}
    check_message(messages[EYRAGUES], campaign)

    answer_by_link(visitor(scripts=False), messages[EYRAGUES])
    unsubscribe(office.base, messages[ARLES])
    delivery.deliver_due()
    assert sorted(catcher.recipients[:5]) == ADDRESSES, "nobody is written to twice"
    [(_, thanked, receipt)] = catcher.envelopes[5:]
    assert thanked == [EYRAGUES]
    assert "nous est bien parvenue" in plain(text_of(receipt))

    eight_days_pass()
    remind(office, campaign)
    reminded = catcher.recipients[6:]
    assert sorted(reminded) == [one for one in ADDRESSES if one not in (ARLES, EYRAGUES)]


def send_invitations(office: Visitor, campaign: Campaign) -> None:
    """The list first; the first real sending wants its number typed."""
    office.open(reverse("surveys:sendings", args=[campaign.pk]))
    assert "les messages partiront pour de vrai" in office.text
    office.press("Voir la liste des invitations")
    assert all(address in office.text for address in ADDRESSES)
    count = office.page.get_by_role("textbox", name=re.compile("nombre"))
    count.fill("121")
    office.press("Envoyer 5 messages")
    assert office.page.get_by_role("alert").is_visible()
    assert not Sending.objects.exists()
    count.fill("5")
    office.press("Envoyer 5 messages")
    assert "5 organismes" in office.text
    # Again: nobody is left to write to.
    office.open(reverse("surveys:sending-prepare", args=[campaign.pk, "invitation"]))
    assert "Personne pour l’instant." in office.text
    assert office.page.get_by_role("button", name=re.compile("Envoyer")).count() == 0


def check_message(message: EmailMessage, campaign: Campaign) -> None:
    """Who writes, why, how to answer, how to say no."""
    assert campaign.name in message["Subject"]
    assert message["From"] == "Équipe du PAT <enquetes@example.org>"
    assert message["Reply-To"] == "pat@example.org"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = text_of(message)
    assert "Mairie d’Eyragues" in plain(text)
    assert "⟦" not in text
    assert len(set(LINK.findall(text))) == 1


def text_of(message: EmailMessage) -> str:
    """What the town hall reads."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def answer_by_link(person: Visitor, message: EmailMessage) -> None:
    """The link of the message, followed on a machine that knows nothing of it."""
    [link] = set(LINK.findall(text_of(message)))
    person.open(link)
    assert "Mairie d’Eyragues" in person.text
    person.press("Commencer")
    answer_pages(person, NO_CANTEEN, until="Tout est prêt")
    person.press("Envoyer mes réponses")
    assert person.title == "Merci, votre réponse est envoyée"


def unsubscribe(base: str, message: EmailMessage) -> None:
    """What a mail program does by itself: a POST, without cookie nor page."""
    header = re.fullmatch(r"<(\S+)>", str(message["List-Unsubscribe"]).strip())
    assert header is not None
    address = header[1].replace(SITE, base)
    request = urllib.request.Request(address, data=b"List-Unsubscribe=One-Click", method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200


def eight_days_pass() -> None:
    """Everything written so far becomes eight days older."""
    days = timedelta(days=8)
    Invitation.objects.filter(sent_at__isnull=False).update(sent_at=F("sent_at") - days)
    SendingLine.objects.filter(at__isnull=False).update(at=F("at") - days)
    OutgoingMessage.objects.update(created_at=F("created_at") - days)


def remind(office: Visitor, campaign: Campaign) -> None:
    """Those who answered or asked for silence are left aside, with the reason."""
    office.open(reverse("surveys:sending-prepare", args=[campaign.pk, "relance"]))
    staying = office.page.get_by_role("region", name="Qui ne recevra rien")
    said = plain(staying.inner_text())
    assert re.search("Mairie d’Eyragues A déjà répondu", said), said
    assert re.search("Mairie d’Arles Ne veut plus être relancée", said), said
    office.press("Envoyer 3 messages")
    assert Sending.objects.latest("pk").lines.count() == 3
