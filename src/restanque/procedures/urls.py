"""URLs of the room."""

from django.urls import path

from restanque.procedures.concertation.urls import urlpatterns as concertation
from restanque.procedures.consultations.urls import urlpatterns as consultations
from restanque.procedures.dossier.urls import urlpatterns as dossier
from restanque.procedures.views import acts, calendars, facts, procedures, studies

app_name = "procedures"
urlpatterns = [
    path("", procedures.LIST, name="list"),
    path("ajouter/", procedures.create, name="create"),
    path("calendriers/", calendars.feeds, name="feeds"),
    path("calendriers/<int:territory>/ouvrir/", calendars.open_feed, name="feed-open"),
    path("calendriers/<int:territory>/fermer/", calendars.close_feed, name="feed-close"),
    path("calendrier/<str:slug>.ics", calendars.feed, name="feed"),
    path("faits/<int:pk>/modifier/", facts.edit, name="fact-edit"),
    path("faits/<int:pk>/retirer/", facts.remove, name="fact-remove"),
    path("faits/<int:pk>/preuve/", facts.proof, name="fact-proof"),
    path("<int:pk>/", procedures.procedure, name="procedure"),
    path("<int:pk>/modifier/", procedures.edit, name="edit"),
    path("<int:pk>/archiver/", procedures.archive, name="archive"),
    path("<int:pk>/droit/", procedures.acknowledge, name="acknowledge"),
    path("<int:pk>/classeur/", procedures.export, name="export"),
    path("<int:pk>/calendrier/", calendars.download, name="calendar"),
    path("<int:pk>/faits/ajouter/", facts.add, name="fact-add"),
    path("<int:pk>/etapes/<slug:step>/", acts.step, name="step-act"),
    path("<int:pk>/etapes/<slug:step>/ordre-du-jour/", acts.put_on_agenda, name="step-agenda"),
    path("<int:pk>/etapes/<slug:step>/fait/", acts.record, name="step-fact"),
    path("<int:pk>/date-visee/", facts.target, name="target"),
    path("<int:pk>/et-si/", studies.what_if, name="what-if"),
    path("<int:pk>/objections/", studies.objections, name="objections"),
    *consultations,
    *dossier,
    *concertation,
]
