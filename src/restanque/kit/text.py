"""How French readers write and search words, numbers and dates. Pure functions, no Django."""

import datetime as dt
import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
UNKNOWN = "–"
# A database refuses an expression of a thousand terms; nobody searches with so many words.
MAX_WORDS = 20

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})
_NOT_A_WORD = re.compile(r"[^0-9a-z]+")
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_UNITS = re.compile(r"(€|%|kg|km|g|l|ha|h|euros?)(/[a-zé]+|ht|ttc)?$", re.IGNORECASE)
_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
           "octobre", "novembre", "décembre")  # fmt: skip
_SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
                 "nov.", "déc.")  # fmt: skip
_TRUE = {"oui", "o", "vrai", "true", "1", "x", "yes", "y"}
_FALSE = {"non", "n", "faux", "false", "0", "no"}


def search_key(text: str) -> str:
    """Fold a text to unaccented lower-case words separated by one space.

    Databases fold ASCII only (or not at all), so searched columns keep this key beside the text.

    >>> search_key("L’Isle-sur-la-Sorgue")
    'l isle sur la sorgue'
    """
    folded = unicodedata.normalize("NFKD", text.translate(_LIGATURES).casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return _NOT_A_WORD.sub(" ", bare).strip()


def search_words(text: str) -> list[str]:
    """The folded words of a search, each once, the first twenty.

    >>> search_words("Saint-Rémy, saint")
    ['saint', 'remy']
    """
    return list(dict.fromkeys(search_key(text).split()))[:MAX_WORDS]


def record_number(text: str) -> int | None:
    """The number of a record as a form posts it; None for anything no database could hold."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def clean(text: str) -> str:
    """A typed or pasted text without control characters nor doubled or outer spaces."""
    visible = "".join(c for c in text if c.isspace() or not unicodedata.category(c).startswith("C"))
    return _SPACES.sub(" ", visible).strip()


def parse_number(text: str) -> Decimal:
    """The number a French reader understands: « 1 234,5 », « 1.234,50 € », « 12 % » (12).

    A comma is always decimal. A dot is decimal unless a comma follows it, or several dots group
    by three. Raises ValueError (French message) on anything ambiguous or unreadable.
    """
    bare = _SPACES.sub("", text).replace("’", "").replace("'", "").replace("−", "-")
    bare = _UNITS.sub("", bare)
    if "," in bare and "." in bare:
        if bare.rindex(",") < bare.rindex("."):
            raise ValueError(
                f"« {text} » se lit de deux façons : écrivez la virgule décimale seule."
            )
        bare = bare.replace(".", "")
    elif bare.count(".") > 1:
        if not re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", bare):
            raise ValueError(f"« {text} » n’est pas un nombre.")
        bare = bare.replace(".", "")
    bare = bare.replace(",", ".", 1)
    # Only plain ASCII digits: Decimal would also take « Infinity », « 1e5 » and « 1_0 ».
    if not re.fullmatch(r"[+-]?([0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})", bare):
        raise ValueError(f"« {text} » n’est pas un nombre.")
    try:
        return Decimal(bare)
    except InvalidOperation as error:  # pragma: no cover - the pattern already refuses it
        raise ValueError(f"« {text} » n’est pas un nombre.") from error


def parse_integer(text: str) -> int:
    """A whole number; « 12,0 » is one, « 12,5 » is not (ValueError, French message)."""
    number = parse_number(text)
    if number != number.to_integral_value():
        raise ValueError(f"« {text} » n’est pas un nombre entier.")
    return int(number)


def parse_boolean(text: str) -> bool:
    """oui / non (also vrai, faux, o, n, x, 1, 0); ValueError (French message) otherwise."""
    key = search_key(text)
    if key in _TRUE:
        return True
    if key in _FALSE:
        return False
    raise ValueError(f"« {text} » : écrivez oui ou non.")


#: What a typed date may be: nothing here is older, nor planned later.
FIRST_YEAR, LAST_YEAR = 1800, 2200


def parse_date(text: str) -> dt.date:
    """A day written 24/11/2026, 24.11.26, 2026-11-24, 24 novembre 2026 or 1er déc. 2026.

    Two-digit years are those from 1950 to 2049. The day always comes before the month, as in
    French; ValueError (French message) when the text is not a day of the calendar, or when its year
    is not one of `FIRST_YEAR` to `LAST_YEAR`.
    """
    day = _day_of(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        # What is counted from it would leave the calendar.
        raise ValueError(f"« {text} » : donnez une année de {FIRST_YEAR} à {LAST_YEAR}.")
    return day


def _day_of(text: str) -> dt.date:
    bare = _SPACES.sub(" ", text).strip()
    year_first = re.fullmatch(
        r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?", bare
    )
    day_first = re.fullmatch(
        r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})(?: [0-9:]+)?", bare
    )
    in_words = re.fullmatch(r"([0-9]{1,2})(?:er)? ([^\W\d]+)\.? ([0-9]{4})", bare)
    try:
        if year_first:
            return dt.date(*(int(part) for part in year_first.groups()))
        if day_first:
            day, month, year = (int(part) for part in day_first.groups())
            return dt.date(_full_year(year), month, day)
        if in_words:
            return dt.date(int(in_words[3]), _month(in_words[2]), int(in_words[1]))
    except ValueError as error:
        raise ValueError(f"« {text} » n’est pas un jour du calendrier.") from error
    raise ValueError(f"« {text} » n’est pas une date : écrivez jj/mm/aaaa.")


def _full_year(year: int) -> int:
    if year >= 100:
        return year
    return 2000 + year if year < 50 else 1900 + year


def _month(word: str) -> int:
    key = search_key(word)
    found = [
        i for i, name in enumerate(_MONTHS, 1) if len(key) >= 3 and search_key(name).startswith(key)
    ]
    if len(found) != 1:
        raise ValueError(word)
    return found[0]


def parse_telephone(text: str) -> str:
    """« 04 90 00 00 00 », from any usual writing; « +32 … » stays. ValueError (French message)."""
    bare = re.sub(r"[^0-9+]", "", text.replace("(0)", ""))
    bare = re.sub(r"^(\+33|0033)", "0", bare)
    if re.fullmatch(r"0[1-9][0-9]{8}", bare):
        return " ".join(bare[i : i + 2] for i in range(0, 10, 2))
    if re.fullmatch(r"\+[1-9][0-9]{6,14}", bare) or re.fullmatch(r"[13][0-9]{3}|1[0-9]{2}", bare):
        return bare
    raise ValueError(f"« {text} » n’est pas un numéro de téléphone.")


def format_number(value: Any, decimals: int = 0) -> str:
    """« 1 234,5 » with narrow no-break spaces, half rounded up; « – » when unknown.

    Grouping starts at 1 000, as in the look's tables.
    """
    if value is None or value == "":
        return UNKNOWN
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        return UNKNOWN
    # The usual context stops at 28 digits, and raises beyond.
    wide = Context(prec=max(28, exact.adjusted() + decimals + 2))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, wide)
    text = f"{abs(rounded):,f}".replace(",", NARROW_SPACE).replace(".", ",")
    return f"−{text}" if rounded < 0 else text


def format_percent(share: Any, decimals: int = 0) -> str:
    """A share between 0 and 1 as « 45 % »; « – » when unknown (no denominator)."""
    if share is None or share == "":
        return UNKNOWN
    return f"{format_number(Decimal(str(share)) * 100, decimals)}{NO_BREAK_SPACE}%"


def format_date(day: dt.date | None, *, long: bool = False) -> str:
    """« 24 nov. 2026 », or « 24 novembre 2026 » when long; « – » when unknown."""
    if day is None:
        return UNKNOWN
    month = (_MONTHS if long else _SHORT_MONTHS)[day.month - 1]
    return f"{'1er' if day.day == 1 else day.day}{NO_BREAK_SPACE}{month}{NO_BREAK_SPACE}{day.year}"


def plural(count: int, singular: str, plural_form: str = "") -> str:
    """« 3 communes », « 1 commune », « 0 commune »: French takes the plural from 2."""
    word = singular if abs(count) < 2 else plural_form or f"{singular}s"
    return f"{format_number(count)}{NO_BREAK_SPACE}{word}"


def safe_file_name(name: str) -> str:
    """A file name every system takes: unaccented, no separator, at most 80 characters."""
    stem = search_key(name).replace(" ", "-")[:80].strip("-")
    return stem or "document"
