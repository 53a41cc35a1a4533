"""What a person decides of a scenario by hand: links, needs, bakeries and mills in or out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from restanque.accounts.models import User
from restanque.kit.text import clean
from restanque.supply.models import (
    BakeryOffer,
    ExcludedBakery,
    ExcludedMill,
    ExcludedNeed,
    LinkKind,
    MillOffer,
    Need,
    Scenario,
    ScenarioLink,
)


@transaction.atomic
def decide_link(
    *,
    scenario: Scenario,
    need: Need,
    bakery: BakeryOffer,
    kind: LinkKind | None,
    by: User | None = None,
    why: str = "",
) -> None:
    """Impose or forbid a link by hand; None takes the decision back."""
    if {need.territory_id, bakery.territory_id} != {scenario.territory_id}:
        raise ValidationError("Ce besoin ou cette boulangerie est d’un autre territoire.")
    link = ScenarioLink.objects.filter(scenario=scenario, need=need, bakery=bakery).first()
    if kind is None:
        if link is not None:
            link.delete()
            touch(scenario)
        return
    link = link or ScenarioLink(scenario=scenario, need=need, bakery=bakery)
    link.kind, link.why, link.by, link.at = kind, clean(why), by, timezone.now()
    link.full_clean()
    link.save()
    touch(scenario)


@transaction.atomic
def exclude_bakery(*, scenario: Scenario, bakery: BakeryOffer, excluded: bool) -> None:
    """« Et si elle fermait ? »: leave a bakery out of one scenario, or bring it back."""
    if bakery.territory_id != scenario.territory_id:
        raise ValidationError("Cette boulangerie est d’un autre territoire.")
    if excluded:
        ExcludedBakery.objects.get_or_create(scenario=scenario, bakery=bakery)
    else:
        ExcludedBakery.objects.filter(scenario=scenario, bakery=bakery).delete()
    touch(scenario)


@transaction.atomic
def exclude_need(*, scenario: Scenario, need: Need, excluded: bool) -> None:
    """Leave a need out of one scenario, or bring it back."""
    if need.territory_id != scenario.territory_id:
        raise ValidationError("Ce besoin est d’un autre territoire.")
    if excluded:
        ExcludedNeed.objects.get_or_create(scenario=scenario, need=need)
    else:
        ExcludedNeed.objects.filter(scenario=scenario, need=need).delete()
    touch(scenario)


@transaction.atomic
def exclude_mill(*, scenario: Scenario, mill: MillOffer, excluded: bool) -> None:
    """« Et si ce moulin fermait ? »: leave a mill out of one scenario, or bring it back."""
    if mill.territory_id != scenario.territory_id:
        raise ValidationError("Ce moulin est d’un autre territoire.")
    if excluded:
        ExcludedMill.objects.get_or_create(scenario=scenario, mill=mill)
    else:
        ExcludedMill.objects.filter(scenario=scenario, mill=mill).delete()
    touch(scenario)


@transaction.atomic
def choose(
    *,
    scenario: Scenario,
    needs: Collection[int],
    bakeries: Collection[int],
    mills: Collection[int],
) -> bool:
    """Keep in a scenario these needs and offers (keys), leave out the others of the territory.

    False when nothing changed: the version stays, and so does the plan.
    """
    changed = [
        _keep(scenario, ExcludedNeed, "need", Need, needs),
        _keep(scenario, ExcludedBakery, "bakery", BakeryOffer, bakeries),
        _keep(scenario, ExcludedMill, "mill", MillOffer, mills),
    ]
    if any(changed):
        touch(scenario)
    return any(changed)


def _keep(
    scenario: Scenario,
    excluded: type[models.Model],
    name: str,
    model: type[models.Model],
    kept: Collection[int],
) -> bool:
    """Whether what is left out of one kind changed."""
    offered: Any = model._default_manager.filter(territory=scenario.territory, active=True)
    wanted = set(offered.values_list("pk", flat=True)) - set(kept)
    rows: Any = excluded._default_manager.filter(scenario=scenario)
    before = set(rows.values_list(f"{name}_id", flat=True))
    rows.filter(**{f"{name}_id__in": before - wanted}).delete()
    for pk in sorted(wanted - before):
        excluded._default_manager.create(scenario=scenario, **{f"{name}_id": pk})
    return wanted != before


def touch(scenario: Scenario) -> None:
    """What the plan depends on has changed."""
    Scenario.objects.filter(pk=scenario.pk).update(version=F("version") + 1)
    scenario.refresh_from_db()
