"""URLs of the room."""

from django.urls import path

from restanque.accounts.perms import can_read, require
from restanque.territories.views import coverage, sources, territories, zones

app_name = "territories"
urlpatterns = [
    path("", territories.territory_list, name="list"),
    path("ajouter/", territories.create, name="create"),
    path("sources/", sources.source_list, name="sources"),
    path("membres/", coverage.coverage_list, name="coverage"),
    path("membres/<int:pk>/", coverage.coverage_edit, name="coverage_edit"),
    path("<int:pk>/", territories.detail, name="detail"),
    path("<int:pk>/modifier/", territories.edit, name="edit"),
    path("<int:pk>/perimetre/", territories.perimeter, name="perimeter"),
    path(
        "<int:pk>/communes/",
        require(can_read)(territories.CommuneList.as_view()),
        name="communes",
    ),
    path("<int:pk>/contours.geojson", territories.geojson, name="geojson"),
    path("<int:pk>/zones/", zones.zones, name="zones"),
    path("<int:pk>/zones/ajouter/", zones.zone_create, name="zone_create"),
    path("zones/<int:pk>/", zones.zone_edit, name="zone_edit"),
    path("zones/<int:pk>/communes/", zones.zone_communes, name="zone_communes"),
    path("zones/<int:pk>/supprimer/", zones.zone_delete, name="zone_delete"),
]
