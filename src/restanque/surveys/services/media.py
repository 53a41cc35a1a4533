"""Writes on the files of a questionnaire: join, replace, remove, while the version is a draft."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from restanque.accounts.models import User
from restanque.core.files import MEGABYTE, check_upload
from restanque.engine.forms import FormError, parse_form
from restanque.surveys.definitions import form_of, media_of
from restanque.surveys.media import DATA, EXTENSIONS, content_type_of, extension_of
from restanque.surveys.models import QuestionnaireMedia, QuestionnaireVersion
from restanque.surveys.models.questionnaires import VersionStatus

MAX_BYTES = 5 * MEGABYTE
MAX_TOTAL = 25 * MEGABYTE


@transaction.atomic
def join_media(
    *, version: QuestionnaireVersion, upload: "UploadedFile[Any]", by: User | None = None
) -> QuestionnaireMedia:
    """Join a file that the form names to a draft; one of the same name is replaced.

    Raises ValidationError, in French: published version, name that the form does not ask for,
    size, type, contents that are not what the extension says, list that cannot be read.
    """
    locked = _locked_draft(version)
    name = _wanted_name(locked, check_upload(upload, extensions=EXTENSIONS, max_bytes=MAX_BYTES))
    data = upload.read()
    _check_total(locked, name, len(data))
    if extension_of(name) in DATA:
        _check_list(locked, name, data)
    media = _store(locked, name, data, by)
    _stamp(locked, version)
    return media


@transaction.atomic
def remove_media(*, version: QuestionnaireVersion, name: str) -> None:
    """Take a file out of a draft. Raises ValidationError on a published version."""
    locked = _locked_draft(version)
    locked.media.filter(name=name).delete()
    _stamp(locked, version)


def carry_over(
    *, version: QuestionnaireVersion, files: Iterable[QuestionnaireMedia]
) -> list[QuestionnaireMedia]:
    """Join to a new draft the files of an older version that it still names.

    Call inside the transaction that makes the draft. A list that the new form cannot read is
    left out: the page of the version says that it is missing.
    """
    try:
        names = set(form_of(version).media_names) if version.xform else set()
    except FormError:
        return []
    kept = []
    for file in files:
        if file.name not in names:
            continue
        data = bytes(file.content)
        try:
            if extension_of(file.name) in DATA:
                _check_list(version, file.name, data)
        except ValidationError:
            continue
        kept.append(_store(version, file.name, data, file.uploaded_by))
    if kept:
        _stamp(version, version)
    return kept


def _locked_draft(version: QuestionnaireVersion) -> QuestionnaireVersion:
    # Serialises concurrent joins, and a publication by somebody else.
    locked = QuestionnaireVersion.objects.select_for_update().get(pk=version.pk)
    if locked.status == VersionStatus.PUBLISHED:
        raise ValidationError(
            "Cette version est publiée\u00a0: ses fichiers ne changent plus. "
            "Déposez le questionnaire de nouveau pour en faire une nouvelle version."
        )
    return locked


def _wanted_name(version: QuestionnaireVersion, name: str) -> str:
    """The name as the form writes it; capitals do not matter to whoever joins the file."""
    try:
        names = form_of(version).media_names
    except FormError as error:
        raise ValidationError(
            "Corrigez d’abord le questionnaire\u00a0: tant qu’il a cette erreur, on ne sait pas "
            f"quels fichiers il demande. {error}"
        ) from error
    found = next((wanted for wanted in names if wanted.casefold() == name.casefold()), None)
    if found is not None:
        return found
    if not names:
        raise ValidationError("Ce questionnaire ne demande aucun fichier.")
    listed = ", ".join(f"«\u00a0{wanted}\u00a0»" for wanted in names)
    raise ValidationError(
        f"Le questionnaire ne demande pas de fichier «\u00a0{name}\u00a0». "
        f"Il demande\u00a0: {listed}. Renommez votre fichier, ou corrigez son nom dans le "
        "questionnaire."
    )


def _check_total(version: QuestionnaireVersion, name: str, size: int) -> None:
    others = version.media.exclude(name=name).values_list("size", flat=True)
    if sum(others) + size > MAX_TOTAL:
        raise ValidationError(
            "Les fichiers d’un questionnaire pèsent au plus "
            f"{MAX_TOTAL // MEGABYTE} Mo en tout\u00a0: réduisez les images."
        )


def _check_list(version: QuestionnaireVersion, name: str, data: bytes) -> None:
    try:
        parse_form(version.xform, media={**media_of(version), name: data})
    except FormError as error:
        raise ValidationError(str(error)) from error


def _store(
    version: QuestionnaireVersion, name: str, data: bytes, by: User | None
) -> QuestionnaireMedia:
    version.media.filter(name=name).delete()
    media = QuestionnaireMedia(
        version=version,
        name=name,
        content=data,
        content_type=content_type_of(name),
        size=len(data),
        # What the OpenRosa protocol compares; no secret is protected by it.
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=by,
    )
    media.full_clean(exclude=["content"])
    media.save()
    return media


def _stamp(locked: QuestionnaireVersion, caller: QuestionnaireVersion) -> None:
    """Note what files the version now has: parsed forms are kept by it."""
    digest = hashlib.sha256()
    files = list(locked.media.order_by("name").values_list("name", "sha256"))
    for name, sha256 in files:
        digest.update(f"{name}\0{sha256}\0".encode())
    locked.media_sha256 = caller.media_sha256 = digest.hexdigest() if files else ""
    locked.save(update_fields=["media_sha256"])
