"""Fixtures and strictness shared by all tests.

The cast: Alice administers the workspace, Bob is an agent, Rémi reads, Paula is a partner, and
Charlie works elsewhere and should have no access to anything of theirs.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from restanque.accounts import services
from restanque.accounts.models import Membership, Role, Workspace
from tests import strictness

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
# The sign-in library's own pages carry JSON data blocks, which the CSP does not execute.
_DATA_BLOCKS = {"application/json"}


class StrictClient(Client):
    """A test client that refuses what a strict page must not hold."""

    def request(self, **request: Any) -> Any:
        """Send the request, then inspect any HTML that comes back."""
        response = super().request(**request)
        check_html(response)
        return response


def check_html(response: HttpResponseBase) -> None:
    """No inline script, style or handler, no template syntax left, a token in every POST form."""
    if response.streaming or "html" not in response.headers.get("Content-Type", ""):
        return
    text = response.content.decode()  # type: ignore[attr-defined]
    soup = BeautifulSoup(text, "html.parser")
    for script in soup.find_all("script"):
        assert script.get("src") or script.get("type") in _DATA_BLOCKS, f"inline script: {script}"
    assert not soup.find_all("style"), "inline <style>"
    for tag in soup.find_all(True):
        for attribute in tag.attrs:
            assert not attribute.startswith("on"), f"inline handler: {tag}"
            assert attribute != "style", f"inline style: {str(tag)[:120]}"
    assert not re.search(r"{[{%]", text), "template syntax left in the page"
    for form in soup.find_all("form", method=re.compile("post", re.I)):
        has_token = form.find("input", {"name": "csrfmiddlewaretoken"}) is not None
        assert has_token or form.get("data-no-csrf") is not None, f"no CSRF token: {form}"


@pytest.fixture(scope="session", autouse=True)
def strict_session() -> None:
    """Undefined template variables raise; rows asked for in no order come in a random one."""
    strictness.refuse_undefined_variables()
    strictness.shuffle_unordered_rows()


@pytest.fixture
def client() -> Client:
    """An anonymous, strict client."""
    return StrictClient()


@pytest.fixture
def workspace(db: None) -> Workspace:
    """The team's workspace."""
    return services.create_workspace(name="PETR et Métropole")


@pytest.fixture
def other_workspace(db: None) -> Workspace:
    """Another team's workspace: Charlie's."""
    return services.create_workspace(name="Autre équipe")


@pytest.fixture
def alice(workspace: Workspace) -> Membership:
    """Administrator of the workspace."""
    return services.add_member(
        workspace=workspace, email="alice@example.org", full_name="Alice", role=Role.ADMINISTRATOR
    )


@pytest.fixture
def bob(workspace: Workspace) -> Membership:
    """Agent of the workspace."""
    return services.add_member(
        workspace=workspace, email="bob@example.org", full_name="Bob", role=Role.AGENT
    )


@pytest.fixture
def remi(workspace: Workspace) -> Membership:
    """Elected member: reads, does not write."""
    return services.add_member(
        workspace=workspace, email="remi@example.org", full_name="Rémi", role=Role.READER
    )


@pytest.fixture
def paula(workspace: Workspace) -> Membership:
    """A mill's representative: sees only what is assigned to her."""
    return services.add_member(
        workspace=workspace, email="paula@example.org", full_name="Paula", role=Role.PARTNER
    )


@pytest.fixture
def charlie(other_workspace: Workspace) -> Membership:
    """Works in another workspace: should have no access to Alice's things."""
    return services.add_member(
        workspace=other_workspace,
        email="charlie@example.org",
        full_name="Charlie",
        role=Role.ADMINISTRATOR,
    )


def client_of(membership: Membership | None) -> Client:
    """A strict client signed in as this member; anonymous for None."""
    client = StrictClient()
    if membership is not None:
        client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def mailbox(db: None, settings: Any) -> Callable[[], list[str]]:
    """The texts of the outbox, oldest first; the test runner's own mail backend is set aside."""
    settings.EMAIL_BACKEND = "restanque.core.mail.backend.OutboxBackend"
    from restanque.core.models import OutgoingMessage

    return lambda: list(OutgoingMessage.objects.order_by("pk").values_list("text", flat=True))


@pytest.fixture
def count_queries(db: None) -> Any:
    """Capture the queries run inside a `with` block."""
    from django.db import connection

    return lambda: CaptureQueriesContext(connection)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium driven by Playwright; skipped, with the reason, where it is absent."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed: browser journeys are not played")
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
