"""The report as a PDF/UA: tagged, with alternatives, its first page answering alone."""

from __future__ import annotations

import datetime as dt
from functools import singledispatch
from typing import Any

from restanque.kit.documents import render_pdf
from restanque.kit.maps import MapPanel
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

_SOURCE = """#import "base.typ": *
#let answer(item) = block(breakable: false, width: 100%, above: 1.15em, below: 0.4em)[
  #text(size: 10pt, weight: 600, fill: olive)[#item.question]
  #v(-0.35em)
  #text(size: 14.5pt, font: serif, weight: 500)[#item.answer]
  #v(-0.2em)
  #text(size: 9.5pt, fill: ink2)[#item.detail]
]
#let figures(items) = block(breakable: false, width: 100%, above: 1.2em, below: 1.4em, grid(
  columns: (1fr,) * calc.min(items.len(), 2), column-gutter: 10mm, row-gutter: 5mm,
  ..items.map(item => block(width: 100%, stroke: (top: 0.8pt + stone), inset: (top: 4pt))[
    #text(size: 9.5pt, fill: ink2)[#item.label]
    #v(-0.1em)
    #text(size: 21pt, font: serif, weight: 500, fill: olive)[#item.value]
    #text(size: 11pt)[#item.unit] \\
    #text(size: 8.5pt, fill: ink2)[#item.detail]
  ])
))
#let title-of(item) = text(size: 11pt, font: serif, weight: 600)[#item.title]
#let picture(item) = block(breakable: false, width: 100%, above: 1.4em, below: 1.6em)[
  #figure(
    align(center, image(item.file, width: item.width * 1%, alt: item.alt)),
    caption: figure.caption(position: top, align(left, title-of(item))),
    supplement: none, numbering: none,
  )
  #if item.said != "" [#text(size: 9.5pt, fill: ink2)[#item.said] \\ ]
  #source[#item.caption]
]
#let columns-of(item) = item.widths.map(w => w * 1fr)
// A short table stays whole on its page.
#let table-of(item) = block(breakable: not item.whole, width: 100%)[
  #block(above: 1.5em, below: 0.6em, sticky: true, title-of(item))
  #{
    set text(size: 9pt)
    rows-table(item.headers, item.rows, numeric: item.numeric, widths: columns-of(item))
  }
  #if item.note != "" [#v(-0.3em) #source[#item.note]]
  #parbreak()
]
#let box-of(item) = [
  === #item.title
  #block(width: 100%, inset: 9pt, fill: rgb("#e4e8d4"), stroke: (left: 3pt + olive))[
    #set text(size: 9.5pt)
    #for line in item.lines [
      #if line.label != "" [#strong[#line.label.] ]#line.text
      #parbreak()
    ]
  ]
]
#let show-block(b) = {
  if b.kind == "paragraph" and b.lead { block(sticky: true, text(size: 12pt)[#b.text]) }
  else if b.kind == "paragraph" [ #b.text #parbreak() ]
  else if b.kind == "answers" { for item in b.items { answer(item) }; v(0.6em) }
  else if b.kind == "figures" { figures(b.items) }
  else if b.kind == "picture" { picture(b) }
  else if b.kind == "table" { table-of(b) }
  else if b.kind == "box" { box-of(b) }
  else { list(..b.items) }
}
#set figure(gap: 6pt)
#show figure: set align(left)
= #data.title
#v(-0.1em)
#text(size: 10.5pt, fill: ink2)[#data.subtitle]
#for section in data.sections [
  #if section.page [#pagebreak(weak: true)]
  == #section.title
  #for b in section.blocks { show-block(b) }
]
"""


def render(report: Report) -> bytes:
    """The file."""
    files: dict[str, bytes] = {}
    sections = [_section(report.opening, files)]
    sections += [_section(section, files) for section in report.sections]
    # What follows the two opening pages starts on a page of its own; so do the tables.
    sections[1]["page"] = sections[-1]["page"] = True
    return render_pdf(
        _SOURCE,
        {"title": report.title, "subtitle": report.subtitle, "sections": sections},
        title=report.title,
        created_at=report.made_at.astimezone(dt.UTC).replace(microsecond=0),
        author=report.author,
        fictitious=report.fictitious,
        files=files,
    )


def _section(section: Section, files: dict[str, bytes]) -> dict[str, Any]:
    blocks = [_data(block, files, section.key) for block in section.blocks]
    return {"title": section.title, "page": False, "blocks": blocks}


@singledispatch
def _data(block: Block, files: dict[str, bytes], key: str) -> dict[str, Any]:
    raise TypeError(type(block).__name__)


@_data.register
def _(block: Paragraph, files: dict[str, bytes], key: str) -> dict[str, Any]:
    return {"kind": "paragraph", "text": block.text, "lead": block.lead}


@_data.register
def _(block: Answers, files: dict[str, bytes], key: str) -> dict[str, Any]:
    items = [{"question": i.question, "answer": i.answer, "detail": i.detail} for i in block.items]
    return {"kind": "answers", "items": items}


@_data.register
def _(block: KeyFigures, files: dict[str, bytes], key: str) -> dict[str, Any]:
    items = [
        {"value": i.value, "unit": i.unit, "label": i.label, "detail": i.detail}
        for i in block.items
    ]
    return {"kind": "figures", "items": items}


@_data.register
def _(block: Picture, files: dict[str, bytes], key: str) -> dict[str, Any]:
    figure, is_map = block.figure, isinstance(block.figure, MapPanel)
    name = f"{key}-{figure.key}.svg"
    files[name] = figure.file_svg(640 if is_map else 740, captioned=False)
    return {
        "kind": "picture",
        "file": name,
        "alt": block.alternative,
        "title": figure.title,
        "said": figure.description,
        "caption": figure.caption,
        "width": 74 if is_map else 100,
    }


@_data.register
def _(block: Table, files: dict[str, bytes], key: str) -> dict[str, Any]:
    return {
        "kind": "table",
        "title": block.title,
        "headers": block.headers,
        "rows": block.rows,
        "numeric": block.numeric,
        "widths": block.widths,
        "whole": len(block.rows) <= 14 and all(len(c) < 120 for row in block.rows for c in row),
        "note": block.note,
    }


@_data.register
def _(block: Box, files: dict[str, bytes], key: str) -> dict[str, Any]:
    lines = [{"label": label, "text": text} for label, text in block.lines]
    return {"kind": "box", "title": block.title, "lines": lines}


@_data.register
def _(block: Bullets, files: dict[str, bytes], key: str) -> dict[str, Any]:
    return {"kind": "list", "items": block.items}
