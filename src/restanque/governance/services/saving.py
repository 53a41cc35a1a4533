"""One way to save a record of the room."""

from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models.fields.files import FieldFile

from restanque.core import files

M = TypeVar("M", bound=models.Model)


def save(instance: M, *, reason: str = "") -> M:
    """`full_clean`, then save, with a reason in the history."""
    instance.full_clean()
    instance._change_reason = reason or None  # type: ignore[attr-defined]
    instance.save()
    return instance


def assign(instance: models.Model, values: Any) -> None:
    """Put the values of a TypedDict on a record."""
    for name, value in dict(values).items():
        setattr(instance, name, value)


def attach(
    instance: models.Model, field: str, name_field: str, upload: "UploadedFile[Any] | None"
) -> None:
    """Put a proof on a record; None keeps the file there is. The former file goes on commit."""
    if upload is None:
        return
    old: FieldFile = getattr(instance, field)
    if old.name:
        name, storage = old.name, old.storage
        transaction.on_commit(lambda: storage.delete(name))
    setattr(instance, name_field, files.check_upload(upload, extensions=files.PROOFS))
    setattr(instance, field, upload)


def discard(file: FieldFile) -> None:
    """Erase a file once the transaction is done."""
    if file.name:
        name, storage = file.name, file.storage
        transaction.on_commit(lambda: storage.delete(name))
