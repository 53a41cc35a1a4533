"""Django application that carries the commands."""

from django.apps import AppConfig


class CliConfig(AppConfig):
    """Management commands only."""

    name = "restanque.cli"
    label = "cli"
