"""The letter that goes with the file: its marks, its text for each body, its Word pages.

A letter says no more than the law base knows: a period that nobody has read, or that sources
dispute, is not written; the article is named instead.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm

from restanque.engine.law import EFFECT_UNKNOWN, RuleSet, consultees
from restanque.kit.documents import WordWriter
from restanque.kit.text import format_date, safe_file_name
from restanque.procedures.consultations.reading import ConsultationReading, Row, titles
from restanque.procedures.models import Consultation
from restanque.surveys.models import ReportTemplate

#: Mark → what stands in its place.
MARKS = {
    "organisme": "le nom de l’organisme",
    "qualité": "à quel titre il est consulté",
    "dossier": "le dossier soumis",
    "procédure": "la procédure",
    "territoire": "le territoire",
    "article": "les articles qui le désignent",
    "délai": "la phrase sur le délai, d’après sa propre règle",
    "réponse": "l’adresse où répondre",
}
_HELLO = "Madame, Monsieur,"
_WHAT = "Nous menons la procédure suivante sur le territoire « ⟦territoire⟧ » : ⟦procédure⟧."
_BYE = (
    "Nous vous prions d’agréer, Madame, Monsieur, l’expression de notre considération distinguée."
)
_OPINION = "\n\n".join(
    (
        _HELLO,
        _WHAT,
        "Votre organisme est consulté (⟦qualité⟧), en application des textes suivants : ⟦article⟧. "
        "Vous trouverez joint à cette lettre le dossier soumis à votre avis : ⟦dossier⟧.",
        "⟦délai⟧",
        "Pour que chaque remarque reçoive une réponse, merci d’indiquer la pièce et la page du "
        "dossier qu’elle concerne. Votre réponse peut nous être adressée par courrier ou à "
        "l’adresse : ⟦réponse⟧.",
        _BYE,
    )
)
_NOTICE = "\n\n".join(
    (
        _HELLO,
        _WHAT,
        "En application des textes suivants, nous portons à votre connaissance (⟦qualité⟧) le "
        "dossier joint, « ⟦dossier⟧ » : ⟦article⟧.",
        "⟦délai⟧",
        "Pour toute question : ⟦réponse⟧.",
        _BYE,
    )
)


def default_subject(consultation: Consultation) -> str:
    """The subject that a letter opens with."""
    return f"{consultation.procedure.name} : {consultation.step_label}"[:200]


def default_body(consultation: Consultation, law: RuleSet) -> str:
    """The text proposed: a notice where every text has the bodies informed only."""
    named = consultees(law, kind=consultation.procedure.kind, step=consultation.step)
    return _NOTICE if named and all(one.told for one in named) else _OPINION


def check_marks(text: str) -> None:
    """ValidationError names a mark that nothing fills, or one that is not closed."""
    rest = text
    for mark in MARKS:
        rest = rest.replace(f"⟦{mark}⟧", "")
    if "⟦" in rest or "⟧" in rest:
        start = rest.find("⟦")
        shown = rest[start : start + 30].split("⟧")[0] + "⟧" if start >= 0 else "⟧"
        raise ValidationError(
            f"Rien ne remplit « {shown} ». Repères possibles : "
            f"{', '.join(f'⟦{mark}⟧' for mark in MARKS)}."
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, ready to be written."""

    name: str
    recipient: tuple[str, ...]
    subject: str
    paragraphs: tuple[str, ...]


def letter_of(reading: ConsultationReading, row: Row) -> Letter:
    """The letter of one body."""
    consultation = reading.consultation
    values = _values(reading, row)
    body, subject = consultation.letter_body, consultation.letter_subject
    for mark, value in values.items():
        body, subject = body.replace(f"⟦{mark}⟧", value), subject.replace(f"⟦{mark}⟧", value)
    paragraphs = tuple(part.strip() for part in body.split("\n\n") if part.strip())
    return Letter(row.consultee.name, _recipient(row), subject, paragraphs)


def _values(reading: ConsultationReading, row: Row) -> dict[str, str]:
    consultation, procedure = reading.consultation, reading.procedure
    named = titles(reading.law, row.consultee.law_ids)
    articles = " ; ".join(dict.fromkeys(reading.law.cite(one.articles) for one in named))
    return {
        "organisme": row.consultee.name,
        "qualité": row.consultee.capacity or "organisme consulté",
        "dossier": consultation.subject,
        "procédure": procedure.name,
        "territoire": procedure.territory.name,
        "article": articles or "à notre initiative, sans texte qui l’impose",
        "délai": term_sentence(reading, row),
        "réponse": procedure.workspace.contact_email or procedure.workspace.name,
    }


def term_sentence(reading: ConsultationReading, row: Row) -> str:
    """What the letter says of the time to answer; empty when there is nothing to say."""
    rule, wished = row.term.rule, reading.consultation.own_term
    asked = f" Nous souhaitons la recevoir pour le {format_date(wished, long=True)}."
    if rule is None or (rule.period is None and not rule.candidates):
        return asked.replace("la recevoir", "recevoir votre réponse").strip() if wished else ""
    if rule.to_verify or rule.period is None:
        said = (
            f"Votre réponse est attendue dans le délai que fixent ces textes : {row.term.article}."
        )
        return said + (asked if wished else "")
    said = (
        f"Votre réponse est attendue dans un délai de {rule.period.label} à compter de la "
        f"transmission de ce dossier ({row.term.article})."
    )
    # What silence means is written to a body only where the base knows it.
    silence = "" if rule.silence == EFFECT_UNKNOWN else f" {rule.silence}"
    return f"{said}{silence}".strip() + (asked if wished else "")


def _recipient(row: Row) -> tuple[str, ...]:
    """The address block, from the directory."""
    organisation = row.consultee.organisation
    lines = [row.consultee.name, row.consultee.attention]
    if organisation is not None:
        lines += organisation.address.splitlines()
        commune = organisation.commune
        place = f"{organisation.postal_code} {commune.name if commune else ''}".strip()
        if place and not (lines[-1] and place.lower() in lines[-1].lower()):
            lines.append(place)
    return tuple(line for line in lines if line.strip())


def letters_docx(
    reading: ConsultationReading, rows: Sequence[Row], *, on: dt.date, created_at: dt.datetime
) -> bytes:
    """All the letters in one Word file, one page break before each."""
    writer = _writer(reading, created_at)
    for rank, row in enumerate(rows):
        _write(writer, reading, letter_of(reading, row), on, new_page=rank > 0)
    return writer.to_bytes()


def letters_zip(
    reading: ConsultationReading, rows: Sequence[Row], *, on: dt.date, created_at: dt.datetime
) -> bytes:
    """One Word file by body, numbered in the order of the list."""
    out = io.BytesIO()
    stamp = (created_at.year, created_at.month, created_at.day, 0, 0, 0)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for rank, row in enumerate(rows, 1):
            writer = _writer(reading, created_at)
            _write(writer, reading, letter_of(reading, row), on, new_page=False)
            name = f"{rank:03d}-{safe_file_name(row.consultee.name)[:80]}.docx"
            package.writestr(zipfile.ZipInfo(name, stamp), writer.to_bytes())
    return out.getvalue()


def team_template(reading: ConsultationReading) -> bytes | None:
    """The workspace's own Word template, with its header and fonts, when it has deposited one."""
    found = ReportTemplate.objects.filter(workspace=reading.procedure.workspace).first()
    return bytes(found.content) if found is not None else None


def _writer(reading: ConsultationReading, created_at: dt.datetime) -> WordWriter:
    return WordWriter(
        title=reading.consultation.letter_subject,
        author=reading.procedure.workspace.name,
        created_at=created_at,
        fictitious=reading.is_fictitious,
        template=team_template(reading),
        numbered=False,
    )


def _write(
    writer: WordWriter,
    reading: ConsultationReading,
    letter: Letter,
    on: dt.date,
    *,
    new_page: bool,
) -> None:
    workspace = reading.procedure.workspace
    sender = [workspace.name, workspace.contact_email]
    for rank, line in enumerate(line for line in sender if line):
        paragraph = writer.paragraph(line)
        paragraph.paragraph_format.space_after = Cm(0)
        if rank == 0:
            paragraph.runs[0].bold = True
            paragraph.paragraph_format.page_break_before = new_page or None
    for rank, line in enumerate(letter.recipient):
        paragraph = writer.paragraph(line)
        paragraph.paragraph_format.left_indent = Cm(9.5)
        paragraph.paragraph_format.space_after = Cm(0)
        paragraph.paragraph_format.space_before = Cm(1) if rank == 0 else Cm(0)
    day = writer.paragraph(f"Le {format_date(on, long=True)}")
    day.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    day.paragraph_format.space_before = day.paragraph_format.space_after = Cm(0.8)
    subject = writer.paragraph("")
    subject.add_run("Objet : ").bold = True
    subject.add_run(letter.subject)
    subject.paragraph_format.space_after = Cm(0.6)
    for text in letter.paragraphs:
        writer.paragraph(text)
    signed = writer.paragraph(f"Pour {workspace.name},")
    signed.paragraph_format.left_indent = Cm(9.5)
    signed.paragraph_format.space_before = Cm(0.8)
    signed.paragraph_format.space_after = Cm(2)
    joined = writer.paragraph("", "Restanque source")
    joined.add_run(f"Pièce jointe : {reading.consultation.subject}")
