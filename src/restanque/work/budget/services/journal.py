"""What an import wrote, kept as JSON, and the way back: what was touched since is never undone."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from restanque.accounts.models import Workspace
from restanque.work.models import (
    Amendment,
    BudgetLine,
    Commitment,
    Contract,
    Instalment,
    Invoice,
    PlannedAmount,
    StaffYear,
    Subsidy,
)
from restanque.work.services.saving import save

_MODELS: dict[str, type[models.Model]] = {
    str(model._meta.model_name): model
    for model in (
        Amendment,
        BudgetLine,
        Commitment,
        Contract,
        Instalment,
        Invoice,
        PlannedAmount,
        StaffYear,
        Subsidy,
    )
}


class ChangedSinceError(ValueError):
    """Undoing would lose later work; the message says which, in French."""


def made(*records: models.Model) -> dict[str, Any]:
    """The journal of a row that made these, in this order."""
    return {
        "made": [
            {"model": one._meta.model_name, "pk": one.pk, "seen": _snapshot(one)} for one in records
        ]
    }


def replanned(plan: PlannedAmount, before: Decimal) -> dict[str, Any]:
    """The journal of a row that changed what was planned."""
    return {"planned": plan.pk, "before": str(before), "after": str(plan.amount_ht)}


@transaction.atomic
def undo(journal: Mapping[str, Any], *, workspace: Workspace) -> None:
    """Take back a row. Raises ChangedSinceError; then nothing is undone."""
    if "planned" in journal:
        _restore(journal, workspace)
    for entry in reversed(list(journal.get("made", ()))):
        model = _MODELS[entry["model"]]
        path: str = model.territory_path  # type: ignore[attr-defined]
        own = model._default_manager.filter(**{f"{path}__workspace": workspace})
        record = own.filter(pk=entry["pk"]).first()
        if record is None:
            continue  # taken away meanwhile: nothing is left to undo
        if _snapshot(record) != entry["seen"]:
            raise ChangedSinceError(f"« {record} » a été modifié depuis l’import.")
        holders = list(_links(record))
        if holders:
            raise ChangedSinceError(f"« {record} » sert depuis l’import : {', '.join(holders)}.")
        record._change_reason = "import défait"  # type: ignore[attr-defined]
        record.delete()


def _restore(journal: Mapping[str, Any], workspace: Workspace) -> None:
    plan = PlannedAmount.objects.filter(
        line__budget__territory__workspace=workspace, pk=journal["planned"]
    ).first()
    if plan is None:
        return
    if plan.amount_ht != Decimal(journal["after"]):
        raise ChangedSinceError(f"« {plan} » a été modifié depuis l’import.")
    plan.amount_ht = Decimal(journal["before"])
    save(plan, reason="import défait")


def _snapshot(record: models.Model) -> dict[str, str]:
    # Read again: what was just assigned is not yet written as the database keeps it.
    kept = type(record)._default_manager.get(pk=record.pk)
    return {
        field.attname: str(getattr(kept, field.attname)) for field in kept._meta.concrete_fields
    }


def _links(record: models.Model) -> Iterable[str]:
    """What other records point to it, in words."""
    for relation in record._meta.related_objects:
        related = relation.related_model
        count = related._base_manager.filter(**{relation.field.name: record.pk}).count()
        if count:
            yield f"{related._meta.verbose_name} ({count})"
