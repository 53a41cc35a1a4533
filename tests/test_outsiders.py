"""Every address of the site, seen by those who should not see it, or not change it.

Nothing is listed by hand that the resolver knows: a new address is tested as soon as it exists,
and fails with the words that say what to add to `tests/addresses.py` or `tests/acts.py`.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse

from restanque.surveys.models import Invitation
from tests.acts import acts, prepare
from tests.addresses import Address, addresses
from tests.conftest import StrictClient, client_of
from tests.visits import Snapshot, Visitor, changes, leaks, snapshot
from tests.world import ALICE_MARK, PAT_MARK, SCOT_MARK, TEAM_MARK, World, standing

ADDRESSES = addresses()
RESPONDENT = [one for one in ADDRESSES if one.name.startswith("respondent:")]
# Published on purpose, for anybody: tests/surveys/report says what they may hold.
PUBLISHED = {
    "publications:report",
    # Open to anybody while the team opens the page (tests/procedures/test_concertation_public).
    "concertation:page",
    "concertation:contribute",
    "concertation:contributions",
    "concertation:document",
    "concertation:receipt",
    # A calendar program has no session: its address is the key (tests/procedures says so).
    "procedures:feed",
    "work:feed",
}
TEAM = [one for one in ADDRESSES if one not in RESPONDENT and one.name not in PUBLISHED]
LISTS = [one for one in ADDRESSES if one.is_list]

# The phones of visitors: no session opens it, and a password does not travel over plain http.
OPENROSA = {
    "openrosa:home": 403,
    "openrosa:form-list": 403,
    "openrosa:form": 403,
    "openrosa:manifest": 403,
    "openrosa:media": 403,
    "openrosa:submission": 405,
}
# What anybody may open, and the status they get with the arguments of the world.
PUBLIC = {
    "portal:legal": 200,
    "portal:privacy": 200,
    "portal:accessibility": 200,
    "portal:sources": 200,
    "portal:health": 200,
    "accounts:demo": 404,  # outside the demo
    "accounts:demo_sign_in": 405,
    "accounts:sign_in": 410,  # forged
    "kit:gallery": 404,  # outside development
    **OPENROSA,
    "account_request_login_code": 200,
    "account_confirm_login_code": 302,  # nobody is signing in
    "account_login": 200,
    "account_signup": 200,
    "account_inactive": 200,
    "account_logout": 302,
    "mfa_authenticate": 302,
    "mfa_login_webauthn": 302,
}
# What each outsider may open although the address names something, and why it gives nothing away.
NAMED_BUT_OPEN = {
    "portal:commune": "communes are public; each panel decides what it shows",
    "core:import_new": "names a kind of file, not a thing",
    "core:import_template": "names a kind of file, not a thing",
}
# Named by the law of France; what a team says of it is its own.
LAW_NAMED = {"law:item", "law:check", "law:change"}
OPEN_TO = {
    "charlie": set(NAMED_BUT_OPEN) | LAW_NAMED,
    # A questionnaire belongs to the workspace, whatever the territory.
    "dora": set(NAMED_BUT_OPEN)
    | {"law:item", "law:check"}
    | {one.name for one in ADDRESSES if one.route.startswith("enquetes/questionnaires/")},
}
# A partner's own things; everything else is the team's.
OPEN_TO_PARTNER = {
    "work:tasks",
    "work:calendar",
    "work:calendar-open",
    "work:calendar-close",
    "portal:home",
    "accounts:profile",
    "accounts:workspaces",
    "core:view_save",
}
# Posts that may write although everything of Alice's stays as it is: one's own things, or, for
# who writes elsewhere or in the whole workspace, new things of their own.
OWN = {"accounts:profile", "core:view_save", "work:calendar-open", "work:calendar-close"}
MAY_ADD = {
    "remi": OWN,
    "paula": OWN,
    "dora": OWN
    | {
        "core:message_test",
        "directory:tag",  # a new tag of the workspace, put on nothing of the PAT
        "directory:organisations",  # marks as checked what she sees
        "directory:to_check",
        "law:check",  # the law belongs to the workspace, whatever the territory
        "work:tasks",  # finishes the tasks she sees
        "surveys:questionnaire-create",
        "surveys:questionnaire-install",
        "surveys:visit-forms-install",
        "surveys:questionnaire-edit",
        "surveys:questionnaire-archive",
        "surveys:questionnaire-upload",
        "surveys:version-publish",
        "surveys:version-media",
    },
    "charlie": OWN
    | {
        "accounts:member_add",
        "accounts:workspace_edit",
        "core:import_new",
        "core:message_test",
        "directory:tag",
        "directory:organisations",
        "directory:to_check",
        "directory:organisation_create",
        "directory:canteen_create",
        "law:check",
        "law:change",
        "surveys:questionnaire-create",
        "surveys:questionnaire-install",
        "surveys:visit-forms-install",
        "territories:create",
    },
}
# Alice may open everything, but for these.
CLOSED_TO_ALICE = {
    **OPENROSA,
    "accounts:demo": 404,
    "accounts:demo_sign_in": 405,
    "accounts:sign_in": 410,
    "kit:gallery": 404,
}
# Posts of Alice that change nothing in our tables, with the reason.
CHANGES_NOTHING = {
    "accounts:workspaces": "kept in the session",
    "core:message_release": "no server is configured: the message stays held",
    "core:outbox_release": "no server is configured",
    "surveys:version-preview": "what is typed travels in the page",
    "surveys:sending-file": "gives a file",
    "surveys:candidates-propose": "its questionnaire answers none of the proposed lists",
    "surveys:sending-prepare": "everybody was written to today",
    "supply:needs-estimate": "fewer than five needs to estimate from",
    "supply:distances-ask": "no routing service is configured (tests/supply/test_routing)",
}
# Pages about something marked that rightly show none of its words.
WITHOUT_MARK = {
    "accounts:member_edit": "a person",
    "territories:coverage_edit": "a person",
    "work:time": "a person",
    "core:job_result": "the file that the tests’ job makes",
    "law:check": "a rule, the same for everybody",
    "law:change": "a rule, the same for everybody",
    "surveys:report-template-ours": "the template supplied",
    "surveys:version-file": "a picture",
    "surveys:entry-picture": "a picture",
    "surveys:entry-ground": "contours of communes",
}
# 405 says that the address takes another method, to anybody: it gives nothing away.
REFUSED = (403, 404, 405)


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One world for the module; each test's writes are rolled back."""
    with standing(django_db_blocker, tmp_path_factory.mktemp("files")) as built:
        yield built


@pytest.fixture(scope="module")
def cookies(world: World) -> dict[str, str]:
    """An open session for each of the cast."""
    return {
        name: client_of(member).cookies[settings.SESSION_COOKIE_NAME].value
        for name, member in world.members.items()
    }


@pytest.fixture(scope="module")
def before(world: World, cookies: dict[str, str]) -> Snapshot:
    """The rows of all our tables, once everybody has signed in."""
    return snapshot()


def visitor(world: World, cookies: dict[str, str], name: str) -> Visitor:
    return Visitor(world, cookies.get(name, ""))


def ids(address: Address) -> str:
    return address.name


def ours(address: Address) -> bool:
    """Whether only a member may open it: neither public, nor one of the sign-in library's."""
    return ":" in address.name and address.name not in PUBLIC


def test_every_address_has_its_arguments(world: World) -> None:
    unknown = []
    for address in ADDRESSES:
        try:
            world.kwargs_of(address.name, address.route, list(address.parameters))
        except LookupError as error:
            unknown.append(str(error))
    assert unknown == []


def test_every_act_names_an_address(world: World, db: None) -> None:
    known = {address.name for address in ADDRESSES}
    named = {*acts(world), *PUBLIC, *OPEN_TO_PARTNER, *CHANGES_NOTHING, *NAMED_BUT_OPEN}
    for names in (*MAY_ADD.values(), CLOSED_TO_ALICE):
        named |= set(names)
    assert named - known == set()


@pytest.mark.django_db
@pytest.mark.parametrize("address", TEAM, ids=ids)
def test_anonymous_is_sent_to_sign_in(
    world: World, before: Snapshot, cookies: dict[str, str], address: Address
) -> None:
    someone = visitor(world, cookies, "")
    for method, response in (("GET", someone.get(address)), ("POST", someone.post(address))):
        assert not leaks(response, PAT_MARK, TEAM_MARK, ALICE_MARK, SCOT_MARK)
        if address.name in PUBLIC:
            if method == "GET":
                assert response.status_code == PUBLIC[address.name]
        elif response.status_code == 302:
            assert response["Location"].startswith(reverse(settings.LOGIN_URL)), method
        elif response.status_code != 405:
            assert response.status_code == 404, method
    assert changes(before, snapshot()) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ["charlie", "dora"])
@pytest.mark.parametrize("address", TEAM, ids=ids)
def test_who_works_elsewhere_neither_sees_nor_changes_anything(
    world: World, before: Snapshot, cookies: dict[str, str], address: Address, actor: str
) -> None:
    hidden = (PAT_MARK, ALICE_MARK) if actor == "dora" else (PAT_MARK, ALICE_MARK, TEAM_MARK)
    someone = visitor(world, cookies, actor)
    named = address.parameters and address.name not in OPEN_TO[actor]
    refused = REFUSED if named and ours(address) else ()
    for method, response in (("GET", someone.get(address)), ("POST", someone.post(address))):
        assert response.status_code < 500
        assert not leaks(response, *hidden), f"{method} shows what {actor} should not see"
        if refused:
            assert response.status_code in refused, f"{method} is answered to {actor}"
    made = changes(before, snapshot())
    if address.name not in MAY_ADD[actor]:
        assert made == set()
    else:
        assert not_theirs(world, made, actor) == set()


def not_theirs(world: World, made: set[str], actor: str) -> set[str]:
    """Changes that touch another workspace than one's own, or anything marked of the PAT."""
    member = world.member(actor)
    found = set()
    for change in made:
        label, pk, _ = change.split()
        row = apps.get_model(label)._base_manager.filter(pk=pk).values().first() or {}
        workspace = row["id"] if label == "accounts.Workspace" else row.get("workspace_id")
        foreign = workspace not in (None, member.workspace_id)
        # A deposited file takes the place of the draft that was there, and of what was joined.
        drafts = ("surveys.QuestionnaireVersion", "surveys.QuestionnaireMedia")
        lost = " gone" in change and label not in drafts
        if foreign or lost or PAT_MARK in str(row):
            found.add(change)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("address", TEAM, ids=ids)
def test_a_reader_reads_and_changes_nothing(
    world: World, before: Snapshot, cookies: dict[str, str], address: Address
) -> None:
    someone = visitor(world, cookies, "remi")
    response = someone.get(address)
    assert response.status_code in (200, 302, 403, 404, 405, 410)
    assert not leaks(response, ALICE_MARK)
    assert changes(before, snapshot()) == set()
    if address.name not in MAY_ADD["remi"]:
        assert someone.post(address).status_code < 500
        assert changes(before, snapshot()) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("address", TEAM, ids=ids)
def test_a_partner_has_no_business_on_the_team_s_pages(
    world: World, before: Snapshot, cookies: dict[str, str], address: Address
) -> None:
    someone = visitor(world, cookies, "paula")
    for method, response in (("GET", someone.get(address)), ("POST", someone.post(address))):
        assert response.status_code < 500
        assert not leaks(response, PAT_MARK, TEAM_MARK, ALICE_MARK, SCOT_MARK), method
        if ours(address) and address.name not in OPEN_TO_PARTNER:
            assert response.status_code in REFUSED, method
    if address.name not in MAY_ADD["paula"]:
        assert changes(before, snapshot()) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("address", TEAM, ids=ids)
def test_an_administrator_opens_everything_and_opening_writes_nothing(
    world: World, before: Snapshot, cookies: dict[str, str], address: Address
) -> None:
    response = visitor(world, cookies, "alice").get(address)
    assert changes(before, snapshot()) == set()
    if address.name in CLOSED_TO_ALICE:
        assert response.status_code == CLOSED_TO_ALICE[address.name]
    elif response.status_code == 405:
        assert address.name in acts(world) or address.name in CHANGES_NOTHING, (
            f"{address.name} is only posted to: say in tests/acts.py what changes something"
        )
    elif ":" in address.name:
        assert response.status_code in (200, 302)
        if address.parameters and response.status_code == 200:
            shown = leaks(response, PAT_MARK, TEAM_MARK, ALICE_MARK)
            assert shown or address.name in {*NAMED_BUT_OPEN, *WITHOUT_MARK}, (
                "the page of something marked shows no mark: an outsider's leak would go unseen"
            )


@pytest.mark.django_db
@pytest.mark.parametrize("address", [one for one in TEAM if one.is_list], ids=ids)
def test_the_links_of_a_list_lead_to_pages(
    world: World, cookies: dict[str, str], address: Address
) -> None:
    """A column linked to a name instead of an address would only be seen by who clicks."""
    page = visitor(world, cookies, "alice").get(address)
    soup = BeautifulSoup(page.content, "html.parser")
    for link in soup.select("main tbody a[href]"):
        href = str(link["href"])
        if href.startswith(("mailto:", "tel:", "http", "?", "#")):
            continue
        assert href.startswith("/"), href
        # Raises Resolver404 when it leads nowhere.
        assert resolve(unquote(href.partition("?")[0])).func


@pytest.mark.django_db
@pytest.mark.parametrize("address", TEAM, ids=ids)
def test_the_acts_of_this_table_do_change_something(
    world: World, before: Snapshot, cookies: dict[str, str], address: Address
) -> None:
    someone = visitor(world, cookies, "alice")
    if address.name in acts(world):
        prepare(address.name, world)
        ready = snapshot()
        response = someone.post(address)
        assert changes(ready, snapshot()) != set(), (
            f"{response.status_code}: {problems_of(response)}"
        )
    else:
        forms = own_forms(someone.get(address), someone.url(address))
        assert not forms or address.name in CHANGES_NOTHING or ":" not in address.name, (
            f"{address.name} has a form: say in tests/acts.py what posting it needs"
        )
        someone.post(address)
        assert changes(before, snapshot()) == set()


def own_forms(response: Any, url: str) -> list[Any]:
    """The forms of a page that post to the page itself."""
    if response.streaming or "html" not in response.headers.get("Content-Type", ""):
        return []
    soup = BeautifulSoup(response.content, "html.parser")
    return [
        form
        for form in soup.select("main form")
        if str(form.get("method")).lower() == "post"
        and str(form.get("action") or url).partition("?")[0] == url
    ]


def problems_of(response: Any) -> str:
    """What a refused form says, to mend the table."""
    if response.streaming:
        return "a file"
    soup = BeautifulSoup(response.content, "html.parser")
    found = soup.select(".invalid-feedback, .rq-erreurs, [role=alert], .errorlist")
    return " / ".join(one.get_text(" ", strip=True) for one in found)[:500]


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["export=csv", "export=xlsx", "q=zebuline", "sort=-pk&page=9"])
@pytest.mark.parametrize("actor", ["charlie", "dora"])
@pytest.mark.parametrize("address", LISTS, ids=ids)
def test_lists_and_their_exports_are_scoped(
    world: World, cookies: dict[str, str], address: Address, actor: str, query: str
) -> None:
    hidden = (PAT_MARK, ALICE_MARK) if actor == "dora" else (PAT_MARK, ALICE_MARK, TEAM_MARK)
    response = visitor(world, cookies, actor).get(address, query)
    assert response.status_code in (200, 403, 404)
    assert not leaks(response, *hidden)


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ["charlie", "dora"])
@pytest.mark.parametrize("address", [one for one in TEAM if not one.parameters], ids=ids)
def test_the_downloads_offered_to_outsiders_are_scoped(
    world: World, cookies: dict[str, str], address: Address, actor: str
) -> None:
    someone = visitor(world, cookies, actor)
    page = someone.get(address)
    if "xml" in page.headers.get("Content-Type", ""):
        return
    links = BeautifulSoup(page.body, "html.parser").select("a[href*='figure=']")
    for link in links:
        if not str(link["href"]).endswith("png"):
            assert not leaks(someone.get(address, str(link["href"]).lstrip("?")), PAT_MARK)


@pytest.mark.django_db
def test_dora_does_see_her_own_territory(world: World, cookies: dict[str, str]) -> None:
    someone = visitor(world, cookies, "dora")
    named = {address.name: address for address in ADDRESSES}
    lists = (
        "territories:list",
        "directory:organisations",
        "directory:canteens",
        "surveys:campaigns",
    )
    blind = [name for name in lists if not leaks(someone.get(named[name]), SCOT_MARK)]
    assert blind == []
    home = someone.get(named["surveys:campaign"], pk=world.scot_campaign.pk)
    assert leaks(home, SCOT_MARK)


@pytest.mark.django_db
@pytest.mark.parametrize(("actor", "found"), [("alice", True), ("charlie", False), ("dora", False)])
def test_search_finds_only_what_one_may_open(
    world: World, cookies: dict[str, str], actor: str, found: bool
) -> None:
    page = next(one for one in ADDRESSES if one.name == "portal:search")
    response = visitor(world, cookies, actor).get(page, "q=zebuline")
    assert bool(leaks(response, PAT_MARK)) == found
    assert bool(BeautifulSoup(response.content, "html.parser").select("main .rq-liste a")) == found


TWO_KEYS = [one for one in ADDRESSES if "pk" in one.parameters and len(one.parameters) > 1]
IDENTIFIERS = {"invitation", "sending", "flag", "file", "other", "comment"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", [a for a in TEAM if a in TWO_KEYS and IDENTIFIERS & set(a.parameters)], ids=ids
)
def test_a_thing_is_not_reached_under_another_one_s_address(
    world: World, before: Snapshot, cookies: dict[str, str], address: Address
) -> None:
    """Dora puts the number of her own campaign before the number of something of the PAT."""
    dora = visitor(world, cookies, "dora")
    alice = visitor(world, cookies, "alice")
    own = world.scot_campaign.pk if address.route.startswith("enquetes/") else tarascon(world)
    for someone in (dora, alice) if address.route.startswith("enquetes/") else (dora,):
        for response in (someone.get(address, pk=own), someone.post(address, pk=own)):
            assert response.status_code in (404, 405)
            assert not leaks(response, PAT_MARK)
    assert changes(before, snapshot()) == set()


def tarascon(world: World) -> int:
    organisation = apps.get_model("directory", "Organisation").objects
    return int(organisation.get(name=f"Boulangerie {SCOT_MARK}").pk)


def test_the_guard_of_this_module_sees_a_change(world: World, before: Snapshot, db: None) -> None:
    Invitation.objects.filter(pk=world.invitations["aix"].pk).update(no_reminder=True)
    pk = world.invitations["aix"].pk
    assert changes(before, snapshot()) == {f"surveys.Invitation {pk} changed"}
    assert connection.in_atomic_block


def test_clients_are_strict(client: Client) -> None:
    assert isinstance(client, StrictClient)
