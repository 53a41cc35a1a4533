"""A file as a download."""

from pathlib import PurePath

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from restanque.kit.text import safe_file_name

CONTENT_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".csv": "text/csv; charset=utf-8",
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".geojson": "application/geo+json",
    ".zip": "application/zip",
}


def file_response(data: bytes, filename: str, *, inline: bool = False) -> HttpResponse:
    """A download under a name that every system takes; `inline` lets the browser show it."""
    path = PurePath(filename)
    suffix = path.suffix.lower()
    response = HttpResponse(
        data, content_type=CONTENT_TYPES.get(suffix, "application/octet-stream")
    )
    disposition = content_disposition_header(not inline, f"{safe_file_name(path.stem)}{suffix}")
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
