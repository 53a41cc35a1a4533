"""Digests and base 64."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.functions.registry import eager
from restanque.engine.forms.xpath.values import Value, inner_text

_ALGORITHMS = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}


@eager("digest", 2, 3)
def _digest(context: Context, text: Value, algorithm: Value, encoding: Value = "base64") -> Value:
    name = _ALGORITHMS.get(inner_text(algorithm).upper())
    if name is None:
        raise XPathError(
            f"« digest() » ne connaît pas « {inner_text(algorithm)} » : "
            f"choisissez {', '.join(_ALGORITHMS)}."
        )
    form = inner_text(encoding).lower()
    if form not in ("base64", "hex"):
        raise XPathError("« digest() » écrit en « base64 » ou en « hex ».")
    # Asked by name in the form; a fingerprint of answers, not a protection.
    digest = hashlib.new(name, inner_text(text).encode(errors="replace"), usedforsecurity=False)
    return digest.hexdigest() if form == "hex" else base64.b64encode(digest.digest()).decode()


@eager("base64-decode", 1, 1)
def _base64_decode(context: Context, text: Value) -> Value:
    """The UTF-8 text that is encoded. As JavaRosa: what is no sign of base 64 is passed over, and
    a text without its final « = » is no base 64: empty."""
    encoded = re.sub(r"[^A-Za-z0-9+/=]", "", inner_text(text))
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return raw.decode(errors="replace")
