"""Django application of the room."""

from datetime import timedelta

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """See the package's docstring."""

    name = "restanque.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Tell `core` how links are made, what is regular and what must be erased."""
        from django.utils import timezone

        from restanque.core import mail, periodic, purge
        from restanque.surveys import candidate_panels, links, panels
        from restanque.surveys.services import campaigns, deliveries, purging, reminders
        from restanque.surveys.visits import purging as visits_purging

        mail.register_marks("invitation", links.marks_for)
        mail.register_marks("invitation-to", links.recipient_marks)
        periodic.register(
            "surveys.dates",
            every=timedelta(hours=1),
            function=lambda: campaigns.follow_dates(today=timezone.localdate()),
        )
        periodic.register(
            "surveys.reminders", every=timedelta(minutes=15), function=reminders.run_due
        )
        periodic.register(
            "surveys.deliveries", every=timedelta(minutes=5), function=deliveries.follow_deliveries
        )
        panels.register()
        candidate_panels.register()
        purge.register("surveys.answers", purging.purge_expired)
        purge.register("surveys.visits", visits_purging.purge_expired)
