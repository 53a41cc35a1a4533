"""Answers of the protocol: their headers and their XML."""

import hashlib
from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from lxml import etree

XFORMS_LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"
XML = "text/xml; charset=utf-8"
# What one post may weigh, photos included; the phone makes several posts of a bigger visit.
MAX_POST = 20 * 1024 * 1024


def dressed(response: HttpResponse) -> HttpResponse:
    """The response with the headers that every answer carries. `Date` is the server's work."""
    response["X-OpenRosa-Version"] = "1.0"
    response["X-OpenRosa-Accept-Content-Length"] = str(MAX_POST)
    return response


def md5_of(data: bytes) -> str:
    """The protocol's fingerprint of exact bytes; nothing secret rests on it."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def message(sentence: str, *, status: int) -> HttpResponse:
    """An answer in words, which Collect shows: a success from 200 on, an error from 400 on."""
    nature = "submit_success" if status < 400 else "submit_error"
    root = etree.Element("OpenRosaResponse", nsmap={None: RESPONSE})  # type: ignore[dict-item]
    etree.SubElement(root, "message", nature=nature).text = sentence
    return document(root, status=status)


def listing(
    name: str, item: str, namespace: str, entries: Sequence[Mapping[str, str]]
) -> HttpResponse:
    """A flat list of things, each with its texts: the form list, the manifest."""
    root = etree.Element(name, nsmap={None: namespace})  # type: ignore[dict-item]
    for entry in entries:
        one = etree.SubElement(root, item)
        for tag, text in entry.items():
            etree.SubElement(one, tag).text = text
    return document(root)


def document(root: etree._Element, *, status: int = 200) -> HttpResponse:
    """An XML document."""
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return HttpResponse(content, status=status, content_type=XML)
