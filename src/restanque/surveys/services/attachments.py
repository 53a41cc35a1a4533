"""Files joined to an answer: checked, named once in the answer, erased with their question."""

import hashlib
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from restanque.core.files import check_upload
from restanque.engine.forms import Session
from restanque.surveys.attaching import accepted_files
from restanque.surveys.models import Attachment, Response
from restanque.surveys.posting import Reading

MAX_FILES = 20


def take_files(response: Response, session: Session, reading: Reading) -> dict[str, str]:
    """Store the files of a posted page and name them in the answer; faults by question.

    Call inside the transaction of the save. What is removed leaves the disk when it commits.
    """
    faults: dict[str, str] = {}
    for path in reading.removals:
        _drop_file(response, session.value(path))
        session.set(path, "")
    for path, upload in reading.uploads.items():
        accepted = accepted_files(session.form.question(path)).extensions
        try:
            attachment = _attach(response, path, upload, accepted)
        except ValidationError as error:
            faults[path] = " ".join(error.messages)
            continue
        _drop_file(response, session.value(path))
        session.set(path, attachment.name)
    return faults


def _attach(
    response: Response, path: str, upload: "UploadedFile[Any]", extensions: tuple[str, ...]
) -> Attachment:
    name = check_upload(upload, extensions=extensions)
    taken = set(response.attachments.values_list("name", flat=True))
    if len(taken) >= MAX_FILES:
        raise ValidationError(f"Au plus {MAX_FILES} fichiers par réponse.")
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    attachment = Attachment(
        response=response,
        path=path,
        name=_free_name(name, taken),
        file=upload,
        size=upload.size or 0,
        content_type=(upload.content_type or "")[:100] or "application/octet-stream",
        sha256=digest.hexdigest(),
    )
    attachment.full_clean(exclude=["response"])
    attachment.save()
    return attachment


def _free_name(name: str, taken: set[str]) -> str:
    stem, suffix, rank = PurePath(name).stem, PurePath(name).suffix, 1
    while name in taken:
        rank += 1
        name = f"{stem}-{rank}{suffix}"
    return name


def _drop_file(response: Response, name: str) -> None:
    attachment = response.attachments.filter(name=name).first() if name else None
    if attachment is not None:
        delete_attachment(attachment)


def delete_attachment(attachment: Attachment) -> None:
    """Erase a joined file: its row now, its bytes when the transaction commits."""
    storage, name = attachment.file.storage, attachment.file.name or ""
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(name))
