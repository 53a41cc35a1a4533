"""Django application of the room."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """Procedures, facts, targets, calendars."""

    name = "restanque.procedures"
    label = "procedures"
    verbose_name = "procédures"

    def ready(self) -> None:
        """Register what the room shows on other pages."""
        from restanque.procedures import panels

        panels.register()
