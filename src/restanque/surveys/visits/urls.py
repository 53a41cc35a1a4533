"""Addresses of the visits' pages, part of the room's URLs."""

from django.urls import URLPattern, path

from restanque.surveys.visits.views import entry, rounds, visit, visitors

_VISIT = "visites/visite/<int:pk>/"
_VISITOR = "visites/visiteurs/<int:pk>/"

visit_urls: list[URLPattern] = [
    path("visites/", rounds.index, name="visits"),
    path("visites/formulaires/", rounds.install, name="visit-forms-install"),
    path("visites/nouvelle/", rounds.create, name="round-create"),
    path("visites/visiteurs/", visitors.index, name="visitors"),
    path(_VISITOR, visitors.detail, name="visitor"),
    path(f"{_VISITOR}modifier/", visitors.edit, name="visitor-edit"),
    path(f"{_VISITOR}acces/", visitors.act, name="visitor-act"),
    path(_VISIT, visit.detail, name="visit"),
    path(f"{_VISIT}conclure/", visit.conclude, name="visit-conclude"),
    path(f"{_VISIT}organisation/", visit.place, name="visit-place"),
    path(f"{_VISIT}fichier/<int:photo>/", visit.file, name="visit-file"),
    path(f"{_VISIT}saisie/", entry.first, name="visit-entry-first"),
    path(f"{_VISIT}saisie/fin/", entry.finish, name="visit-entry-finish"),
    path(f"{_VISIT}saisie/page/<str:key>/", entry.page, name="visit-entry"),
    path("visites/<int:pk>/", rounds.detail, name="visit-round"),
    path("visites/<int:pk>/modifier/", rounds.edit, name="round-edit"),
    path("visites/<int:pk>/etat/", rounds.state, name="round-state"),
    path("visites/<int:pk>/saisir/", entry.start, name="visit-start"),
    path("visites/<int:pk>/visiteur/", visitors.create, name="visitor-create"),
]
