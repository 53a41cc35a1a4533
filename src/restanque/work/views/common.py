"""What the room's pages share."""

from django.urls import reverse

from restanque.work.models import Task


def trail(*tasks: Task) -> list[tuple[str, str]]:
    """Breadcrumb from the room down."""
    return [
        ("Tâches", reverse("work:tasks")),
        *((one.title, one.get_absolute_url()) for one in tasks),
    ]
