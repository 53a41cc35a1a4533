"""One way to put values in a record: cleaned, checked, saved, with a reason in its history."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from restanque.accounts.models import User
from restanque.directory.identifiers import clean_phone, clean_siren, clean_siret
from restanque.kit.text import clean, search_key

M = TypeVar("M", bound=models.Model)

# Who is writing, when no web request says so to django-simple-history: a big import runs as a job.
_author: ContextVar[User | None] = ContextVar("author", default=None)


@contextmanager
def written_by(user: User | None) -> Iterator[None]:
    """Name in the history the person for whom these writes are made."""
    token = _author.set(user)
    try:
        yield
    finally:
        _author.reset(token)


_CLEANERS: dict[str, Callable[[str], str]] = {
    "siret": clean_siret,
    "central_producer_siret": clean_siret,
    "siren_unite_legale": clean_siren,
    "phone": clean_phone,
    "email": lambda text: text.strip().lower(),
    "address": clean,
    "postal_code": clean,
    "function": clean,
    "purpose": clean,
}
# The searched key that goes with each name.
_NAMES = ("name", "full_name")


def assign(instance: M, changes: Mapping[str, Any]) -> M:
    """Set fields from values as typed; raises ValidationError keyed by field."""
    problems: dict[str, str] = {}
    for field, value in changes.items():
        try:
            if field in _NAMES:
                value = clean(value)
                instance.name_key = search_key(value)  # type: ignore[attr-defined]
            elif field in _CLEANERS:
                value = _CLEANERS[field](value)
        except ValueError as error:
            problems[field] = str(error)
        setattr(instance, field, value)
    if problems:
        raise ValidationError(problems)
    return instance


def save(instance: M, *, reason: str = "") -> M:
    """Check everything, constraints included, then save."""
    instance.full_clean()
    # Read by django-simple-history and kept in the journal beside the values.
    instance._change_reason = reason or None  # type: ignore[attr-defined]
    author = _author.get()
    if author is not None:
        instance._history_user = author  # type: ignore[attr-defined]
    instance.save()
    return instance


def erase_history(instance: models.Model, pk: int) -> None:
    """Erase what the journal holds of a record: personal data must not survive there."""
    type(instance).history.filter(id=pk).delete()  # type: ignore[attr-defined]
