"""Addresses: how they are compared, checked, and shown without being disclosed."""

from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def normalise(address: str) -> str:
    """The form under which addresses are compared: trimmed, lower case."""
    return address.strip().lower()


def address_problem(text: str) -> str:
    """Why a text is not an address that can be written to, in French; "" when it is one."""
    address = text.strip()
    if not address:
        return "L’adresse électronique manque."
    if "," in address or ";" in address:
        return f"« {address} » contient plusieurs adresses : n’en gardez qu’une."
    try:
        validate_email(address)
    except ValidationError:
        return (
            f"« {address} » n’est pas une adresse électronique : "
            "elle s’écrit nom@domaine.fr, sans espace ni accent avant l’arobase."
        )
    return ""


def domain_of(sender: str) -> str:
    """The domain of « Name <user@domain> »; "localhost" when there is none."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
