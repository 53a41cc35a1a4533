"""Distances and areas on a sphere of 6,378,100 m, as JavaRosa's.

Points are ``latitude longitude [altitude accuracy]`` in degrees, parted by semicolons.
"""

from __future__ import annotations

import math
from itertools import pairwise

from restanque.engine.forms.xpath.context import Context
from restanque.engine.forms.xpath.errors import XPathError
from restanque.engine.forms.xpath.evaluation import spend
from restanque.engine.forms.xpath.functions.registry import eager
from restanque.engine.forms.xpath.nodes import string_value
from restanque.engine.forms.xpath.values import Value, inner_text

_RADIUS = 6_378_100.0
_Point = tuple[float, float]


def _points(value: Value) -> list[_Point] | None:
    """The points of a trace, or of the nodes of a node-set; None when a point cannot be read."""
    texts = (
        [string_value(node) for node in value] if isinstance(value, list) else [inner_text(value)]
    )
    points: list[_Point] = []
    for text in texts:
        for written in text.split(";"):
            if written.strip():
                point = _point(written)
                if point is None:
                    return None
                points.append(point)
    return points


def _point(text: str) -> _Point | None:
    try:
        latitude, longitude = (float(part) for part in text.split()[:2])
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _readable_points(value: Value, function: str) -> list[_Point]:
    points = _points(value)
    if points is None:
        raise XPathError(f"« {function} » attend des points : latitude longitude, en degrés.")
    return points


@eager("distance", 1, None)
def _distance(context: Context, *values: Value) -> Value:
    """Length in metres of the line through all the points."""
    line = [point for value in values for point in _readable_points(value, "distance()")]
    return math.fsum(great_circle(start, end) for start, end in pairwise(line))


def great_circle(start: _Point, end: _Point) -> float:
    """Metres between two points (law of cosines)."""
    if start == end:
        return 0.0
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, point)) for point in (start, end))
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(
        lon1 - lon2
    )
    return _RADIUS * math.acos(max(-1.0, min(1.0, cosine)))


def _area(context: Context, value: Value) -> Value:
    """Square metres inside a closed trace."""
    points = _readable_points(value, "area()")
    return enclosed_area(points) if len(points) >= 3 else 0.0


eager("area", 1, 1)(_area)
eager("enclosed-area", 1, 1)(_area)


def enclosed_area(points: list[_Point]) -> float:
    """Square metres inside a polygon, by JavaRosa's flat projection around its first point."""
    (lat0, lon0), *others = points
    degree = math.tau * _RADIUS / 360
    plane = [
        ((lon - lon0) * degree * math.cos(math.radians(lat)), (lat - lat0) * degree)
        for lat, lon in others
    ]
    return abs(math.fsum(y1 * x2 - x1 * y2 for (x1, y1), (x2, y2) in pairwise(plane))) / 2


@eager("geofence", 2, 2)
def _geofence(context: Context, point: Value, shape: Value) -> Value:
    """Is the point inside the polygon? False while either is unanswered.

    Raises XPathError on coordinates that cannot be read.
    """
    points, polygon = _points(point), _points(shape)
    if points is None or polygon is None:
        raise XPathError("« geofence() » attend un point et une surface (latitude longitude).")
    if not points or len(polygon) < 3 or polygon[0] != polygon[-1]:
        return False
    return is_inside(points[0], polygon)


def is_inside(point: _Point, polygon: list[_Point]) -> bool:
    """Crossing-number test; ``polygon`` is closed."""
    y, x = point
    inside = False
    for (y1, x1), (y2, x2) in pairwise(polygon):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


@eager("intersects", 1, 1)
def _intersects(context: Context, trace: Value) -> Value:
    """Does a trace, or the outline of a shape, cross itself? False for what is neither."""
    points = _points(trace)
    if points is None:
        return False
    spend(context, len(points) ** 2 // 20)
    return crosses_itself(points)


def crosses_itself(line: list[_Point]) -> bool:
    """Do two segments meet elsewhere than at the end that neighbours share?"""
    segments = [(start, end) for start, end in pairwise(line) if start != end]
    for place, (start, end) in enumerate(segments):
        for other in range(place + 1, len(segments)):
            neighbours = other == place + 1 or (
                place == 0 and other == len(segments) - 1 and line[0] == line[-1]
            )
            if neighbours:
                if _turns_back(segments[place], segments[other]):
                    return True
            elif _meet(start, end, *segments[other]):
                return True
    return False


_Segment = tuple[_Point, _Point]


def _side(start: _Point, end: _Point, point: _Point) -> float:
    """Positive on one side of a line, negative on the other, zero on it."""
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def _within(start: _Point, end: _Point, point: _Point) -> bool:
    """Is a point of the line between two others?"""
    return all(
        min(first, last) <= at <= max(first, last)
        for first, last, at in zip(start, end, point, strict=True)
    )


def _meet(a: _Point, b: _Point, c: _Point, d: _Point) -> bool:
    sides = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    if sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0:
        return True
    on_line = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(side == 0 and _within(*points) for side, points in zip(sides, on_line, strict=True))


def _turns_back(one: _Segment, other: _Segment) -> bool:
    """Do neighbours share more than an end?"""
    shared = one[1] if one[1] == other[0] else one[0]
    (far,) = [point for point in one if point != shared]
    (beyond,) = [point for point in other if point != shared]
    if _side(far, shared, beyond) != 0:
        return False
    return _within(far, shared, beyond) or _within(shared, beyond, far)
