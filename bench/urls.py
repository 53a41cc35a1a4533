"""The product's URLs, and the empty page that the others are compared with."""

from django.shortcuts import render
from django.urls import include, path

urlpatterns = [
    path("vide/", lambda request: render(request, "kit/base.html")),
    path("", include("restanque.config.urls")),
]
