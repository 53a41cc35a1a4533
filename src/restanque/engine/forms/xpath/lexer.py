"""From characters to tokens, with French messages for the faults that form authors make."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, TypeAlias

from restanque.engine.forms.xpath.errors import XPathError

#: Longest source accepted, in characters: far above what an XLSForm cell (32,767) can become.
MAX_LENGTH = 200_000

Kind: TypeAlias = Literal["number", "literal", "operator", "name", "star", "end"]


class Token(NamedTuple):
    """A token and where it starts; ``star`` is a ``*`` that stands for any name."""

    kind: Kind
    text: str
    position: int


_NAME = r"[^\W\d][\w.\-·]*"
_TOKEN = re.compile(
    rf"""
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<literal>"[^"]*"|'[^']*')
    | (?P<operator>::|//|\.\.|!=|<=|>=|[()\[\]@,|+\-=<>*/.])
    | (?P<name>{_NAME}(?::(?!:)(?:{_NAME}|\*))?)
    """,
    re.VERBOSE,
)
_BLANK = re.compile(r"[ \t\r\n]*")
_WORD_OPERATORS = ("and", "or", "div", "mod")
_ENDS_OPERAND = frozenset({")", "]", ".", ".."})


def tokenize(source: str) -> list[Token]:
    """The tokens of ``source``, closed by an ``end`` token. Raises XPathError.

    As in JavaRosa, ``1and 2`` and ``1 mod2`` need no blank around a word operator.
    """
    if len(source) > MAX_LENGTH:
        raise XPathError(
            f"L’expression est trop longue ({len(source)} caractères, {MAX_LENGTH} au plus).",
            source=source,
        )
    tokens: list[Token] = []
    position = _skip_blanks(source, 0)
    while position < len(source):
        token = _next_token(source, position, after_operand=_is_operand(tokens))
        tokens.append(token)
        position = _skip_blanks(source, position + len(token.text))
    tokens.append(Token("end", "", len(source)))
    return tokens


def _skip_blanks(source: str, position: int) -> int:
    match = _BLANK.match(source, position)
    return match.end() if match else position


def _is_operand(tokens: list[Token]) -> bool:
    if not tokens:
        return False
    last = tokens[-1]
    return last.kind in ("number", "literal", "name", "star") or last.text in _ENDS_OPERAND


def _next_token(source: str, position: int, *, after_operand: bool) -> Token:
    match = _TOKEN.match(source, position)
    if match is None or match.lastgroup is None:
        raise XPathError(_explain(source, position), position=position, source=source)
    kind, text = match.lastgroup, match.group()
    if kind == "name" and after_operand:
        # A name cannot follow an operand: only a word operator can, glued or not to what follows.
        for operator in _WORD_OPERATORS:
            if text.startswith(operator):
                return Token("operator", operator, position)
        raise XPathError(f"Un opérateur manque avant « {text} ».", position=position, source=source)
    if kind == "operator":
        if text == "*" and not after_operand:
            return Token("star", text, position)
        return Token("operator", text, position)
    if kind == "number":
        return Token("number", text, position)
    return Token("literal" if kind == "literal" else "name", text, position)


def _explain(source: str, position: int) -> str:
    """Why no token starts here, in words an author can act on."""
    character = source[position]
    if character in "‘’“”„«»`´":
        return (
            f"Guillemet typographique « {character} » : mettez une apostrophe droite (') ou "
            'un guillemet droit (") autour des textes.'
        )
    if character in "'\"":
        return "Un texte entre guillemets n’est pas refermé."
    if source.startswith("${", position):
        return "La référence « ${…} » n’a pas été remplacée par un chemin."
    if character == "$":
        return "Les variables « $nom » n’existent pas dans les formulaires ODK."
    if character in "–—−":
        return f"Tiret « {character} » : pour soustraire, mettez le signe moins du clavier (-)."
    if character in "\u00a0\u202f\u2009":
        return "Espace insécable : remplacez-la par une espace ordinaire."
    hints = {
        "&": "« & » n’existe pas : écrivez « and ».",
        "!": "« ! » n’existe pas : écrivez « not(…) » ou « != ».",
        "%": "« % » n’existe pas : écrivez « mod » pour le reste d’une division.",
        "≠": "« ≠ » n’existe pas : écrivez « != ».",
        "≤": "« ≤ » n’existe pas : écrivez « <= ».",
        "≥": "« ≥ » n’existe pas : écrivez « >= ».",
        "×": "« × » n’existe pas : écrivez « * ».",
        "÷": "« ÷ » n’existe pas : écrivez « div ».",
        ";": "Point-virgule inattendu : les arguments se séparent par des virgules.",
    }
    return hints.get(character, f"Caractère inattendu « {character} ».")
