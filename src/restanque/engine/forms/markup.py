"""Reading XML that strangers send: no entity, no DTD, no network, bounded size and depth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from restanque.engine.forms.errors import FormError

XFORMS = "http://www.w3.org/2002/xforms"
XHTML = "http://www.w3.org/1999/xhtml"
JAVAROSA = "http://openrosa.org/javarosa"
OPENROSA = "http://openrosa.org/xforms"
ODK = "http://www.opendatakit.org/xforms"
RESTANQUE = "https://restanque.org/xforms"

NAMESPACES = {"jr": JAVAROSA, "orx": OPENROSA, "odk": ODK, "h": XHTML, "xf": XFORMS}

MAX_BYTES = 20_000_000
"""Largest form or instance read, in bytes (the largest public form measured is 1.6 MB)."""


_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(value: str) -> str:
    """The text without what XML cannot carry (control characters, lone surrogates)."""
    return _FORBIDDEN.sub("", value)


def jr(name: str) -> str:
    return f"{{{JAVAROSA}}}{name}"


def read_xml(data: str | bytes, what: str) -> etree._Element:
    """The root element. `what` names the thing in French (« le formulaire ») for the refusal."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > MAX_BYTES:
        raise FormError(f"Trop volumineux : {what} dépasse {MAX_BYTES // 1_000_000} Mo.")
    parser = etree.XMLParser(
        # A str was decoded already: what its declaration says of bytes no longer holds.
        encoding="utf-8" if isinstance(data, str) else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FormError(f"XML illisible : {what} n’est pas un document XML correct.") from error
    if root is None:
        raise FormError(f"XML illisible : {what} est vide.")
    if root.getroottree().docinfo.internalDTD is not None:
        raise FormError(f"Refusé : {what} déclare un DOCTYPE, ce qu’un formulaire ne fait jamais.")
    return root


def local(element: etree._Element) -> str:
    """Local name of an element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element, name: str | None = None) -> Iterator[etree._Element]:
    """Child elements, all or those with a local name, whatever their namespace."""
    if name is None:
        return (child for child in element if isinstance(child.tag, str))
    return element.iterchildren("{*}" + name)
