"""The one error of this package."""

from __future__ import annotations

import re

_SPACE_BEFORE_SIGN = re.compile(r" (?=[:;?!»])|(?<=«) ")


class XPathError(ValueError):
    """An expression that cannot be read, or cannot be evaluated.

    ``message`` is a French sentence meant for the author of the form, with the no-break spaces
    that French puts beside its signs; ``position`` is the zero-based character of ``source``
    where the fault was met, or None when it has no place (faults of evaluation).
    """

    def __init__(
        self, message: str, *, position: int | None = None, source: str | None = None
    ) -> None:
        self.message = _SPACE_BEFORE_SIGN.sub("\u00a0", message)
        super().__init__(self.message)
        self.position = position
        self.source = source
