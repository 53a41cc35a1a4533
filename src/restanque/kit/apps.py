"""Django application of the kit."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """Templates, static files and template tags shared by the rooms."""

    name = "restanque.kit"
    label = "kit"
