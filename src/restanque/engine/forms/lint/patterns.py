"""Checks on the regular expressions of a form.

Two dangers: a pattern that Collect and other tools read differently (Collect wants the whole
value to match, Enketo a part of it), and a pattern that takes forever on some answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from restanque.engine.forms.xpath import XPathError, compile_pattern

_SECONDS = 0.05
_LENGTH = 32

PatternFault = Literal["", "invalid", "slow", "open"]


def pattern_fault(pattern: str) -> PatternFault:
    """What is wrong: "invalid", "slow", "open" (no ^…$), or nothing."""
    try:
        compiled = compile_pattern(pattern)
    except XPathError:
        return "invalid"
    if _is_ambiguous(pattern) or _is_slow(compiled, pattern):
        return "slow"
    text = pattern.strip()
    if not (text.startswith(("^", r"\A")) and text.endswith(("$", r"\Z", r"\z"))):
        return "open"
    return ""


def _is_slow(compiled: Any, pattern: str) -> bool:
    """Does it exceed its time on a text made to defeat it?"""
    named = [char for char in dict.fromkeys(pattern) if char.isalnum() or char in " -_./"][:12]
    for letter in dict.fromkeys([*"aA0 -.é@", *named]):
        try:
            compiled.fullmatch(letter * _LENGTH + "\x00", timeout=_SECONDS)
        except TimeoutError:
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Atom:
    """A character, class or group, with how often it comes. `branches`: what a group holds."""

    optional: bool
    unlimited: bool
    branches: tuple[tuple[_Atom, ...], ...] = ()


_TOKEN = re.compile(
    r"(?P<open>\((?:\?(?:[:=!>]|<[=!]|P?<\w+>|\w+:))?)|(?P<close>\))|(?P<or>\|)"
    r"|(?P<atom>\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[^()|])",
    re.S,
)
_QUANTIFIER = re.compile(r"(?P<sign>[*+?]|\{(?P<least>\d*)(?P<comma>,?)(?P<most>\d*)\})[?+]?")


def _is_ambiguous(pattern: str) -> bool:
    """An unlimited repetition of what is itself, in the main, an unlimited repetition: the same
    text can be cut in too many ways, as in `(\\w+\\s?)*`."""
    return any(
        atom.unlimited and any(_is_loose(branch) for branch in atom.branches)
        for branch in _read(pattern)
        for atom in _below(branch)
    )


def _below(branch: tuple[_Atom, ...]) -> Iterator[_Atom]:
    for atom in branch:
        yield atom
        for inner in atom.branches:
            yield from _below(inner)


def _is_loose(branch: tuple[_Atom, ...]) -> bool:
    """Can a text be matched by one unlimited repetition of this branch alone?"""
    for index, atom in enumerate(branch):
        alone = all(other.optional for other in branch[:index] + branch[index + 1 :])
        if alone and (atom.unlimited or any(_is_loose(inner) for inner in atom.branches)):
            return True
    return False


def _read(pattern: str) -> tuple[tuple[_Atom, ...], ...]:
    """The pattern's alternatives. Only its skeleton is read: what repeats, and what is inside."""
    stack: list[list[list[_Atom]]] = [[[]]]
    place = 0
    while place < len(pattern):
        token = _TOKEN.match(pattern, place)
        if token is None:
            break
        place = token.end()
        if token["open"]:
            stack.append([[]])
        elif token["or"]:
            stack[-1].append([])
        else:
            inner: tuple[tuple[_Atom, ...], ...] = ()
            if token["close"] and len(stack) > 1:
                inner = tuple(tuple(branch) for branch in stack.pop())
            quantifier = _QUANTIFIER.match(pattern, place)
            place = quantifier.end() if quantifier is not None else place
            anchor = token["atom"] in ("^", "$", r"\b", r"\A", r"\Z")
            stack[-1][-1].append(_atom(quantifier, inner, anchor=anchor))
    return tuple(tuple(branch) for branch in stack[0])


def _atom(
    quantifier: re.Match[str] | None, branches: tuple[tuple[_Atom, ...], ...], *, anchor: bool
) -> _Atom:
    if quantifier is None:
        return _Atom(optional=anchor, unlimited=False, branches=branches)
    sign = quantifier["sign"]
    counted = sign.startswith("{")
    endless = counted and bool(quantifier["comma"]) and not quantifier["most"]
    return _Atom(
        optional=sign in "*?" or (counted and quantifier["least"] in ("", "0")),
        unlimited=sign in "*+" or endless,
        branches=branches,
    )
