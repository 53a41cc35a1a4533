"""Django application of the room."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Bodies, sittings, acts."""

    name = "restanque.governance"
    label = "governance"
    verbose_name = "gouvernance"
