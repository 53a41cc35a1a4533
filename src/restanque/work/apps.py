"""Django application of the room."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Tasks, workload, budget: shared by the rooms above."""

    name = "restanque.work"
    label = "work"
    verbose_name = "travail de l’équipe"
