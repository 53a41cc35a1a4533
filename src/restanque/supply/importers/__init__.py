"""Imports of the room: distances, known bakeries and mills, the school calendar."""

from restanque.core.imports import register
from restanque.supply.importers.distances import DistanceImporter
from restanque.supply.importers.osm import OsmImporter
from restanque.supply.importers.school import SchoolImporter
from restanque.supply.importers.sirene import SireneImporter


def register_all() -> None:
    """Declare them."""
    for importer in (DistanceImporter(), SireneImporter(), OsmImporter(), SchoolImporter()):
        register(importer)
