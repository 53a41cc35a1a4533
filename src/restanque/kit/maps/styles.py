"""How classes are drawn: a fill and, where hue alone could mislead, a pattern of its own.

Colours are in attributes (files, Word, PDF); theme.css gives the same to `.c-…` in pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from restanque.kit import palette
from restanque.kit.svg import element

Pattern = Literal["", "lines", "back", "dots", "level"]


@dataclass(frozen=True, slots=True)
class Style:
    """A fill; with a pattern, `ink` is the colour of its strokes."""

    fill: str
    pattern: Pattern = ""
    ink: str = palette.OLIVE
    stroke: str = palette.PAPER


STYLES: Mapping[str, Style] = {
    # States of a thing to do, the words of the badges.
    "fait": Style(palette.OLIVE),
    "valider": Style("#c5cda4", "lines"),
    "cours": Style("#e0b25c"),
    "attente": Style("#ddd7c8"),
    "erreur": Style(palette.BAUXITE),
    "ici": Style(palette.OCHRE, stroke=palette.INK),
    "loin": Style("#e9e5da"),
    "peri": Style("#d9dcc3"),
    # Categories without order.
    "s1": Style(palette.OLIVE),
    "s2": Style("#e0b25c", "lines", palette.OCHRE_DARK),
    "s3": Style("#bcd3db", "dots", palette.DURANCE),
    "s4": Style(palette.OLIVE_MID),
    "s5": Style("#e9c3b8", "back", palette.BAUXITE),
    "s6": Style("#c4bcaa", "level", palette.INK_2),
    "s7": Style(palette.OCHRE_DARK),
    "s8": Style(palette.DURANCE),
    # Ordered classes, light to dark.
    "q1": Style("#e7ead8"),
    "q2": Style("#c9d1a8"),
    "q3": Style("#9fac72"),
    "q4": Style("#6d7d3f"),
    "q5": Style("#3a4719"),
    "none": Style("#f4f2ec", "back", palette.STONE),
}
_STROKES: Mapping[str, tuple[str, str]] = {
    "lines": ("M0 0V7", "rotate(45)"),
    "back": ("M0 0V7", "rotate(-45)"),
    "level": ("M0 0V6", "rotate(90)"),
}


def paint(style: str, prefix: str) -> str:
    """The value of `fill` for a class: its colour, or a reference to its pattern."""
    return f"url(#{prefix}-{style})" if STYLES[style].pattern else STYLES[style].fill


def patterns(styles: list[str], prefix: str) -> etree._Element:
    """The `<defs>` of the patterns these classes need."""
    defs = element("defs")
    for name in dict.fromkeys(styles):
        style = STYLES[name]
        if style.pattern:
            defs.append(_pattern(style, f"{prefix}-{name}"))
    return defs


def _pattern(style: Style, identifier: str) -> etree._Element:
    node = element("pattern", id=identifier, width="7", height="7", patternUnits="userSpaceOnUse")
    node.append(element("rect", width="7", height="7", fill=style.fill))
    if style.pattern == "dots":
        node.append(element("circle", cx="3.5", cy="3.5", r="1.5", fill=style.ink))
        return node
    path, turn = _STROKES[style.pattern]
    node.set("patternTransform", turn)
    node.append(element("path", d=path, stroke=style.ink, stroke_width="2.4"))
    return node
