"""URLs of the room."""

from django.urls import path

from restanque.accounts.perms import require
from restanque.directory.perms import can_edit_directory, can_view_directory
from restanque.directory.views import (
    canteens,
    certifications,
    contacts,
    listing,
    maps,
    organisations,
    tagging,
    upkeep,
)

viewers, editors = require(can_view_directory), require(can_edit_directory)

app_name = "directory"
urlpatterns = [
    path("", viewers(listing.OrganisationList.as_view()), name="organisations"),
    path("carte/", maps.organisation_map, name="map"),
    path("a-verifier/", editors(listing.ToCheckList.as_view()), name="to_check"),
    path("doublons/", upkeep.duplicates, name="duplicates"),
    path("mairies/", upkeep.town_halls, name="town_halls"),
    path("etiqueter/", tagging.tag, name="tag"),
    path("ajouter/", organisations.organisation_create, name="organisation_create"),
    path("<int:pk>/", organisations.organisation, name="organisation"),
    path("<int:pk>/modifier/", organisations.organisation_edit, name="organisation_edit"),
    path("<int:pk>/archiver/", organisations.organisation_archive, name="organisation_archive"),
    path("<int:pk>/remettre/", organisations.organisation_restore, name="organisation_restore"),
    path("<int:pk>/verifiee/", organisations.organisation_checked, name="organisation_checked"),
    path("<int:pk>/fusionner/<int:other>/", upkeep.merge, name="merge"),
    path("<int:pk>/contacts/ajouter/", contacts.contact_add, name="contact_add"),
    path(
        "<int:pk>/certifications/ajouter/",
        certifications.certification_add,
        name="certification_add",
    ),
    path("contacts/", viewers(listing.ContactList.as_view()), name="contacts"),
    path("contacts/<int:pk>/modifier/", contacts.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/effacer/", contacts.contact_delete, name="contact_delete"),
    path("cantines/", viewers(listing.CanteenList.as_view()), name="canteens"),
    path("cantines/ajouter/", canteens.canteen_create, name="canteen_create"),
    path("cantines/<int:pk>/", canteens.canteen, name="canteen"),
    path("cantines/<int:pk>/modifier/", canteens.canteen_edit, name="canteen_edit"),
    path("cantines/<int:pk>/archiver/", canteens.canteen_archive, name="canteen_archive"),
    path(
        "certifications/<int:pk>/modifier/",
        certifications.certification_edit,
        name="certification_edit",
    ),
    path(
        "certifications/<int:pk>/preuve/",
        certifications.certification_proof,
        name="certification_proof",
    ),
]
