"""Chance. Draws come from the environment; a seed given by the form makes them repeatable."""

from __future__ import annotations

import hashlib
import math
import string
from random import Random
from uuid import UUID

from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.functions.registry import eager
from restanque.engine.forms.xpath.nodes import Node
from restanque.engine.forms.xpath.values import Value, inner_text, nodes_of, to_number

_LETTERS = string.ascii_letters + string.digits
_MAX_LETTERS = 1_000
_MODULUS = 2**31 - 1
_MULTIPLIER = 16807


def _random(context: Context, function: str) -> Random:
    source = context.environment.random
    if source is None:
        raise XPathError(f"« {function} » ne peut pas tirer au sort ici.")
    return source


@eager("random", 0, 0)
def _random_number(context: Context) -> Value:
    return _random(context, "random()").random()


@eager("uuid", 0, 1)
def _uuid(context: Context, length: Value | None = None) -> Value:
    """A version 4 UUID, or that many letters and digits."""
    source = _random(context, "uuid()")
    if length is None:
        return str(UUID(int=source.getrandbits(128), version=4))
    count = to_number(length, context.environment)
    if count != count or count < 1:
        return ""
    if count > _MAX_LETTERS:
        raise XPathError(f"« uuid() » donne {_MAX_LETTERS} caractères au plus.")
    return "".join(source.choices(_LETTERS, k=int(count)))


@eager("randomize", 1, 2)
def _randomize(context: Context, value: Value, seed: Value | None = None) -> Value:
    nodes = list(nodes_of(value, "randomize()"))
    if seed is None:
        _random(context, "randomize()").shuffle(nodes)
        return nodes
    return shuffled(nodes, _seed(context, seed))


def _seed(context: Context, value: Value) -> int:
    """A number is cut to an integer; a text that is no number is hashed, as ODK does."""
    number = to_number(value, context.environment)
    if math.isfinite(number):
        return int(number)
    text = inner_text(value)
    if number == number or text in ("", "NaN"):
        return 0
    return int.from_bytes(
        hashlib.sha256(text.encode(errors="replace")).digest()[:8], "big", signed=True
    )


def shuffled(nodes: list[Node], seed: int) -> list[Node]:
    """Inside-out Fisher-Yates drawn by the Park-Miller generator: the order of every engine
    that follows the ODK XForms specification."""
    state = int(math.fmod(seed, _MODULUS))  # of the sign of the seed, as elsewhere
    if state <= 0:
        state += _MODULUS - 1
    mixed: list[Node] = []
    for place, node in enumerate(nodes):
        state = state * _MULTIPLIER % _MODULUS
        target = int((state - 1) / (_MODULUS - 1) * (place + 1))
        mixed.append(node)
        mixed[place] = mixed[target]
        mixed[target] = node
    return mixed
