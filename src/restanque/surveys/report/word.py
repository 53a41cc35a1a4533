"""The report as a Word document: real styles, so that the team goes on writing it."""

from __future__ import annotations

from functools import singledispatch

from restanque.kit.documents import WordWriter
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


def render(report: Report, *, template: bytes | None = None) -> bytes:
    """The file; `template` is the team's (see kit.documents.check_template), else ours."""
    writer = WordWriter(
        title=report.title,
        author=report.author,
        created_at=report.made_at,
        fictitious=report.fictitious,
        template=template,
    )
    writer.heading(report.title, 0)
    writer.paragraph(report.subtitle, "Subtitle")
    _section(writer, report.opening)
    for section in report.sections:
        _section(writer, section, new_page=section is report.sections[0])
    return writer.to_bytes()


def _section(writer: WordWriter, section: Section, *, new_page: bool = False) -> None:
    writer.heading(section.title, 1, new_page=new_page)
    for block in section.blocks:
        _write(block, writer)


@singledispatch
def _write(block: Block, writer: WordWriter) -> None:
    raise TypeError(type(block).__name__)


@_write.register
def _(block: Paragraph, writer: WordWriter) -> None:
    writer.paragraph(block.text, "Restanque chapeau" if block.lead else "Normal")


@_write.register
def _(block: Answers, writer: WordWriter) -> None:
    for item in block.items:
        writer.paragraph(item.question, "Restanque question")
        writer.paragraph(item.answer, "Restanque réponse")
        writer.paragraph(item.detail)


@_write.register
def _(block: KeyFigures, writer: WordWriter) -> None:
    rows = [
        (f"{item.value} {item.unit}".replace(" ", "\u00a0"), item.label, item.detail)
        for item in block.items
    ]
    writer.table("Les chiffres", ("Chiffre", "Ce qu’il mesure", "Intervalle et réponses"), rows)


@_write.register
def _(block: Picture, writer: WordWriter) -> None:
    figure = block.figure
    is_map = isinstance(figure, MapPanel)
    writer.picture(
        figure.png(560 if is_map else 620, 3, captioned=False),
        alt=block.alternative,
        caption=figure.title,
        source=" ".join(part for part in (figure.description, f"{figure.caption}.") if part),
        width=13 if is_map else 16,
    )


@_write.register
def _(block: Table, writer: WordWriter) -> None:
    writer.table(
        block.title, block.headers, block.rows,
        numeric=block.numeric, widths=block.widths, source=block.note,
    )  # fmt: skip


@_write.register
def _(block: Box, writer: WordWriter) -> None:
    writer.heading(block.title, 2)
    writer.lines(block.lines, "Restanque encadré")


@_write.register
def _(block: Bullets, writer: WordWriter) -> None:
    for item in block.items:
        writer.paragraph(item, "List Bullet")
