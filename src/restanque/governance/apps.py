"""Django application of the room."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Bodies, sittings, acts."""

    name = "restanque.governance"
    label = "governance"
    verbose_name = "gouvernance"

    def ready(self) -> None:
        """Register what the room shows on other pages, its import, what it erases."""
        from restanque.core import imports
        from restanque.governance import panels
        from restanque.governance.importers import MemberImporter

        panels.register()
        imports.register(MemberImporter())
