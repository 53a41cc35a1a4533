"""Personal links: what opens, what does not, what leaks."""

import pytest
from django.test import Client

from restanque.surveys import links
from restanque.surveys.models import Invitation
from restanque.surveys.services import invitations

pytestmark = pytest.mark.django_db


def test_a_token_has_128_bits_and_depends_on_everything() -> None:
    tokens = {links.token_of(pk=pk, generation=g) for pk in range(1, 50) for g in range(1, 5)}
    assert len(tokens) == 49 * 4
    assert all(len(token) == 22 for token in tokens)


def test_a_token_depends_on_the_instance_key(settings: object) -> None:
    before = links.token_of(pk=1, generation=1)
    settings.SECRET_KEY = "another" * 10  # type: ignore[attr-defined]
    assert links.token_of(pk=1, generation=1) != before


def test_the_link_opens_its_own_invitation_only(
    client: Client, invitation: Invitation, other_invitation: Invitation
) -> None:
    assert client.get(links.personal_path(invitation)).status_code == 200
    token = links.slug_of(invitation).partition("-")[2]
    assert client.get(f"/r/{other_invitation.pk}-{token}/").status_code == 404


@pytest.mark.parametrize("slug", ["1", "1-", "-x", "1-" + "A" * 22, "9" * 18 + "-" + "A" * 22])
def test_forged_links_say_whom_to_contact(
    client: Client, invitation: Invitation, slug: str
) -> None:
    response = client.get(f"/r/{slug}/")
    assert response.status_code == 404
    assert "Ce lien ne mène à aucun questionnaire" in response.content.decode()


def test_every_altered_character_is_refused(client: Client, invitation: Invitation) -> None:
    slug = links.slug_of(invitation)
    start = slug.index("-") + 1
    for place in range(start, len(slug) - 1):
        altered = slug[:place] + ("A" if slug[place] != "A" else "B") + slug[place + 1 :]
        assert links.find_invitation(altered) is None


def test_a_new_generation_kills_older_links(client: Client, invitation: Invitation) -> None:
    old = links.personal_path(invitation)
    invitations.revoke_link(invitation=invitation)
    assert client.get(old).status_code == 404
    assert client.get(links.personal_path(invitation)).status_code == 200
    assert invitation.events.filter(kind="link_revoked").count() == 1


def test_unknown_and_known_numbers_cost_the_same_query(
    invitation: Invitation, django_assert_num_queries: object
) -> None:
    token = "A" * 22
    for pk in (invitation.pk, 10**9):
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert links.find_invitation(f"{pk}-{token}") is None


def test_pages_are_not_indexed_not_cached_and_keep_their_address(
    client: Client, invitation: Invitation
) -> None:
    for path in (links.personal_path(invitation), "/r/nothing/"):
        headers = client.get(path).headers
        assert "noindex" in headers["X-Robots-Tag"]
        assert "no-store" in headers["Cache-Control"]
        assert headers["Referrer-Policy"] == "same-origin"


def test_a_campaign_in_preparation_shows_nothing(client: Client, invitation: Invitation) -> None:
    invitation.campaign.status = "draft"
    invitation.campaign.save()
    assert client.get(links.personal_path(invitation)).status_code == 404


def test_marks_of_a_message_resolve_to_the_current_link(invitation: Invitation) -> None:
    marks = links.marks_for(f"invitation:{invitation.pk}")
    assert marks["lien"] == links.personal_url(invitation)
    assert marks["refus"].endswith("/ne-plus-relancer/")
    assert links.marks_for("invitation:999999") == {}
    assert links.marks_for("invitation:x") == {}
