"""Lists that a visit form reads, made for a series of visits: communes, organisations.

They hold what its visitors may see, and nothing else: names and communes, neither telephone nor
address, and nobody who asked for silence.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import timezone

from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.surveys.definitions import media_of
from restanque.surveys.models import QuestionnaireVersion, VisitRound
from restanque.territories.models import Commune

COMMUNES, ORGANISATIONS = "communes.csv", "organisations.csv"
# Joined to the form when it is installed, so that it can be read without any series of visits.
EMPTY_LISTS = {
    COMMUNES: b"name,label\n",
    ORGANISATIONS: b"name,label,commune\n",
}


def communes_of(visits: VisitRound, on: date | None = None) -> list[Commune]:
    """The communes where the series goes: those of its territory that day, by name."""
    return list(visits.territory.communes_at(on or timezone.localdate()).order_by("name", "pk"))


def organisations_of(visits: VisitRound, *, also: int | None = None) -> list[Organisation]:
    """Whom the phone lists: of the kinds visited, in the territory, neither archived nor silent.

    `also` keeps one more of the same workspace: the one a visit names, though it has since left.
    """
    communes = [commune.pk for commune in communes_of(visits)]
    ours = Organisation.objects.filter(workspace=visits.territory.workspace_id)
    found = ours.active().filter(
        commune__in=communes, kind__in=_kinds(visits), do_not_contact=False
    )
    listed = list(found.order_by("name_key", "pk"))
    if also is not None and all(one.pk != also for one in listed):
        listed += list(ours.filter(pk=also, commune__isnull=False))
    return listed


def find_organisation(visits: VisitRound, text: str, *, follow: bool = True) -> Organisation | None:
    """The organisation that an answer names, when it is of the workspace and the territory.

    One that was archived since the phone listed it is still found; one that was merged leads to
    the record that took its place, unless `follow` is False.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    communes = [commune.pk for commune in communes_of(visits)]
    found = Organisation.objects.filter(
        workspace=visits.territory.workspace_id,
        commune__in=communes,
        kind__in=_kinds(visits),
        pk=int(text),
    ).first()
    if follow and found is not None and found.merged_into is not None:
        return found.merged_into
    return found


def media_for(
    visits: VisitRound, version: QuestionnaireVersion, *, also: int | None = None
) -> dict[str, bytes]:
    """Every file the form reads, by name: those of the version, and the lists of the series."""
    files = media_of(version)
    files[COMMUNES] = _table(
        ("name", "label"), ((commune.pk, commune.name) for commune in communes_of(visits))
    )
    files[ORGANISATIONS] = _table(
        ("name", "label", "commune"),
        (
            (str(one.pk), one.name, one.commune_id or "")
            for one in organisations_of(visits, also=also)
        ),
    )
    return files


def _kinds(visits: VisitRound) -> list[str]:
    return [kind for kind in visits.kinds if kind in Kind.values]


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue().encode()
