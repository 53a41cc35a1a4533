"""What an import wrote, kept as JSON, and the way back.

An entry holds enough to recognise the record as the import left it: what was touched since is
never undone.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction

from restanque.accounts.models import Workspace
from restanque.directory.models import Canteen, Certification, Contact, Organisation, Tag
from restanque.directory.services.saving import erase_history, save

MODELS: dict[str, type[models.Model]] = {
    "organisation": Organisation,
    "contact": Contact,
    "canteen": Canteen,
    "certification": Certification,
}
REASON = "import défait"


class ChangedSinceError(ValueError):
    """Undoing would lose later work; the message says which, in French."""


class Journal:
    """Collects what is written for one row."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def created(self, record: models.Model) -> None:
        """A record that did not exist."""
        self._add("created", record, seen=snapshot(record))

    def updated(self, record: models.Model, before: Mapping[str, Any]) -> None:
        """A record that existed, with its `snapshot` from before."""
        after = snapshot(record)
        changed = [field for field, value in after.items() if before.get(field) != value]
        if changed:
            self._add(
                "updated",
                record,
                before={field: before.get(field) for field in changed},
                after={field: after[field] for field in changed},
            )

    def tagged(self, organisation: Organisation, tag: Tag) -> None:
        """A tag put on an organisation that did not have it."""
        self.entries.append({"op": "tagged", "organisation": organisation.pk, "tag": tag.pk})

    def as_json(self) -> dict[str, Any]:
        """The journal that `core.imports` keeps."""
        return {"entries": self.entries}

    def _add(self, op: str, record: models.Model, **more: Any) -> None:
        name = str(record._meta.model_name)
        self.entries.append({"op": op, "model": name, "pk": record.pk, **more})


def snapshot(record: models.Model) -> dict[str, Any]:
    """The record's columns as JSON values, without its key and its date of creation."""
    return {
        field.attname: _as_json(getattr(record, field.attname))
        for field in record._meta.concrete_fields
        if not field.primary_key and field.name != "created_at"
    }


def _as_json(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float) else str(value)


@transaction.atomic
def undo(journal: Mapping[str, Any], *, workspace: Workspace) -> None:
    """Undo a row, last write first. Raises ChangedSinceError; then nothing is undone."""
    for entry in reversed(list(journal["entries"])):
        if entry["op"] == "tagged":
            _untag(entry, workspace)
            continue
        record = _own(entry, workspace)
        if record is None:
            continue  # erased meanwhile (purged, or by hand): nothing is left to undo
        if entry["op"] == "created":
            _remove(record, entry["seen"])
        else:
            _restore(record, entry)


def _untag(entry: Mapping[str, Any], workspace: Workspace) -> None:
    organisation = Organisation.objects.filter(
        workspace=workspace, pk=entry["organisation"]
    ).first()
    if organisation is not None:
        organisation.tags.remove(entry["tag"])


def _own(entry: Mapping[str, Any], workspace: Workspace) -> models.Model | None:
    model = MODELS[entry["model"]]
    path = "workspace" if hasattr(model, "workspace") else "organisation__workspace"
    return model._default_manager.filter(**{path: workspace, "pk": entry["pk"]}).first()


def _remove(record: models.Model, seen: Mapping[str, Any]) -> None:
    if snapshot(record) != dict(seen):
        raise ChangedSinceError(f"« {record} » a été modifiée depuis l’import.")
    holders = list(_links(record))
    if holders:
        raise ChangedSinceError(f"« {record} » sert depuis l’import : {', '.join(holders)}.")
    pk = record.pk
    record.delete()
    erase_history(record, pk)


def _links(record: models.Model) -> Iterable[str]:
    """What other records point to it, in words."""
    for relation in record._meta.related_objects:
        related = relation.related_model
        count = related._base_manager.filter(**{relation.field.name: record.pk}).count()
        if count:
            yield f"{related._meta.verbose_name} ({count})"


def _restore(record: models.Model, entry: Mapping[str, Any]) -> None:
    current = snapshot(record)
    if any(current[field] != value for field, value in entry["after"].items()):
        raise ChangedSinceError(f"« {record} » a été modifiée depuis l’import.")
    fields = {field.attname: field for field in record._meta.concrete_fields}
    for name, value in entry["before"].items():
        setattr(record, name, fields[name].to_python(value))
    save(record, reason=REASON)
