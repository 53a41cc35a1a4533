"""Before the sitting: a letter a member with a power to fill in, and the note beside it."""

from __future__ import annotations

import datetime as dt

from restanque.engine.deadlines import spelled, with_weekday
from restanque.governance.documents.frame import DOTS, titled, when_and_where, writer_of
from restanque.governance.models import Mandate
from restanque.governance.nomenclature import ConvenedAs, ItemKind
from restanque.governance.reading import SittingReading
from restanque.kit.documents import WordWriter


def agenda_lines(reading: SittingReading) -> list[str]:
    """« 1. Arrêt du projet (décision), rapporteur : Jeanne Martin »."""
    found = []
    for item in reading.items:
        if item.withdrawn:
            continue
        nature = ItemKind(item.kind).label
        who = f", rapporteur : {item.rapporteur.full_name}" if item.rapporteur else ""
        found.append(f"{item.position}. {item.title} ({nature}){who}")
    return found


def reasons(reading: SittingReading) -> list[str]:
    """Why the sitting is convened so, when it is not in the ordinary way."""
    sitting = reading.sitting
    if sitting.convened_as == ConvenedAs.URGENT:
        return [
            f"Cette convocation est faite en urgence : {sitting.urgency_reason}. L’instance se "
            "prononcera sur l’urgence dès l’ouverture de la séance."
        ]
    first = sitting.lacked_quorum
    if sitting.convened_as == ConvenedAs.SECOND and first is not None:
        return [
            f"Le quorum n’a pas été atteint le {with_weekday(first.day)}. Cette seconde "
            "convocation porte sur les mêmes points : l’instance délibérera sans condition de "
            "quorum."
        ]
    return []


def message_text(reading: SittingReading, member: Mandate) -> str:
    """The convocation as a message: place, agenda, and the note of each item."""
    sitting = reading.sitting
    lines = [
        "Madame, Monsieur,",
        "",
        f"Vous êtes invité à la séance suivante : {sitting.body.name}, {when_and_where(sitting)}.",
        *reasons(reading),
        "",
        "Ordre du jour :",
        *agenda_lines(reading),
    ]
    notes = [item for item in reading.items if item.summary and not item.withdrawn]
    if notes:
        lines += ["", "Note de synthèse"]
        for item in notes:
            lines += ["", f"{item.position}. {item.title}", item.summary]
    if sitting.body.deliberates and member.holds_seat:
        lines += [
            "",
            "En cas d’empêchement, vous pouvez donner pouvoir par écrit à un autre membre. Un "
            "pouvoir ne compte pas dans le quorum.",
        ]
    return "\n".join([*lines, "", sitting.workspace.name])


def convocation_letters(
    reading: SittingReading,
    *,
    day: dt.date,
    created_at: dt.datetime,
    template: bytes | None = None,
) -> bytes:
    """One page a member in office, in their order; without member, one letter to fill in."""
    sitting = reading.sitting
    writer = writer_of(reading, f"Convocation, {sitting}", created_at=created_at, template=template)
    members: list[Mandate | None] = [*reading.members] or [None]
    for rank, member in enumerate(members):
        _letter(writer, reading, member, day, new_page=rank > 0)
    return writer.to_bytes()


def _letter(
    writer: WordWriter,
    reading: SittingReading,
    member: Mandate | None,
    day: dt.date,
    *,
    new_page: bool,
) -> None:
    sitting, body = reading.sitting, reading.sitting.body
    writer.heading("Convocation", 0, new_page=new_page)
    writer.paragraph(body.name, "Subtitle")
    if member is not None:
        place = member.represents
        address = [place.name, place.address, _town(place)] if place is not None else []
        writer.lines([("", line) for line in [titled(member), *address] if line], "Normal")
    writer.paragraph(f"{sitting.workspace.name}, le {spelled(day)}", "Restanque source")
    writer.paragraph(f"Séance du {when_and_where(sitting)}.", "Restanque chapeau")
    writer.paragraph(
        "Madame, Monsieur, vous êtes convié à cette séance. L’ordre du jour est le suivant."
    )
    for line in reasons(reading):
        writer.paragraph(line)
    for line in agenda_lines(reading) or ["L’ordre du jour reste à établir."]:
        writer.paragraph(line)
    if any(one.summary for one in reading.items):
        writer.paragraph("La note de synthèse est jointe.")
    writer.lines([("Le président", body_president(reading) or DOTS)], "Normal")
    if body.deliberates and (member is None or member.holds_seat):
        _power(writer, reading, member)


def _power(writer: WordWriter, reading: SittingReading, member: Mandate | None) -> None:
    writer.heading("Pouvoir", 2)
    name = member.full_name if member else DOTS
    writer.lines(
        [
            ("", f"Je soussigné {name}, empêché, donne pouvoir à {DOTS}"),
            ("", f"pour voter en mon nom à la séance du {spelled(reading.sitting.day)}."),
            ("", "Un membre ne porte qu’un pouvoir, qui peut être repris à tout moment. Il ne "
                 "compte pas dans le quorum."),
            ("Date et signature", DOTS),
        ],
        "Restanque encadré",
    )  # fmt: skip


def _town(place: object) -> str:
    commune = getattr(place, "commune", None)
    return f"{getattr(place, 'postal_code', '')} {commune.name if commune else ''}".strip()


def body_president(reading: SittingReading) -> str:
    """The president in office; empty when none is recorded."""
    return next((one.full_name for one in reading.members if one.role == "president"), "")


def synthesis_note(
    reading: SittingReading, *, created_at: dt.datetime, template: bytes | None = None
) -> bytes:
    """The note that goes with the convocation: each item, what is asked, why."""
    sitting = reading.sitting
    writer = writer_of(
        reading, f"Note de synthèse, {sitting}", created_at=created_at, template=template
    )
    writer.heading("Note explicative de synthèse", 0)
    writer.paragraph(sitting.body.name, "Subtitle")
    writer.paragraph(f"Séance du {when_and_where(sitting)}.", "Restanque chapeau")
    for item in reading.items:
        if item.withdrawn:
            continue
        writer.heading(f"{item.position}. {item.title}", 1)
        pairs = [("Nature", ItemKind(item.kind).label)]
        if item.rapporteur:
            pairs.append(("Rapporteur", item.rapporteur.full_name))
        if item.subject_label:
            pairs.append(("Dossier", item.subject_label))
        writer.lines(pairs, "Normal")
        for part in (item.summary or "Note à écrire.").splitlines():
            if part.strip():
                writer.paragraph(part.strip())
        if item.draft:
            writer.heading("Projet de délibération", 2)
            for part in item.draft.splitlines():
                if part.strip():
                    writer.paragraph(part.strip())
    return writer.to_bytes()
