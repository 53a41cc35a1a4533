"""Import of the school calendar: the ministry's CSV or ICS file, as the user downloaded it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from restanque.accounts.models import Membership, User, Workspace
from restanque.core.files import TABULAR
from restanque.core.imports import Importer, RowPlan, UndoRefused
from restanque.kit.forms import TextField
from restanque.kit.tabular import Column, Row, Table, TableError, ValidRow, read_table
from restanque.kit.tabular.encoding import decode
from restanque.kit.text import format_date, parse_date, search_key
from restanque.supply.models import SchoolBreak
from restanque.supply.perms import can_edit_supply
from restanque.supply.school import Zone
from restanque.supply.services.school import save_break, withdraw_break
from restanque.territories.models import Territory

_PARIS = ZoneInfo("Europe/Paris")
_ZONE = re.compile(r"\bzone\s*([abc])\b|\b(corse)\b")
_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2}))?")
#: Longest break that is believed: the summer's is about sixty days.
LONGEST = 80


def read_day(text: str) -> dt.date:
    """A day: 18/10/2025, 2025-10-18, or the instant of Paris' midnight as open data writes it."""
    try:
        moment = dt.datetime.fromisoformat(text.strip())
        day = moment.astimezone(_PARIS).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):  # no instant, or out of the calendar once in Paris
        return parse_date(text)
    return parse_date(day.isoformat())  # a slip of the hand in the year is refused there


class SchoolImporter(Importer):
    """One row a break of one zone."""

    kind = "school-calendar"
    title = "Calendrier scolaire"
    formats = (*TABULAR, "ics")
    help = (
        "Le fichier officiel du ministère (« Le calendrier scolaire », en CSV ou ICS), pour votre "
        "zone. Le début est le premier jour sans classe, la fin le jour de la reprise. Les dates "
        "restent « à vérifier » jusqu’à ce que vous les ayez comparées au calendrier publié."
    )
    columns = (
        Column(
            "name", "Vacances", required=True, max_length=150, example="Vacances de la Toussaint",
            aliases=("description", "nom", "summary", "libellé"),
        ),
        Column(
            "starts_on", "Premier jour sans classe", required=True, parse=read_day,
            example="18/10/2025", aliases=("start_date", "date de début", "début", "dtstart"),
        ),
        Column(
            "resumes_on", "Reprise", parse=read_day, example="03/11/2025",
            aliases=("end_date", "date de fin", "fin", "dtend", "jour de reprise"),
        ),
        Column("zone", "Zone", aliases=("zones",), max_length=60, example="Zone B"),
        Column("population", "Population", max_length=60),
    )  # fmt: skip

    def allowed(self, membership: Membership) -> bool:
        """Who may change needs may bring the calendar that counts their days."""
        return can_edit_supply(membership)

    def context_fields(self, membership: Membership) -> dict[str, forms.Field]:
        """For which territory and zone, and where the file comes from."""
        own = Territory.objects.visible_to(membership)
        return {
            "territory": forms.ChoiceField(
                label="Territoire", choices=[(str(one.pk), one.name) for one in own]
            ),
            "zone": forms.ChoiceField(label="Zone", choices=Zone.choices, initial=Zone.B),
            "source": TextField(
                label="Source",
                max_length=200,
                help_text="Par exemple : education.gouv.fr, téléchargé le 24/11/2026.",
            ),
        }

    def read(self, data: bytes, filename: str) -> Table:
        """An ICS file turned into a table; anything else is a table already."""
        text = decode(data[:200]).text
        if "BEGIN:VCALENDAR" not in text.upper():
            return read_table(data, filename)
        return _calendar(decode(data).text, filename)

    def plan(
        self, rows: Sequence[ValidRow], *, workspace: Workspace, context: Mapping[str, Any]
    ) -> list[RowPlan]:
        """Which breaks are new, which change. Reads only."""
        known = {
            one.starts_on: one
            for one in SchoolBreak.objects.filter(
                territory=int(context["territory"]),
                territory__workspace=workspace,
                zone=context["zone"],
            )
        }
        seen: dict[dt.date, int] = {}
        return [self._one(row, str(context["zone"]), known, seen) for row in rows]

    def _one(
        self,
        row: ValidRow,
        zone: str,
        known: Mapping[dt.date, SchoolBreak],
        seen: dict[dt.date, int],
    ) -> RowPlan:
        name, first, back = (
            row.values["name"],
            row.values["starts_on"],
            row.values.get("resumes_on"),
        )
        if (other := _other_zone(row, zone)) is not None:
            return RowPlan.skip(row.number, f"{name} : {other}")
        if "enseignant" in search_key(str(row.values.get("population") or "")):
            return RowPlan.skip(row.number, f"{name} : dates des enseignants")
        summer = "ete" in search_key(name).split()
        if back is not None and back <= first and summer:
            back = None  # « Début des vacances d’été »: the file does not say the end
        if back is None and not summer:
            return RowPlan.error(
                row.number, f"Ligne {row.number}, Reprise : indiquez le jour de la reprise."
            )
        if back is not None and not 0 < (back - first).days <= LONGEST:
            return RowPlan.error(
                row.number,
                f"Ligne {row.number}, Reprise : du {format_date(first)} au {format_date(back)}, ce "
                "ne sont pas des vacances. Vérifiez les deux dates.",
            )
        if first in seen:
            return RowPlan.skip(row.number, f"{name} : déjà à la ligne {seen[first]}")
        seen[first] = row.number
        end = f", reprise le {format_date(back)}" if back else ", reprise inconnue"
        summary = f"{name} : sans classe dès le {format_date(first)}{end}"
        payload = {
            "name": name,
            "starts_on": first.isoformat(),
            "resumes_on": back and back.isoformat(),
        }
        before = known.get(first)
        if before is None:
            return RowPlan.create(row.number, summary, payload=payload)
        if before.resumes_on == back and before.name == name:
            return RowPlan.skip(row.number, f"{summary}, déjà connues")
        return RowPlan.update(row.number, summary, payload=payload)

    def apply(
        self, plan: RowPlan, *, workspace: Workspace, context: Mapping[str, Any], user: User | None
    ) -> dict[str, Any]:
        """Write one break; the journal holds what was there before."""
        back = plan.payload["resumes_on"]
        return save_break(
            territory=Territory.objects.get(workspace=workspace, pk=int(context["territory"])),
            zone=context["zone"],
            name=plan.payload["name"],
            starts_on=dt.date.fromisoformat(plan.payload["starts_on"]),
            resumes_on=dt.date.fromisoformat(back) if back else None,
            source=context["source"],
            today=timezone.localdate(),
        )

    def undo(self, journal: dict[str, Any], *, workspace: Workspace) -> None:
        """Put back what was there, unless it changed or was checked since."""
        if not withdraw_break(journal=journal, workspace=workspace):
            raise UndoRefused("modifiées ou vérifiées depuis cet import")


def _other_zone(row: ValidRow, zone: str) -> str | None:
    """« zone A » when the row is another zone's; None when it is this one's, or says none."""
    told = str(row.values.get("zone") or "") or str(row.values["name"])
    found = _ZONE.findall(search_key(told))
    if not found:
        # A column of zones that names another place (« Guadeloupe »…).
        return f"« {told} »" if row.values.get("zone") else None
    names = {letter.upper() or island.capitalize() for letter, island in found}
    return None if zone in names else f"zone {' et '.join(sorted(names))}"


def _calendar(text: str, filename: str) -> Table:
    """The events of an ICS file: their name, first day, and the day after their last."""
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    rows: list[Row] = []
    event: dict[str, str] | None = None
    for line in lines:
        name, _, value = line.partition(":")
        key = name.split(";")[0].upper()
        if line.upper().startswith("BEGIN:VEVENT"):
            event = {}
        elif line.upper().startswith("END:VEVENT") and event is not None:
            cells = (event.get("SUMMARY"), _day(event, "DTSTART"), _day(event, "DTEND"))
            rows.append(Row(len(rows) + 1, cells))
            event = None
        elif event is not None:
            event[key] = value.replace("\\,", ",").replace("\\n", " ").strip()
    if not rows:
        raise TableError(f"« {filename} » ne contient aucune date de calendrier.")
    notes = (f"{len(rows)} dates lues dans le calendrier.",)
    return Table(("summary", "dtstart", "dtend"), tuple(rows), 0, notes=notes)


def _day(event: Mapping[str, str], key: str) -> str | None:
    """« 2025-10-18 », or the instant written in universal time."""
    found = _DATE.match(event.get(key, ""))
    if found is None:
        return None
    year, month, day, hour, minute = found.groups()
    if hour is None:
        return f"{year}-{month}-{day}"
    return (
        f"{year}-{month}-{day}T{hour}:{minute}:00{'+00:00' if found.string.endswith('Z') else ''}"
    )
