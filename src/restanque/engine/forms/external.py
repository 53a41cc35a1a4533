"""Secondary instances that live in a file beside the form: CSV, GeoJSON or XML lists."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from restanque.engine.forms.errors import FormError
from restanque.engine.forms.markup import read_xml, xml_text

_NAME = re.compile(r"[^\W\d][\w.\-]*")
MAX_ROWS = 200_000


def file_name(source: str) -> str:
    """« jr://file-csv/communes.csv » → communes.csv; "" for what is not a file of the form."""
    if source.startswith(("jr://file-csv/", "jr://file/")):
        return source.rpartition("/")[2]
    return ""


def read_external(source: str, media: Mapping[str, bytes]) -> etree._Element | None:
    """The root of the list, or None when the file was not given."""
    name = file_name(source)
    data = media.get(name)
    if data is None:
        return None
    if source.startswith("jr://file-csv/") or name.lower().endswith(".csv"):
        return _read_csv(name, data)
    if name.lower().endswith(".geojson"):
        return _read_geojson(name, data)
    return read_xml(data, f"le fichier joint « {name} »")


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _read_csv(name: str, data: bytes) -> etree._Element:
    text = _decode(data)
    first_line = text.partition("\n")[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    root = etree.Element("root")
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        columns = [column.strip() for column in next(rows, [])]
        for number, row in enumerate(rows, 2):
            if number > MAX_ROWS:
                raise FormError(f"Le fichier joint « {name} » dépasse {MAX_ROWS} lignes.")
            _add_item(root, zip(columns, row, strict=False))
    except csv.Error as error:
        raise FormError(f"Le fichier joint « {name} » n’est pas un CSV lisible.") from error
    return root


def _add_item(root: etree._Element, cells: Any) -> None:
    pairs = [(key, xml_text(value)) for key, value in cells if _NAME.fullmatch(key)]
    if any(value for _, value in pairs):
        item = etree.SubElement(root, "item")
        for key, value in pairs:
            etree.SubElement(item, key).text = value


def _read_geojson(name: str, data: bytes) -> etree._Element:
    refusal = f"Le fichier joint « {name} » n’est pas un GeoJSON lisible."
    try:
        features = json.loads(_decode(data))["features"]
        root = etree.Element("root")
        for feature in features[:MAX_ROWS]:
            cells = {"geometry": _geometry(feature.get("geometry") or {})}
            if feature.get("id") is not None:
                cells["id"] = str(feature["id"])
            for key, value in (feature.get("properties") or {}).items():
                cells[key] = "" if value is None else str(value)
            _add_item(root, cells.items())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FormError(refusal) from error
    return root


def _geometry(geometry: Mapping[str, Any]) -> str:
    """ODK text of a GeoJSON geometry: longitude-latitude pairs become « lat lon 0 0 »."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates") or []
    if kind == "Point":
        points = [coordinates]
    elif kind == "LineString":
        points = coordinates
    elif kind == "Polygon":
        points = coordinates[0]
    else:
        return ""
    return "; ".join(f"{point[1]} {point[0]} 0 0" for point in points)
