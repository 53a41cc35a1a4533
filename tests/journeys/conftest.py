"""A real browser against a real server: pages that also answer for accessibility and the CSP."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.test import Client
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.directory.models import Organisation
from restanque.directory.services import populate_town_halls, update_organisation
from restanque.surveys.models import Campaign, Invitation
from restanque.surveys.services import campaigns, invitations, questionnaires
from restanque.territories import services as territories
from restanque.territories.models import Territory
from tests.territories.france import METROPOLE, PETR, load_communes, load_pat

# Arles, Eyragues, Maussane-les-Alpilles, Noves, Tarascon.
COMMUNES = {"13004", "13036", "13058", "13066", "13108"}
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# Chromium reports as an error of the console what is only a form's answer: 422 (to correct), 409
# (changed meanwhile). Everything else that it says is a fault.
ANSWERED = re.compile(r"status of (422|409)")
# axe, without the tree of what passes: three times faster.
RUN_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`);
}"""
WIDTHS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"


def plain(text: str) -> str:
    """A text whose spaces, no-break ones too, are all the same."""
    return re.sub(r"\s+", " ", text).strip()


@cache
def axe_source() -> str:
    """The script of axe, as its Python package brings it."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


class Visitor:
    """A person's browser. Every page opened is inspected; a fault fails the test."""

    def __init__(self, browser: Any, base: str, *, viewport: dict[str, int], scripts: bool) -> None:
        self.context = browser.new_context(
            viewport=viewport,
            java_script_enabled=scripts,
            locale="fr-FR",
            accept_downloads=True,
            reduced_motion="reduce",  # no smooth scroll to wait for
        )
        self.context.set_default_timeout(10_000)
        self.page = self.context.new_page()
        self.base, self.scripts = base, scripts
        self.console: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.console.append(str(error)))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning") and not ANSWERED.search(message.text):
            self.console.append(message.text)

    def enter(self, membership: Membership) -> None:
        """Sign in as this member, by the session that the code would have opened."""
        client = Client()
        client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": self.base}])

    def open(self, path: str) -> Any:
        """Go to a page of the server, and inspect it."""
        response = self.page.goto(path if path.startswith("http") else f"{self.base}{path}")
        assert response is not None
        assert response.status < 400, f"{response.status} {path}"
        self.inspect()
        return self.page

    def find(self, name: str, *, inside: Any = None) -> Any:
        """The first button or link of these exact words."""
        place = self.page if inside is None else inside
        words = re.compile(rf"^\s*{re.escape(name)}\s*$".replace(r"\ ", r"\s+"))
        found = place.get_by_role("button", name=words).or_(place.get_by_role("link", name=words))
        return found.first

    def press(self, name: str, *, inside: Any = None) -> None:
        """Press a button or follow a link, and inspect the page that comes."""
        with self.page.expect_navigation():
            self.find(name, inside=inside).click()
        self.inspect()

    def download(self, name: str) -> bytes:
        """The file that a button or a link gives."""
        with self.page.expect_download() as started:
            self.find(name).click()
        return Path(started.value.path()).read_bytes()

    @property
    def title(self) -> str:
        """The page's first heading."""
        return plain(self.page.locator("h1").inner_text())

    @property
    def window_title(self) -> str:
        """The title that the browser's window shows."""
        return plain(self.page.title())

    @property
    def text(self) -> str:
        """What the page says."""
        return plain(self.page.locator("body").inner_text())

    def inspect(self) -> None:
        """No console message (the CSP speaks there), no sideways scroll, nothing found by axe."""
        assert self.console == [], (self.page.url, self.console)
        if not self.scripts:
            return  # axe is itself a script; the same pages are inspected with scripts on
        self.check_width()
        self.page.evaluate(f"() => {{ if (!window.axe) {{ {axe_source()} }} }}")
        found = self.page.evaluate(RUN_AXE)
        assert found == [], (self.page.url, found)

    def check_width(self) -> None:
        """No sideways scroll."""
        page, window = self.page.evaluate(WIDTHS)
        assert page <= window, f"{page} px in {window} px: {self.page.url}"

    def close(self) -> None:
        """Forget everything."""
        self.context.close()


@pytest.fixture
def visitor(
    chromium: Any, live_server: Any, transactional_db: None, settings: Any
) -> Iterator[Callable[..., Visitor]]:
    """Opens browsers: `visitor()`, `visitor(viewport=PHONE)`, `visitor(scripts=False)`."""
    settings.BASE_URL = live_server.url
    opened: list[Visitor] = []

    def make(*, viewport: dict[str, int] = WIDE, scripts: bool = True) -> Visitor:
        person = Visitor(chromium, live_server.url, viewport=viewport, scripts=scripts)
        opened.append(person)
        return person

    yield make
    for person in opened:
        person.close()


@pytest.fixture
def pat(transactional_db: None, workspace: Workspace) -> Territory:
    """The PAT with its real communes and their town halls in the directory."""
    load_pat()
    territory = territories.create_territory(
        workspace=workspace,
        name="PAT Métropole et Pays d’Arles",
        kind="pat",
        valid_from=date(2026, 1, 1),
        epci_sirens=[METROPOLE, *PETR],
    )
    populate_town_halls(workspace=workspace, territory=territory)
    return territory


@pytest.fixture
def campaign(transactional_db: None, workspace: Workspace) -> Campaign:
    """A few town halls, invited ten days ago to answer the shipped questionnaire."""
    load_communes(COMMUNES)
    territory = territories.create_territory(
        workspace=workspace,
        name="PAT, quelques communes",
        kind="pat",
        valid_from=date(2026, 1, 1),
        commune_codes=sorted(COMMUNES),
    )
    populate_town_halls(workspace=workspace, territory=territory)
    today = timezone.localdate()
    campaign = campaigns.create_campaign(
        territory=territory,
        version=questionnaires.install_shipped_questionnaire(workspace=workspace),
        name="Le pain de nos cantines",
        opens_on=today - timedelta(days=10),
        closes_on=today + timedelta(days=30),
        purge_on=today + timedelta(days=700),
        sender_name="Équipe du PAT",
        reply_to="pat@example.org",
        purpose="Chercher pour chaque commune le boulanger qui peut livrer sa cantine.",
    )
    town_halls = Organisation.objects.filter(workspace=workspace)
    invitations.add_invitations(campaign=campaign, organisations=town_halls)
    for one in campaign.invitations.select_related("organisation"):
        address = f"mairie{one.organisation.commune_id}@example.org"
        update_organisation(organisation=one.organisation, email=address)
        invitations.mark_sent(
            invitation=one, at=timezone.now() - timedelta(days=10), recipients=[address]
        )
    return campaigns.open_campaign(campaign=campaign)


@pytest.fixture
def invitation(campaign: Campaign) -> Invitation:
    """That of the mairie of Eyragues."""
    return campaign.invitations.get(organisation__commune="13036")
