"""Django application of the room."""

from datetime import timedelta

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Mail, jobs, imports, history, saved views, notices: what every room above shares."""

    name = "restanque.core"
    label = "core"
    verbose_name = "outils communs"

    def ready(self) -> None:
        """Register the room's regular work, purgers and panels."""
        from restanque.core import periodic, purge, saved_views, upkeep
        from restanque.core.jobs.services import rescue_silent
        from restanque.core.mail.tasks import ask_for_due
        from restanque.kit import slots

        minute = timedelta(minutes=1)
        periodic.register("core.mail", every=minute, function=ask_for_due)
        periodic.register("core.jobs", every=minute, function=rescue_silent)
        periodic.register("core.purge", every=purge.EVERY, function=purge.run_purgers)
        for name, purger in upkeep.PURGERS.items():
            purge.register(name, purger)
        slots.register("list.views", "core.saved_views", order=10, provider=saved_views.panel)
