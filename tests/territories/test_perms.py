"""Who sees and changes what: Charlie works elsewhere, Bob covers the SCoT only."""

import pytest
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.territories import services
from restanque.territories.models import Territory, Zone
from restanque.territories.perms import (
    can_create_territory,
    can_edit_territory,
    can_view_territory,
)
from tests.conftest import client_of

pytestmark = pytest.mark.usefixtures("france")

READ = ("detail", "communes", "zones", "geojson")
WRITE = ("edit", "perimeter", "zone_create")
ZONE = ("zone_edit", "zone_communes", "zone_delete")


@pytest.fixture
def zone(pat: Territory) -> Zone:
    return services.create_zone(territory=pat, name="Étang de Berre")


def status(member: Membership | None, name: str, *args: int) -> int:
    return client_of(member).get(reverse(f"territories:{name}", args=args)).status_code


def test_rules_of_a_territory(
    alice: Membership,
    bob_on_scot: Membership,
    remi: Membership,
    paula: Membership,
    charlie: Membership,
    pat: Territory,
    scot: Territory,
) -> None:
    services.set_coverage(membership=paula, territories=[pat])
    seen = {
        m.user.full_name: can_view_territory(m, pat)
        for m in (alice, bob_on_scot, remi, paula, charlie)
    }
    assert seen == {"Alice": True, "Bob": False, "Rémi": True, "Paula": False, "Charlie": False}
    assert can_view_territory(bob_on_scot, scot)
    assert can_edit_territory(bob_on_scot, scot)
    assert not can_edit_territory(remi, pat)
    assert can_create_territory(alice)
    assert not can_create_territory(bob_on_scot)


@pytest.mark.parametrize("name", READ)
def test_readers_of_the_workspace_read(
    remi: Membership, bob_on_scot: Membership, charlie: Membership, pat: Territory, name: str
) -> None:
    assert status(remi, name, pat.pk) == 200
    assert status(bob_on_scot, name, pat.pk) == 404
    assert status(charlie, name, pat.pk) == 404
    assert status(None, name, pat.pk) == 302


@pytest.mark.parametrize("name", READ)
def test_a_partner_reads_no_territory_page(paula: Membership, pat: Territory, name: str) -> None:
    services.set_coverage(membership=paula, territories=[pat])
    assert status(paula, name, pat.pk) == 403


@pytest.mark.parametrize("name", WRITE)
def test_those_who_cover_a_territory_change_it(
    alice: Membership,
    remi: Membership,
    bob_on_scot: Membership,
    charlie: Membership,
    pat: Territory,
    name: str,
) -> None:
    assert status(alice, name, pat.pk) == 200
    assert status(remi, name, pat.pk) == 403
    assert status(bob_on_scot, name, pat.pk) == 404
    assert status(charlie, name, pat.pk) == 404
    assert status(None, name, pat.pk) == 302


@pytest.mark.parametrize("name", ZONE)
def test_those_who_cover_a_territory_change_its_zones(
    alice: Membership,
    remi: Membership,
    bob_on_scot: Membership,
    charlie: Membership,
    zone: Zone,
    name: str,
) -> None:
    assert status(alice, name, zone.pk) == 200
    assert status(remi, name, zone.pk) == 403
    assert status(bob_on_scot, name, zone.pk) == 404
    assert status(charlie, name, zone.pk) == 404


def test_only_administrators_draw_territories_and_say_who_covers_what(
    alice: Membership, bob: Membership, charlie: Membership
) -> None:
    for name, args in (("create", ()), ("coverage", ()), ("coverage_edit", (bob.pk,))):
        assert status(alice, name, *args) == 200
        assert status(bob, name, *args) == 403
    assert status(charlie, "coverage_edit", bob.pk) == 404


def test_the_list_holds_only_what_one_covers(
    bob_on_scot: Membership, charlie: Membership, pat: Territory
) -> None:
    shown = client_of(bob_on_scot).get(reverse("territories:list")).content.decode()
    assert pat.get_absolute_url() not in shown
    assert "Schéma de cohérence" in shown
    assert "Schéma" not in client_of(charlie).get(reverse("territories:list")).content.decode()
