"""The few sign-in pages kept from allauth: code by e-mail, passkey, second factor.

No registration, no password: an administrator opens accounts, a code or a passkey opens the door.
"""

from allauth.account import views
from django.urls import include, path

urlpatterns = [
    path("", views.request_login_code, name="account_request_login_code"),
    path("code/", views.confirm_login_code, name="account_confirm_login_code"),
    path("cle/", views.login, name="account_login"),
    path("fermee/", views.signup, name="account_signup"),
    path("inactif/", views.account_inactive, name="account_inactive"),
    path("confirmer/", views.reauthenticate, name="account_reauthenticate"),
    path("sortir/", views.logout, name="account_logout"),
    path("securite/", include("allauth.mfa.urls")),
]
