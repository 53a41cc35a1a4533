"""Forms of the room."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from restanque.accounts.models import Membership, Role
from restanque.kit import forms as kit_forms
from restanque.territories.models import Territory
from restanque.work.models import WEEKDAYS, Priority, Task
from restanque.work.models.tasks import plausible

#: What the form of a task asks, in order; the names are the service's.
TASK_FIELDS = (
    "title", "body", "territory", "pilot", "starts_on", "due_on", "effort_days", "priority",
)  # fmt: skip


class MemberChoice(forms.ModelChoiceField[Membership]):
    """A member of the team, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """The person, not the workspace; a partner is said to be one."""
        partner = " (partenaire)" if obj.role == Role.PARTNER else ""
        return f"{obj.user.display_name}{partner}"


class TaskForm(forms.Form):
    """A task as one writes it."""

    title = kit_forms.TextField(label="Que faut-il faire ?", max_length=200)
    body = forms.CharField(
        label="Description",
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 4}),
    )
    territory: forms.ModelChoiceField[Territory] = forms.ModelChoiceField(
        label="Territoire",
        queryset=Territory.objects.none(),
        required=False,
        empty_label="Aucun en particulier",
        help_text="Seuls les membres qui couvrent ce territoire verront la tâche.",
    )
    pilot = MemberChoice(
        label="Pilote",
        queryset=Membership.objects.none(),
        required=False,
        empty_label="Personne pour l’instant",
        help_text="Un partenaire ne voit que les tâches qu’il pilote.",
    )
    starts_on = kit_forms.DateField(label="Début", required=False)
    due_on = kit_forms.DateField(label="Échéance", required=False)
    effort_days = kit_forms.DecimalField(
        label="Charge, en jours de travail",
        required=False,
        min_value=Decimal(0),
        max_digits=6,
        decimal_places=2,
        help_text="Par exemple 2,5. Vide : personne ne l’a encore estimée.",
    )
    priority = forms.TypedChoiceField(
        label="Priorité", choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )
    subject_path = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    subject_label = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        membership: Membership,
        task: Task | None = None,
        **kwargs: Any,
    ) -> None:
        if task is not None:
            names = (*TASK_FIELDS, "subject_path", "subject_label")
            kwargs["initial"] = {name: getattr(task, name) for name in names}
        super().__init__(*args, **kwargs)
        own = Territory.objects.visible_to(membership)
        self.fields["territory"].queryset = own  # type: ignore[attr-defined]
        if task is not None and task.territory_id and not own.filter(pk=task.territory_id).exists():
            # Who helps with a task of another territory leaves it where it is.
            del self.fields["territory"]
        self.fields["pilot"].queryset = members_of(membership)  # type: ignore[attr-defined]


def members_of(membership: Membership) -> QuerySet[Membership]:
    """The members of the team in force, by name."""
    return (
        Membership.objects.active()
        .filter(workspace=membership.workspace_id)
        .select_related("user")
        .order_by("user__full_name", "pk")
    )


class SharesForm(forms.Form):
    """Who works on it beside the pilot: a percentage a person; empty, none."""

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {one.membership_id: one.percent for one in task.contributions.all()}
        self.people = {
            f"share_{one.pk}": one
            for one in Membership.objects.active()
            .filter(workspace=task.workspace_id)
            .exclude(role=Role.PARTNER)
            .exclude(piloted_tasks=task)
            .select_related("user", "workspace")
            .order_by("user__full_name", "pk")
        }
        for name, one in self.people.items():
            self.fields[name] = kit_forms.IntegerField(
                label=one.user.display_name,
                required=False,
                min_value=0,
                max_value=100,
                initial=known.get(one.pk),
            )

    def clean(self) -> dict[str, Any]:
        """Not more than the whole."""
        data = super().clean() or {}
        if sum(value or 0 for value in data.values()) > 100:
            raise ValidationError("Ensemble, les parts dépassent 100 %. Réduisez-en une.")
        return data

    @property
    def shares(self) -> dict[Membership, int]:
        """As the service takes them."""
        return {
            one: self.cleaned_data[name]
            for name, one in self.people.items()
            if self.cleaned_data.get(name)
        }


class LinkForm(forms.Form):
    """What comes before a task: an open task that one sees and that it does not wait for yet."""

    before: forms.ModelChoiceField[Task] = forms.ModelChoiceField(
        label="Tâche qui doit être terminée avant", queryset=Task.objects.none()
    )

    def __init__(self, *args: Any, membership: Membership, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = task.links_before.values("before")
        self.fields["before"].queryset = (  # type: ignore[attr-defined]
            Task.objects.visible_to(membership)
            .open()
            .exclude(pk=task.pk)
            .exclude(pk__in=known)
            .order_by("title_key", "pk")
        )


class WorkingTimeForm(forms.Form):
    """What somebody gives to the team from a day on."""

    valid_from = kit_forms.DateField(label="À partir du")
    days_per_week = kit_forms.DecimalField(
        label="Jours par semaine pour l’équipe",
        min_value=Decimal(0),
        max_value=Decimal(5),
        max_digits=3,
        decimal_places=2,
        help_text="Par exemple 2,5.",
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="Jours travaillés",
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        initial=list(range(len(WEEKDAYS))),
        widget=forms.CheckboxSelectMultiple,
    )


class AbsenceForm(forms.Form):
    """Days away. The reason is not asked."""

    starts_on = kit_forms.DateField(label="Premier jour d’absence")
    ends_on = kit_forms.DateField(label="Dernier jour d’absence")


class PlanForm(forms.Form):
    """What the plan shows: scale, beginning, whose tasks."""

    echelle = forms.ChoiceField(
        label="Échelle",
        choices=[("semaine", "Par semaine"), ("mois", "Par mois")],
        required=False,
    )
    du = kit_forms.DateField(label="À partir du", required=False)
    pilote = MemberChoice(
        label="Personne",
        queryset=Membership.objects.none(),
        required=False,
        empty_label="Toute l’équipe",
    )
    territoire: forms.ModelChoiceField[Territory] = forms.ModelChoiceField(
        label="Territoire",
        queryset=Territory.objects.none(),
        required=False,
        empty_label="Tous",
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pilote"].queryset = members_of(membership)  # type: ignore[attr-defined]
        self.fields["territoire"].queryset = Territory.objects.visible_to(membership)  # type: ignore[attr-defined]

    def clean_du(self) -> Any:
        """A day that a calendar of the product can hold."""
        day = self.cleaned_data["du"]
        if day is not None:
            plausible(day)
        return day
