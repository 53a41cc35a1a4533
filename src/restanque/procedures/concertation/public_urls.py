"""The public pages, mounted at /concertation/."""

from django.urls import path

from restanque.procedures.concertation.views import public

app_name = "concertation"
urlpatterns = [
    path("<slug:slug>/", public.page, name="page"),
    path("<slug:slug>/contribuer/", public.contribute, name="contribute"),
    path("<slug:slug>/contributions/", public.contributions, name="contributions"),
    path("<slug:slug>/documents/<int:pk>/", public.document, name="document"),
    path("<slug:slug>/recu/<str:token>/", public.receipt, name="receipt"),
]
