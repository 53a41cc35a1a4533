"""Contours of communes, for maps."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from restanque.territories.models import Commune, CommuneContour


def contours_of(communes: Iterable[Commune]) -> dict[str, BaseGeometry]:
    """Contour by INSEE code (WGS84); communes without a contour are absent."""
    codes = [commune.code for commune in communes]
    rows = CommuneContour.objects.filter(commune__in=codes).order_by("commune")
    found = [(str(row.commune_id), bytes(row.wkb)) for row in rows]
    shapes = shapely.from_wkb([wkb for _, wkb in found])
    return {code: shape for (code, _), shape in zip(found, shapes, strict=True)}


def outline_of(contours: Iterable[BaseGeometry]) -> BaseGeometry:
    """The outer limit of a set of contours, slivers between simplified neighbours closed."""
    gap = 1e-3
    merged = shapely.buffer(shapely.union_all(list(contours)), gap, join_style="mitre")
    return shapely.simplify(shapely.buffer(merged, -gap, join_style="mitre"), 1e-4)


def geojson_for(
    communes: Iterable[Commune], properties: Callable[[Commune], dict[str, Any]] | None = None
) -> dict[str, Any]:
    """A GeoJSON FeatureCollection of contours (WGS84, 4 decimals), one feature per commune.

    The feature's id is the INSEE code; its properties are `code`, `name` and what `properties`
    adds. A commune without a contour keeps its feature with a null geometry, as the format allows.
    """
    communes = list(communes)
    contours = contours_of(communes)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": commune.code,
                "geometry": _geometry(contours.get(commune.code)),
                "properties": {
                    "code": commune.code,
                    "name": commune.name,
                    **(properties(commune) if properties else {}),
                },
            }
            for commune in communes
        ],
    }


def _geometry(contour: BaseGeometry | None) -> dict[str, Any] | None:
    if contour is None:
        return None
    tidy = shapely.transform(contour, lambda xy: np.round(xy, 4))
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(tidy))
    return geometry
