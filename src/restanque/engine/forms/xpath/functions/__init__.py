"""The functions of ODK forms, by family. Importing this package fills the table."""

from restanque.engine.forms.xpath.functions import (
    choices,
    dates,
    encoding,
    geography,
    logic,
    nodes,
    numbers,
    outside,
    randomness,
    signature,
    texts,
)
from restanque.engine.forms.xpath.functions.registry import FUNCTIONS, Function, find_function

__all__ = [
    "FUNCTIONS",
    "Function",
    "choices",
    "dates",
    "encoding",
    "find_function",
    "geography",
    "logic",
    "nodes",
    "numbers",
    "outside",
    "randomness",
    "signature",
    "texts",
]
