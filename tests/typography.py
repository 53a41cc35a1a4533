"""French typography of what people read: the faults of a text, with where and what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NO_BREAK = "\u00a0\u202f"
# Stands for what a template computes: something is there, nobody knows what.
VALUE = "\u00a4"

_LETTER = f"[A-Za-zÀ-ÖØ-öø-ÿœŒ{VALUE}]"
_WORD_END = f"[A-Za-zÀ-ÖØ-öø-ÿœŒ0-9)%’»€{VALUE}]"
_RULES = (
    (re.compile(f"{_LETTER}'{_LETTER}"), "apostrophe ’ attendue"),
    (re.compile(f"{_WORD_END} +[;?!»]"), "espace insécable attendue avant ce signe"),
    (re.compile(f"{_WORD_END} +:(?= |$|<)"), "espace insécable attendue avant « : »"),
    (re.compile(f"{_WORD_END}[;?!»]"), "espace insécable manquante avant ce signe"),
    (re.compile(f"{_WORD_END}:(?= |$)"), "espace insécable manquante avant « : »"),
    (re.compile(f"«[^{NO_BREAK}]"), "espace insécable attendue après «"),
    (re.compile(r"\.\.\."), "points de suspension … attendus"),
    (re.compile(f'(?:^| )"{_LETTER}'), "guillemets « » attendus"),
)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|\w+);")

_COMMENT = re.compile(r"{#.*?#}|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|<!--.*?-->", re.S)
_CODE = re.compile(r"<(script|style|code|pre)\b.*?</\1>", re.S)
_LITERAL = re.compile(r'(?:default|default_if_none|yesno|title|text|label|help)[:=]"([^"]*)"')
_TAG_OR_VALUE = re.compile(r"{%.*?%}|{{.*?}}", re.S)
_READ = re.compile(
    r"\b(?:title|lede|label|alt|placeholder|aria-label|count|text|source|unit|compare|data-label)"
    r'="([^"]*)"'
)
_ELEMENT = re.compile(r"<[^<>]*>", re.S)


@dataclass(frozen=True)
class Fault:
    """One fault: line (from 1), what is wrong, and the words around."""

    line: int
    what: str
    around: str

    def __str__(self) -> str:
        return f"{self.line}: {self.what} : …{self.around}…"


def faults_of(text: str, line: int = 1) -> list[Fault]:
    """The faults of a plain text that starts at this line."""
    text = text.replace("&nbsp;", "\u00a0").replace("&#8239;", "\u202f").replace("&#160;", "\u00a0")
    text = _ENTITY.sub(VALUE, text)
    found = []
    for rule, what in _RULES:
        for match in rule.finditer(text):
            around = text[max(0, match.start() - 25) : match.end() + 15].replace("\n", " ")
            found.append(Fault(line + text.count("\n", 0, match.start()), what, around))
    return found


def faults_of_template(path: Path) -> list[Fault]:
    """The faults of what a template shows: its text, and the attributes that are read."""
    return [
        fault for line, text in _texts(path.read_text("utf-8")) for fault in faults_of(text, line)
    ]


# An elision with a straight apostrophe, a sign after an ordinary space: French beyond doubt.
_SURE = (
    re.compile(r"\b(?:[ldnsjcmt]|qu|jusqu|lorsqu|puisqu)'[aeiouyhàâéèêëîïôûùœ]", re.I),
    re.compile(r"[a-zàâéèêëîïôûùœ)»’] [?!;»](?:\s|$)|[a-zàâéèêëîïôûùœ)»’] :(?:\s|$)|« "),
)


def faults_of_words(text: str) -> list[str]:
    """The faults of a string of the code, when it surely is French; may miss some."""
    return [
        f"« {text[max(0, match.start() - 20) : match.end() + 20]} »"
        for rule in _SURE
        for match in rule.finditer(text)
    ]


def _texts(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each piece of text that somebody reads."""
    bare = _blank(_blank(source, _COMMENT), _CODE)
    for match in _TAG_OR_VALUE.finditer(bare):
        for literal in _LITERAL.finditer(match.group()):
            yield _line(bare, match.start()), literal[1]
    shown = _TAG_OR_VALUE.sub(_placeholder, bare)
    for attribute in _READ.finditer(shown):
        yield _line(shown, attribute.start()), attribute[1]
    yield 1, _blank(shown, _ELEMENT, keep=" ")


def _placeholder(match: "re.Match[str]") -> str:
    """A value is something; a tag is nothing. Line breaks stay, so that lines can be counted."""
    breaks = "\n" * match.group().count("\n")
    return (VALUE if match.group().startswith("{{") else "") + breaks


def _blank(text: str, pattern: "re.Pattern[str]", keep: str = "") -> str:
    return pattern.sub(lambda match: keep + "\n" * match.group().count("\n"), text)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
