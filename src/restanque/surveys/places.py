"""Points, lines and outlines as people type them, and as XForms stores them (degrees, WGS84)."""

import re

_MARKS = str.maketrans(
    {"º": "°", "˚": "°", "′": "'", "’": "'", "‘": "'", "″": '"', "”": '"', "“": '"', "−": "-"}
    | dict.fromkeys("\u00a0\u202f\u2009\t", " ")
)
_NUMBER = r"[+-]?\d+(?:[.,]\d+)?"
# « 43°40'36" N », « N 43.67 », « 4,62 ° E »: at least a degree sign or a letter.
_ANGLE = re.compile(
    rf"""(?P<before>[NSEWO])?\s*(?P<degrees>{_NUMBER})\s*°?\s*
    (?:(?P<minutes>\d+(?:[.,]\d+)?)\s*'(?!')\s*)?
    (?:(?P<seconds>\d+(?:[.,]\d+)?)\s*(?:"|'')\s*)?
    (?P<after>[NSEWO](?![A-Z]))?""",
    re.VERBOSE,
)
_SEVERAL = re.compile(r"[;\s]+|,\s+")


def read_point(typed: str) -> str | None:
    """« latitude longitude » in decimal degrees, or None when it is not understood.

    Understands « 43,67 4,62 », « 43.67, 4.62 », « 43,67 ; 4,62 », « 43°40'36" N 4°37'12" E »
    (O or W for west), and points with altitude and accuracy, which are kept.
    """
    text = _tidy(typed)
    if re.search(r"[°'\"NSEWO]", text):
        return _read_angles(text)
    parts = [part for part in _SEVERAL.split(text.strip(" ,;")) if part]
    if len(parts) == 1:
        parts = _split_commas(parts[0])
    numbers = [_number(part) for part in parts]
    if not 2 <= len(numbers) <= 4 or None in numbers:
        return None
    return " ".join(str(number) for number in numbers)


def read_angle(typed: str) -> str | None:
    """One coordinate in decimal degrees: « 43,67 », « 4°37'12" E », « 4.62 O » (negative)."""
    text = _tidy(typed)
    match = _ANGLE.fullmatch(text.strip())
    return _degrees(match)[0] if match else None


def read_fields(latitude: str, longitude: str) -> str:
    """A point typed in two fields; a whole point pasted in the first is understood too.

    What is not understood comes back as typed, for the type check to refuse with a sentence.
    """
    if not longitude.strip():
        return read_point(latitude) or latitude.strip()
    north, east = read_angle(latitude), read_angle(longitude)
    if north is None or east is None:
        return f"{latitude.strip()} {longitude.strip()}".strip()
    return f"{north} {east}"


def split_fields(value: str) -> tuple[str, str]:
    """A stored point as its two fields hold it; what is no point stays whole in the first."""
    parts = value.split()
    if len(parts) in (2, 3, 4) and all(_number(part) is not None for part in parts):
        return parts[0].replace(".", ","), parts[1].replace(".", ",")
    return value, ""


def read_line(typed: str, *, closed: bool) -> str:
    """One point a line (or between semicolons), as XForms stores a trace or an outline.

    An outline is closed when its author did not. What is not understood comes back stripped.
    """
    rows = [row for row in re.split(r"[\r\n]+|;", typed) if row.strip()]
    points = [read_point(row) for row in rows]
    if not points or None in points:
        return typed.strip()
    found = [point for point in points if point]
    if closed and len(found) > 2 and found[0].split()[:2] != found[-1].split()[:2]:
        found.append(found[0])
    return "; ".join(found)


def line_as_typed(value: str) -> str:
    """A stored trace or outline, one point a line."""
    return "\n".join(point.strip() for point in value.split(";") if point.strip())


def point_in_words(value: str) -> str:
    """« 43,67° N, 4,62° E », or the value when it is no point."""
    parts = [_number(part) for part in value.split()[:2]]
    if len(parts) != 2 or parts[0] is None or parts[1] is None:
        return value
    north, east = float(parts[0]), float(parts[1])
    return (
        f"{_comma(abs(north))}°\u00a0{'N' if north >= 0 else 'S'}, "
        f"{_comma(abs(east))}°\u00a0{'E' if east >= 0 else 'O'}"
    )


def _tidy(typed: str) -> str:
    return typed.translate(_MARKS).strip().upper()


def _read_angles(text: str) -> str | None:
    found = list(_ANGLE.finditer(text))
    rest = text
    for match in found:
        rest = rest.replace(match[0], " ", 1)
    if len(found) != 2 or rest.strip(" ,;/"):
        return None
    (first, is_east), (second, other_is_east) = (_degrees(match) for match in found)
    if is_east is not None and other_is_east is not None and is_east == other_is_east:
        return None
    if is_east or other_is_east is False:
        first, second = second, first
    return f"{first} {second}"


def _degrees(match: re.Match[str]) -> tuple[str, bool | None]:
    """Decimal degrees, and whether they are to the east or west (None: nothing said)."""
    letter = match["before"] or match["after"] or ""
    whole = float(_plain(match["degrees"]))
    part = float(_plain(match["minutes"] or "0")) / 60
    part += float(_plain(match["seconds"] or "0")) / 3600
    angle = whole + (part if whole >= 0 and not match["degrees"].startswith("-") else -part)
    if letter in ("S", "W", "O") and letter:
        angle = -abs(angle)
    if not part and letter not in ("S", "W", "O"):
        return _plain(match["degrees"]), (letter == "E") if letter else None
    return f"{angle:.7f}".rstrip("0").rstrip("."), letter in ("E", "W", "O") if letter else None


def _split_commas(text: str) -> list[str]:
    """« 43.67,4.62 » and « 43,67,4,62 »: the comma that separates, and the decimal ones."""
    pieces = text.split(",")
    if len(pieces) == 4:
        return [",".join(pieces[:2]), ",".join(pieces[2:])]
    # « 43,67 » alone is one number.
    return pieces if "." in text else [text]


def _number(text: str) -> str | None:
    return _plain(text) if re.fullmatch(_NUMBER, text) else None


def _plain(text: str) -> str:
    return text.replace(",", ".").lstrip("+")


def _comma(number: float) -> str:
    return f"{number:.5f}".rstrip("0").rstrip(".").replace(".", ",")
