"""What the documents share: the writer in the team's styles, and the same words everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from restanque.accounts.models import Workspace
from restanque.engine.deadlines import with_weekday
from restanque.governance.counting import Floor
from restanque.governance.models import Mandate, Sitting
from restanque.governance.nomenclature import Choice, MemberRole, VoteMode
from restanque.governance.reading import ItemReading, SittingReading
from restanque.kit.documents import WordWriter
from restanque.kit.text import plural
from restanque.surveys.models import ReportTemplate

DOTS = "…" * 24


def template_of(workspace: Workspace) -> bytes | None:
    """The Word file that the team deposited to dress its documents; None: ours."""
    found = ReportTemplate.objects.filter(workspace=workspace).first()
    return bytes(found.content) if found else None


def writer_of(
    reading: SittingReading, title: str, *, created_at: dt.datetime, template: bytes | None
) -> WordWriter:
    """A document about a sitting, marked when it shows invented data."""
    return WordWriter(
        title=title,
        author=reading.sitting.workspace.name,
        created_at=created_at,
        fictitious=reading.is_fictitious,
        template=template,
    )


def hour_of(sitting: Sitting) -> str:
    """« 18 h 30 », « 9 h »."""
    at = timezone.localtime(sitting.starts_at)
    return f"{at.hour}\u00a0h" + (f"\u00a0{at.minute:02d}" if at.minute else "")


def when_and_where(sitting: Sitting) -> str:
    """« jeudi 17 décembre 2026 à 18 h 30, salle du conseil »."""
    place = f", {sitting.place}" if sitting.place else ""
    return f"{with_weekday(sitting.day)} à {hour_of(sitting)}{place}"


def titled(member: Mandate) -> str:
    """« Jeanne Martin, présidente »: the name and the place held, when it is not plain."""
    if member.role in (MemberRole.MEMBER, MemberRole.SUBSTITUTE):
        return member.full_name
    return f"{member.full_name} ({member.get_role_display()})"


def names(members: Iterable[Mandate]) -> str:
    """Names in a row; « aucun »."""
    return ", ".join(one.full_name for one in members) or "aucun"


def presence_lines(reading: SittingReading, floor: Floor) -> list[tuple[str, str]]:
    """Who is there, who sits for whom, who gave power, who is away."""
    people = reading.by_key
    filled = [
        people[who].full_name
        if who == seat
        else f"{people[who].full_name} (suppléant de {people[seat].full_name})"
        for seat, who in _ranked(reading, floor.filled)
    ]
    carried = [
        f"{people[giver].full_name} à {people[holder].full_name}"
        for giver, holder in _ranked(reading, floor.carried)
    ]
    away = [
        one.full_name
        for one in reading.seats
        if one.pk not in floor.filled and one.pk not in floor.carried
    ]
    return [
        ("Membres en exercice", str(floor.in_office)),
        (f"Présents ({len(filled)})", ", ".join(filled) or "aucun"),
        (f"Pouvoirs ({len(carried)})", ", ".join(carried) or "aucun"),
        (f"Absents ou excusés ({len(away)})", ", ".join(away) or "aucun"),
    ]


def _ranked(reading: SittingReading, pairs: object) -> list[tuple[int, int]]:
    """Pairs in the order of the members."""
    known: dict[int, int] = dict(pairs)  # type: ignore[call-overload]
    return [(one.pk, known[one.pk]) for one in reading.members if one.pk in known]


def vote_lines(reading: SittingReading, row: ItemReading) -> list[tuple[str, str]]:
    """The count, in one line each; the names too in a vote by name. Empty without vote."""
    vote = row.vote
    if vote is None or row.result is None:
        return []
    lines = [
        ("Votants", str(vote.voices - vote.no_part)),
        (
            "Vote",
            f"{VoteMode(vote.mode).label} : {vote.votes_for} pour, {vote.votes_against} contre, "
            f"{plural(vote.abstentions, 'abstention')}",
        ),
    ]
    if vote.no_part:
        lines.append(("Ne prennent pas part au vote", str(vote.no_part)))
    for choice in Choice if vote.mode == VoteMode.NAMED else ():
        said = [
            reading.by_key[one.mandate_id].full_name
            for one in vote.ballots.all()
            if one.choice == choice and one.mandate_id in reading.by_key
        ]
        if said:
            lines.append((choice.label.capitalize(), ", ".join(said)))
    return [*lines, ("Résultat", row.result.reason)]


def signatures(writer: WordWriter, sitting: Sitting) -> None:
    """Where the chair and the secretary sign."""
    pairs = [
        ("Le président de séance", sitting.chair.full_name if sitting.chair else DOTS),
        ("Le secrétaire de séance", sitting.secretary.full_name if sitting.secretary else DOTS),
    ]
    writer.paragraph("")
    writer.lines(pairs, "Normal")
