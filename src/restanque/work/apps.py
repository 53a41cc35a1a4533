"""Django application of the room."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Tasks, workload, budget: shared by the rooms above."""

    name = "restanque.work"
    label = "work"
    verbose_name = "travail de l’équipe"

    def ready(self) -> None:
        """Register what the room shows, imports and erases, and what it does when one leaves."""
        from restanque.accounts import leaving
        from restanque.core import purge
        from restanque.work import importers, panels
        from restanque.work.budget import importers as budget_importers
        from restanque.work.budget import panels as budget_panels
        from restanque.work.services.people import purge_absences
        from restanque.work.services.tasks import release_member

        panels.register()
        importers.register_all()
        budget_panels.register()
        budget_importers.register_all()
        purge.register("work.absences", purge_absences)
        leaving.register("work.tasks", release_member)
