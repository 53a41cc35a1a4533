"""Django application of the room."""

from django.apps import AppConfig


class SupplyConfig(AppConfig):
    """Needs, offers, scenarios and plans of bread."""

    name = "restanque.supply"
    label = "supply"
    verbose_name = "approvisionnement"

    def ready(self) -> None:
        """Register what the room shows on other pages."""
        from restanque.supply import importers, panels

        importers.register_all()
        panels.register()
