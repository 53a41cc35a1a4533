"""The demo, built whole on the real PAT: invented people and answers, seeded and plausible."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from restanque.accounts.models import Membership, User, Workspace
from restanque.core.models import OutgoingMessage
from restanque.portal.demo.build import DemoReport, build_demo
from restanque.surveys.models import Campaign, Invitation, Response
from restanque.surveys.sessions import session_of
from restanque.territories.models import Commune, Territory
from tests.territories.france import load_pat

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[DemoReport]:
    """Built once for the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_pat()
        yield build_demo(today=timezone.localdate())
        transaction.set_rollback(True)


def flats(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """INSEE code → what was sent, without the number that each answer is given."""
    sent = Response.objects.filter(
        invitation__campaign__territory__workspace=workspace, submitted_at__isnull=False
    )
    return {
        one.invitation.organisation.commune_id or "": {
            path: text for path, text in one.flat.items() if path != "/data/meta/instanceID"
        }
        for one in sent.select_related("invitation__organisation")
    }


def the_workspace() -> Workspace:
    return Workspace.objects.get(fictitious=True)


def test_it_holds_the_two_real_perimeters(demo: DemoReport) -> None:
    today = timezone.localdate()
    assert demo.communes == demo.invited == 121
    sizes = [territory.communes_at(today).count() for territory in Territory.objects.all()]
    assert sorted(sizes) == [29, 121]


def test_everything_of_it_is_fictitious(demo: DemoReport) -> None:
    assert set(Campaign.objects.values_list("fictitious", flat=True)) == {True}
    people = User.objects.filter(memberships__workspace=the_workspace())
    assert set(people.values_list("fictitious", flat=True)) == {True}
    assert all(OutgoingMessage.objects.values_list("fictitious", flat=True))


def test_nobody_real_is_written_to_nor_made_to_speak(demo: DemoReport) -> None:
    addresses = set(OutgoingMessage.objects.values_list("to_email", flat=True))
    addresses |= set(User.objects.values_list("email", flat=True))
    for recipients in Invitation.objects.values_list("recipients", flat=True):
        addresses |= set(recipients)
    for flat in flats(the_workspace()).values():
        addresses |= {str(text) for text in flat.values() if "@" in str(text)}
    assert len(addresses) > 100
    assert {address.rpartition("@")[2] for address in addresses} == {"example.org"}


def test_each_answer_sent_is_one_that_the_form_accepts(demo: DemoReport) -> None:
    sent = Response.objects.filter(submitted_at__isnull=False).select_related("version")
    assert sent.filter(invitation__campaign__status="open").count() == demo.answered > 50
    assert [one for one in sent if session_of(one).validate()] == []


def test_some_are_begun_refused_or_silent_as_in_life(demo: DemoReport) -> None:
    states = set(Invitation.objects.with_state().values_list("state", flat=True))
    assert {"validated", "submitted", "started", "sent", "bounced"} <= states


def test_answers_follow_the_real_size_of_communes(demo: DemoReport) -> None:
    sent = flats(the_workspace())
    rate = {}
    for name, communes in (
        ("small", Commune.objects.filter(population__lt=2_000)),
        ("large", Commune.objects.filter(population__gte=10_000)),
    ):
        codes = set(communes.values_list("pk", flat=True))
        asked = set(
            Invitation.objects.filter(organisation__commune__in=codes).values_list(
                "organisation__commune", flat=True
            )
        )
        rate[name] = len(asked & sent.keys()) / len(asked)
    assert rate["large"] > rate["small"]
    meals = [
        (Commune.objects.get(pk=code).population or 0, int(flat[path]))
        for code, flat in sent.items()
        for path in flat
        if path.endswith("/repas_total") and flat[path]
    ]
    by_size = sorted(meals)
    half = len(by_size) // 2
    assert half > 10
    assert sum(m for _, m in by_size[half:]) > 3 * sum(m for _, m in by_size[:half])


def test_building_it_again_changes_nothing(demo: DemoReport) -> None:
    assert build_demo(today=timezone.localdate()) == demo
    assert Membership.objects.filter(workspace=the_workspace()).count() == 5
    assert Campaign.objects.count() == 2


def test_the_seed_alone_decides_what_is_answered(demo: DemoReport) -> None:
    """Built again beside the first, on some of the communes, the answers are the same."""
    first = flats(the_workspace())
    kept = [code for code in sorted(first) if code.startswith("130")][:8]
    Workspace.objects.update(slug="une-premiere")
    # Every EPCI keeps one commune at least: a zone is drawn on each side.
    Commune.objects.exclude(pk__in=[*kept, "13004", "13001"]).update(epci=None)
    build_demo(today=timezone.localdate())
    again = flats(Workspace.objects.get(slug__startswith="demonstration"))
    assert again
    assert again == {code: first[code] for code in again}
    Workspace.objects.filter(slug__startswith="demonstration").update(slug="une-deuxieme")
    build_demo(today=timezone.localdate(), seed=1)
    other = flats(Workspace.objects.get(slug__startswith="demonstration"))
    assert other != again
