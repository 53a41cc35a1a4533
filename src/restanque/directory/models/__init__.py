"""Tables of the directory: organisations, their contacts, canteens and certifications."""

from restanque.directory.models.canteens import Canteen
from restanque.directory.models.certifications import Certification
from restanque.directory.models.contacts import Contact
from restanque.directory.models.facts import OrganisationFact
from restanque.directory.models.organisations import Organisation
from restanque.directory.models.tags import Tag

__all__ = ["Canteen", "Certification", "Contact", "Organisation", "OrganisationFact", "Tag"]
