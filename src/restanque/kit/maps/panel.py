"""A map with its legend, its table, its source and its downloads."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from lxml import etree
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from restanque.kit import palette, svg
from restanque.kit.figures import Figure, to_json
from restanque.kit.maps.drawing import static_map
from restanque.kit.maps.styles import STYLES, paint, patterns
from restanque.kit.maps.values import Feature, Geometry, MapClass, as_shape
from restanque.kit.text import format_number


@dataclass(frozen=True, slots=True)
class LegendLine:
    """A class of the legend: its swatch, its words, how many features it has."""

    swatch: SafeString
    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class MapPanel(Figure):
    """A map of features by class. Colours never speak alone: legend with counts, table below."""

    features: Sequence[Feature]
    classes: Sequence[MapClass]
    outlines: Sequence[Geometry] = ()
    labels: Sequence[str] = ()
    feature_header: str = "Commune"
    value_header: str = "Valeur"

    @property
    def formats(self) -> tuple[str, ...]:
        """GeoJSON too."""
        return ("svg", "png", "csv", "geojson")

    def draw(self, width: int = 640) -> etree._Element:
        """The map, with its legend when it is to leave the page."""
        return static_map(
            self.features, self.classes, width=width, prefix=f"m-{self.key}-{width}",
            outlines=self.outlines, names=self.labels, max_height=int(width * 1.2),
        )  # fmt: skip

    def file_svg(self, width: int = 800, *, captioned: bool = True) -> bytes:
        """The map with its legend drawn under it."""
        if not self.classes:
            return super().file_svg(width, captioned=captioned)
        return self._file_of(self._with_legend(width), captioned=captioned)

    def _with_legend(self, width: int) -> etree._Element:
        drawing = self.draw(width)
        _, height = svg.size(drawing)
        prefix = f"m-{self.key}-key"
        drawing.append(patterns([one.style for one in self.classes], prefix))
        x, y = 0.0, height + 14
        for one in self.classes:
            words = f"{one.label} {format_number(self.counts[one.kind])}"
            room = 34 + len(words) * 7.4
            if x and x + room > width:
                x, y = 0.0, y + 24
            box = svg.element(
                "rect",
                x=f"{x:g}",
                y=f"{y:g}",
                width="22",
                height="15",
                fill=paint(one.style, prefix),
            )
            text = svg.element(
                "text", words, x=f"{x + 29:g}", y=f"{y + 12.5:g}", fill=palette.INK,
                font_family=palette.SANS, font_size="14px",
            )  # fmt: skip
            drawing.extend([box, text])
            x += room + 14
        drawing.set("viewBox", f"0 0 {width} {y + 24:g}")
        return drawing

    @property
    def counts(self) -> Counter[str]:
        """How many features each kind has."""
        return Counter(feature.kind for feature in self.features)

    @property
    def legend(self) -> list[LegendLine]:
        """The legend of the page; unknown kinds make a last line, never a silence."""
        counts = self.counts
        known = [(one.kind, one.label, one.style) for one in self.classes]
        lost = sum(counts.values()) - sum(counts[kind] for kind, _, _ in known)
        lines = [
            LegendLine(self._swatch(style), label, counts[kind]) for kind, label, style in known
        ]
        if lost:
            lines.append(LegendLine(self._swatch("none"), "Non renseigné", lost))
        return lines

    def _swatch(self, style: str) -> SafeString:
        root = svg.element("svg", viewBox="0 0 27 19", aria_hidden="true")
        css = "c-hv" if STYLES[style].pattern else f"c-{style}"
        fill = paint(style, self.defs_prefix)
        root.append(svg.element("rect", width="27", height="19", class_=css, fill=fill))
        return mark_safe(svg.to_text(root))

    @property
    def defs_prefix(self) -> str:
        """Prefix of the patterns shared by the legend and the lively map of a page."""
        return f"p-{self.key}"

    @property
    def defs(self) -> SafeString:
        """The patterns, in an SVG without size: browsers ignore those of a hidden one."""
        root = svg.element("svg", width="0", height="0", class_="rq-defs", aria_hidden="true")
        root.append(patterns([*(one.style for one in self.classes), "none"], self.defs_prefix))
        return mark_safe(svg.to_text(root))

    @property
    def table(self) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """One row a feature: name, state, value; those of the page link to the feature."""
        labels = {one.kind: one.label for one in self.classes}
        valued = any(feature.value for feature in self.features)
        headers = [self.feature_header, "État", *([self.value_header] if valued else [])]
        rows = [
            [f.label, labels.get(f.kind, "Non renseigné"), *([f.value] if valued else [])]
            for f in self.features
        ]
        return headers, rows

    @property
    def linked_rows(self) -> list[tuple[Feature, Sequence[Any]]]:
        """The table's rows with their feature, for links."""
        return list(zip(self.features, (row[1:] for row in self.table[1]), strict=True))

    def geojson(self) -> dict[str, Any]:
        """A FeatureCollection: each feature with name, class, words, style, address."""
        labels = {one.kind: one for one in self.classes}
        collection: list[dict[str, Any]] = []
        for feature in self.features:
            one = labels.get(feature.kind)
            collection.append(
                {
                    "type": "Feature",
                    "id": feature.id,
                    "geometry": _rounded(as_shape(feature.geometry)),
                    "properties": {
                        "name": feature.label,
                        "kind": feature.kind,
                        "state": one.label if one else "Non renseigné",
                        "style": one.style if one else "none",
                        "patterned": bool(STYLES[one.style if one else "none"].pattern),
                        "value": feature.value,
                        "url": feature.url,
                        "named": feature.id in self.labels,
                    },
                }
            )
        return {
            "type": "FeatureCollection",
            "fictitious": self.fictitious,
            "source": self.caption,
            "features": collection,
            "outlines": [_rounded(as_shape(outline)) for outline in self.outlines],
        }

    def file(self, file_format: str) -> bytes:
        """Also the GeoJSON."""
        return to_json(self.geojson()) if file_format == "geojson" else super().file(file_format)


def _rounded(geometry: BaseGeometry) -> dict[str, Any]:
    """The geometry to 1e-4 degree (about 10 m): contours are no finer."""
    plain = mapping(geometry)
    return {"type": plain["type"], "coordinates": _round(plain["coordinates"])}


def _round(coordinates: Any) -> Any:
    if isinstance(coordinates, float | int):
        return round(coordinates, 4)
    return [_round(part) for part in coordinates]
