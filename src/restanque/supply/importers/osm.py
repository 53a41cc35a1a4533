"""Import of an OpenStreetMap extract: GeoJSON as map tools export it, or a table."""

from __future__ import annotations

import json
from typing import Any

import shapely
from shapely.geometry import shape

from restanque.core.files import TABULAR
from restanque.directory.identifiers import clean_phone, clean_siret
from restanque.directory.importers.base import Places
from restanque.directory.importers.columns import LATITUDE, LONGITUDE
from restanque.directory.nomenclature import Kind
from restanque.kit.tabular import Column, Row, Table, TableError, ValidRow, read_table
from restanque.kit.tabular.encoding import decode
from restanque.supply.importers.known import Book, Candidate, KnownPlacesImporter, LeftOut
from restanque.territories.geo import contours_of
from restanque.territories.models import Commune

#: Features read of one file.
MOST = 50_000
_READ = (
    "name", "shop", "craft", "ref:FR:SIRET", "addr:housenumber", "addr:street", "addr:postcode",
    "addr:city", "phone", "contact:phone", "website", "contact:website", "@id",
)  # fmt: skip


class OsmImporter(KnownPlacesImporter):
    """One row, or one feature, a place."""

    kind = "osm"
    title = "Boulangeries et moulins : fichier OpenStreetMap"
    origin = "OpenStreetMap (ODbL)"
    formats = (*TABULAR, "geojson", "json")
    help = (
        "Les lieux « shop=bakery » et « craft=grinding_mill », en GeoJSON (export d’Overpass "
        "turbo ou d’uMap) ou en tableau. La commune vient du point sur la carte, sinon de "
        "l’adresse. Un lieu sans nom est laissé de côté. Données © les contributeurs "
        "d’OpenStreetMap, licence ODbL."
    )
    columns = (
        Column("name", "name", max_length=200, aliases=("nom",)),
        Column("shop", "shop", aliases=("commerce",)),
        Column("craft", "craft"),
        Column("siret", "ref:FR:SIRET", parse=clean_siret, aliases=("siret",)),
        Column("street_number", "addr:housenumber", max_length=20),
        Column("street", "addr:street", max_length=200, aliases=("rue", "adresse")),
        Column("postal_code", "addr:postcode", max_length=10, aliases=("code postal",)),
        Column("commune", "addr:city", max_length=120, aliases=("commune", "ville")),
        Column("code_insee", "ref:INSEE", max_length=10, aliases=("code insee",)),
        Column("phone", "phone", parse=clean_phone, aliases=("téléphone", "contact:phone")),
        Column("website", "website", max_length=300, aliases=("site", "contact:website")),
        LONGITUDE,
        LATITUDE,
    )

    def read(self, data: bytes, filename: str) -> Table:
        """GeoJSON turned into a table; anything else is a table already."""
        if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
            return read_table(data, filename)
        try:
            document = json.loads(decode(data).text)
        except (ValueError, RecursionError) as error:
            raise TableError(f"« {filename} » n’est pas un GeoJSON lisible.") from error
        return _table(document, filename)

    def candidate(self, row: ValidRow) -> Candidate:
        """A bakery or a mill that has a name."""
        said = row.values
        kind = _kind(str(said.get("shop") or ""), str(said.get("craft") or ""))
        name = str(said.get("name") or "").strip()
        if kind is None:
            raise LeftOut(f"{name or 'Lieu'} : ni boulangerie (shop=bakery) ni moulin")
        if not name:
            raise LeftOut("Lieu sans nom : comptez-le parmi les boulangeries sans nom")
        street = " ".join(str(said[part]) for part in ("street_number", "street") if said.get(part))
        values: dict[str, Any] = {
            "address": street,
            "postal_code": said.get("postal_code") or "",
            "phone": said.get("phone") or "",
            "website": said.get("website") or "",
        }
        if said.get("longitude") is not None and said.get("latitude") is not None:
            values |= {name_: float(said[name_]) for name_ in ("longitude", "latitude")}
        return Candidate(name, kind, str(said.get("siret") or ""), False, values)

    def place(self, row: ValidRow, places: Places, book: Book) -> tuple[Commune | None, str]:
        """The commune whose contour holds the point; else what the address says."""
        longitude, latitude = row.values.get("longitude"), row.values.get("latitude")
        if longitude is None or latitude is None:
            return places.of(row)
        inside = _inside(book, float(longitude), float(latitude))
        if inside is not None:
            return inside, ""
        named, _ = places.of(row)
        if named is not None:
            return named, ""
        return None, "le point n’est dans aucune commune du territoire, et l’adresse n’en dit pas."


def _inside(book: Book, longitude: float, latitude: float) -> Commune | None:
    if book.contours is None:
        book.contours = contours_of(book.members.values())
    point = shapely.Point(longitude, latitude)
    for code, contour in book.contours.items():
        if contour.contains(point):
            return book.members[code]
    return None


def _kind(shop: str, craft: str) -> Kind | None:
    if "bakery" in shop.split(";") or craft == "bakery":
        return Kind.BAKERY
    return Kind.MILL if craft == "grinding_mill" else None


def _table(document: Any, filename: str) -> Table:
    """One row a feature; a surface is told by a point inside it."""
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise TableError(f"« {filename} » ne contient aucun lieu (« features »).")
    if len(features) > MOST:
        raise TableError(f"« {filename} » a {len(features)} lieux ; la limite est de {MOST}.")
    headers = (*_READ, "lon", "lat")
    rows = []
    for number, feature in enumerate(features, start=1):
        told = feature.get("properties") if isinstance(feature, dict) else None
        tags = told if isinstance(told, dict) else {}
        nested = tags.get("tags")
        tags = {**tags, **nested} if isinstance(nested, dict) else tags
        cells = [None if tags.get(name) is None else str(tags[name]) for name in _READ]
        rows.append(Row(number, (*cells, *_point(feature))))
    return Table(headers, tuple(rows), 0, notes=(f"{len(rows)} lieux lus.",))


def _point(feature: Any) -> tuple[float | None, float | None]:
    """Longitude and latitude; None for what has no place."""
    try:
        at = shape(feature["geometry"]).representative_point()
        return round(at.x, 6), round(at.y, 6)
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError):
        return None, None
