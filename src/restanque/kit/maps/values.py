"""What a map is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from restanque.kit.maps.styles import STYLES

# shapely geometry, WKB bytes, or a GeoJSON geometry; WGS84, degrees.
Geometry: TypeAlias = BaseGeometry | bytes | memoryview | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MapClass:
    """A line of the legend: `kind` ties features to it, `style` is one of STYLES."""

    kind: str
    label: str
    style: str

    def __post_init__(self) -> None:
        """A style that does not exist is a mistake of the room."""
        if self.style not in STYLES:
            raise ValueError(f"Unknown map style {self.style!r}; known: {', '.join(STYLES)}.")


@dataclass(frozen=True, slots=True)
class Feature:
    """A thing on the map: `value` goes in its table and tooltip, `url` is where it leads."""

    id: str
    label: str
    geometry: Geometry
    kind: str
    value: str = ""
    url: str = ""


def as_shape(geometry: Geometry) -> BaseGeometry:
    """The geometry as shapely, whatever it came as."""
    if isinstance(geometry, BaseGeometry):
        return geometry
    if isinstance(geometry, bytes | memoryview):
        return shapely.from_wkb(bytes(geometry))
    return shape(geometry)
