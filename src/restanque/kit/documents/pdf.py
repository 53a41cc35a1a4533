"""PDF by typst: tagged (PDF/UA-1), numbered pages, the look's fonts, no system library."""

import datetime as dt
import json
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
BASE = HERE / "base.typ"

_MAIN = """#import "base.typ": *
#show: restanque
#include "body.typ"
"""


class PdfError(ValueError):
    """typst refused the document: an author's mistake, never a user's."""


def render_pdf(
    source: str,
    data: Mapping[str, Any] | None = None,
    *,
    title: str,
    created_at: dt.datetime,
    author: str = "Restanque",
    fictitious: bool = False,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """A PDF from typst text that starts with `#import "base.typ": *`.

    `data` is the variable `data` of the text (dates and decimals become strings); `files` are
    pictures it may name, SVG or PNG. Header, page numbers and the « Données fictives » mark are put
    by the base, whatever the text does. Every picture needs its `alt`: PDF/UA-1 refuses it
    otherwise (PdfError).
    """
    with tempfile.TemporaryDirectory(prefix="restanque-pdf-") as folder:
        root = Path(folder)
        (root / "base.typ").write_bytes(BASE.read_bytes())
        (root / "main.typ").write_text(_MAIN, encoding="utf-8")
        (root / "body.typ").write_text(source, encoding="utf-8")
        plain = json.dumps(data or {}, default=_plain, ensure_ascii=False)
        (root / "data.json").write_text(plain, encoding="utf-8")
        for name, content in (files or {}).items():
            (root / Path(name).name).write_bytes(content)
        try:
            pdf = typst.compile(
                str(root / "main.typ"),
                root=str(root),
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=["1.7", "ua-1"],
                timestamp=created_at,
                sys_inputs={
                    "title": title,
                    "author": author,
                    "fictitious": "yes" if fictitious else "",
                },
            )
        except typst.TypstError as error:
            raise PdfError(f"{error.message} {' '.join(error.hints)}".strip()) from error
    if not isinstance(pdf, bytes):  # pragma: no cover - a PDF is always one file
        raise PdfError("typst gave no document.")
    return pdf


def _plain(value: Any) -> str:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} cannot be put in a document.")
