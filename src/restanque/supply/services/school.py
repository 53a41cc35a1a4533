"""Writes on the school calendar, and the days of service it gives to needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from restanque.accounts.models import Workspace
from restanque.kit.text import format_number
from restanque.supply.models import Need, SchoolBreak
from restanque.supply.school import Rhythm, ServiceDays, Zone
from restanque.supply.services.saving import save
from restanque.territories.models import Territory


@transaction.atomic
def save_break(
    *,
    territory: Territory,
    zone: str,
    name: str,
    starts_on: date,
    resumes_on: date | None,
    source: str,
    today: date,
) -> dict[str, Any]:
    """Add or change one break, to be checked by somebody; returns what undoes it."""
    known = SchoolBreak.objects.filter(territory=territory, zone=zone, starts_on=starts_on).first()
    before = None
    if known is not None:
        before = {
            "resumes_on": known.resumes_on and known.resumes_on.isoformat(),
            "name": known.name,
            "source": known.source,
            "checked": known.checked,
        }
    one = known or SchoolBreak(territory=territory, zone=zone, starts_on=starts_on)
    one.name, one.resumes_on, one.source = name, resumes_on, source
    one.imported_on, one.checked = today, False
    one.full_clean()
    one.save()
    return {"break": one.pk, "resumes_on": resumes_on and resumes_on.isoformat(), "before": before}


@transaction.atomic
def withdraw_break(*, journal: Mapping[str, Any], workspace: Workspace) -> bool:
    """Put back what `save_break` changed; False when somebody changed it since."""
    one = SchoolBreak.objects.filter(pk=journal["break"], territory__workspace=workspace).first()
    if one is None:
        return True
    if (one.resumes_on and one.resumes_on.isoformat()) != journal["resumes_on"] or one.checked:
        return False
    before = journal["before"]
    if before is None:
        one.delete()
        return True
    one.resumes_on = date.fromisoformat(before["resumes_on"]) if before["resumes_on"] else None
    one.name, one.source, one.checked = before["name"], before["source"], before["checked"]
    one.save()
    return True


@transaction.atomic
def check_calendar(*, territory: Territory, zone: str, checked: bool) -> int:
    """Say that somebody compared a zone's breaks with the official calendar, or take it back."""
    return SchoolBreak.objects.filter(territory=territory, zone=zone).update(checked=checked)


@transaction.atomic
def fill_days(*, territory: Territory, zone: str, days: ServiceDays) -> int:
    """Give these days to the needs whose days nobody told; how many. Runs again harmlessly.

    What was answered or typed stays; days counted before on a calendar are brought up to date.
    """
    doubt = territory.school_breaks.filter(zone=zone, checked=False).exists()
    basis = (
        f"calendrier scolaire {Zone(zone).label} {days.year.label}, "
        f"{Rhythm(days.rhythm).label}, {format_number(days.holidays, 1)} fériés ôtés"
        f"{', à vérifier' if doubt else ''}"
    )
    changed = 0
    for need in Need.objects.filter(territory=territory).order_by("pk"):
        told = need.days_per_year is not None and not need.days_basis
        if told or "days_per_year" in need.overrides:
            continue
        if (need.days_per_year, need.days_basis) == (days.whole, basis):
            continue
        need.days_per_year, need.days_basis = days.whole, basis
        save(need, reason="jours comptés sur le calendrier scolaire")
        changed += 1
    return changed
