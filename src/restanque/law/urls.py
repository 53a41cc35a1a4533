"""URLs of the room."""

from django.urls import path

from restanque.law import views

app_name = "law"
urlpatterns = [
    path("", views.rules, name="list"),
    path("analyse-du-scot/", views.evaluation, name="evaluation"),
    path("<str:table>/<str:object_id>/", views.item, name="item"),
    path("<str:table>/<str:object_id>/relecture/", views.check, name="check"),
    path("<str:table>/<str:object_id>/modifier/", views.change, name="change"),
    path("<str:table>/<str:object_id>/retablir/", views.withdraw, name="withdraw"),
]
