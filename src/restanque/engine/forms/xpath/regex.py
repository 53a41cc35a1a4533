"""Patterns written by form authors: Java's dialect, whole match, bounded in time and length."""

from __future__ import annotations

import functools

import regex

from restanque.engine.forms.xpath.errors import XPathError

#: Longest pattern and longest text examined, in characters.
MAX_PATTERN = 2_000
MAX_TEXT = 10_000

#: Java's classes are ASCII, whatever the language; only \\p{L} and its like know other letters.
_ASCII = {
    "d": "0-9",
    "s": r" \t\n\x0B\f\r",
    "w": "0-9A-Za-z_",
    "Alnum": "0-9A-Za-z",
    "Alpha": "A-Za-z",
    "ASCII": r"\x00-\x7F",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1F\x7F",
    "Digit": "0-9",
    "Graph": r"\x21-\x7E",
    "Lower": "a-z",
    "Print": r"\x20-\x7E",
    "Punct": r"\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E",
    "Space": r" \t\n\x0B\f\r",
    "Upper": "A-Z",
    "XDigit": "0-9A-Fa-f",
}
#: What Java and the ``regex`` module read differently, and what must be seen to find it.
_TOKEN = regex.compile(
    rf"""
      \\Q (?P<quoted>.*?) (?: \\E | \Z )
    | \\(?P<sign>[pP])\{{(?P<posix>{"|".join(_ASCII)})\}}
    | \\(?P<letter>[dDsSwW])
    | \\k<(?P<group>\w+)>
    | \\.
    | (?P<open>\[ \^? \]?)
    | (?P<close>\])
    | (?P<operator>--|\|\||~~)
    """,
    regex.VERBOSE | regex.DOTALL,
)


def matches(pattern: str, text: str, timeout: float) -> bool:
    """True when the whole of ``text`` matches, as ``java.util.regex.Pattern.matches``.

    Raises XPathError on a pattern that cannot be read, is too long, or runs out of time.
    """
    if len(text) > MAX_TEXT:
        raise XPathError(
            f"Le texte est trop long pour être comparé à un motif ({MAX_TEXT} caractères au plus)."
        )
    compiled = compile_pattern(pattern)
    try:
        return compiled.fullmatch(text, timeout=timeout) is not None
    except TimeoutError:
        raise XPathError(
            f"Le motif « {_shown(pattern)} » demande trop de temps : simplifiez-le "
            "(évitez une répétition à l’intérieur d’une répétition)."
        ) from None
    except MemoryError:
        raise XPathError(f"Le motif « {_shown(pattern)} » demande trop de mémoire.") from None


@functools.lru_cache(maxsize=512)
def compile_pattern(pattern: str) -> regex.Pattern[str]:
    """The compiled pattern. Raises XPathError with the place of the fault, in French."""
    if len(pattern) > MAX_PATTERN:
        raise XPathError(f"Le motif est trop long ({MAX_PATTERN} caractères au plus).")
    try:
        return regex.compile(_from_java(pattern), regex.VERSION1)
    except (regex.error, ValueError, OverflowError, RecursionError, MemoryError) as fault:
        place = getattr(fault, "pos", None)
        where = f" (vers le caractère {place + 1})" if isinstance(place, int) else ""
        raise XPathError(
            f"Le motif « {_shown(pattern)} » n’est pas une expression régulière valable{where}."
        ) from None


def _from_java(pattern: str) -> str:
    """The same pattern in the dialect of the ``regex`` module."""
    depth = 0  # of character classes

    def rewrite(found: regex.Match[str]) -> str:
        nonlocal depth
        text = str(found[0])
        if found["quoted"] is not None:
            return str(regex.escape(found["quoted"]))
        if name := found["posix"] or found["letter"]:
            negated = found["sign"] == "P" or name in "DSW"
            return f"[{'^' if negated else ''}{_ASCII.get(name) or _ASCII[name.lower()]}]"
        if found["group"]:
            return f"(?P={found['group']})"
        if found["open"]:
            depth += 1
            # "[[:" would open a POSIX class; in Java it is a set that holds a colon.
            return text + "\\" if depth > 1 and pattern[found.end() :][:1] == ":" else text
        if found["close"]:
            depth = max(depth - 1, 0)
        elif found["operator"] and depth:  # of sets in one dialect, plain text in the other
            return f"\\{text[0]}\\{text[1]}"
        return text

    return str(_TOKEN.sub(rewrite, pattern))


def _shown(pattern: str) -> str:
    return pattern if len(pattern) <= 60 else pattern[:59] + "…"
