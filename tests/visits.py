"""Visits of every address of the world: who opens, what is said, what changed in the tables."""

import hashlib
import io
import zipfile
from functools import cache
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.urls import reverse

from tests.acts import acts
from tests.addresses import Address
from tests.conftest import StrictClient
from tests.world import World

# Table → key of each row → a mark of its values.
Snapshot = dict[str, dict[Any, bytes]]


def snapshot() -> Snapshot:
    """Every row of every table of ours, as a fingerprint. Sessions are not ours.

    Read without models: this is done after each visit.
    """
    tables: Snapshot = {}
    with connection.cursor() as cursor:
        for label, table, key in our_tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            place = [column[0] for column in cursor.description].index(key)
            tables[label] = {row[place]: fingerprint(row) for row in cursor.fetchall()}
    return tables


@cache
def our_tables() -> list[tuple[str, str, str]]:
    """(label, table, column of the key) of our models, histories and links included."""
    return [
        (model._meta.label, model._meta.db_table, str(model._meta.pk.column))
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("restanque.") and model._meta.managed
    ]


def fingerprint(row: tuple[Any, ...]) -> bytes:
    """A short mark of a row's values; binary ones may come as memory views."""
    values = [bytes(value) if isinstance(value, memoryview) else value for value in row]
    return hashlib.blake2b(repr(values).encode(), digest_size=12).digest()


def changes(before: Snapshot, after: Snapshot) -> set[str]:
    """« core.Job 3 changed », « core.Job 4 new »… between two snapshots."""
    found = set()
    for label, rows in after.items():
        old = before[label]
        found |= {f"{label} {pk} gone" for pk in old.keys() - rows.keys()}
        found |= {f"{label} {pk} new" for pk in rows.keys() - old.keys()}
        found |= {f"{label} {pk} changed" for pk in rows.keys() & old.keys() if rows[pk] != old[pk]}
    return found


class Visitor:
    """Somebody of the cast (or anonymous, or a respondent) who opens addresses and posts."""

    def __init__(self, world: World, cookie: str = "") -> None:
        self.world = world
        self.client = StrictClient()
        if cookie:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = cookie

    def url(self, address: Address, **other: Any) -> str:
        """The address with the arguments of the world."""
        kwargs = self.world.kwargs_of(address.name, address.route, list(address.parameters))
        return reverse(address.name, kwargs=kwargs | other)

    def get(self, address: Address, query: str = "", **other: Any) -> Any:
        """Open it."""
        return read(self.client.get(f"{self.url(address, **other)}?{query}"))

    def post(self, address: Address, **other: Any) -> Any:
        """Post what somebody entitled would post."""
        data = acts(self.world).get(address.name, {}).copy()
        query = data.pop("?", "")
        return read(self.client.post(f"{self.url(address, **other)}?{query}", data))


def read(response: Any) -> Any:
    """The response with its whole `body`: reading a file to its end closes it."""
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def words_of(response: Any) -> str:
    """All that a response says: its text, its headers, the texts inside a workbook or a PDF."""
    content = response.body
    said = [str(response.headers), *(m.message for m in _messages(response))]
    if content.startswith(b"PK"):
        said += _texts_in(content)
    elif content.startswith(b"%PDF") and len(content) > 200:
        from pypdf import PdfReader

        said += [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    else:
        said.append(content.decode("utf-8", "replace"))
    return "\n".join(said)


def _texts_in(content: bytes) -> list[str]:
    """The texts of an archive, those of the documents that it holds included."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    inner = [text for part in parts if part.startswith(b"PK") for text in _texts_in(part)]
    return [part.decode("utf-8", "replace") for part in parts] + inner


def _messages(response: Any) -> Any:
    return (response.context or {}).get("messages", ()) if response.context else ()


def leaks(response: Any, *marks: str) -> list[str]:
    """Those of the marks that the response holds, however they are written."""
    text = words_of(response)
    return [
        mark
        for mark in marks
        if mark in text or quote(mark) in text or mark.encode("unicode-escape").decode() in text
    ]
