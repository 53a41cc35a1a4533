"""Django application of the portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages that gather what the rooms know."""

    name = "restanque.portal"
    label = "portal"

    def ready(self) -> None:
        """Tell lower rooms how the fiche commune is reached."""
        from django.urls import reverse

        from restanque.kit import links

        links.register("commune", lambda code: reverse("portal:commune", args=[code]))
