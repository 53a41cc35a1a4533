"""One way to save a record: checked whole, with a reason in its history."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def save(instance: M, *, reason: str = "") -> M:
    """`full_clean`, then save."""
    instance.full_clean()
    instance._change_reason = reason or None  # type: ignore[attr-defined]
    instance.save()
    return instance


def change_by_hand(instance: M, changes: Mapping[str, Any]) -> M:
    """Set what a person typed, and remember which fields they are: drawing leaves them alone."""
    overrides = set(instance.overrides)  # type: ignore[attr-defined]
    for name, value in changes.items():
        if getattr(instance, name) != value:
            setattr(instance, name, value)
            overrides.add(name)
    instance.overrides = sorted(overrides)  # type: ignore[attr-defined]
    return instance


def draw(instance: M, values: Mapping[str, Any]) -> list[str]:
    """Set what a source says, except what was typed by hand; the names of fields that changed."""
    kept: Iterable[str] = instance.overrides  # type: ignore[attr-defined]
    changed = [
        name
        for name, value in values.items()
        if name not in kept and getattr(instance, name) != value
    ]
    for name in changed:
        setattr(instance, name, values[name])
    return changed
