"""Perimeters: dated communes, zones that add up, coverage of members."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from restanque.accounts.models import Membership, Workspace
from restanque.territories import services
from restanque.territories.models import Commune, Territory, TerritoryMembership, ZoneCommune
from restanque.territories.services import PerimeterError
from tests.territories.conftest import START, TODAY
from tests.territories.france import PETR

pytestmark = pytest.mark.usefixtures("france")

NEXT_YEAR = date(2027, 1, 1)


def names(territory: Territory, day: date) -> set[str]:
    return set(territory.communes_at(day).values_list("name", flat=True))


def test_the_pat_has_121_communes_and_the_scot_29(pat: Territory, scot: Territory) -> None:
    assert pat.communes_at(TODAY).count() == 121
    assert scot.communes_at(TODAY).count() == 29


def test_before_its_first_day_a_territory_has_no_commune(pat: Territory) -> None:
    assert not pat.communes_at(date(2025, 12, 31)).exists()
    assert pat.communes_at(START).count() == 121


def test_communes_come_in_the_order_of_their_names(scot: Territory) -> None:
    found = list(scot.communes_at(TODAY).values_list("name", flat=True))
    assert found[:3] == ["Arles", "Aureille", "Barbentane"]
    assert found == [c.name for c in sorted(scot.communes_at(TODAY), key=lambda c: c.name_key)]


def test_a_territory_is_made_of_names_and_old_codes_too(workspace: Workspace) -> None:
    territory = services.create_territory(
        workspace=workspace,
        name="Essai",
        kind="other",
        valid_from=START,
        commune_codes=["Arles", "13204", "13055", "01340"],
    )
    assert names(territory, TODAY) == {"Arles", "Marseille", "Arboys en Bugey"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"epci_sirens": ["000000000"]},
        {"commune_codes": ["Atlantide"]},
        {},
    ],
)
def test_an_unknown_or_empty_perimeter_is_refused(
    workspace: Workspace, wrong: dict[str, Any]
) -> None:
    with pytest.raises(PerimeterError):
        services.create_territory(
            workspace=workspace, name="Essai", kind="pat", valid_from=START, **wrong
        )
    assert not Territory.objects.exists()


def test_two_territories_of_a_workspace_have_different_names(scot: Territory) -> None:
    with pytest.raises(ValidationError, match="déjà ce nom"):
        services.create_territory(
            workspace=scot.workspace,
            name="SCoT",
            kind="scot",
            valid_from=START,
            epci_sirens=PETR,
        )


def test_a_commune_leaves_on_its_first_day_out(scot: Territory) -> None:
    change = services.remove_communes(territory=scot, codes=["Arles"], on=NEXT_YEAR)
    assert [commune.name for commune in change.changed] == ["Arles"]
    assert "Arles" in names(scot, date(2026, 12, 31))
    assert "Arles" not in names(scot, NEXT_YEAR)


def test_a_commune_removed_the_day_it_entered_never_was_a_member(scot: Territory) -> None:
    services.remove_communes(territory=scot, codes=["13004"], on=START)
    assert not scot.memberships.filter(commune="13004").exists()


def test_a_commune_comes_back_the_day_it_left(scot: Territory) -> None:
    services.remove_communes(territory=scot, codes=["13004"], on=TODAY)
    services.add_communes(territory=scot, codes=["13004"], on=TODAY)
    assert scot.communes_at(TODAY).count() == 29
    assert scot.memberships.filter(commune="13004").count() == 2


def test_adding_a_member_again_changes_nothing(scot: Territory) -> None:
    change = services.add_communes(territory=scot, codes=["Arles", "Marseille"], on=TODAY)
    assert [commune.name for commune in change.changed] == ["Marseille"]
    assert [commune.name for commune in change.unchanged] == ["Arles"]
    assert scot.communes_at(TODAY).count() == 30


def test_an_entry_before_a_known_one_is_refused(scot: Territory) -> None:
    services.add_communes(territory=scot, codes=["Marseille"], on=NEXT_YEAR)
    with pytest.raises(PerimeterError, match="entre déjà"):
        services.add_communes(territory=scot, codes=["Marseille"], on=TODAY)


def test_a_territory_keeps_a_commune(workspace: Workspace) -> None:
    territory = services.create_territory(
        workspace=workspace, name="Une", kind="other", valid_from=START, commune_codes=["Arles"]
    )
    with pytest.raises(PerimeterError, match="au moins une commune"):
        services.remove_communes(territory=territory, codes=["Arles"], on=TODAY)


def test_the_database_refuses_a_commune_that_leaves_before_entering(scot: Territory) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TerritoryMembership.objects.create(
            territory=scot,
            commune=Commune.objects.get(pk="13055"),
            valid_from=TODAY,
            valid_to=START,
        )


def test_the_database_refuses_a_commune_twice(scot: Territory) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TerritoryMembership.objects.create(
            territory=scot, commune=Commune.objects.get(pk="13004"), valid_from=TODAY
        )


def test_zones_take_different_colours(scot: Territory) -> None:
    zones = [services.create_zone(territory=scot, name=f"Zone {i}") for i in range(9)]
    assert [zone.colour for zone in zones] == [4, 2, 3, 6, 5, 8, 7, 1, 4]


def test_a_commune_moves_from_a_zone_to_another(scot: Territory) -> None:
    crau = services.create_zone(territory=scot, name="Crau")
    alpilles = services.create_zone(territory=scot, name="Alpilles")
    arles, tarascon = Commune.objects.filter(pk__in=["13004", "13108"])
    services.assign_zone(zone=crau, communes=[arles, tarascon], on=TODAY)
    services.assign_zone(zone=alpilles, communes=[tarascon], on=TODAY)
    assert list(crau.communes_at(TODAY)) == [arles]
    assert services.zone_by_commune(scot) == {"13004": crau, "13108": alpilles}
    assert list(services.zones_of(scot)) == [alpilles, crau]


def test_assigning_replaces_the_list(scot: Territory) -> None:
    crau = services.create_zone(territory=scot, name="Crau")
    arles, tarascon = Commune.objects.filter(pk__in=["13004", "13108"])
    services.assign_zone(zone=crau, communes=[arles], on=TODAY)
    services.assign_zone(zone=crau, communes=[tarascon], on=TODAY)
    assert list(crau.communes_at(TODAY)) == [tarascon]


def test_a_zone_holds_only_communes_of_the_territory(scot: Territory) -> None:
    zone = services.create_zone(territory=scot, name="Crau")
    with pytest.raises(PerimeterError, match="Marseille"):
        services.assign_zone(zone=zone, communes=[Commune.objects.get(pk="13055")], on=TODAY)


def test_the_database_refuses_a_commune_in_two_zones(scot: Territory) -> None:
    one = services.create_zone(territory=scot, name="Une")
    two = services.create_zone(territory=scot, name="Deux")
    arles = Commune.objects.get(pk="13004")
    services.assign_zone(zone=one, communes=[arles], on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        ZoneCommune.objects.create(territory=scot, zone=two, commune=arles)


def test_a_zone_loses_the_communes_that_leave_the_territory(scot: Territory) -> None:
    zone = services.create_zone(territory=scot, name="Crau")
    arles = Commune.objects.get(pk="13004")
    services.assign_zone(zone=zone, communes=[arles], on=TODAY)
    services.remove_communes(territory=scot, codes=["13004"], on=NEXT_YEAR)
    assert list(zone.communes_at(TODAY)) == [arles]
    assert not zone.communes_at(NEXT_YEAR).exists()


def test_a_member_covers_the_territories_given(
    bob_on_scot: Membership, pat: Territory, scot: Territory
) -> None:
    assert list(Territory.objects.visible_to(bob_on_scot)) == [scot]


def test_a_member_of_the_whole_workspace_covers_every_territory(
    alice: Membership, pat: Territory, scot: Territory, charlie: Membership
) -> None:
    assert set(Territory.objects.visible_to(alice)) == {pat, scot}
    assert not Territory.objects.visible_to(charlie).exists()


def test_coverage_is_replaced_as_a_whole(
    bob_on_scot: Membership, pat: Territory, scot: Territory
) -> None:
    services.set_coverage(membership=bob_on_scot, territories=[pat])
    assert list(Territory.objects.visible_to(bob_on_scot)) == [pat]


def test_nobody_covers_a_territory_of_another_workspace(
    charlie: Membership, scot: Territory
) -> None:
    with pytest.raises(PerimeterError, match="son espace"):
        services.set_coverage(membership=charlie, territories=[scot])


def test_territories_of_a_commune(pat: Territory, scot: Territory, workspace: Workspace) -> None:
    arles, marseille = Commune.objects.filter(pk__in=["13004", "13055"]).order_by("pk")
    found = services.territories_of(arles, workspace=workspace, on=TODAY)
    assert list(found) == [pat, scot]
    assert list(services.territories_of(marseille, workspace=workspace, on=TODAY)) == [pat]


def test_territories_of_another_workspace_stay_unknown(
    pat: Territory, other_workspace: Workspace
) -> None:
    arles = Commune.objects.get(pk="13004")
    assert not services.territories_of(arles, workspace=other_workspace, on=TODAY).exists()
