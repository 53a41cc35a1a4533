"""The map on the server: SVG paths for pages without script, print, Word and downloads.

Projection: equirectangular at the mean latitude, true in both directions there. Over a French
département the error of distances stays under 1 %; areas of a whole-France map are only indicative.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

from restanque.kit import palette
from restanque.kit.maps.styles import STYLES, paint, patterns
from restanque.kit.maps.values import Feature, Geometry, MapClass, as_shape
from restanque.kit.svg import element

_MARGIN = 6.0
_POINT_RADIUS = 6.0
_NAME_SIZE = 15.0


@dataclass(frozen=True, slots=True)
class _Projection:
    """Degrees to pixels."""

    west: float
    north: float
    squeeze: float
    scale: float

    def __call__(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = _MARGIN + (longitude - self.west) * self.squeeze * self.scale
        return x, _MARGIN + (self.north - latitude) * self.scale


def static_map(
    features: Sequence[Feature],
    classes: Sequence[MapClass],
    *,
    width: int = 800,
    prefix: str = "map",
    outlines: Iterable[Geometry] = (),
    names: Iterable[str] = (),
    max_height: int | None = None,
) -> etree._Element:
    """An `<svg>` tree: areas first, then outlines, points and names.

    Features whose kind is in no class are drawn as unknown. `outlines` are drawn over (borders of
    intercommunalities); `names` are ids of features to name, the first ones winning the room.
    """
    shapes = [(feature, as_shape(feature.geometry)) for feature in features]
    over = [as_shape(outline) for outline in outlines]
    project, height = _fit([s for _, s in shapes] + over, width, max_height)
    style_of = {one.kind: one.style for one in classes}
    root = element("svg", viewBox=f"0 0 {width} {height:g}", width=str(width), height=f"{height:g}")
    used = [style_of.get(feature.kind, "none") for feature, _ in shapes]
    root.append(patterns(used, prefix))
    areas, points = element("g"), element("g")
    for (feature, geometry), style in zip(shapes, used, strict=True):
        node = _drawn(geometry, project)
        if node is None:
            continue
        _dress(node, style, prefix)
        said = next((one.label for one in classes if one.kind == feature.kind), "")
        detail = " : ".join(part for part in (feature.label, said) if part)
        node.append(element("title", f"{detail} ({feature.value})" if feature.value else detail))
        (points if geometry.geom_type.endswith("Point") else areas).append(node)
    root.append(areas)
    root.extend(_borders(over, project))
    root.append(points)
    root.append(_names(shapes, list(names), project, width))
    return root


def _fit(
    shapes: Sequence[BaseGeometry], width: int, max_height: int | None
) -> tuple[_Projection, float]:
    boxes = [s.bounds for s in shapes if not s.is_empty]
    if not boxes:
        return _Projection(0, 0, 1, 1), width * 0.6
    west, south = min(b[0] for b in boxes), min(b[1] for b in boxes)
    east, north = max(b[2] for b in boxes), max(b[3] for b in boxes)
    squeeze = math.cos(math.radians((south + north) / 2))
    across, down = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
    scale = (width - 2 * _MARGIN) / across
    if max_height is not None:
        scale = min(scale, (max_height - 2 * _MARGIN) / down)
    # A lone point must not fill the sheet with itself.
    scale = min(scale, width * 20)
    return _Projection(west, north, squeeze, scale), round(down * scale + 2 * _MARGIN)


def _drawn(geometry: BaseGeometry, project: _Projection) -> etree._Element | None:
    if geometry.is_empty:
        return None
    if geometry.geom_type.endswith("Point"):
        centre = geometry if geometry.geom_type == "Point" else geometry.centroid
        x, y = project(centre.x, centre.y)
        return element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{_POINT_RADIUS:g}")
    path = _path(geometry, project)
    return element("path", d=path) if path else None


def _path(geometry: BaseGeometry, project: _Projection) -> str:
    """SVG path of an area or a line, simplified to half a pixel, to the tenth of a pixel."""
    tolerance = 0.5 / project.scale
    simple = geometry.simplify(tolerance)
    parts = [
        _steps([project(*point[:2]) for point in line], closed)
        for line, closed in _lines(simple if not simple.is_empty else geometry)
    ]
    return "".join(parts)


def _steps(points: Sequence[tuple[float, float]], closed: bool) -> str:
    """One line of a path: its start, then steps in tenths of a pixel; rings too small give none."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    kept = [tenths[0], *(b for a, b in itertools.pairwise(tenths) if a != b)]
    if closed and kept[0] == kept[-1]:
        kept = kept[:-1]
    if closed and len(kept) < 3:
        return ""
    moves = [
        f"{(bx - ax) / 10:g} {(by - ay) / 10:g}" for (ax, ay), (bx, by) in itertools.pairwise(kept)
    ]
    start = f"M{kept[0][0] / 10:g} {kept[0][1] / 10:g}"
    return f"{start}l{' '.join(moves).replace(' -', '-')}{'Z' if closed else ''}"


def _lines(geometry: BaseGeometry) -> Iterator[tuple[Sequence[tuple[float, ...]], bool]]:
    if geometry.geom_type == "Polygon":
        for ring in (geometry.exterior, *geometry.interiors):
            yield list(ring.coords), True
    elif geometry.geom_type in ("LineString", "LinearRing"):
        yield list(geometry.coords), False
    else:
        for part in getattr(geometry, "geoms", ()):
            yield from _lines(part)


def _dress(node: etree._Element, style: str, prefix: str) -> None:
    look = STYLES[style]
    # A patterned class has no colour in the theme: its attribute must not be overridden.
    node.set("class", "c-hv" if look.pattern else f"c c-{style}")
    node.set("fill", paint(style, prefix))
    node.set("stroke", look.stroke)
    node.set("stroke-width", "2" if style == "ici" else "1.1")
    node.set("stroke-linejoin", "round")


def _borders(outlines: Sequence[BaseGeometry], project: _Projection) -> list[etree._Element]:
    """Each border twice: a paper halo, then the ink line."""
    nodes = []
    for colour, thickness, css in ((palette.PAPER, "4", "epci-h"), (palette.INK, "1.6", "epci")):
        for outline in outlines:
            attributes = {"fill": "none", "stroke": colour, "stroke-width": thickness, "class": css}
            node = element("path", d=_path(outline, project))
            for name, value in {**attributes, "stroke-linejoin": "round"}.items():
                node.set(name, value)
            nodes.append(node)
    return nodes


def _names(
    shapes: Sequence[tuple[Feature, BaseGeometry]],
    wanted: list[str],
    project: _Projection,
    width: int,
) -> etree._Element:
    """Names where they fit: one that would cover another is left out."""
    group = element("g")
    places = {feature.id: (feature.label, geometry) for feature, geometry in shapes}
    taken: list[tuple[float, float, float, float]] = []
    for identifier in wanted:
        if identifier not in places:
            continue
        label, geometry = places[identifier]
        if geometry.is_empty:
            continue
        centre = shapely.point_on_surface(geometry)
        x, y = project(centre.x, centre.y)
        half = len(label) * _NAME_SIZE * 0.24
        x = min(max(x, half + 2), width - half - 2)
        box = (x - half, y - _NAME_SIZE * 0.8, x + half, y + _NAME_SIZE * 0.3)
        if any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        node = element(
            "text", label, x=f"{x:.0f}", y=f"{y:.0f}", class_="rq-map-name", fill=palette.INK,
            text_anchor="middle", font_family=palette.SERIF, font_style="italic", font_weight="500",
            font_size=f"{_NAME_SIZE:g}px", stroke=palette.PAPER, stroke_width="3.5",
            stroke_linejoin="round", paint_order="stroke",
        )  # fmt: skip
        group.append(node)
    return group


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
