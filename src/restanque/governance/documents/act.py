"""A deliberation: who was there, why, what is decided, by how many voices."""

from __future__ import annotations

import datetime as dt

from restanque.engine.deadlines import spelled, with_weekday
from restanque.governance.documents.frame import DOTS, presence_lines, signatures, vote_lines
from restanque.governance.models import Deliberation
from restanque.governance.reading import SittingReading
from restanque.kit.documents import WordWriter


def deliberation(
    act: Deliberation,
    reading: SittingReading | None,
    *,
    created_at: dt.datetime,
    template: bytes | None = None,
) -> bytes:
    """The act, ready to sign. `reading` is its sitting's; None for an act known from before."""
    writer = WordWriter(
        title=f"Délibération n° {act.number}",
        author=act.workspace.name,
        created_at=created_at,
        fictitious=act.fictitious or act.workspace.fictitious or act.body.fictitious,
        template=template,
    )
    writer.heading(f"Délibération n° {act.number}", 0)
    writer.paragraph(f"{act.body.name}, séance du {with_weekday(act.voted_on)}", "Subtitle")
    writer.paragraph(f"Objet : {act.title}", "Restanque chapeau")
    row = None
    if reading is not None and act.item is not None:
        row = reading.row_of(act.item)
        pairs = presence_lines(reading, row.floor)
        counted = [one.sent_on for one in reading.dispatches if one.counts]
        if counted:
            pairs.insert(0, ("Date de la convocation", spelled(max(counted))))
        if reading.sitting.chair:
            pairs.append(("Président de séance", reading.sitting.chair.full_name))
        if reading.sitting.secretary:
            pairs.append(("Secrétaire de séance", reading.sitting.secretary.full_name))
        writer.lines([*pairs, ("Quorum", row.quorum_words)], "Normal")
    writer.heading("Le texte", 1)
    for part in (act.text or "Texte à écrire : visas, considérants, décision.").splitlines():
        if part.strip():
            writer.paragraph(part.strip())
    if reading is not None and row is not None:
        writer.heading("Le vote", 1)
        lines = vote_lines(reading, row)
        writer.lines(
            lines or [("", "Débat tenu, sans vote : l’assemblée en prend acte.")], "Normal"
        )
        signatures(writer, reading.sitting)
    writer.lines(
        [
            ("Transmise au contrôle de légalité le", _day(act.transmitted_on)),
            ("Accusé de réception", act.transmission_reference or DOTS),
            ("Publiée le", _day(act.published_on)),
            ("Exécutoire le", _day(act.executory_on)),
        ],
        "Restanque encadré",
    )
    return writer.to_bytes()


def _day(day: dt.date | None) -> str:
    return spelled(day) if day else DOTS
