"""One way to save a record of the room."""

from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def save(instance: M, *, reason: str = "") -> M:
    """`full_clean`, then save, with a reason in the history."""
    instance.full_clean()
    instance._change_reason = reason or None  # type: ignore[attr-defined]
    instance.save()
    return instance
