"""Files that a questionnaire reads or shows: lists in CSV, pictures of labels and choices."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from restanque.surveys.models.questionnaires import QuestionnaireVersion


class QuestionnaireMedia(models.Model):
    """A file joined to a version, under the very name its form asks for.

    Services change it while the version is a draft only: answers keep the files that they were
    given with. `md5` is what ODK Collect compares, of the exact bytes of `content`.
    """

    version = models.ForeignKey(
        QuestionnaireVersion, models.CASCADE, related_name="media", verbose_name="version"
    )
    name = models.CharField("nom", max_length=150)
    # In the database, as the form itself: small, and never separated from it by a restore.
    content = models.BinaryField("contenu")
    content_type = models.CharField("type", max_length=100)
    size = models.PositiveIntegerField("taille (octets)")
    md5 = models.CharField("empreinte MD5", max_length=32)
    sha256 = models.CharField("empreinte", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="joint par",
    )
    uploaded_at = models.DateTimeField("joint le", default=timezone.now)

    class Meta:
        verbose_name = "fichier joint à un questionnaire"
        verbose_name_plural = "fichiers joints aux questionnaires"
        ordering = ("version_id", "name")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "name"),
                name="surveys_media_name_once",
                violation_error_message="Un fichier de ce nom est déjà joint.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it."""
        return self.content_type.startswith("image/")
