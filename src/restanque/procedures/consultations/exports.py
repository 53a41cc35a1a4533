"""The synthesis as a workbook and as a Word document, the dispatch slip as a PDF."""

from __future__ import annotations

import datetime as dt

from restanque.kit.documents import Sheet, WordWriter, render_pdf, xlsx_bytes
from restanque.kit.text import format_date
from restanque.procedures.consultations.letters import team_template
from restanque.procedures.consultations.nomenclature import Obligation
from restanque.procedures.consultations.reading import ConsultationReading, Row
from restanque.procedures.consultations.synthesis import (
    Synthesis,
    decision_words,
    remark_cells,
    reply_of,
    timing,
)
from restanque.procedures.models import Remark
from restanque.procedures.nomenclature import SentBy

_REMARKS = ("N°", "Thème", "Remarque", "Suite donnée", "Réponse et motif", "Où, dans le document")


def notes_of(reading: ConsultationReading) -> list[tuple[str, str]]:
    """What the document is about, and on which law and day it was made."""
    consultation, procedure = reading.consultation, reading.procedure
    return [
        ("Procédure", f"{procedure.name}, {procedure.territory.name}"),
        ("Étape", consultation.step_label),
        ("Dossier soumis", consultation.subject),
        ("État au", format_date(reading.today, long=True)),
        ("État du droit", reading.law.version),
    ]


# Workbook -----------------------------------------------------------------------------------------


def synthesis_xlsx(synthesis: Synthesis) -> bytes:
    """Counts, bodies, remarks: one sheet each."""
    reading = synthesis.reading
    counts = reading.counts
    figures = [
        ("Organismes de la liste", counts.listed),
        ("Organismes consultés", counts.sent),
        ("Avis reçus", counts.answered),
        ("dont hors délai", counts.late),
        ("Silences acquis", counts.silent),
        ("Terme passé, réception non prouvée", counts.unproven),
        ("Encore attendus", counts.waiting),
        *((f"Avis : {sense.label}", number) for sense, number in counts.by_sense),
        ("Remarques", reading.remarks.total),
        ("Remarques sans réponse", reading.remarks.unanswered),
        ("Modifications à reporter", reading.remarks.to_carry),
    ]
    sheets = [
        Sheet("Nombre d’avis", ("Quoi", "Nombre"), figures, notes_of(reading)),
        Sheet("Organismes", _BODY_HEADERS, [_body_cells(row) for row in reading.rows]),
        Sheet("Remarques", _REMARK_HEADERS, _remark_rows(synthesis)),
    ]
    return xlsx_bytes(sheets, fictitious=reading.is_fictitious)


_BODY_HEADERS = (
    "Organisme", "Qualité", "Obligation", "Envoyé le", "Par", "Reçu le", "Preuve", "Règle",
    "Article",
    "Répondre au plus tard le", "Silence acquis à compter du", "Calcul", "État", "Avis reçu le",
    "Sens", "Dans le délai", "Ce que vaut le silence",
)  # fmt: skip
_REMARK_HEADERS = (
    "Organisme", "Sens de l’avis", "N°", "Thème", "Page de l’avis", "Remarque", "Suite donnée",
    "Réponse et motif", "Pièce modifiée", "Page ou article", "Décidé par", "Décidé le",
    "Reporté le", "Version du document",
)  # fmt: skip


def _body_cells(row: Row) -> tuple[object, ...]:
    body, term, dispatch, opinion = row.consultee, row.term, row.term.dispatch, row.opinion
    return (
        body.name,
        body.capacity,
        str(Obligation(body.obligation).label),
        dispatch.sent_on if dispatch else None,
        str(SentBy(dispatch.sent_by).label) if dispatch else "",
        dispatch.received_on if dispatch else None,
        (dispatch.proof_words or "non prouvé") if dispatch else "",
        term.rule.title if term.rule else "",
        term.article,
        term.last_day,
        term.silence_on,
        term.wait.computation if term.wait else "",
        row.standing.label,
        opinion.received_on if opinion else None,
        opinion.sense_label if opinion else "",
        timing(row) if opinion else "",
        term.silence,
    )


def _remark_rows(synthesis: Synthesis) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for part in synthesis.opinions:
        opinion = part.row.opinion
        for remark in part.remarks:
            reply = reply_of(remark)
            rows.append(
                (
                    part.row.consultee.name,
                    opinion.sense_label if opinion else "",
                    remark.order,
                    remark.topic,
                    remark.page,
                    remark.text,
                    decision_words(reply),
                    reply.why if reply else "",
                    reply.piece if reply else "",
                    reply.page if reply else "",
                    reply.decided_by if reply else "",
                    reply.decided_on if reply else None,
                    reply.carried_on if reply else None,
                    reply.carried_version if reply else "",
                )
            )
    return rows


# Word ---------------------------------------------------------------------------------------------


def synthesis_docx(synthesis: Synthesis, *, created_at: dt.datetime) -> bytes:
    """The synthesis on landscape pages, ready for the file of the public inquiry."""
    reading = synthesis.reading
    writer = WordWriter(
        title=synthesis.title,
        author=reading.procedure.workspace.name,
        created_at=created_at,
        fictitious=reading.is_fictitious,
        template=team_template(reading),
        landscape=True,
    )
    writer.heading(synthesis.title, 0)
    writer.paragraph(f"{reading.procedure.name}, {reading.procedure.territory.name}", "Subtitle")
    writer.paragraph(synthesis.summary, "Restanque chapeau")
    writer.paragraph(synthesis.replied)
    writer.lines(notes_of(reading)[1:], "Restanque encadré")
    source = f"Avis enregistrés au {format_date(reading.today)}"
    _senses(writer, synthesis, source)
    _bodies(writer, synthesis, source)
    if synthesis.silent:
        _silences(writer, synthesis, source)
    if synthesis.awaited:
        _awaited(writer, synthesis, source)
    writer.heading("Remarques et réponses", 1, new_page=True)
    for part in synthesis.opinions:
        _remarks(writer, part.heading, part.timing, part.remarks, source)
    return writer.to_bytes()


def _senses(writer: WordWriter, synthesis: Synthesis, source: str) -> None:
    counts = synthesis.reading.counts
    rows = [(str(sense.label), str(number)) for sense, number in counts.by_sense]
    rows.append(("silence acquis", str(counts.silent)))
    rows.append(
        ("encore attendu, ou terme passé sans preuve", str(counts.waiting + counts.unproven))
    )
    writer.heading("Combien d’avis, dans quel sens", 1)
    total = f"{source}. Total : {counts.sent} organismes consultés."
    writer.table(
        "Avis par sens", ("Sens", "Organismes"), rows, numeric=(1,), widths=(4, 1), source=total
    )


def _bodies(writer: WordWriter, synthesis: Synthesis, source: str) -> None:
    rows = [
        (
            part.row.consultee.name,
            part.row.consultee.capacity,
            format_date(part.row.term.dispatch.received_on if part.row.term.dispatch else None),
            format_date(part.row.term.last_day),
            part.timing,
            part.row.opinion.sense_label if part.row.opinion else "",
            str(part.row.remarks.total),
        )
        for part in synthesis.opinions
    ]
    headers = ("Organisme", "Qualité", "Dossier reçu le", "Terme", "Avis", "Sens", "Remarques")
    writer.heading("Avis reçus", 1)
    if not rows:
        writer.paragraph("Aucun avis n’est encore reçu.")
        return
    writer.table(
        "Avis reçus, et s’ils l’ont été dans le délai", headers, rows, numeric=(6,),
        widths=(4, 3, 2, 2, 4, 2.5, 1.5), source=source,
    )  # fmt: skip


def _silences(writer: WordWriter, synthesis: Synthesis, source: str) -> None:
    rows = [
        (
            row.consultee.name,
            row.consultee.capacity,
            format_date(row.term.dispatch.received_on if row.term.dispatch else None),
            row.term.dispatch.proof_words if row.term.dispatch else "",
            format_date(row.term.silence_on),
            row.term.silence,
            row.term.article,
        )
        for row in synthesis.silent
    ]
    headers = (
        "Organisme", "Qualité", "Dossier reçu le", "Preuve", "Silence acquis le", "Ce qu’il vaut",
        "Texte",
    )  # fmt: skip
    writer.heading("Silences acquis", 1)
    writer.table(
        "Organismes qui n’ont pas répondu dans le délai", headers, rows,
        widths=(3.5, 2.5, 2, 3, 2, 4, 3), source=source,
    )  # fmt: skip


def _awaited(writer: WordWriter, synthesis: Synthesis, source: str) -> None:
    rows = [
        (row.consultee.name, row.consultee.capacity, row.standing.label,
         format_date(row.term.last_day))
        for row in synthesis.awaited
    ]  # fmt: skip
    headers = ("Organisme", "Qualité", "État", "Terme")
    writer.heading("Organismes dont rien n’est acquis", 1)
    writer.table("Ni avis, ni silence acquis", headers, rows, widths=(4, 3, 3, 2), source=source)


def _remarks(
    writer: WordWriter, heading: str, when: str, remarks: tuple[Remark, ...], source: str
) -> None:
    writer.heading(heading, 2)
    writer.paragraph(f"Avis {when}.")
    if not remarks:
        writer.paragraph("Aucune remarque n’en est tirée.")
        return
    writer.table(
        f"Remarques : {heading}", _REMARKS, remark_cells(remarks), numeric=(0,),
        widths=(0.7, 2, 6, 2, 6, 3.3), source=source,
    )  # fmt: skip


# Short ways of sending: the slip has no room for the long ones.
_WAYS = {
    SentBy.REGISTERED: "recommandé",
    SentBy.HAND: "main propre",
    SentBy.ACTES: "ACTES",
    SentBy.PLATFORM: "plateforme",
}

# Slip ---------------------------------------------------------------------------------------------

_SLIP = """#import "base.typ": *
= #data.title
#lede[#data.lede]

#for note in data.notes [
  *#note.at(0)* : #note.at(1) \\
]
#v(6pt)
#rows-table(data.headers, data.rows, widths: (auto, 3fr, 1.6fr, auto, 2fr, auto, 1.4fr))
#v(10pt)
#data.sign
"""


def slip_pdf(reading: ConsultationReading, *, created_at: dt.datetime) -> bytes:
    """The slip that goes with a sending: to print, tick, sign and keep with the receipts."""
    consultation = reading.consultation
    rows = []
    for rank, row in enumerate(reading.rows, 1):
        dispatch = row.term.dispatch
        way = SentBy(dispatch.sent_by if dispatch else row.consultee.send_by)
        rows.append(
            [
                str(rank),
                row.consultee.name,
                _WAYS.get(way, str(way.label)),
                f"{dispatch.sent_on:%d/%m/%Y}" if dispatch else "",
                dispatch.proof_reference if dispatch else "",
                f"{dispatch.received_on:%d/%m/%Y}" if dispatch and dispatch.received_on else "",
                "",
            ]
        )
    data = {
        "title": f"Bordereau d’envoi : {consultation.name}",
        "lede": f"Dossier : {consultation.subject}",
        "notes": [list(pair) for pair in notes_of(reading)[:2]],
        "headers": [
            "N°", "Organisme", "Envoi par", "Envoyé le", "Référence", "Reçu le", "Visa",
        ],
        "rows": rows,
        "sign": "Fait le ……………………… par ………………………………………………",
    }  # fmt: skip
    return render_pdf(
        _SLIP,
        data,
        title=str(data["title"]),
        created_at=created_at.replace(microsecond=0),
        author=reading.procedure.workspace.name,
        fictitious=reading.is_fictitious,
    )
