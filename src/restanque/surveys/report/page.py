"""The report as the body of a web page: what a reader without script or eyes can follow.

The body is kept as it was when it was made: what was read before publishing is what is published,
whatever answers come or are mended afterwards. It has no link, no script and no style of its own.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from django.template.loader import render_to_string

from restanque.kit.maps import MapPanel
from restanque.surveys.report import tables
from restanque.surveys.report.parts import (
    Answers,
    Block,
    Box,
    Bullets,
    KeyFigures,
    Paragraph,
    Picture,
    Report,
    Section,
    Table,
)


def render(report: Report) -> str:
    """HTML, to be put under a page's title."""
    drawn = {picture.figure.title for picture in report.pictures()}
    sections = [_section(section, drawn) for section in (report.opening, *report.sections)]
    context = {"report": report, "sections": [one for one in sections if one["blocks"]]}
    return render_to_string("surveys/report/body.html", context)


def _section(section: Section, drawn: set[str]) -> dict[str, Any]:
    """Pictures bear their own table here: the annexes that repeat them are left out."""
    blocks = [b for b in section.blocks if not (isinstance(b, Table) and b.title in drawn)]
    return {"key": section.key, "title": section.title, "blocks": [_data(b) for b in blocks]}


@singledispatch
def _data(block: Block) -> dict[str, Any]:
    raise TypeError(type(block).__name__)


@_data.register
def _(block: Paragraph) -> dict[str, Any]:
    return {"kind": "paragraph", "block": block}


@_data.register
def _(block: Answers) -> dict[str, Any]:
    return {"kind": "answers", "block": block}


@_data.register
def _(block: KeyFigures) -> dict[str, Any]:
    return {"kind": "figures", "block": block}


@_data.register
def _(block: Picture) -> dict[str, Any]:
    return {
        "kind": "map" if isinstance(block.figure, MapPanel) else "chart",
        "panel": block.figure,
        "table": _table(tables.of_panel(block.figure)),
    }


@_data.register
def _(block: Table) -> dict[str, Any]:
    return {"kind": "table", "table": _table(block)}


def _table(table: Table) -> dict[str, Any]:
    """Cells with whether they are set to the right."""
    heads = [(text, place in table.numeric) for place, text in enumerate(table.headers)]
    rows = [
        [(text, place in table.numeric) for place, text in enumerate(row)] for row in table.rows
    ]
    return {"title": table.title, "headers": heads, "rows": rows, "note": table.note}


@_data.register
def _(block: Box) -> dict[str, Any]:
    return {"kind": "box", "block": block}


@_data.register
def _(block: Bullets) -> dict[str, Any]:
    return {"kind": "list", "block": block}
