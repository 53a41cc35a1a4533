"""GET writes nothing, forged posts write nothing, pages cost few queries."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from restanque.surveys import links
from restanque.surveys.models import Invitation, InvitationEvent, Response, ResponseRevision
from restanque.surveys.services import answers
from restanque.surveys.sessions import session_of
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db
KEYS = ("cantine", "pain", "fin_")


def answered(invitation: Invitation) -> Response:
    return answers.save_answers(
        invitation=invitation,
        values={
            "/data/cantine/a_cantine": "oui",
            "/data/cantine/repas": "120",
            "/data/pain/kg": "8.5",
            "/data/pain/four[1]/nom": "Fournil",
        },
    ).response


def every_path(invitation: Invitation, attachment: int = 1) -> list[str]:
    """All the respondent's addresses, taken from the URLconf so that a new one is covered."""
    names = get_resolver("restanque.surveys.respondent_urls").url_patterns
    slug = links.slug_of(invitation)
    paths = []
    for pattern in names:
        if "<str:slug>" not in str(pattern.pattern):
            continue
        route = str(pattern.pattern).replace("<str:slug>", slug)
        route = route.replace("<int:pk>", str(attachment))
        keys = KEYS if "<str:key>" in route else ("",)
        paths += [f"/r/{route.replace('<str:key>', key)}" for key in keys]
    return paths


def state() -> tuple[Any, ...]:
    return (
        list(Invitation.objects.values()),
        list(Response.objects.values()),
        list(InvitationEvent.objects.values()),
        ResponseRevision.objects.count(),
    )


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("stage", ["untouched", "begun", "sent", "closed"])
def test_no_address_writes_on_get_or_head(
    client: Client, invitation: Invitation, method: str, stage: str
) -> None:
    if stage in ("begun", "sent"):
        answered(invitation)
    if stage == "sent":
        assert answers.submit(invitation=invitation).accepted
    if stage == "closed":
        invitation.campaign.status = "closed"
        invitation.campaign.save()
    before = state()
    for path in every_path(invitation):
        assert getattr(client, method)(path).status_code in (200, 302, 404), path
    assert state() == before


def test_pages_cost_few_queries(client: Client, invitation: Invitation, count_queries: Any) -> None:
    """One to find the invitation and its answer; two more at most (files, a first parsing)."""
    answered(invitation)
    for path in every_path(invitation):
        with count_queries() as queries:
            client.get(path)
        assert len(queries) <= 3, (path, [q["sql"][:90] for q in queries])


def test_a_save_costs_nine_queries(
    client: Client, invitation: Invitation, count_queries: Any
) -> None:
    answered(invitation)
    path = f"{links.personal_path(invitation)}page/cantine/"
    with count_queries() as queries:
        client.post(path, {"/data/cantine/repas": "7", "revision": "1", "action": "autosave"})
    assert len(queries) <= 9, [q["sql"][:90] for q in queries]
    assert session_of(Response.objects.get()).value("/data/cantine/repas") == "7"


def test_an_unknown_page_is_not_found(client: Client, invitation: Invitation) -> None:
    path = links.personal_path(invitation)
    assert client.get(f"{path}page/nothing/").status_code == 404
    assert client.post(f"{path}page/nothing/").status_code == 404


def test_only_what_the_page_shows_is_read(client: Client, invitation: Invitation) -> None:
    path = f"{links.personal_path(invitation)}page/cantine/"
    client.post(
        path,
        {
            "/data/cantine/a_cantine": "non",
            "/data/cantine/repas": "50",  # not asked yet: was not on the page
            "/data/cantine/double": "7",  # computed
            "/data/pain/kg": "3",  # another page
            "/data/pain/code": "X",  # read-only
            "/data/meta/instanceID": "forged",
            "/data": "x",
            "/nowhere": "x",
            "action": "save",
        },
    )
    response = Response.objects.get()
    session = session_of(response)
    session.set("/data/cantine/a_cantine", "oui")
    assert session.value("/data/cantine/repas") == ""
    assert session.value("/data/cantine/double") in ("", "NaN")
    assert session.value("/data/pain/kg") == ""
    assert "forged" not in response.instance


def test_a_readonly_question_cannot_be_written(client: Client, invitation: Invitation) -> None:
    answered(invitation)
    path = f"{links.personal_path(invitation)}page/pain/"
    client.post(path, {"/data/pain/code": "13004", "action": "save", "revision": "1"})
    assert session_of(Response.objects.get()).value("/data/pain/code") == ""


def test_a_choice_that_is_not_offered_is_not_written(
    client: Client, invitation: Invitation
) -> None:
    path = f"{links.personal_path(invitation)}page/cantine/"
    client.post(path, {"/data/cantine/a_cantine": "<script>", "action": "save"})
    assert session_of(Response.objects.get()).value("/data/cantine/a_cantine") == ""


def test_turns_are_not_added_nor_removed_by_forged_names(
    client: Client, invitation: Invitation
) -> None:
    answered(invitation)
    path = f"{links.personal_path(invitation)}page/pain/"
    for action in (
        "add:/data/cantine",
        "remove:/data/pain",
        "remove:/data/pain/four[9]",
        "add:",
        "remove:/data",
        "goto:nothing",
        "x" * 5000,
        "add:/data/pain/four[1]/nom",
    ):
        response = client.post(path, {"action": action, "revision": "1"})
        assert response.status_code in (200, 302, 422), action
    assert session_of(Response.objects.get()).turn_count("/data/pain/four") == 1


def test_answers_are_escaped(client: Client, invitation: Invitation) -> None:
    answers.save_answers(
        invitation=invitation,
        values={"/data/fin_/libre": "<script>alert(1)</script> \"'"},
    )
    html = client.get(f"{links.personal_path(invitation)}page/fin_/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_saves_are_bounded_in_a_minute(
    client: Client, invitation: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "SAVES_PER_MINUTE", 3)
    path = f"{links.personal_path(invitation)}page/cantine/"
    statuses = []
    for n in range(5):
        values = {"/data/cantine/a_cantine": "oui", "/data/cantine/repas": str(n), "action": "save",
                  "revision": str(n)}  # fmt: skip
        statuses.append(client.post(path, values).status_code)
    assert statuses[-1] == 429
    assert ResponseRevision.objects.count() == 3


def test_the_address_is_the_right_no_cookie_is_needed(invitation: Invitation) -> None:
    """Blocked cookies must not stop a town hall: the link itself is what gives the right."""
    strict = StrictClient(enforce_csrf_checks=True)
    path = f"{links.personal_path(invitation)}page/cantine/"
    assert (
        strict.post(path, {"/data/cantine/a_cantine": "non", "action": "save"}).status_code == 302
    )


def test_a_file_that_lies_is_refused_and_the_rest_is_saved(
    client: Client, invitation: Invitation
) -> None:
    answered(invitation)
    path = f"{links.personal_path(invitation)}page/pain/"
    response = client.post(
        path,
        {
            "/data/pain/kg": "9",
            "/data/pain/facture": SimpleUploadedFile("virus.pdf", b"MZ not a pdf"),
            "revision": "1",
            "action": "next",
        },
    )
    assert response.status_code == 422
    assert "ne correspond pas" in response.content.decode()
    assert session_of(Response.objects.get()).value("/data/pain/kg") == "9"
    assert Response.objects.get().attachments.count() == 0


def test_words_of_the_team_and_of_the_directory_stay_words(
    client: Client, invitation: Invitation
) -> None:
    """Names reach page headers through component attributes: nothing in them is interpreted."""
    hostile = '% & "guillemets" <b>gras</b> \' {# x #}'
    invitation.organisation.name = hostile
    invitation.organisation.save()
    invitation.campaign.name = hostile
    invitation.campaign.sender_name = hostile
    invitation.campaign.save()
    answered(invitation)
    for path in every_path(invitation):
        response = client.get(path)
        if "html" in response.headers["Content-Type"]:
            html = response.content.decode()
            assert "<b>gras" not in html, path
            assert "&amp;amp;" not in html, path
            assert "&amp;quot;" not in html, path
    text = client.get(links.personal_path(invitation)).content.decode()
    assert "&lt;b&gt;gras&lt;/b&gt;" in text
