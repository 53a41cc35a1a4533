"""``extract-signed()``: the message of a signed code (QR codes of identity cards), if it is true.

Ed25519 (RFC 8032) in whole numbers: it only checks public signatures, so that the time it takes
(some milliseconds) tells nothing secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TypeAlias

from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.functions.registry import eager
from restanque.engine.forms.xpath.values import Value, inner_text

_SIGNATURE_BYTES = 64
_KEY_BYTES = 32
_FIELD = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_CURVE = -121665 * pow(121666, -1, _FIELD) % _FIELD
_SQRT_MINUS_ONE = pow(2, (_FIELD - 1) // 4, _FIELD)

#: Extended coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z.
_Point: TypeAlias = tuple[int, int, int, int]


@eager("extract-signed", 2, 2)
def _extract_signed(context: Context, contents: Value, key: Value) -> Value:
    """The text after the signature; empty unless ``key`` signed it. Both come in base 64."""
    signed, public = _decoded(inner_text(contents)), _decoded(inner_text(key))
    signature, message = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
    return message.decode(errors="replace") if is_signed(message, signature, public) else ""


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def is_signed(message: bytes, signature: bytes, key: bytes) -> bool:
    """Did the owner of ``key`` sign ``message``?"""
    if len(signature) != _SIGNATURE_BYTES or len(key) != _KEY_BYTES:
        return False
    public, commitment = _point(key), _point(signature[:32])
    response = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or response >= _ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(digest, "little") % _ORDER
    return _equal(_times(response, _BASE), _plus(commitment, _times(challenge, public)))


def _plus(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _FIELD
    b = (one[1] + one[0]) * (other[1] + other[0]) % _FIELD
    c = 2 * one[3] * other[3] * _CURVE % _FIELD
    d = 2 * one[2] * other[2] % _FIELD
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _FIELD, g * h % _FIELD, f * g % _FIELD, e * h % _FIELD


def _times(factor: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = _plus(total, point)
        point = _plus(point, point)
        factor >>= 1
    return total


def _equal(one: _Point, other: _Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % _FIELD == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % _FIELD == 0


def _point(encoded: bytes) -> _Point | None:
    """The point whose y, and sign of x, are written; None when there is none."""
    number = int.from_bytes(encoded, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if y >= _FIELD:
        return None
    square = (y * y - 1) * pow(_CURVE * y * y + 1, -1, _FIELD) % _FIELD
    x = pow(square, (_FIELD + 3) // 8, _FIELD)
    if (x * x - square) % _FIELD:
        x = x * _SQRT_MINUS_ONE % _FIELD
    if (x * x - square) % _FIELD or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _FIELD - x
    return x, y, 1, x * y % _FIELD


def _base_point() -> _Point:
    y = 4 * pow(5, -1, _FIELD) % _FIELD
    base = _point(y.to_bytes(32, "little"))
    if base is None:
        raise AssertionError("the base point of the curve exists")
    return base


_BASE = _base_point()
