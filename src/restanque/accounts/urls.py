"""URLs of the accounts."""

from django.urls import path

from restanque.accounts import views

app_name = "accounts"
urlpatterns = [
    path("demo/", views.demo, name="demo"),
    path("demo/<int:pk>/", views.demo_sign_in, name="demo_sign_in"),
    path("entrer/<str:token>/", views.sign_in, name="sign_in"),
    path("profil/", views.profile, name="profile"),
    path("espaces/", views.workspaces, name="workspaces"),
    path("membres/", views.members, name="members"),
    path("membres/ajouter/", views.member_add, name="member_add"),
    path("membres/<int:pk>/", views.member_edit, name="member_edit"),
    path("espace/", views.workspace_edit, name="workspace_edit"),
]
