"""Writes on the public page: what it says, when it is open, its documents, the themes offered."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count

from restanque.core import files
from restanque.kit.text import clean, plural, search_key
from restanque.procedures.models import Procedure, PublicDocument, PublicPage, Theme
from restanque.procedures.services.saving import save

#: What may be put online: read by everybody, executed by nobody.
DOCUMENTS = ("pdf", "docx", "xlsx", "ods", "csv", "png", "jpg", "jpeg", "geojson")
HEAVIEST_DOCUMENT = 50 * files.MEGABYTE
MOST_THEMES = 20


class PageFields(TypedDict, total=False):
    """What may be written of a page."""

    slug: str
    title: str
    intro: str
    contact_email: str
    takes_contributions: bool
    contributions_until: date | None
    shows_contributions: bool
    steps: list[str]
    purge_on: date


@transaction.atomic
def prepare_page(
    *, procedure: Procedure, fictitious: bool | None = None, **fields: Unpack[PageFields]
) -> PublicPage:
    """The page of a procedure, closed. `fictitious` None: as the procedure."""
    return save(
        PublicPage(
            procedure=procedure,
            fictitious=procedure.fictitious if fictitious is None else fictitious,
            **fields,
        )
    )


@transaction.atomic
def change_page(*, page: PublicPage, **fields: Unpack[PageFields]) -> PublicPage:
    """Change what it says. ValidationError: an open page keeps its address."""
    if page.opened and fields.get("slug", page.slug) != page.slug:
        raise ValidationError(
            {"slug": "La page est ouverte : son adresse a été donnée, elle ne change plus."}
        )
    values: dict[str, Any] = dict(fields)
    for name, value in values.items():
        setattr(page, name, value)
    return save(page, reason="modifiée")


@transaction.atomic
def open_page(*, page: PublicPage, on: date) -> PublicPage:
    """Let anybody read it. ValidationError when the personal data would be erased already."""
    if page.purge_on <= on:
        raise ValidationError(
            "La date de conservation est passée : donnez-en une nouvelle avant d’ouvrir la page."
        )
    page.opened, page.closed_on = True, None
    page.opened_on = page.opened_on or on
    return save(page, reason="ouverte")


@transaction.atomic
def close_page(*, page: PublicPage, on: date) -> PublicPage:
    """Nobody reads it any more; all it holds is kept."""
    page.opened, page.closed_on = False, on
    return save(page, reason="fermée")


@transaction.atomic
def put_online(
    *, page: PublicPage, title: str, upload: "UploadedFile[Any]", on: date
) -> PublicDocument:
    """A document that the page shows from that day."""
    name = files.check_upload(upload, extensions=DOCUMENTS, max_bytes=HEAVIEST_DOCUMENT)
    return save(
        PublicDocument(
            page=page,
            title=title,
            file=upload,
            file_name=name,
            file_size=upload.size or 0,
            online_on=on,
        )
    )


@transaction.atomic
def withdraw(*, document: PublicDocument, on: date) -> PublicDocument:
    """The page shows it no more; it is kept, with both dates."""
    document.withdrawn_on = max(on, document.online_on)
    return save(document, reason="retiré")


@transaction.atomic
def set_themes(*, procedure: Procedure, names: Sequence[str]) -> list[Theme]:
    """The themes offered, in this order. ValidationError: one that is used is not taken away."""
    wanted: dict[str, str] = {}
    for name in names:
        shown = clean(name)
        if shown:
            wanted.setdefault(search_key(shown), shown)
    if len(wanted) > MOST_THEMES:
        raise ValidationError(f"{MOST_THEMES} thèmes au plus : regroupez-les.")
    known = {one.name_key: one for one in procedure.themes.annotate(used=Count("contributions"))}
    for key, theme in known.items():
        if key in wanted:
            continue
        if theme.used:
            raise ValidationError(
                f"Le thème « {theme} » classe {plural(theme.used, 'contribution')} : gardez-le, ou "
                "classez-les d’abord autrement."
            )
        theme.delete()
    kept = []
    for position, (key, name) in enumerate(wanted.items(), start=1):
        one = known.get(key) or Theme(procedure=procedure, name_key=key)
        one.name, one.position = name, position
        kept.append(save(one))
    return kept
