"""URLs of the application: one prefix a room."""

from django.urls import include, path

urlpatterns = [
    path("", include("restanque.portal.urls")),
    path("compte/", include("restanque.accounts.urls")),
    path("connexion/", include("restanque.accounts.signin_urls")),
    path("", include("restanque.core.urls")),
    path("", include("restanque.kit.urls")),
    path("territoires/", include("restanque.territories.urls")),
    path("annuaire/", include("restanque.directory.urls")),
    path("enquetes/", include("restanque.surveys.urls")),
    path("approvisionnement/", include("restanque.supply.urls")),
    path("droit/", include("restanque.law.urls")),
    path("equipe/", include("restanque.work.urls")),
    path("gouvernance/", include("restanque.governance.urls")),
    path("procedures/", include("restanque.procedures.urls")),
    path("r/", include("restanque.surveys.respondent_urls")),
    path("concertation/", include("restanque.procedures.concertation.public_urls")),
    path("rapports/", include("restanque.surveys.publication_urls")),
    path("odk/", include("restanque.surveys.openrosa.urls")),
]
