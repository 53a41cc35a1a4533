"""Sign-in codes go through the outbox, from the page to the message."""

import re
from typing import Any

import pytest
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.core.models import MessageStatus, OutgoingMessage, Purpose
from tests.conftest import client_of
from tests.core.smtp import Catcher

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def our_backend(settings: Any) -> None:
    """pytest puts a backend in memory: give ours back."""
    settings.EMAIL_BACKEND = "restanque.core.mail.backend.OutboxBackend"


def ask_code(bob: Membership, capture: Any) -> OutgoingMessage:
    with capture(execute=True):
        client_of(None).post(reverse("account_request_login_code"), {"email": bob.user.email})
    return OutgoingMessage.objects.get()


def test_a_code_is_written_and_held_without_a_server(
    bob: Membership, django_capture_on_commit_callbacks: Any
) -> None:
    message = ask_code(bob, django_capture_on_commit_callbacks)

    assert (message.purpose, message.to_email) == (Purpose.ACCOUNT, bob.user.email)
    assert (message.workspace, message.status) == (None, MessageStatus.HELD)


def test_a_code_leaves_at_once_and_is_not_kept(
    bob: Membership, catcher: Catcher, django_capture_on_commit_callbacks: Any
) -> None:
    message = ask_code(bob, django_capture_on_commit_callbacks)
    received = catcher.envelopes[0][2].get_body(("plain",))

    assert received is not None
    assert re.search(r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}\b", received.get_content())
    assert (message.status, message.text) == (MessageStatus.SENT, "")
