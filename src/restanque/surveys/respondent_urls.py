"""URLs of the respondent's pages, mounted at /r/."""

from django.urls import path

from restanque.surveys.views import access, respondent

app_name = "respondent"
urlpatterns = [
    path("", access.code, name="code"),
    path("<str:slug>/", respondent.welcome, name="welcome"),
    path("<str:slug>/page/<str:key>/", respondent.page, name="page"),
    path("<str:slug>/relire/", respondent.review, name="review"),
    path("<str:slug>/envoyee/", respondent.sent, name="sent"),
    path("<str:slug>/mes-reponses/", respondent.read, name="read"),
    path("<str:slug>/mes-reponses.pdf", respondent.pdf, name="pdf"),
    path("<str:slug>/fichier/<int:pk>/", respondent.attachment, name="attachment"),
    path("<str:slug>/image/<str:name>", respondent.picture, name="picture"),
    path("<str:slug>/communes.geojson", respondent.ground, name="ground"),
    path("<str:slug>/questionnaire.pdf", respondent.printable, name="printable"),
    path("<str:slug>/plus-tard/", respondent.pause, name="pause"),
    path("<str:slug>/confier/", respondent.handover, name="handover"),
    path("<str:slug>/ne-pas-repondre/", respondent.refuse, name="refuse"),
    path("<str:slug>/ne-plus-relancer/", respondent.no_reminder, name="no-reminder"),
    path("<str:slug>/desinscription/<str:key>/", access.one_click, name="one-click"),
]
