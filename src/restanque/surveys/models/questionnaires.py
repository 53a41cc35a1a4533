"""What is asked: a questionnaire of the workspace and its versions, pinned to the answers."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from restanque.accounts.models import Workspace

if TYPE_CHECKING:
    from restanque.surveys.models.media import QuestionnaireMedia


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    """Named questions on questionnaires."""

    def of(self, workspace: Workspace) -> "QuestionnaireQuerySet":
        """Those of a workspace."""
        return self.filter(workspace=workspace)

    def current(self) -> "QuestionnaireQuerySet":
        """Those that can still be used: not archived."""
        return self.filter(archived=False)


class Questionnaire(models.Model):
    """A survey's questions over time; each change of its Excel file makes a version."""

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="questionnaires", verbose_name="espace"
    )
    title = models.CharField("titre", max_length=200)
    # Unaccented lower case, for search and order (see kit.text.search_key).
    title_key = models.CharField(max_length=200, editable=False)
    description = models.TextField("description", blank=True)
    # The short name of the shipped questionnaire it was installed from, or "".
    shipped_as = models.CharField(max_length=60, blank=True, editable=False)
    archived = models.BooleanField("archivé", default=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = "questionnaire"
        ordering = ("title_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "shipped_as"),
                condition=~models.Q(shipped_as=""),
                name="surveys_shipped_questionnaire_once",
                violation_error_message="Ce questionnaire fourni est déjà dans l’espace.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("surveys:questionnaire", args=[self.pk])


class VersionStatus(models.TextChoices):
    """A draft can be replaced; a published version never changes again."""

    DRAFT = "draft", "brouillon"
    PUBLISHED = "published", "publiée"


class QuestionnaireVersion(models.Model):
    """One state of the questionnaire: the Excel file, the XForm made of it, what the lint said.

    `report` is a list of {"severity", "sheet", "row", "column", "message", "mend", "code"};
    `facts` maps a question's path to the fact it feeds. Answers keep the version they were
    given to; services refuse any change of a published one.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="versions", verbose_name="questionnaire"
    )
    number = models.PositiveIntegerField("numéro")
    filename = models.CharField("nom du fichier", max_length=200)
    # In the database, not on disk: small, and never separated from the answers by a restore.
    source = models.BinaryField("fichier source")
    xform = models.TextField("XForm", blank=True)
    form_id = models.CharField("identifiant du formulaire", max_length=200, blank=True)
    form_version = models.CharField("version déclarée", max_length=100, blank=True)
    report = models.JSONField("contrôle", default=list, blank=True)
    facts = models.JSONField("faits alimentés", default=dict, blank=True)
    question_count = models.PositiveIntegerField("nombre de questions", default=0)
    sha256 = models.CharField("empreinte du fichier", max_length=64)
    # Of the names and contents of the joined files; "" without any. Changes with each of them.
    media_sha256 = models.CharField("empreinte des fichiers joints", max_length=64, blank=True)
    status = models.CharField(
        "état", max_length=12, choices=VersionStatus, default=VersionStatus.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="déposée par",
    )
    created_at = models.DateTimeField("déposée le", auto_now_add=True)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)

    # Most of the row's weight; an answer's pages need none of it once the form is parsed.
    HEAVY_FIELDS = ("source", "xform", "report", "facts")

    class Meta:
        verbose_name = "version de questionnaire"
        verbose_name_plural = "versions de questionnaire"
        ordering = ("questionnaire_id", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("questionnaire", "number"), name="surveys_version_number_once"
            ),
            models.CheckConstraint(
                name="surveys_published_version_complete",
                condition=models.Q(status=VersionStatus.DRAFT, published_at__isnull=True)
                | (
                    models.Q(status=VersionStatus.PUBLISHED, published_at__isnull=False)
                    & ~models.Q(xform="")
                ),
                violation_error_message="Une version publiée a une date et un formulaire.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.questionnaire} · version {self.number}"

    @property
    def is_published(self) -> bool:
        """Whether campaigns may use it, and nothing may change it."""
        return self.status == VersionStatus.PUBLISHED

    @property
    def media_files(self) -> "models.QuerySet[QuestionnaireMedia]":
        """The files joined to it, by name, their content left in the database until read."""
        return self.media.defer("content").order_by("name")

    def problems(self, severity: str) -> list[dict[str, Any]]:
        """Findings of one severity (`error`, `warning`)."""
        return [found for found in self.report if found["severity"] == severity]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """Findings that forbid publication."""
        return self.problems("error")

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """Findings that are worth a look."""
        return self.problems("warning")
