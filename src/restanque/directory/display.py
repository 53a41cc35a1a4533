"""How addresses are written on a page."""

import re

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_BREAKS = re.compile(r"(?<=[@._/-])(?=[^@._/-])")


def breakable(address: str) -> SafeString:
    """A long address that may go to the next line after « @ », « . », « - », « _ » or « / ».

    Nothing is added to what is copied: `<wbr>` is not a character.
    """
    parts = (conditional_escape(part) for part in _BREAKS.split(address))
    return mark_safe("<wbr>".join(parts))
