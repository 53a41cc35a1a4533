"""Django application of the accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, workspaces, memberships."""

    name = "restanque.accounts"
    label = "accounts"
    verbose_name = "comptes"
