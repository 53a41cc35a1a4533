"""After the sitting: the minutes, and the record of decisions on one page."""

from __future__ import annotations

import datetime as dt

from restanque.governance.documents.frame import (
    presence_lines,
    signatures,
    titled,
    vote_lines,
    when_and_where,
    writer_of,
)
from restanque.governance.models import Movement
from restanque.governance.nomenclature import ItemKind
from restanque.governance.reading import ItemReading, SittingReading
from restanque.kit.documents import WordWriter


def minutes(
    reading: SittingReading, *, created_at: dt.datetime, template: bytes | None = None
) -> bytes:
    """The whole sitting, item by item: who came and left, quorum, debates, votes, acts."""
    sitting = reading.sitting
    writer = writer_of(
        reading, f"Procès-verbal, {sitting}", created_at=created_at, template=template
    )
    writer.heading("Procès-verbal", 0)
    writer.paragraph(sitting.body.name, "Subtitle")
    writer.paragraph(f"Séance du {when_and_where(sitting)}.", "Restanque chapeau")
    writer.heading("Ouverture", 1)
    pairs = []
    if sitting.chair:
        pairs.append(("Président de séance", titled(sitting.chair)))
    if sitting.secretary:
        pairs.append(("Secrétaire de séance", sitting.secretary.full_name))
    pairs += [("Convocation", reading.convocation.sentence)]
    pairs += presence_lines(reading, reading.opening)
    pairs += [("Quorum à l’ouverture", reading.quorum_words(reading.opening))]
    writer.lines(pairs, "Normal")
    _paragraphs(writer, sitting.minutes)
    for row in reading.rows:
        _item(writer, reading, row)
    signatures(writer, sitting)
    return writer.to_bytes()


def _item(writer: WordWriter, reading: SittingReading, row: ItemReading) -> None:
    item = row.item
    writer.heading(f"{item.position}. {item.title}", 1)
    if item.withdrawn:
        writer.paragraph("Ce point a été retiré de l’ordre du jour.")
        return
    for move in item.movements.all():
        writer.paragraph(_moved(reading, move))
    if item.rapporteur:
        writer.lines([("Rapporteur", item.rapporteur.full_name)], "Normal")
    _paragraphs(writer, item.minutes)
    if item.kind == ItemKind.INFORMATION:
        if not item.minutes:
            writer.paragraph("Information donnée, sans vote.")
        return
    writer.lines([("Quorum", row.quorum_words), *vote_lines(reading, row)], "Normal")
    if item.debated:
        writer.paragraph("Le débat a eu lieu, sans vote.")
    if row.act is not None:
        writer.lines([("Délibération", f"n° {row.act.number}")], "Restanque encadré")
    elif row.vote is None and not item.debated:
        writer.paragraph("Point non traité.")


def _moved(reading: SittingReading, move: Movement) -> str:
    who = reading.by_key[move.mandate_id].full_name if move.mandate_id in reading.by_key else ""
    return f"{who} {'arrive' if move.present else 'quitte la séance'}."


def _paragraphs(writer: WordWriter, text: str) -> None:
    for part in text.splitlines():
        if part.strip():
            writer.paragraph(part.strip())


def decisions_record(
    reading: SittingReading, *, created_at: dt.datetime, template: bytes | None = None
) -> bytes:
    """What was decided, in one table to post and to send."""
    sitting = reading.sitting
    writer = writer_of(
        reading, f"Relevé de décisions, {sitting}", created_at=created_at, template=template
    )
    writer.heading("Relevé de décisions", 0)
    writer.paragraph(sitting.body.name, "Subtitle")
    writer.paragraph(f"Séance du {when_and_where(sitting)}.", "Restanque chapeau")
    writer.lines(presence_lines(reading, reading.opening), "Normal")
    writer.table(
        "Ce qui a été décidé",
        ("Point", "Objet", "Suite"),
        [(str(row.item.position), row.item.title, _outcome(row)) for row in reading.rows],
        widths=(1, 7, 7),
        source=f"État du droit : {sitting.law_version or reading.law.version}.",
    )
    signatures(writer, sitting)
    return writer.to_bytes()


def _outcome(row: ItemReading) -> str:
    if row.item.withdrawn:
        return "Retiré de l’ordre du jour."
    act = f" Délibération n° {row.act.number}." if row.act else ""
    if row.result is not None:
        return f"{row.result.reason}{act}"
    if row.item.debated:
        return f"Débat tenu, sans vote.{act}"
    if row.item.kind == ItemKind.INFORMATION:
        return "Information donnée."
    return "Non traité." if row.has_quorum else "Non traité, faute de quorum."
