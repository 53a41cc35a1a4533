"""Writes of an import on facts, and how each is taken back."""

from datetime import date
from typing import Any, Unpack

from django.db import transaction

from restanque.accounts.models import User, Workspace
from restanque.procedures.models import Procedure, ProcedureFact, Target
from restanque.procedures.services.facts import FactFields, record_fact, remove_fact
from restanque.procedures.services.procedures import set_target


@transaction.atomic
def import_fact(
    *,
    procedure: Procedure,
    step: str,
    happened_on: date,
    by: User | None,
    **fields: Unpack[FactFields],
) -> dict[str, Any]:
    """Record a fact; the journal (JSON) that `withdraw_fact` takes."""
    target = Target.objects.filter(procedure=procedure, step=step).first()
    fact = record_fact(procedure=procedure, step=step, happened_on=happened_on, by=by, **fields)
    return {"fact": fact.pk, "target": target.wished_on.isoformat() if target else ""}


@transaction.atomic
def withdraw_fact(*, journal: dict[str, Any], workspace: Workspace) -> bool:
    """Take an imported fact back, with the date that was aimed at before; False when changed since.

    A fact already removed by hand is no obstacle: there is nothing left to take back.
    """
    fact = (
        ProcedureFact.objects.filter(procedure__territory__workspace=workspace, pk=journal["fact"])
        .select_related("procedure")
        .first()
    )
    if fact is None:
        return True
    if fact.history.count() > 1:
        return False
    procedure, step = fact.procedure, fact.step
    remove_fact(fact=fact)
    left = procedure.facts.filter(step=step).exists()
    if journal["target"] and not left and not procedure.targets.filter(step=step).exists():
        wished = date.fromisoformat(journal["target"])
        set_target(procedure=procedure, step=step, wished_on=wished)
    return True
