"""Maps on local contours: drawn on the server, lively with Leaflet, never a tile server.

See kit/README.md for the declaration and `<c-map :panel="…" />` for the page.
"""

from restanque.kit.maps.drawing import static_map
from restanque.kit.maps.panel import MapPanel
from restanque.kit.maps.styles import STYLES, Style
from restanque.kit.maps.values import Feature, MapClass

__all__ = ["STYLES", "Feature", "MapClass", "MapPanel", "Style", "static_map"]
