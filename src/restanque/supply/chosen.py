"""The needs and offers of a scenario: those kept in plans, without what it leaves out."""

from __future__ import annotations

from restanque.supply.models import BakeryOffer, MillOffer, Need, Scenario, WheatOffer


def needs_of(scenario: Scenario) -> tuple[Need, ...]:
    """Estimates only where the scenario counts them."""
    needs = Need.objects.active().filter(territory=scenario.territory)
    if not scenario.settings.include_estimates:
        needs = needs.observed()
    return tuple(
        needs.exclude(pk__in=scenario.excluded_needs.values("need")).select_related(
            "canteen__commune", "supplier"
        )
    )


def bakeries_of(scenario: Scenario) -> tuple[BakeryOffer, ...]:
    """A baker who said no stays only where it serves canteens already."""
    offers = BakeryOffer.objects.active().filter(territory=scenario.territory)
    supplying = Need.objects.active().filter(territory=scenario.territory, supplier__isnull=False)
    serving = set(supplying.values_list("supplier", flat=True))
    found = (
        offers.exclude(pk__in=scenario.excluded_bakeries.values("bakery"))
        .select_related("organisation__commune", "placeholder_commune", "mill")
        .prefetch_related("prices")
    )
    return tuple(one for one in found if one.willing is not False or one.organisation_id in serving)


def mills_of(scenario: Scenario) -> tuple[MillOffer, ...]:
    """With their flours."""
    return tuple(
        MillOffer.objects.active()
        .filter(territory=scenario.territory)
        .exclude(pk__in=scenario.excluded_mills.values("mill"))
        .select_related("organisation__commune")
        .prefetch_related("flours")
    )


def wheat_of(scenario: Scenario) -> tuple[WheatOffer, ...]:
    """Zone by zone and class by class."""
    return tuple(
        WheatOffer.objects.active().filter(territory=scenario.territory).select_related("commune")
    )
