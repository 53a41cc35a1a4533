"""A visitor's password: derived from its key and generation, stored nowhere."""

import base64
import hashlib
import hmac

from django.conf import settings
from django.utils.crypto import constant_time_compare

from restanque.surveys.models import Visitor

# 120 bits: out of reach of guessing, and short enough to be typed by hand on a phone.
_BYTES = 15
_GROUP = 4


def password_of(visitor: Visitor) -> str:
    """What the phone proves itself with: « k3mf-9zqa-… », six groups of four.

    HMAC-SHA256 cut to 120 bits, under a key derived from SECRET_KEY for this use alone.
    """
    key = hashlib.sha256(b"restanque.surveys.visitors:" + settings.SECRET_KEY.encode()).digest()
    mac = hmac.new(key, f"{visitor.pk}:{visitor.generation}".encode(), hashlib.sha256).digest()
    text = base64.b32encode(mac[:_BYTES]).decode().lower()
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def find_visitor(username: str, password: str) -> Visitor | None:
    """The active visitor these words open; None for any other words.

    One query whether it exists or not, and the password compared in constant time.
    """
    prefix, _, number = username.partition("-")
    known = prefix == "visiteur" and number.isascii() and number.isdigit() and len(number) < 18
    visitor = (
        Visitor.objects.active()
        .select_related("territory__workspace")
        .filter(pk=int(number) if known else 0)
        .first()
    )
    expected = password_of(visitor or Visitor(pk=0, generation=0))
    if not constant_time_compare(expected, password.strip().lower()) or visitor is None:
        return None
    return visitor
