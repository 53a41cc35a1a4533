"""Pure geometry of contours: areas and rounding. No database, no file."""

import math
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

# GRS80, the ellipsoid of the French legal reference system RGF93.
_SEMI_MAJOR_M = 6_378_137.0
_ECCENTRICITY_2 = 0.006_694_380_022_90
_ECCENTRICITY = math.sqrt(_ECCENTRICITY_2)

# About 300 m: a town hall this far outside a simplified contour is still in its commune.
TOWN_HALL_TOLERANCE_DEGREES = 0.003

Geometries = NDArray[Any]


def rounded(geometries: Geometries, decimals: int = 4) -> Geometries:
    """Round coordinates (1e-4° is about 10 m) and mend what rounding made invalid.

    Vertices shared by neighbours stay shared, since each is rounded alone.
    """
    coarse: Geometries = shapely.transform(geometries, lambda xy: np.round(xy, decimals))
    broken = ~shapely.is_valid(coarse) & ~shapely.is_missing(coarse)
    for index in np.flatnonzero(broken):
        coarse[index] = _only_polygons(shapely.make_valid(coarse[index]))
    return coarse


def _only_polygons(geometry: Any) -> Any:
    """Drop the stray lines and points that mending a polygon may leave."""
    parts = [p for p in shapely.get_parts(geometry) if shapely.get_dimensions(p) == 2]
    return shapely.union_all(parts)


def area_km2(geometries: Geometries) -> NDArray[np.float64]:
    """Area on the ellipsoid, in km², of longitude/latitude polygons (nan when missing).

    The cylindrical equal-area projection keeps areas exactly; edges are taken as straight in it,
    which for segments of a few kilometres is far below the error of a simplified contour.
    """

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        sine = np.sin(np.radians(xy[:, 1]))
        es = _ECCENTRICITY * sine
        q = (1 - _ECCENTRICITY_2) * (
            sine / (1 - es**2) - np.log((1 - es) / (1 + es)) / (2 * _ECCENTRICITY)
        )
        x = _SEMI_MAJOR_M * np.radians(xy[:, 0])
        return np.column_stack([x, _SEMI_MAJOR_M * q / 2])

    areas: NDArray[np.float64] = shapely.area(shapely.transform(geometries, project)) / 1e6
    return areas
