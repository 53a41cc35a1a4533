"""Tasks of the team: what is to be done, by whom, for when, and after what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership, Workspace
from restanque.accounts.perms import can_read
from restanque.kit.text import search_key
from restanque.territories.models import Territory

EARLIEST, LATEST = date(1950, 1, 1), date(2150, 12, 31)
#: A task longer than ten years of work is a slip of the hand.
MOST_DAYS = Decimal(2500)


def plausible(day: date) -> None:
    """A slip of the hand in the year is refused: ValidationError."""
    if not EARLIEST <= day <= LATEST:
        raise ValidationError(
            "Cette date n’est pas plausible : donnez une année entre 1950 et 2150."
        )


class TaskState(models.TextChoices):
    """Where a task is."""

    TODO = "todo", "à faire"
    DOING = "doing", "en cours"
    DONE = "done", "terminée"
    DROPPED = "dropped", "abandonnée"


#: States in which something is still to be done.
OPEN = (TaskState.TODO, TaskState.DOING)


class Priority(models.IntegerChoices):
    """What comes first, when two tasks wait for the same person; the smallest first."""

    HIGH = 1, "haute"
    NORMAL = 2, "normale"
    LOW = 3, "basse"


class TaskQuerySet(models.QuerySet["Task"]):
    """Named questions on tasks."""

    def visible_to(self, membership: Membership) -> Self:
        """Those a member may see; the rule is said in `perms.can_view_tasks`."""
        own = self.filter(workspace=membership.workspace_id)
        mine = Q(pilot=membership)
        if not can_read(membership):
            return own.filter(mine)
        if membership.all_territories:
            return own
        covered = Territory.objects.visible_to(membership).values("pk")
        helped = Contribution.objects.filter(membership=membership).values("task")
        return own.filter(
            mine | Q(territory__isnull=True) | Q(territory__in=covered) | Q(pk__in=helped)
        )

    def open(self) -> Self:
        """Not finished nor dropped."""
        return self.filter(state__in=OPEN)

    def late(self, today: date) -> Self:
        """Open ones whose last day has passed."""
        return self.open().filter(due_on__lt=today)

    def of(self, membership: Membership) -> Self:
        """Those a member pilots or contributes to."""
        helped = Contribution.objects.filter(membership=membership).values("task")
        return self.filter(Q(pilot=membership) | Q(pk__in=helped))

    def about(self, workspace: Workspace, subject_path: str) -> Self:
        """Those linked to one page of the product (« /gouvernance/actes/3/ »), of one team."""
        if not subject_path:
            return self.none()
        return self.filter(workspace=workspace, subject_path=subject_path)

    def to_show(self) -> Self:
        """With what a list reads of each."""
        return self.select_related("workspace", "territory", "pilot__user")

    def to_plan(self) -> Self:
        """With what the engine and the pictures read of each."""
        return self.select_related("pilot__user").prefetch_related("contributions")


class Task(models.Model):
    """Something to do. Without pilot, it waits for somebody to take it.

    The effort (days of work) is shared among the contributors by their percentage; the pilot
    bears the rest. `subject_path` is the page of the product that the task is about: higher rooms
    link their things so, without a key.
    """

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="tasks", verbose_name="espace"
    )
    territory = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name="territoire",
    )
    title = models.CharField("tâche", max_length=200)
    title_key = models.CharField(max_length=200, editable=False)
    body = models.TextField("description", blank=True, max_length=10_000)
    pilot = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="piloted_tasks",
        verbose_name="pilote",
    )
    contributors = models.ManyToManyField(
        Membership,
        through="Contribution",
        related_name="contributed_tasks",
        verbose_name="participants",
    )
    state = models.CharField("état", max_length=8, choices=TaskState, default=TaskState.TODO)
    priority = models.PositiveSmallIntegerField(
        "priorité", choices=Priority, default=Priority.NORMAL
    )
    starts_on = models.DateField("début", null=True, blank=True, validators=[plausible])
    due_on = models.DateField("échéance", null=True, blank=True, validators=[plausible])
    done_on = models.DateField("terminée le", null=True, blank=True, validators=[plausible])
    effort_days = models.DecimalField(
        "charge (jours)",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(MOST_DAYS)],
    )
    subject_label = models.CharField("objet lié", max_length=200, blank=True)
    subject_path = models.CharField("page de l’objet lié", max_length=300, blank=True)
    fictitious = models.BooleanField("données fictives", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="créée par",
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    history = HistoricalRecords()
    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "tâche"
        # Undated ones come last in a list that sorts on the date, first here: see `kit.lists`.
        ordering = ("due_on", "priority", "pk")
        indexes = (
            models.Index(fields=("workspace", "state", "due_on"), name="work_task_open"),
            models.Index(fields=("workspace", "subject_path"), name="work_task_subject"),
        )
        constraints = (
            models.CheckConstraint(
                name="work_task_state_known",
                condition=Q(state__in=TaskState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="work_task_priority_known",
                condition=Q(priority__in=Priority.values),
                violation_error_message="Cette priorité n’existe pas.",
            ),
            models.CheckConstraint(
                name="work_task_starts_before_due",
                condition=Q(starts_on__isnull=True)
                | Q(due_on__isnull=True)
                | Q(due_on__gte=F("starts_on")),
                violation_error_message="L’échéance vient après le début.",
            ),
            models.CheckConstraint(
                name="work_task_done_has_its_day",
                condition=Q(state=TaskState.DONE, done_on__isnull=False)
                | (~Q(state=TaskState.DONE) & Q(done_on__isnull=True)),
                violation_error_message="Une tâche terminée a sa date de fin, et elle seule.",
            ),
            models.CheckConstraint(
                name="work_task_effort_positive",
                condition=Q(effort_days__isnull=True) | Q(effort_days__gte=0),
                violation_error_message="La charge ne peut pas être négative.",
            ),
            models.CheckConstraint(
                name="work_task_subject_whole",
                condition=Q(subject_label="", subject_path="")
                | (~Q(subject_label="") & Q(subject_path__startswith="/")),
                violation_error_message="L’objet lié a un nom et une page du site.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("work:task", args=[self.pk])

    def clean(self) -> None:
        """Everything it names belongs to its team."""
        self.title_key = search_key(self.title)
        faults: dict[str, str] = {}
        if self.territory and self.territory.workspace_id != self.workspace_id:
            faults["territory"] = "Ce territoire n’est pas celui de l’espace."
        if self.pilot and self.pilot.workspace_id != self.workspace_id:
            faults["pilot"] = "Cette personne n’est pas membre de l’espace."
        if faults:
            raise ValidationError(faults)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN

    def is_late(self, today: date) -> bool:
        """Open, and its last day has passed."""
        return self.is_open and self.due_on is not None and self.due_on < today


class Contribution(models.Model):
    """A member who works on a task beside its pilot, for a percentage of its effort."""

    task = models.ForeignKey(
        Task, models.CASCADE, related_name="contributions", verbose_name="tâche"
    )
    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="contributions", verbose_name="participant"
    )
    percent = models.PositiveSmallIntegerField(
        "part de la charge (%)", validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = "participation"
        ordering = ("-percent", "membership__user__full_name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("task", "membership"),
                name="work_contribution_once",
                violation_error_message="Cette personne participe déjà à la tâche.",
            ),
            models.CheckConstraint(name="work_contribution_percent", condition=Q(percent__lte=100)),
        )

    def __str__(self) -> str:
        return f"{self.membership.user} · {self.percent} %"


class TaskLink(models.Model):
    """`after` cannot start before `before` is finished. The service refuses circles."""

    before = models.ForeignKey(
        Task, models.CASCADE, related_name="links_after", verbose_name="tâche qui précède"
    )
    after = models.ForeignKey(
        Task, models.CASCADE, related_name="links_before", verbose_name="tâche qui suit"
    )

    class Meta:
        verbose_name = "dépendance"
        ordering = ("before", "after")
        constraints = (
            models.UniqueConstraint(
                fields=("before", "after"),
                name="work_link_once",
                violation_error_message="Cette dépendance existe déjà.",
            ),
            models.CheckConstraint(
                name="work_link_not_itself",
                condition=~Q(before=F("after")),
                violation_error_message="Une tâche ne dépend pas d’elle-même.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
