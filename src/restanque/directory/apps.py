"""Django application of the room."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Organisations, contacts, canteens, certifications."""

    name = "restanque.directory"
    label = "directory"
    verbose_name = "annuaire"

    def ready(self) -> None:
        """Register the room's imports, purge and panels."""
        from restanque.core import purge
        from restanque.directory import importers, panels
        from restanque.directory.services import purge_expired

        importers.register_all()
        panels.register_all()
        purge.register("directory.persons", purge_expired)
