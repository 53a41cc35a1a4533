"""Django application of the room."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """Procedures, facts, targets, calendars."""

    name = "restanque.procedures"
    label = "procedures"
    verbose_name = "procédures"

    def ready(self) -> None:
        """Register what the room shows on other pages."""
        from restanque.law.impact import register
        from restanque.procedures import acts, impact, panels
        from restanque.procedures.concertation import panels as concertation
        from restanque.procedures.consultations import impact as consultation_impact
        from restanque.procedures.consultations import importers as consultation_imports
        from restanque.procedures.consultations import panels as consultations
        from restanque.procedures.dossier import importers
        from restanque.procedures.dossier import panels as dossier

        panels.register()
        acts.register()
        register("procedures", impact.moved_dates)
        dossier.register()
        concertation.register()
        consultations.register()
        register("procedures.consultations", consultation_impact.moved_terms)
        consultation_imports.register_all()
        importers.register_all()
