"""Pieces of drawing that both pictures use."""

from lxml import etree

from restanque.kit.palette import INK, INK_2, LIMESTONE, SANS
from restanque.kit.svg import element

# What a letter takes on average, as a share of its size.
_ADVANCE = 0.52


def canvas(width: float, height: float) -> etree._Element:
    """An empty drawing of that size."""
    return element(
        "svg", viewBox=f"0 0 {width:g} {height:g}", width=f"{width:g}", height=f"{height:g}"
    )


def words(
    text: str,
    x: float,
    y: float,
    *,
    px: float = 14,
    fill: str = INK,
    anchor: str = "start",
    weight: str = "400",
    halo: str = LIMESTONE,
) -> etree._Element:
    """A line of text, with a halo that keeps it readable over lines."""
    return element(
        "text", text, x=f"{x:.1f}", y=f"{y:.1f}", fill=fill, font_family=SANS,
        font_size=f"{px:g}px", text_anchor=anchor, font_weight=weight,
        stroke=halo, stroke_width="4", stroke_linejoin="round", paint_order="stroke",
    )  # fmt: skip


def small(text: str, x: float, y: float, anchor: str = "start") -> etree._Element:
    """A lesser line of text."""
    return words(text, x, y, px=13, fill=INK_2, anchor=anchor)


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str,
    stroke: str = "none",
    thick: float = 1,
    rx: float = 2,
) -> etree._Element:
    """A rectangle."""
    return element(
        "rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{max(width, 1):.1f}", height=f"{height:g}",
        rx=f"{rx:g}", fill=fill, stroke=stroke, stroke_width=f"{thick:g}",
    )  # fmt: skip


def line(
    x1: float, y1: float, x2: float, y2: float, *, stroke: str, dash: str = "", thick: float = 1
) -> etree._Element:
    """A straight line."""
    node = element(
        "line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}",
        stroke=stroke, stroke_width=f"{thick:g}",
    )  # fmt: skip
    if dash:
        node.set("stroke-dasharray", dash)
    return node


def fitted(text: str, room: float, px: float = 14) -> str:
    """The text, cut with an ellipsis where it would pass the room."""
    most = max(4, int(room / (px * _ADVANCE)))
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def length(text: str, px: float = 14) -> float:
    """About how wide a text is."""
    return len(text) * px * _ADVANCE
