"""Long work and its progress; regular work and its next moment."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from restanque.accounts.models import Workspace
from restanque.core.files import private_path


class JobStatus(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", "en attente"
    RUNNING = "running", "en cours"
    DONE = "done", "terminé"
    FAILED = "failed", "échoué"
    CANCELLED = "cancelled", "annulé"


FINISHED = (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)


class Job(models.Model):
    """Work done by the worker process for a member, with its progress and its result."""

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", verbose_name="espace"
    )
    kind = models.SlugField("nature", max_length=60)
    label = models.CharField("travail", max_length=200)
    # "module:function" of a function marked by `core.jobs.job`, and its JSON arguments.
    function = models.CharField("fonction", max_length=200)
    arguments = models.JSONField("arguments", default=dict, blank=True)
    # Where to start again after an interruption; its meaning belongs to the function.
    cursor = models.JSONField("reprise", null=True, blank=True)
    status = models.CharField(
        "état", max_length=20, choices=JobStatus, default=JobStatus.WAITING, db_index=True
    )
    total = models.PositiveIntegerField("étapes en tout", null=True, blank=True)
    done_count = models.PositiveIntegerField("étapes faites", default=0)
    message = models.CharField("avancement", max_length=300, blank=True)
    error = models.CharField("erreur", max_length=500, blank=True)
    result_file = models.FileField("résultat", upload_to=private_path, blank=True, max_length=200)
    result_name = models.CharField("nom du fichier", max_length=150, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="demandé par",
    )
    created_at = models.DateTimeField("demandé le", auto_now_add=True)
    started_at = models.DateTimeField("commencé le", null=True, blank=True)
    finished_at = models.DateTimeField("fini le", null=True, blank=True)
    # Touched by the process at work: a silent running job is one whose process died.
    alive_at = models.DateTimeField("dernier signe", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("départs", default=0)
    cancel_requested = models.BooleanField("arrêt demandé", default=False)

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("workspace", "-created_at"), name="core_job_by_workspace"),)
        constraints = (
            models.CheckConstraint(
                name="core_job_status_known", condition=Q(status__in=JobStatus.values)
            ),
            models.CheckConstraint(
                name="core_job_not_beyond_total",
                condition=Q(total__isnull=True) | Q(done_count__lte=F("total")),
                violation_error_message="Un travail ne peut pas dépasser son total.",
            ),
            models.CheckConstraint(
                name="core_job_finished_has_date",
                condition=Q(finished_at__isnull=False) | ~Q(status__in=FINISHED),
                violation_error_message="Un travail fini porte sa date de fin.",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def is_finished(self) -> bool:
        """Nothing more will happen to this job."""
        return self.status in FINISHED

    @property
    def share_done(self) -> float | None:
        """Progress between 0 and 1; None while the total is unknown or zero."""
        return self.done_count / self.total if self.total else None


class PeriodicRun(models.Model):
    """Next moment of a regular work, and who holds it now. Claimed by a conditional update."""

    name = models.CharField("nom", max_length=100, unique=True)
    next_at = models.DateTimeField("prochain passage", db_index=True)
    # A dead holder frees the row when this moment passes.
    held_until = models.DateTimeField("tenu jusqu’à", null=True, blank=True)
    holder = models.CharField("tenu par", max_length=100, blank=True)
    started_at = models.DateTimeField("dernier départ", null=True, blank=True)
    finished_at = models.DateTimeField("dernière fin", null=True, blank=True)
    error = models.CharField("dernière erreur", max_length=300, blank=True)

    class Meta:
        verbose_name = "passage régulier"
        verbose_name_plural = "passages réguliers"
        ordering = ("next_at", "pk")

    def __str__(self) -> str:
        return self.name
