"""Numbers that identify organisations: SIREN, SIRET, telephone. Pure functions.

SIREN and SIRET carry a Luhn check digit (INSEE). La Poste (SIREN 356000000) has more
establishments than the key allows: theirs only add up to a multiple of five.
"""

import re

from restanque.kit.text import parse_telephone

LA_POSTE_SIREN = "356000000"

_SPACING = re.compile(r"[\s\u00a0\u202f.\-]+")


class IdentifierError(ValueError):
    """A number that cannot be what it claims to be; the message is in French, for the reader."""


def luhn_is_valid(digits: str) -> bool:
    """Whether the last digit agrees with the others under Luhn's rule."""
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + rank % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def clean_siret(text: str) -> str:
    """The 14 digits of a SIRET typed with or without spaces; `""` stays empty.

    Raises IdentifierError when there are not 14 digits or when the check digit is wrong.
    """
    digits = _SPACING.sub("", text)
    if not digits:
        return ""
    if not digits.isdecimal() or len(digits) != 14:
        raise IdentifierError(
            f"« {text} » n’est pas un SIRET : il faut 14 chiffres"
            + (f", il y en a {len(digits)}." if digits.isdecimal() else ".")
        )
    if luhn_is_valid(digits):
        return digits
    if digits.startswith(LA_POSTE_SIREN) and sum(map(int, digits)) % 5 == 0:
        return digits
    raise IdentifierError(
        f"« {text} » n’est pas un SIRET : la clé de contrôle est fausse. "
        "Vérifiez qu’aucun chiffre n’a été changé ou inversé."
    )


def clean_siren(text: str) -> str:
    """The 9 digits of a SIREN; same behaviour as `clean_siret`."""
    digits = _SPACING.sub("", text)
    if not digits:
        return ""
    if not digits.isdecimal() or len(digits) != 9:
        raise IdentifierError(f"« {text} » n’est pas un SIREN : il faut 9 chiffres.")
    if not luhn_is_valid(digits):
        raise IdentifierError(f"« {text} » n’est pas un SIREN : la clé de contrôle est fausse.")
    return digits


def siren_of(siret: str) -> str:
    """The legal unit of an establishment: the first nine digits."""
    return siret[:9]


def display_siret(siret: str) -> str:
    """A SIRET as people read it: « 211 300 272 00013 »."""
    return f"{siret[:3]}\u00a0{siret[3:6]}\u00a0{siret[6:9]}\u00a0{siret[9:]}" if siret else ""


def clean_phone(text: str) -> str:
    """A telephone number in one form: « 04 90 99 00 00 » in France, « +32… » elsewhere.

    Repairs the first zero that a spreadsheet drops when it takes the number for an integer.
    Raises ValueError (French message).
    """
    stripped = text.strip()
    if not stripped:
        return ""
    digits = _SPACING.sub("", stripped)
    if re.fullmatch(r"[1-9][0-9]{8}", digits):
        stripped = f"0{digits}"
    return parse_telephone(stripped)
