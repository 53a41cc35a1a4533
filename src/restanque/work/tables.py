"""Lists of the room."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from restanque.accounts.models import Membership
from restanque.accounts.perms import can_read
from restanque.kit import lists
from restanque.kit.text import record_number
from restanque.territories.models import Territory
from restanque.work.models import Priority, Task, TaskState
from restanque.work.models.tasks import TaskQuerySet

KINDS = {
    TaskState.TODO: "attente",
    TaskState.DOING: "cours",
    TaskState.DONE: "fait",
    TaskState.DROPPED: "",
}
LATE, ALL, ME, NOBODY, NONE = "retard", "toutes", "moi", "personne", "aucun"
STATES = (
    (LATE, "En retard"),
    (TaskState.TODO.value, "À faire"),
    (TaskState.DOING.value, "En cours"),
    (TaskState.DONE.value, "Terminées"),
    (TaskState.DROPPED.value, "Abandonnées"),
    (ALL, "Toutes, même terminées"),
)


class TaskFilter(lists.FilterSet):
    """By words, pilot, state, territory. Without a state: what is still to be done."""

    q = lists.SearchFilter(fields=["title_key"])
    state = lists.ChoiceFilter(
        label="État", choices=STATES, method="by_state", empty_label="À faire ou en cours"
    )
    pilot = lists.ChoiceFilter(label="Pilote", choices=[], method="by_pilot")
    territory = lists.ChoiceFilter(label="Territoire", choices=[], method="by_territory")

    class Meta:
        model = Task
        fields = ["q", "state", "pilot", "territory"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        membership: Membership = self.request.membership
        if not can_read(membership):
            # A partner's list is their own tasks: colleagues' names are not for them.
            del self.filters["pilot"], self.filters["territory"]
            return
        people = (
            Membership.objects.active()
            .filter(workspace=membership.workspace_id)
            .exclude(pk=membership.pk)
            .select_related("user")
            .order_by("user__full_name", "pk")
        )
        names = [(str(one.pk), one.user.display_name) for one in people]
        own = [(str(t.pk), t.name) for t in Territory.objects.visible_to(membership)]
        self.filters["pilot"].extra["choices"] = [(ME, "Moi"), (NOBODY, "Personne"), *names]
        self.filters["territory"].extra["choices"] = [*own, (NONE, "Aucun en particulier")]

    def by_state(self, queryset: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        """The view has left out what is finished, unless a state is asked for."""
        if value == LATE:
            return queryset.late(timezone.localdate())
        return queryset if value == ALL else queryset.filter(state=value)

    def by_pilot(self, queryset: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        """« Moi » : what one pilots or helps with."""
        if value == ME:
            return queryset.of(self.request.membership)
        if value == NOBODY:
            return queryset.filter(pilot__isnull=True)
        return queryset.filter(pilot=record_number(value))

    def by_territory(self, queryset: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        """One, or none in particular."""
        if value == NONE:
            return queryset.filter(territory__isnull=True)
        return queryset.filter(territory=record_number(value))


class TaskTable(lists.Table):
    """One line a task."""

    title = lists.Column(
        verbose_name="Tâche",
        order_by="title_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    pilot = lists.Column(
        verbose_name="Pilote", accessor="pilot__user", order_by="pilot__user__full_name"
    )
    state = lists.Column(verbose_name="État")
    starts_on = lists.DateColumn(verbose_name="Début")
    due_on = lists.DateColumn(verbose_name="Échéance")
    effort_days = lists.NumberColumn(verbose_name="Charge (jours)", decimals=1)
    priority = lists.Column(verbose_name="Priorité")
    territory = lists.Column(
        verbose_name="Territoire", accessor="territory__name", order_by="territory__name"
    )
    subject = lists.Column(
        verbose_name="À propos de", accessor="subject_label", order_by="subject_label"
    )
    done_on = lists.DateColumn(verbose_name="Terminée le")

    class Meta:
        model = Task
        fields = [
            "title", "pilot", "state", "due_on", "effort_days", "priority", "territory",
            "subject", "starts_on", "done_on",
        ]  # fmt: skip
        row_header = "title"
        hidden_by_default = ["priority", "territory", "subject", "starts_on", "done_on"]

    def render_state(self, record: Task) -> SafeString:
        """A badge; lateness goes before the state."""
        late = record.is_late(timezone.localdate())
        kind = "retard" if late else KINDS[TaskState(record.state)]
        return render_to_string(
            "kit/badge_cell.html", {"kind": kind, "label": self.value_state(record)}
        )

    def value_state(self, record: Task) -> str:
        """The words."""
        return "en retard" if record.is_late(timezone.localdate()) else record.get_state_display()

    def render_priority(self, record: Task) -> str:
        """In words."""
        return Priority(record.priority).label

    value_priority = render_priority
