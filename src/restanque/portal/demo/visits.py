"""Fictitious visits: bakeries that do not exist, seen by a trainee and a mill's representative."""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from restanque.accounts.models import User
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.surveys.models import Visitor, VisitRound
from restanque.surveys.visits import reception, reviewing, rounds, visitors
from restanque.surveys.visits.reading import session_for
from restanque.territories.models import Commune, Territory

_PHOTO = "1790000000001.png"


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit: whom (a listed bakery, or a new name), how many days ago, what was answered."""

    place: str
    commune: str
    days: int
    by_mill: bool = False
    validated: bool = False
    is_new: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)


def _offer(kilos: str, free: str, price: str, radius: str, interest: str) -> dict[str, str]:
    return {
        "/data/fabrication/equipement": "four_rotatif petrin chambre_pousse",
        "/data/fabrication/pains": "courant complet",
        "/data/fabrication/pain[1]/capacite": kilos,
        "/data/fabrication/libre": free,
        "/data/fabrication/pain[1]/prix": price,
        "/data/farine_page/farine": "T65 de tradition",
        "/data/livraison/livre": "oui",
        "/data/livraison/rayon": radius,
        "/data/livraison/jours": "lundi mardi jeudi vendredi",
        "/data/livraison/livraison_de": "06:00:00.000+01:00",
        "/data/livraison/fermeture": "mercredi",
        "/data/conditions/interet": interest,
        "/data/conditions/delai": "30",
    }


_ORGANIC = {
    "/data/signes_page/nb_signes": "1",
    "/data/signes_page/signe[1]/sigle": "BIO",
    "/data/signes_page/signe[1]/numero": "FICTIF-0001",
    "/data/signes_page/signe[1]/preuve": _PHOTO,
}
_SEEN = (
    Seen("Fournil des Alyscamps", "13004", 24, validated=True,
         answers=_offer("180", "60", "3.1", "12", "fort") | _ORGANIC),
    Seen("Boulangerie du Roi René", "13001", 19, validated=True,
         answers=_offer("320", "40", "3.6", "8", "possible")),
    Seen("Pain de la Tarasque", "13108", 12, by_mill=True, validated=True,
         answers=_offer("90", "25", "3.3", "20", "fort")),
    Seen("Pétrin de la Crau", "13097", 6, by_mill=True,
         answers=_offer("140", "30", "3.4", "15", "possible")),
    # A radius beyond the form's bounds: it finds it, and the visit is received all the same.
    Seen("Aux Blés du Salonais", "13103", 4, answers=_offer("80", "30", "3.2", "1200", "fort")),
    Seen("Levain des Étangs", "13056", 2, is_new=True,
         answers=_offer("60", "20", "3.8", "5", "plus_tard")),
)  # fmt: skip


def play_visits(territory: Territory, *, by: User, today: date) -> VisitRound:
    """Install the visit forms, make two visitors and a few visits, validate some of them."""
    workspace = territory.workspace
    versions = [
        rounds.install_visit_form(workspace=workspace, name=name, by=by)
        for name in ("visite-boulangerie", "visite-cantine")
    ]
    bakeries, canteens = (
        rounds.create_round(
            territory=territory,
            version=version,
            name=name,
            kinds=kinds,
            purpose=purpose,
            purge_on=today + timedelta(days=730),
            by=by,
        )
        for version, name, kinds, purpose in (
            (versions[0], f"Boulangeries {today.year}", [Kind.BAKERY],
             "Savoir quelles boulangeries pourraient fournir les cantines, et à quelles "
             "conditions."),
            (versions[1], f"Cantines {today.year}", [Kind.MAIRIE],
             "Voir comment le pain est livré, gardé et servi."),
        )
    )  # fmt: skip
    trainee = visitors.create_visitor(
        territory=territory, display_name="Noé (stagiaire)", rounds=[bakeries, canteens], by=by
    )
    mill = visitors.create_visitor(
        territory=territory, display_name="Malik (moulin)", rounds=[bakeries], by=by
    )
    inside = set(territory.communes_at(today).values_list("pk", flat=True))
    for number, seen in enumerate(_SEEN, 1):
        if seen.commune not in inside:
            continue
        known = None if seen.is_new else _bakery(territory, seen)
        visitor = mill if seen.by_mill else trainee
        _visit(bakeries, seen, visitor, known, number, by=by, today=today)
    return bakeries


def _bakery(territory: Territory, seen: Seen) -> Organisation:
    return create_organisation(
        workspace=territory.workspace,
        kind=Kind.BAKERY,
        name=seen.place,
        commune=Commune.objects.get(pk=seen.commune),
        source="démonstration",
        fictitious=True,
    )


def _visit(
    visits: VisitRound,
    seen: Seen,
    visitor: Visitor,
    known: Organisation | None,
    number: int,
    *,
    by: User,
    today: date,
) -> None:
    """As a phone would send it, photo included; then read over."""
    session = session_for(
        visits, visits.version, instance=None, instance_id=f"uuid:demonstration-{number}"
    )
    place = (
        {"/data/visite/connue": "liste", "/data/visite/organisation": str(known.pk)}
        if known is not None
        else {"/data/visite/connue": "nouvelle", "/data/visite/nouveau_nom": seen.place}
    )
    first = {
        "/data/visite/visite_date": (today - timedelta(days=seen.days)).isoformat(),
        "/data/visite/commune": seen.commune,
    }
    for path, value in {**first, **place, **seen.answers}.items():
        session.set(path, value)
        session.recompute()
    files = {}
    if _PHOTO in seen.answers.values():
        files[_PHOTO] = SimpleUploadedFile(_PHOTO, _picture())
    received = reception.receive(
        visitor=visitor, xml=session.to_xml(prune=True).encode(), files=files
    )
    if seen.validated:
        reviewing.validate(visit=received.visit, by=by)


def _picture(width: int = 480, height: int = 340) -> bytes:
    """A sheet with lines of grey, which says nothing: a certificate's photo, fictitious."""

    def pixel(x: int, y: int) -> int:
        margin = 40 < x < width - 40
        return (
            120 if margin and 60 < y < height - 40 and y % 28 < 6 and (x * 7 + y) % 97 > 9 else 246
        )

    lines = b"".join(b"\0" + bytes(pixel(x, y) for x in range(width)) for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    drawn = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(lines, 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(drawn)
