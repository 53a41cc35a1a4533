"""Reports made of a campaign, the one that is public, and the team's Word template."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Workspace
from restanque.core.files import private_path
from restanque.surveys.models.campaigns import Campaign


class Report(models.Model):
    """A report as it was made: the team's files, and the body of the page for the public.

    Never changed afterwards; a correction of an answer asks for a new one. The files name communes
    and are the team's; the page names none.
    """

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="reports", verbose_name="campagne"
    )
    made_at = models.DateTimeField("fait le")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="fait par",
    )
    answers = models.PositiveIntegerField("réponses lues")
    only_validated = models.BooleanField("réponses validées seulement", default=False)
    title = models.CharField("titre", max_length=250)
    subtitle = models.CharField("sous-titre", max_length=500)
    word = models.FileField("document Word", upload_to=private_path, max_length=200)
    pdf = models.FileField("document PDF", upload_to=private_path, max_length=200)
    slides = models.FileField("diapositives", upload_to=private_path, max_length=200)
    # Made by report.page, each value escaped there.
    page = models.TextField("page publique")
    fictitious = models.BooleanField("données fictives", default=False)

    class Meta:
        verbose_name = "rapport"
        ordering = ("-made_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="surveys_report_has_files",
                condition=~Q(word="") & ~Q(pdf="") & ~Q(slides=""),
                violation_error_message="Un rapport a ses trois fichiers.",
            ),
        )

    def __str__(self) -> str:
        return f"Rapport {self.pk} · {self.campaign}"


class Publication(models.Model):
    """The public page of a campaign: which report, at which address, until withdrawn.

    The address stays that of the campaign when another report is published in its place.
    """

    campaign = models.OneToOneField(
        Campaign, models.CASCADE, related_name="publication", verbose_name="campagne"
    )
    report = models.ForeignKey(
        Report, models.PROTECT, related_name="publications", verbose_name="rapport"
    )
    slug = models.SlugField("adresse", max_length=80, unique=True)
    published_at = models.DateTimeField("publié le")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="publié par",
    )
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)

    history = HistoricalRecords(related_name="past")

    class Meta:
        verbose_name = "publication"
        ordering = ("-published_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="surveys_publication_withdrawn_after",
                condition=Q(withdrawn_at__isnull=True)
                | Q(withdrawn_at__gte=models.F("published_at")),
                violation_error_message="Un retrait suit la publication.",
            ),
        )

    def __str__(self) -> str:
        return f"Page publique · {self.campaign}"

    def clean(self) -> None:
        """The report is one of this campaign."""
        if self.report.campaign_id != self.campaign_id:
            raise ValidationError({"report": "Ce rapport est celui d’une autre campagne."})

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it now."""
        return self.withdrawn_at is None


class ReportTemplate(models.Model):
    """The team's own Word template, checked when it was deposited."""

    workspace = models.OneToOneField(
        Workspace, models.CASCADE, related_name="report_template", verbose_name="espace"
    )
    # In the database: small, and never separated from the workspace by a restore.
    content = models.BinaryField("fichier")
    filename = models.CharField("nom du fichier", max_length=150)
    deposited_at = models.DateTimeField("déposé le", auto_now=True)
    deposited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="déposé par",
    )

    class Meta:
        verbose_name = "modèle de rapport"
        verbose_name_plural = "modèles de rapport"
        ordering = ("workspace_id",)

    def __str__(self) -> str:
        return f"Modèle de rapport · {self.workspace}"
