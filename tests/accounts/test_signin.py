"""Entering: by a code, by the command line's link, and in the demo."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.accounts.services import add_member, create_workspace
from restanque.accounts.signin import sign_in_url
from tests.conftest import client_of

CODE = "account_request_login_code"


def test_a_member_enters_with_the_code_received(
    alice: Membership, client: Client, mailbox: Callable[[], list[str]]
) -> None:
    client.post(reverse(CODE), {"email": "Alice@Example.org"})
    code = re.search(r"Restanque\s:\s(\S+)", mailbox()[-1])
    assert code is not None
    response = client.post(reverse("account_confirm_login_code"), {"code": code[1]})
    assert response.status_code == 302
    assert client.get(reverse("portal:home")).status_code == 200


def test_a_wrong_code_does_not_open(
    alice: Membership, client: Client, mailbox: Callable[[], list[str]]
) -> None:
    client.post(reverse(CODE), {"email": "alice@example.org"})
    client.post(reverse("account_confirm_login_code"), {"code": "ZZZZZZ"})
    assert client.get(reverse("portal:home")).status_code == 302


def test_an_unknown_address_gets_the_same_page(db: None, client: Client) -> None:
    response = client.post(reverse(CODE), {"email": "nobody@example.org"})
    assert response.status_code == 302
    assert response["Location"] == reverse("account_confirm_login_code")


def test_nobody_registers_alone(db: None, client: Client) -> None:
    response = client.post(reverse("account_signup"), {"email": "nobody@example.org"})
    assert response.status_code == 200
    assert client.get(reverse("portal:home")).status_code == 302


def test_the_command_line_link_opens_once(alice: Membership, client: Client) -> None:
    url = sign_in_url(alice.user)
    assert client.get(url).status_code == 200
    assert client.get(reverse("portal:home")).status_code == 302, "opening the link changes nothing"
    assert client.post(url).status_code == 302
    assert client.get(reverse("portal:home")).status_code == 200
    alice.user.refresh_from_db()
    assert client_of(None).post(url).status_code == 410


def test_the_command_line_link_is_short_lived(alice: Membership, client: Client) -> None:
    url = sign_in_url(alice.user)
    with time_machine.travel(timedelta(minutes=16)):
        assert client.get(url).status_code == 410
    assert client.get(url[:-4] + "abc/").status_code == 410


@pytest.fixture
def actress(db: None) -> Membership:
    """A fictitious person of a fictitious workspace."""
    from restanque.accounts.models import Role

    workspace = create_workspace(name="Démonstration", fictitious=True)
    return add_member(
        workspace=workspace, email="demo@example.org", role=Role.AGENT, fictitious=True
    )


def test_demo_sign_in_exists_only_with_the_flag(
    actress: Membership, client: Client, settings: object
) -> None:
    url = reverse("accounts:demo_sign_in", args=[actress.pk])
    assert client.post(url).status_code == 404
    settings.DEMO = True  # type: ignore[attr-defined]
    assert client.get(reverse("accounts:demo")).status_code == 200
    assert client.post(url).status_code == 302
    assert client.get(reverse("portal:home")).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [{"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": ""}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}],
)
def test_demo_sign_in_is_refused_from_elsewhere(
    actress: Membership, client: Client, settings: object, origin: dict[str, str]
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    assert (
        client.post(reverse("accounts:demo_sign_in", args=[actress.pk]), **origin).status_code
        == 404
    )


def test_demo_does_not_open_real_people(
    alice: Membership, client: Client, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    assert client.post(reverse("accounts:demo_sign_in", args=[alice.pk])).status_code == 404


@pytest.mark.parametrize(
    "environment",
    [
        {"RESTANQUE_HOSTS": "restanque.example.org"},
        {"RESTANQUE_EMAIL_URL": "smtp://localhost:25"},
    ],
)
def test_the_demo_flag_is_refused_in_production(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.util

    import restanque.config.settings as real

    for name, value in {"RESTANQUE_DEMO": "1", **environment}.items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("settings_again", real.__file__)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(ImproperlyConfigured, match="RESTANQUE_DEMO"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


def test_nothing_tells_whether_an_address_is_known(
    alice: Membership, client: Client, mailbox: Callable[[], list[str]]
) -> None:
    pages = []
    for address in ("alice@example.org", "nobody@example.org"):
        page = client.post(reverse(CODE), {"email": address}, follow=True).content.decode()
        pages.append(re.sub(r"\w+@example.org|[A-Za-z0-9]{64}", "", page))
    assert pages[0] == pages[1]
    assert "a été envoyé" not in pages[0]
