"""URLs of the room, mounted at /enquetes/. The respondent's are in `respondent_urls`."""

from django.urls import URLPattern, path

from restanque.surveys.campaign_urls import campaign_urls
from restanque.surveys.report_urls import report_urls
from restanque.surveys.views import entry, media, preview, questionnaires
from restanque.surveys.visits.urls import visit_urls

app_name = "surveys"

_ENTRY = "campagnes/<int:pk>/saisie/<int:invitation>/<str:way>/"

questionnaire_urls: list[URLPattern] = [
    path("questionnaires/", questionnaires.QUESTIONNAIRES, name="questionnaires"),
    path("questionnaires/nouveau/", questionnaires.create, name="questionnaire-create"),
    path("questionnaires/fourni/", questionnaires.install, name="questionnaire-install"),
    path("questionnaires/modele.xlsx", questionnaires.template, name="template"),
    path("questionnaires/exemple.xlsx", questionnaires.example, name="example"),
    path("questionnaires/<int:pk>/", questionnaires.detail, name="questionnaire"),
    path("questionnaires/<int:pk>/modifier/", questionnaires.edit, name="questionnaire-edit"),
    path("questionnaires/<int:pk>/fichier/", questionnaires.upload, name="questionnaire-upload"),
    path("questionnaires/<int:pk>/archive/", questionnaires.archive, name="questionnaire-archive"),
    path("questionnaires/version/<int:pk>/", questionnaires.version, name="version"),
    path(
        "questionnaires/version/<int:pk>/publier/", questionnaires.publish, name="version-publish"
    ),
    path("questionnaires/version/<int:pk>/apercu/", preview.preview, name="version-preview"),
    path(
        "questionnaires/version/<int:pk>/imprimer/", questionnaires.printable, name="version-print"
    ),
    path(
        "questionnaires/version/<int:pk>/questionnaire.pdf", questionnaires.pdf, name="version-pdf"
    ),
    path("questionnaires/version/<int:pk>/fichier/", questionnaires.source, name="version-source"),
    path("questionnaires/version/<int:pk>/joindre/", media.join, name="version-media"),
    path("questionnaires/version/<int:pk>/joints/<str:name>", media.file, name="version-file"),
]
entry_urls: list[URLPattern] = [
    path("campagnes/<int:pk>/saisie/<int:invitation>/", entry.start, name="entry"),
    path(_ENTRY, entry.welcome, name="entry-welcome"),
    path(f"{_ENTRY}page/<str:key>/", entry.page, name="entry-page"),
    path(f"{_ENTRY}relire/", entry.review, name="entry-review"),
    path(f"{_ENTRY}envoyee/", entry.sent, name="entry-sent"),
    path(f"{_ENTRY}reponses/", entry.read, name="entry-read"),
    path(f"{_ENTRY}reponses.pdf", entry.pdf, name="entry-pdf"),
    path(f"{_ENTRY}fichier/<int:file>/", entry.attachment, name="entry-attachment"),
    path(f"{_ENTRY}image/<str:name>", entry.picture, name="entry-picture"),
    path(f"{_ENTRY}communes.geojson", entry.ground, name="entry-ground"),
]
urlpatterns = [*campaign_urls, *questionnaire_urls, *entry_urls, *visit_urls, *report_urls]
