"""Odd or oversized requests get a plain refusal, never a fault of the server."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.kit.middleware import MAX_BODY, ReadOnlyGetMiddleware, WriteOnGetError
from restanque.surveys.models import Campaign
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
MANY_WORDS = " ".join(f"m{number}" for number in range(1500))


@pytest.mark.parametrize("address", ["/annuaire/", "/recherche/"])
def test_a_search_of_a_thousand_words_is_answered(alice: Membership, address: str) -> None:
    assert client_of(alice).get(address, {"q": MANY_WORDS}).status_code == 200


def test_a_body_that_would_fill_the_disk_is_refused_unread(client: Client) -> None:
    answer = client.generic(
        "POST",
        reverse("account_request_login_code"),
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(MAX_BODY + 1),
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["-1", "²", "beaucoup"])
def test_a_length_that_is_no_number_is_refused(client: Client, length: str) -> None:
    assert client.get("/sante/", CONTENT_LENGTH=length).status_code == 413


@pytest.mark.parametrize("address", ["/communes/%00/", "/annuaire/?kind=%00", "/r/%00/"])
def test_a_nul_in_an_address_is_refused(alice: Membership, address: str) -> None:
    assert client_of(alice).get(address).status_code == 400


@pytest.mark.parametrize("code", ["²-AAAA-BBBB-CCCC", "1²-AAAABBBBCCCC", "٣-AAAABBBBCCCC"])
def test_a_code_with_strange_digits_is_an_unknown_code(client: Client, code: str) -> None:
    assert client.post(reverse("respondent:code"), {"code": code}).status_code == 422


@pytest.mark.parametrize("chosen", ["", "x", "²", "9" * 40, "9" * 5000])
def test_a_workspace_that_is_no_number_is_not_found(alice: Membership, chosen: str) -> None:
    answer = client_of(alice).post(reverse("accounts:workspaces"), {"membership": chosen})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "back", ["https://ailleurs.example/", "//ailleurs.example/", "foo", "portal:home", ""]
)
def test_after_a_saved_view_one_stays_on_this_site(alice: Membership, back: str) -> None:
    data = {"list_key": "directory:organisations", "name": "Vue", "query": "q=a", "next": back}
    answer = client_of(alice).post(reverse("core:view_save"), data)
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith("//")


@pytest.mark.parametrize("key", ["²", "x", "9" * 40, "9" * 5000])
def test_a_forged_row_of_a_bulk_action_is_left_out(alice: Membership, key: str) -> None:
    answer = client_of(alice).post(
        reverse("directory:organisations"), {"action": "checked", "selected": key}
    )
    assert answer.status_code == 302


@pytest.mark.parametrize("key", ["²", "9" * 40, "9" * 5000])
def test_a_forged_row_to_tag_is_left_out(alice: Membership, key: str) -> None:
    data: dict[str, Any] = {"selected": key, "name": "bio"}
    assert client_of(alice).post(reverse("directory:tag"), data).status_code in (302, 422)


@pytest.mark.parametrize(
    "parent", ["Boulangerie (n° 99999999999999999999999)", f"x (n° {'9' * 5000})"]
)
def test_an_organisation_of_an_impossible_number_is_unknown(alice: Membership, parent: str) -> None:
    data = {"kind": "boulangerie", "name": "Fournil", "parent": parent}
    answer = client_of(alice).post(reverse("directory:organisation_create"), data)
    assert answer.status_code == 422
    assert "parent" in answer.context["form"].errors


@pytest.mark.parametrize("number", ["²", "٣", "9" * 40, "9" * 5000])
def test_a_forged_number_in_an_address_is_left_out(
    alice: Membership, campaign: Campaign, number: str
) -> None:
    visitor = client_of(alice)
    plans = reverse("supply:compare", args=[campaign.territory_id])
    assert visitor.get(plans, {"a": number, "b": number}).status_code == 200
    canteen = reverse("directory:canteen_create")
    assert visitor.get(canteen, {"organisation": number}).status_code == 200


@pytest.mark.parametrize("question", ["a/b", "/", "//mal.example/"])
def test_a_saved_analysis_of_no_question_is_not_found(
    alice: Membership, campaign: Campaign, question: str
) -> None:
    address = reverse("surveys:analysis", args=[campaign.pk])
    assert client_of(alice).get(address, {"question": question}).status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
def test_what_the_csrf_check_lets_through_writes_nothing(
    alice: Membership, rf: RequestFactory, method: str
) -> None:
    def writes(request: HttpRequest) -> HttpResponse:
        alice.user.save()
        return HttpResponse()

    with pytest.raises(WriteOnGetError):
        ReadOnlyGetMiddleware(writes)(rf.generic(method, "/"))
