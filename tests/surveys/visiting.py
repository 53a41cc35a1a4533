"""A small place to visit: three bakeries, a mairie, one series of visits, one visitor."""

import base64
import re
import struct
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.directory import services as directory
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.surveys.models import Visitor, VisitRound
from restanque.surveys.visits import reception, rounds, visitors
from restanque.surveys.visits.keys import password_of
from restanque.surveys.visits.reading import session_for
from restanque.territories.models import Commune, Departement, Region, Territory
from restanque.territories.services import create_territory

COMMUNES = {"13004": "Arles", "13108": "Tarascon", "13036": "Eyragues"}
PDF = b"%PDF-1.4\n%%EOF\n"
# A JPEG's structure with a place in it: header, Exif, then the picture.
_EXIF = b"Exif\0\0MM" + struct.pack(">HIH", 42, 8, 1) + struct.pack(">HHIHH", 0x112, 3, 1, 6, 0)
PLACE = b"43.6767 N 4.6278 E"


def photo(mark: bytes = b"") -> bytes:
    """A picture as a phone sends it: orientation 6, and where it was taken."""
    exif = _EXIF + struct.pack(">I", 0) + PLACE + mark
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        + b"\xff\xe1"
        + struct.pack(">H", len(exif) + 2)
        + exif
        + b"\xff\xda\x00\x02picture"
        + mark
        + b"\xff\xd9"
    )


@dataclass
class Ground:
    """What there is to visit, with what."""

    workspace: Workspace
    territory: Territory
    organisations: dict[str, Organisation]
    visits: VisitRound
    visitor: Visitor

    @property
    def authorization(self) -> str:
        """The visitor's Basic header."""
        return basic(self.visitor)

    def xml(self, values: dict[str, str] | None = None, *, identifier: str = "uuid:a") -> bytes:
        """A filled visit as a phone would serialise it: the bakery of Arles unless told."""
        session = session_for(
            self.visits, self.visits.version, instance=None, instance_id=identifier
        )
        known = {
            "/data/visite/visite_date": "2026-11-20",
            "/data/visite/commune": "13004",
            "/data/visite/connue": "liste",
            "/data/visite/organisation": str(self.organisations["arles"].pk),
        }
        for path, value in {**known, **(values or {})}.items():
            session.set(path, value)
            session.recompute()
        return session.to_xml(prune=True).encode()

    def received(
        self, values: dict[str, str] | None = None, *, identifier: str = "uuid:a", **files: bytes
    ):  # type: ignore[no-untyped-def]
        """A visit that came from the phone; files are named `preuve_jpg=…` for « preuve.jpg »."""
        uploads = {
            re.sub("_", ".", name): SimpleUploadedFile(re.sub("_", ".", name), data)
            for name, data in files.items()
        }
        return reception.receive(
            visitor=self.visitor, xml=self.xml(values, identifier=identifier), files=uploads
        ).visit


def basic(visitor: Visitor, password: str | None = None) -> str:
    """A Basic header."""
    words = f"{visitor.username}:{password or password_of(visitor)}"
    return "Basic " + base64.b64encode(words.encode()).decode()


def communes_of_tests() -> list[Commune]:
    """Three communes of the Pays d’Arles, made once."""
    region, _ = Region.objects.get_or_create(code="93", defaults={"name": "Provence"})
    departement, _ = Departement.objects.get_or_create(
        code="13", defaults={"name": "Bouches-du-Rhône", "region": region}
    )
    return [
        Commune.objects.get_or_create(
            code=code,
            defaults={"name": name, "name_key": name.lower(), "departement": departement},
        )[0]
        for code, name in COMMUNES.items()
    ]


def build_ground(
    workspace: Workspace, *, form: str = "visite-boulangerie", by: Membership | None = None
) -> Ground:
    """Build it, through services."""
    communes = {one.pk: one for one in communes_of_tests()}
    territory = create_territory(
        workspace=workspace,
        name="PAT",
        kind="pat",
        valid_from=date(2026, 1, 1),
        commune_codes=list(communes),
    )

    def organisation(name: str, kind: Kind, code: str) -> Organisation:
        return directory.create_organisation(
            workspace=workspace, kind=kind, name=name, commune=communes[code]
        )

    organisations = {
        "arles": organisation("Fournil des Arènes", Kind.BAKERY, "13004"),
        "tarascon": organisation("Pain du Rhône", Kind.BAKERY, "13108"),
        "silent": organisation("Boulangerie du Silence", Kind.BAKERY, "13004"),
        "mairie": organisation("Mairie d’Arles", Kind.MAIRIE, "13004"),
    }
    directory.update_organisation(
        organisation=organisations["silent"],
        do_not_contact=True,
        do_not_contact_on=timezone.localdate(),
    )
    version = rounds.install_visit_form(workspace=workspace, name=form)
    visits = rounds.create_round(
        territory=territory,
        version=version,
        name="Boulangeries 2026",
        kinds=[Kind.BAKERY],
        purpose="Savoir qui pourrait fournir les cantines.",
        purge_on=date(2028, 12, 31),
    )
    visitor = visitors.create_visitor(
        territory=territory, display_name="Stagiaire 2026", rounds=[visits]
    )
    return Ground(workspace, territory, organisations, visits, visitor)
