"""Imports of files, row by row: what was planned, what was done, what undoes it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from restanque.accounts.models import Workspace
from restanque.core.models.jobs import Job


class RunStatus(models.TextChoices):
    """Where an import stands."""

    PREVIEW = "preview", "à vérifier"
    APPLYING = "applying", "en cours"
    APPLIED = "applied", "importé"
    UNDONE = "undone", "défait"
    FAILED = "failed", "échoué"


class RowAction(models.TextChoices):
    """What an import does of a row."""

    CREATE = "create", "création"
    UPDATE = "update", "modification"
    SKIP = "skip", "rien à faire"
    ERROR = "error", "à corriger"


class ImportRun(models.Model):
    """One file given to one importer in one workspace."""

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", verbose_name="espace"
    )
    kind = models.SlugField("nature", max_length=60)
    file_name = models.CharField("fichier", max_length=200)
    sha256 = models.CharField("empreinte", max_length=64)
    # What the person chose beside the file (a territory…), as the importer understands it.
    context = models.JSONField("choix", default=dict, blank=True)
    status = models.CharField("état", max_length=20, choices=RunStatus, default=RunStatus.PREVIEW)
    create_count = models.PositiveIntegerField("créations", default=0)
    update_count = models.PositiveIntegerField("modifications", default=0)
    skip_count = models.PositiveIntegerField("lignes sans effet", default=0)
    error_count = models.PositiveIntegerField("lignes à corriger", default=0)
    headers = models.JSONField("en-têtes lus", default=list, blank=True)
    notes = models.JSONField("remarques de lecture", default=list, blank=True)
    error = models.CharField("erreur", max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="par",
    )
    created_at = models.DateTimeField("déposé le", auto_now_add=True)
    applied_at = models.DateTimeField("importé le", null=True, blank=True)
    undone_at = models.DateTimeField("défait le", null=True, blank=True)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="travail"
    )
    # Personal data of the rows are erased after a while; the counts stay.
    rows_erased_at = models.DateTimeField("lignes effacées le", null=True, blank=True)

    class Meta:
        verbose_name = "import"
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("workspace", "kind", "sha256"), name="core_import_same_file"),
        )
        constraints = (
            models.CheckConstraint(
                name="core_import_status_known", condition=Q(status__in=RunStatus.values)
            ),
            models.CheckConstraint(
                name="core_import_applied_has_date",
                condition=Q(applied_at__isnull=False)
                | ~Q(status__in=[RunStatus.APPLIED, RunStatus.UNDONE]),
                violation_error_message="Un import fait porte sa date.",
            ),
            models.CheckConstraint(
                name="core_import_undone_has_date",
                condition=Q(undone_at__isnull=False) | ~Q(status=RunStatus.UNDONE),
                violation_error_message="Un import défait porte sa date.",
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def row_count(self) -> int:
        """Rows read, whatever becomes of them."""
        return self.create_count + self.update_count + self.skip_count + self.error_count

    @property
    def change_count(self) -> int:
        """Rows that write something."""
        return self.create_count + self.update_count


class ImportRow(models.Model):
    """One row of the file, as read, as planned, as done."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", verbose_name="import")
    number = models.PositiveIntegerField("ligne")
    action = models.CharField("effet", max_length=10, choices=RowAction)
    summary = models.CharField("résumé", max_length=300, blank=True)
    # Texts in the order of the run's headers.
    cells = models.JSONField("cases lues", default=list, blank=True)
    payload = models.JSONField("à écrire", default=dict, blank=True)
    # What was done, enough to undo it; None until applied.
    journal = models.JSONField("fait", null=True, blank=True)
    problem = models.TextField("problème", blank=True)

    class Meta:
        verbose_name = "ligne d’import"
        verbose_name_plural = "lignes d’import"
        ordering = ("number", "pk")
        constraints = (
            models.UniqueConstraint(fields=("run", "number"), name="core_import_row_once"),
            models.CheckConstraint(
                name="core_import_row_action_known", condition=Q(action__in=RowAction.values)
            ),
            models.CheckConstraint(
                name="core_import_row_error_explained",
                condition=~Q(action=RowAction.ERROR, problem=""),
                violation_error_message="Une ligne à corriger dit ce qui ne va pas.",
            ),
        )

    def __str__(self) -> str:
        return f"ligne {self.number}"

    @property
    def gist(self) -> str:
        """What the row is about: its summary, else its filled cells."""
        return self.summary or " · ".join(cell for cell in self.cells if cell)
