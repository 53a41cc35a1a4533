"""What enters the outbox, in which state, and what is refused."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from restanque.accounts.models import Workspace
from restanque.accounts.services import create_workspace
from restanque.core import mail
from restanque.core.models import (
    MailSuppression,
    MessageStatus,
    OutgoingMessage,
    Purpose,
    SuppressionReason,
)
from tests.core.messages import queue

pytestmark = pytest.mark.django_db


def test_a_message_is_held_while_no_server_is_configured(workspace: Workspace) -> None:
    message = queue(workspace)

    assert message.status == MessageStatus.HELD
    assert message.status_reason == "Aucun serveur d’envoi n’est configuré."


def test_a_message_is_queued_when_a_server_is_configured(
    workspace: Workspace, settings: object
) -> None:
    settings.EMAIL_DELIVERY = True  # type: ignore[attr-defined]

    assert queue(workspace).status == MessageStatus.QUEUED


def test_a_fictitious_message_is_held_and_says_so_in_its_subject(
    workspace: Workspace, settings: object
) -> None:
    settings.EMAIL_DELIVERY = True  # type: ignore[attr-defined]
    message = queue(workspace, fictitious=True)

    assert message.status == MessageStatus.HELD
    assert message.subject == "[données fictives] Le pain de vos cantines"


def test_everything_a_fictitious_workspace_writes_is_fictitious(db: None, settings: object) -> None:
    settings.EMAIL_DELIVERY = True  # type: ignore[attr-defined]
    message = queue(create_workspace(name="Démonstration", fictitious=True))

    assert (message.fictitious, message.status) == (True, MessageStatus.HELD)


@pytest.mark.parametrize("status", ["sending", "sent", "uncertain"])
def test_the_database_refuses_a_fictitious_message_that_leaves(
    workspace: Workspace, status: str
) -> None:
    message = queue(workspace, fictitious=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMessage.objects.filter(pk=message.pk).update(
            status=status, sent_at=message.created_at
        )


def test_the_same_key_gives_back_the_first_message(workspace: Workspace) -> None:
    first = queue(workspace, idempotency_key="invitation:1:1")
    second = queue(workspace, idempotency_key="invitation:1:1", subject="Autre objet")

    assert second.pk == first.pk
    assert second.subject == first.subject
    assert OutgoingMessage.objects.count() == 1


def test_messages_without_key_do_not_collide(workspace: Workspace) -> None:
    queue(workspace)
    queue(workspace)

    assert OutgoingMessage.objects.count() == 2


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "manque"),
        ("mairie", "n’est pas une adresse"),
        ("mairié@arles.fr", "n’est pas une adresse"),
        ("a@arles.fr;b@arles.fr", "plusieurs adresses"),
    ],
)
def test_a_wrong_address_is_refused_in_french(
    workspace: Workspace, address: str, said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        queue(workspace, to_email=address)


@pytest.mark.parametrize(
    "headers", [{"Bcc": "x@example.org"}, {"X-Lien": "a\r\nBcc: x@example.org"}, {"X Y": "z"}]
)
def test_headers_cannot_redirect_a_message(workspace: Workspace, headers: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        queue(workspace, headers=headers)


def test_only_account_messages_may_lack_a_workspace(db: None) -> None:
    with pytest.raises(ValidationError, match="Seul un message de compte"):
        queue(None)
    assert queue(None, purpose=Purpose.ACCOUNT).workspace is None


def test_an_objection_stops_what_waits_and_what_follows(
    workspace: Workspace, other_workspace: Workspace, settings: object
) -> None:
    settings.EMAIL_DELIVERY = True  # type: ignore[attr-defined]
    waiting, elsewhere = queue(workspace), queue(other_workspace)
    for _ in range(2):  # pressing twice changes nothing
        mail.suppress_address(
            workspace=workspace, email="Mairie@Arles.fr", reason=SuppressionReason.OBJECTED
        )
    following = queue(workspace, to_email="MAIRIE@arles.fr")
    waiting.refresh_from_db()
    elsewhere.refresh_from_db()

    assert waiting.status == following.status == MessageStatus.SUPPRESSED
    assert elsewhere.status == MessageStatus.QUEUED
    assert MailSuppression.objects.count() == 1

    assert mail.lift_suppression(workspace=workspace, email="mairie@arles.fr")
    assert queue(workspace).status == MessageStatus.QUEUED


def test_a_held_message_is_released_only_when_it_may_leave(
    workspace: Workspace, settings: object
) -> None:
    message = queue(workspace)
    with pytest.raises(ValidationError, match="Aucun serveur"):
        mail.release(message=message)

    settings.EMAIL_DELIVERY = True  # type: ignore[attr-defined]
    assert mail.release(message=message).status == MessageStatus.QUEUED
    fictitious = queue(workspace, fictitious=True)
    with pytest.raises(ValidationError, match="fictives"):
        mail.release(message=fictitious)


def test_cancelling_is_possible_until_it_leaves(workspace: Workspace) -> None:
    message = queue(workspace)

    assert mail.cancel(message=message)
    assert not mail.cancel(message=message)
    message.refresh_from_db()
    assert message.status == MessageStatus.CANCELLED


def test_messages_are_found_by_what_they_are_about(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    first = queue(workspace, subject_key="invitation:1")
    second = queue(workspace, subject_key="invitation:1")
    queue(other_workspace, subject_key="invitation:1")

    found = mail.messages_for(workspace=workspace, keys=["invitation:1", "invitation:2"])

    assert found == {"invitation:1": [second, first], "invitation:2": []}
