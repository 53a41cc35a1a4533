"""URLs of the kit: the living gallery of its components."""

from django.urls import path

from restanque.kit import views

app_name = "kit"
urlpatterns = [path("composants/", views.gallery, name="gallery")]
