"""The short code of a letter: typed from paper, it opens the same personal link.

`12-7KQM-4T9X-R2WD`: the invitation's number, then 60 bits of HMAC in an alphabet without look-alike
letters. Enough against guessing one by one over the network, and stored nowhere, like the link.
"""

import hashlib
import hmac

from django.conf import settings
from django.utils.crypto import constant_time_compare

from restanque.surveys.models import Invitation

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: neither I, L, O nor U
_LENGTH = 12  # characters of 5 bits
_LOOK_ALIKES = str.maketrans("OIL", "011")


def code_of(invitation: Invitation) -> str:
    """The code to print on the letter; a new generation of the link changes it too."""
    secret = _secret(invitation.pk, invitation.generation)
    groups = [secret[start : start + 4] for start in range(0, _LENGTH, 4)]
    return f"{invitation.pk}-{'-'.join(groups)}"


def find_by_code(text: str) -> Invitation | None:
    """The invitation of a code, however it was typed (case, spaces, O for 0); None otherwise."""
    number, _, rest = "".join(text.split()).upper().partition("-")
    secret = rest.replace("-", "").translate(_LOOK_ALIKES)
    if not number.isascii() or not number.isdigit() or len(number) > 18 or len(secret) != _LENGTH:
        return None
    invitation = Invitation.objects.filter(pk=int(number)).first()
    expected = _secret(int(number), invitation.generation if invitation is not None else 0)
    if not constant_time_compare(expected, secret) or invitation is None:
        return None
    return invitation


def address_key(address: str) -> str:
    """Names an address in keys and links without disclosing it (48 bits of HMAC)."""
    return _digest("address", address.strip().lower()).hex()[:12]


def _secret(pk: int, generation: int) -> str:
    bits = int.from_bytes(_digest("code", f"{pk}:{generation}")[:8], "big") >> 4
    return "".join(_ALPHABET[bits >> (5 * rank) & 31] for rank in range(_LENGTH))


def _digest(use: str, text: str) -> bytes:
    key = hashlib.sha256(f"restanque.surveys.{use}:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
