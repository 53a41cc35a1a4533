"""Django application of the room."""

from django.apps import AppConfig


class LawConfig(AppConfig):
    """The law as a workspace retains it: overrides, checks, history over the shipped rules."""

    name = "restanque.law"
    label = "law"
    verbose_name = "droit"
