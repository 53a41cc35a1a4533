"""Who may speak: credentials, safe line, too many tries; and what is said to everybody."""

import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from restanque.surveys.openrosa import urls
from restanque.surveys.visits import visitors
from restanque.surveys.visits.keys import find_visitor, password_of
from tests.surveys.visiting import Ground, basic

pytestmark = pytest.mark.django_db


def addresses(ground: Ground) -> list[str]:
    form = f"/odk/forms/{ground.visits.pk}/{ground.visits.version.number}"
    made = ["/odk/", "/odk/formList", "/odk/submission"]
    made += [f"{form}/form.xml", f"{form}/manifest", f"{form}/media/communes.csv"]
    assert len(made) == len(urls.urlpatterns)
    return made


def call(client: Client, method: str, url: str, authorization: str = "", **extra: Any) -> Any:
    headers = {"Authorization": authorization} if authorization else {}
    return client.generic(method, url, secure=extra.pop("secure", True), headers=headers, **extra)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_every_answer_is_dressed_and_nobody_enters_without_a_code(
    client: Client, ground: Ground, method: str
) -> None:
    for url in addresses(ground):
        for who in ("", "Basic ?", "Bearer x", basic(ground.visitor, "faux")):
            response = call(client, method, url, who)
            assert response.status_code in (401, 405), (url, who)
            assert response["X-OpenRosa-Version"] == "1.0"
            assert "X-OpenRosa-Accept-Content-Length" in response.headers
            if response.status_code == 401:
                assert response["WWW-Authenticate"].startswith("Basic realm=")


def test_the_visitor_enters(client: Client, ground: Ground) -> None:
    for url in addresses(ground):
        method = "HEAD" if url.endswith("submission") else "GET"
        assert call(client, method, url, ground.authorization).status_code in (200, 204), url


def test_head_says_where_to_send(client: Client, ground: Ground) -> None:
    response = call(client, "HEAD", "/odk/submission", ground.authorization)
    assert response.status_code == 204
    assert response["Location"] == "https://testserver/odk/submission"
    assert response.content == b""


def test_a_code_lives_until_it_is_renewed_or_revoked(client: Client, ground: Ground) -> None:
    old = ground.authorization
    visitors.renew_key(visitor=ground.visitor)
    assert call(client, "GET", "/odk/formList", old).status_code == 401
    renewed = ground.authorization
    assert call(client, "GET", "/odk/formList", renewed).status_code == 200
    visitors.revoke(visitor=ground.visitor)
    assert call(client, "GET", "/odk/formList", renewed).status_code == 401
    visitors.restore(visitor=ground.visitor)
    assert call(client, "GET", "/odk/formList", renewed).status_code == 401
    assert call(client, "GET", "/odk/formList", ground.authorization).status_code == 200


def test_the_password_is_derived_and_long_enough(ground: Ground) -> None:
    password = password_of(ground.visitor)
    assert len(password.replace("-", "")) == 24
    assert find_visitor(ground.visitor.username, password) == ground.visitor
    assert find_visitor(ground.visitor.username, password.upper()) == ground.visitor
    for name in ("", "visiteur-", "visiteur-0", f"agent-{ground.visitor.pk}", "visiteur-٣"):
        assert find_visitor(name, password) is None


def test_a_password_does_not_travel_over_plain_http(
    client: Client, ground: Ground, settings: Any
) -> None:
    settings.VISITS_OVER_HTTP = False
    asked = call(client, "GET", "/odk/formList", secure=False)
    given = call(client, "GET", "/odk/formList", ground.authorization, secure=False)
    for response in (asked, given):
        assert response.status_code == 403
        assert "WWW-Authenticate" not in response.headers
    for host in ("localhost:8000", "127.0.0.1"):
        local = call(
            client, "GET", "/odk/formList", ground.authorization, secure=False, HTTP_HOST=host
        )
        assert local.status_code == 200
    settings.VISITS_OVER_HTTP = True
    trial = call(client, "GET", "/odk/formList", ground.authorization, secure=False)
    assert trial.status_code == 200


def test_guessing_is_stopped_and_forgotten_after_an_hour(
    client: Client, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = basic(ground.visitor, "faux")
    for _ in range(10):
        assert call(client, "GET", "/odk/formList", wrong).status_code == 401
    stopped = call(client, "GET", "/odk/formList", wrong)
    assert stopped.status_code == 429
    assert stopped["Retry-After"] == "3600"
    assert call(client, "GET", "/odk/formList", ground.authorization).status_code == 429
    elsewhere = call(client, "GET", "/odk/formList", ground.authorization, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200


def test_guessing_names_from_one_address_is_stopped_too(client: Client, ground: Ground) -> None:
    statuses = {
        call(client, "GET", "/odk/formList", _forged(number)).status_code for number in range(60)
    }
    assert statuses == {401, 429}


def _forged(number: int) -> str:
    import base64

    return "Basic " + base64.b64encode(f"visiteur-{number}000:x".encode()).decode()


def test_nothing_personal_is_logged(
    client: Client, ground: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        call(client, "GET", "/odk/formList", basic(ground.visitor, "secret-typed"))
        call(client, "GET", "/odk/formList", ground.authorization)
    said = caplog.text
    for word in ("secret-typed", password_of(ground.visitor), "127.0.0.1", "Stagiaire"):
        assert word not in said


def test_a_session_of_the_team_opens_nothing_here(ground: Ground, alice: Any) -> None:
    from tests.conftest import client_of

    member = client_of(alice)
    assert call(member, "GET", "/odk/formList").status_code == 401
    assert "sessionid" not in call(Client(), "GET", "/odk/formList", ground.authorization).cookies


def test_the_protocol_has_no_other_door() -> None:
    names = [
        pattern.name
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern) == "odk/"
        for pattern in resolver.url_patterns
    ]
    assert names == ["home", "form-list", "form", "manifest", "media", "submission"]
