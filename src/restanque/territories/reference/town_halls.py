"""Town halls (address, hours, telephone, generic e-mail, site), from the DILA directory."""

import json
import re
from typing import Any

from restanque.territories.reference.tables import Rows

TOWN_HALL_COLUMNS: dict[str, type] = {
    "commune": str,
    "address": str,
    "telephone": str,
    "email": str,
    "website": str,
    "opening_hours": str,
}

_EMAIL = re.compile(r"[^@\s;,<>]+@[^@\s;,<>]+\.[A-Za-z]{2,}")
_DOMAIN = re.compile(r"[A-Za-z0-9.-]+\.[A-Za-z]{2,}(/\S*)?")
# Two-letter days of the OpenStreetMap `opening_hours` syntax, an open format.
_DAYS = {
    "lundi": "Mo",
    "mardi": "Tu",
    "mercredi": "We",
    "jeudi": "Th",
    "vendredi": "Fr",
    "samedi": "Sa",
    "dimanche": "Su",
}


def town_hall_rows(rows: list[dict[str, str]], current: set[str]) -> Rows:
    """One row per commune of `current` of which the directory says anything."""
    cleaned = (_town_hall(row) for row in rows if row["code"] in current)
    return [hall for hall in cleaned if any(v for k, v in hall.items() if k != "commune")]


def _town_hall(row: dict[str, str]) -> dict[str, Any]:
    return {
        "commune": row["code"],
        "address": row["mairie_adresse"].strip(),
        "telephone": telephone(row["mairie_telephone"]),
        "email": email(row["mairie_email"]),
        "website": website(row["mairie_site"]),
        "opening_hours": opening_hours(row["mairie_horaires"]),
    }


def telephone(text: str) -> str:
    """A French number in pairs, ten digits or a four-digit short one (« 30 13 » in Marseille).

    Empty when digits are missing: a partial number cannot be called.
    """
    digits = re.sub(r"\D", "", text)
    if not re.fullmatch(r"0[1-9]\d{8}|[13]\d{3}", digits):
        return ""
    return " ".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def email(text: str) -> str:
    """The address, lower case, or empty when it is not one."""
    return text.strip().lower() if _EMAIL.fullmatch(text.strip()) else ""


def website(text: str) -> str:
    """An http(s) address, with the scheme the source forgot; empty when it is something else."""
    text = text.strip()
    if re.match(r"https?://\S+$", text):
        return text
    return f"https://{text}" if _DOMAIN.fullmatch(text) else ""


def opening_hours(text: str) -> str:
    """Hours in OpenStreetMap syntax, e.g. ``Mo-Th 08:00-12:00,13:30-17:00; Fr 08:00-12:00``.

    The source holds JSON: ``[[first day, last day, [[open, close], …]], …]``, the last day being
    empty for a single day. Empty when absent.
    """
    if not text or text == r"\N":
        return ""
    spans = []
    for first, last, slots in json.loads(text):
        days = _DAYS[first] if last in {first, ""} else f"{_DAYS[first]}-{_DAYS[last]}"
        hours = ",".join(f"{start[:5]}-{end[:5]}" for start, end in slots)
        spans.append(f"{days} {hours}")
    return "; ".join(spans)
