"""URLs of the protocol, mounted at /odk/: what people type is the address of this prefix."""

from django.urls import path

from restanque.surveys.openrosa import views

app_name = "openrosa"

_FORM = "forms/<int:pk>/<int:number>"

urlpatterns = [
    path("", views.home, name="home"),
    path("formList", views.form_list, name="form-list"),
    path(f"{_FORM}/form.xml", views.form, name="form"),
    path(f"{_FORM}/manifest", views.manifest, name="manifest"),
    path(f"{_FORM}/media/<str:name>", views.media, name="media"),
    path("submission", views.submission, name="submission"),
]
