"""Django application of the room."""

from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    """Reference data of France, and each workspace's territories."""

    name = "restanque.territories"
    label = "territories"

    def ready(self) -> None:
        """Show the room's panels on the fiche commune."""
        from restanque.territories import panels

        panels.register_all()
