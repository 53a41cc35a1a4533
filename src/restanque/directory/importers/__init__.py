"""The files the directory takes in. `register_all` is called when the application starts."""

from restanque.core import imports
from restanque.directory.importers.canteens import CanteenImporter, DeclarationImporter
from restanque.directory.importers.communes import (
    BeneficiaryImporter,
    CharterImporter,
    StudyImporter,
)
from restanque.directory.importers.contacts import ContactImporter
from restanque.directory.importers.organisations import (
    MairieImporter,
    OrganisationImporter,
    ProducerImporter,
)

IMPORTERS = (
    OrganisationImporter,
    MairieImporter,
    ProducerImporter,
    ContactImporter,
    CanteenImporter,
    DeclarationImporter,
    BeneficiaryImporter,
    CharterImporter,
    StudyImporter,
)


def register_all() -> None:
    """Offer every importer of the room."""
    for importer in IMPORTERS:
        imports.register(importer())
