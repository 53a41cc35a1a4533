"""SVG that a strict page accepts, and that stands alone as a file."""

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree

from restanque.kit.palette import INK, INK_2, OCHRE_DARK, PAPER, SANS, SERIF

SVG = "http://www.w3.org/2000/svg"
# lxml-stubs do not know the default namespace, whose prefix is None.
_NAMESPACES: Any = {None: SVG}
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_REMOVED = {"script", "foreignObject", "style", "a", "image"}
_NOISE = ("role", "aria-", "data-")
# What a text of a given size takes, on average, for the look's fonts.
_ADVANCE = 0.5


def parse(source: str | bytes) -> etree._Element:
    """An SVG document as a tree; entities and network are never followed."""
    data = source.encode() if isinstance(source, str) else source
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(data, parser)


def element(tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    """A new SVG element; `_` in names stands for `-`, a final one is dropped (class_)."""
    node = etree.Element(f"{{{SVG}}}{tag}", nsmap=_NAMESPACES)
    for name, value in attributes.items():
        node.set(name.rstrip("_").replace("_", "-"), value)
    node.text = text
    return node


def to_text(root: etree._Element) -> str:
    """The markup, without XML declaration."""
    etree.cleanup_namespaces(root, top_nsmap=_NAMESPACES)
    return etree.tostring(root, encoding="unicode")


def make_strict(root: etree._Element, prefix: str) -> etree._Element:
    """Make a drawing fit for a page under a strict policy, in place.

    Style attributes become presentation attributes (the policy would block them), scripts, links
    and handlers go, ids are prefixed so that two drawings of a page do not share theirs.
    """
    for node in list(root.iter()):
        if not isinstance(node.tag, str) or etree.QName(node).localname in _REMOVED:
            _drop(node)
            continue
        _style_to_attributes(node)
        for name, value in _attributes(node):
            if _is_active(name, value):
                del node.attrib[name]
            elif name == "id":
                node.set(name, f"{prefix}-{value}")
            elif "url(#" in value:
                node.set(name, _REFERENCE.sub(rf"url(#{prefix}-\1)", value))
            elif name in ("href", _XLINK_HREF):
                node.set(name, f"#{prefix}-{value[1:]}")
        if _invisible(node):
            _drop(node)
    return root


def name_drawing(
    root: etree._Element, prefix: str, title: str, description: str = ""
) -> etree._Element:
    """Give a drawing its name for screen readers: one image, a title and a description."""
    root.set("role", "img")
    ids = [f"{prefix}-title"]
    nodes = [element("title", title, id=ids[0])]
    if description:
        ids.append(f"{prefix}-desc")
        nodes.append(element("desc", description, id=ids[1]))
    root.set("aria-labelledby", " ".join(ids))
    for node in reversed(nodes):
        root.insert(0, node)
    return root


def size(root: etree._Element) -> tuple[float, float]:
    """Width and height of a drawing, from its viewBox."""
    _, _, width, height = (float(part) for part in root.get("viewBox", "0 0 0 0").split())
    return width, height


def framed(
    drawing: etree._Element, *, title: str, lines: Iterable[str], fictitious: str = ""
) -> etree._Element:
    """The drawing as a file of its own: title above, n and source below, mark across when due.

    Without title nor lines it is meant for a document that is marked itself: no margin, no paper,
    the mark above only.
    """
    width, height = size(drawing)
    lines = list(lines)
    margin = 24.0 if title or lines else 2.0
    total = max(width, 420.0 if title or lines else 0.0) + 2 * margin
    room = total - 2 * margin
    nodes: list[etree._Element] = []
    y = margin
    for line in _wrapped(title, room, 21):
        y += 24
        nodes.append(_text(line, margin, y - 4, 21, INK, SERIF, "500"))
    if fictitious:
        y += 20 if title or lines else 14
        nodes.append(_text(fictitious, margin, y - 4, 14, OCHRE_DARK, SANS, "600"))
    y += 14 if title else 4
    for name in ("role", "aria-labelledby"):
        drawing.attrib.pop(name, "")
    for name, value in (("x", margin), ("y", y), ("width", width), ("height", height)):
        drawing.set(name, f"{value:g}")
    nodes.append(drawing)
    top, y = y, y + height + 10
    for text in lines:
        for line in _wrapped(text, room, 13):
            y += 18
            nodes.append(_text(line, margin, y - 4, 13, INK_2, SANS, "400"))
    y += margin
    root = element("svg", viewBox=f"0 0 {total:g} {y:g}", width=f"{total:g}", height=f"{y:g}")
    if title or lines:
        root.append(element("rect", width="100%", height="100%", fill=PAPER))
    root.extend(nodes)
    if fictitious and (title or lines):
        middle = (total / 2, top + height / 2)
        mark = _text(fictitious, *middle, min(64, total / 9), OCHRE_DARK, SERIF, "600")
        mark.set("text-anchor", "middle")
        mark.set("opacity", "0.22")
        mark.set("transform", f"rotate(-24 {middle[0]:g} {middle[1]:g})")
        root.append(mark)
    return root


def _text(
    text: str, x: float, y: float, px: float, fill: str, family: str, weight: str
) -> etree._Element:
    return element(
        "text", text, x=f"{x:g}", y=f"{y:g}", fill=fill,
        font_family=family, font_size=f"{px:g}px", font_weight=weight,
    )  # fmt: skip


def _wrapped(text: str, room: float, px: float) -> list[str]:
    """Cut a text into lines that fit, by the average width of a letter."""
    fits = max(10, int(room / (px * _ADVANCE)))
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > fits and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return [line for line in lines if line]


def _attributes(node: etree._Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in node.attrib.items()]


def _style_to_attributes(node: etree._Element) -> None:
    style = str(node.attrib.pop("style", ""))
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon and "url(" not in value:
            node.set(name.strip(), value.strip())


def _is_active(name: str, value: str) -> bool:
    """Handlers, noise for screen readers, and references to anything but the drawing itself."""
    if name == "class" or name.startswith((*_NOISE, "on")):
        return True
    return name in ("href", _XLINK_HREF) and not value.startswith("#")


def _invisible(node: etree._Element) -> bool:
    return node.get("opacity") == "0" or node.get("display") == "none"


def _drop(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)
