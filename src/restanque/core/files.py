"""Private files: safe names, checked uploads, answers that a browser cannot execute."""

import uuid
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse
from django.template.defaultfilters import filesizeformat

MEGABYTE = 1024 * 1024
_RESERVED = frozenset(':*?"<>|')

# Extension → what the first bytes must be (empty: text, no signature).
SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "xlsx": (b"PK\x03\x04",),
    "ods": (b"PK\x03\x04",),
    "docx": (b"PK\x03\x04",),
    "xls": (b"\xd0\xcf\x11\xe0",),
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "wav": (b"RIFF",),
    "ogg": (b"OggS",),
    "webm": (b"\x1aE\xdf\xa3",),
    **dict.fromkeys(
        # The size of the first box, then its name.
        ("m4a", "mp4", "mov"),
        tuple(bytes((0, 0, 0, n)) + b"ftyp" for n in range(8, 128)),
    ),
    "geojson": (),
    "ics": (),
    "xml": (),
    "csv": (),
    "json": (),
    "txt": (),
}
TABULAR = ("xlsx", "ods", "xls", "csv", "txt")
PROOFS = ("pdf", "png", "jpg", "jpeg")


def private_path(instance: Any, filename: str) -> str:
    """Where a private file is stored: an unguessable name, which says nothing of its content.

    The name that people see is a field beside it, checked by `safe_name`.
    """
    suffix = PurePath(filename).suffix.lower()
    folder = f"{instance._meta.app_label}/{instance._meta.model_name}"
    key = uuid.uuid4().hex
    return f"{folder}/{key[:2]}/{key}{suffix if suffix[1:].isalnum() else ''}"


def safe_name(name: str, *, default: str = "fichier") -> str:
    """A file name without path, control or reserved characters, at most 120 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    bare = "".join(c for c in last if c.isprintable() and c not in _RESERVED)
    path = PurePath(" ".join(bare.split()))
    suffix = path.suffix[:12]
    stem = path.stem.strip(". ") or default
    return f"{stem[: 120 - len(suffix)]}{suffix}"


def check_upload(
    upload: "UploadedFile[Any]", *, extensions: tuple[str, ...], max_bytes: int = 10 * MEGABYTE
) -> str:
    """The upload's safe name, once its size, extension and first bytes are accepted.

    Raises ValidationError, in French, when it is too big, empty, of another kind, or not what
    its extension says.
    """
    name = safe_name(upload.name or "")
    size = upload.size or 0
    if not size:
        raise ValidationError(f"Le fichier « {name} » est vide.")
    if size > max_bytes:
        raise ValidationError(
            f"Le fichier « {name} » pèse {filesizeformat(size)} : "
            f"la limite est de {filesizeformat(max_bytes)}."
        )
    extension = PurePath(name).suffix[1:].lower()
    if extension not in extensions:
        raise ValidationError(
            f"Le fichier « {name} » n’est pas d’un type accepté : {', '.join(extensions)}."
        )
    head = upload.read(16)
    upload.seek(0)
    signatures = SIGNATURES[extension]
    wrong = not head.startswith(signatures) if signatures else b"\0" in head
    # UTF-16 text has zero bytes and starts by its mark.
    if wrong and not (not signatures and head.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise ValidationError(
            f"Le contenu de « {name} » ne correspond pas à un fichier .{extension} : "
            "enregistrez-le de nouveau dans ce format, puis redéposez-le."
        )
    return name


def show_picture(data: bytes, *, content_type: str) -> HttpResponse:
    """Answer with a picture that a page shows, as nothing but a picture. The caller has checked
    who asks, its signature (`check_upload`), and that its address changes with its content."""
    if not content_type.startswith("image/") or "svg" in content_type:
        raise ValueError(f"{content_type} is not shown in a page")
    response = HttpResponse(data, content_type=content_type)
    response["Cache-Control"] = "private, max-age=604800, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def serve(file: File[bytes], *, name: str) -> FileResponse:
    """Answer with a private file, always as a download. The caller has checked who asks."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=safe_name(name))
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
