"""What came back: an answer, each state it went through, the files joined to it."""

import zlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from restanque.core.files import private_path
from restanque.surveys.models.campaigns import Invitation
from restanque.surveys.models.questionnaires import QuestionnaireVersion


class Channel(models.TextChoices):
    """By which way an answer, or a part of it, came."""

    WEB = "web", "en ligne"
    PHONE = "phone", "par téléphone"
    PAPER = "paper", "sur papier"
    COLLECT = "collect", "ODK Collect"


class ResponseStatus(models.TextChoices):
    """From draft to validated. A reopened answer is a draft again."""

    DRAFT = "draft", "commencée"
    SUBMITTED = "submitted", "à valider"
    VALIDATED = "validated", "validée"
    REJECTED = "rejected", "écartée"


class Response(models.Model):
    """An organisation's answer to a campaign, pinned to the version it was given to.

    `instance` is the whole draft, hidden values included; `submitted_xml` and `flat` (path →
    value) are what was sent, without them. `revision` rises at each saved change: a page that
    carries an older one is merged question by question.
    """

    invitation = models.OneToOneField(
        Invitation, models.CASCADE, related_name="response", verbose_name="invitation"
    )
    version = models.ForeignKey(
        QuestionnaireVersion, models.PROTECT, related_name="responses", verbose_name="questionnaire"
    )
    status = models.CharField(
        "état", max_length=10, choices=ResponseStatus, default=ResponseStatus.DRAFT
    )
    instance = models.TextField("brouillon")
    revision = models.PositiveIntegerField("révision", default=1)
    # Text of the page where the person left, to resume there ("" = the first).
    page_key = models.CharField("page en cours", max_length=200, blank=True)
    channel = models.CharField("voie", max_length=10, choices=Channel, default=Channel.WEB)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="saisie par",
    )
    started_at = models.DateTimeField("commencée le", default=timezone.now)
    updated_at = models.DateTimeField("enregistrée le", default=timezone.now)
    submitted_at = models.DateTimeField("envoyée le", null=True, blank=True)
    submitted_xml = models.TextField("réponse envoyée", blank=True)
    flat = models.JSONField("réponses envoyées", default=dict, blank=True)
    reviewed_at = models.DateTimeField("relue le", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="relue par",
    )
    review_note = models.TextField("motif", blank=True)

    class Meta:
        verbose_name = "réponse"
        ordering = ("invitation_id", "pk")
        constraints = (
            models.CheckConstraint(
                name="surveys_response_status_known", condition=Q(status__in=ResponseStatus.values)
            ),
            models.CheckConstraint(
                name="surveys_response_sent_is_complete",
                condition=Q(status=ResponseStatus.DRAFT)
                | (Q(submitted_at__isnull=False) & ~Q(submitted_xml="")),
                violation_error_message="Une réponse envoyée a sa date et son contenu.",
            ),
        )

    def __str__(self) -> str:
        return f"réponse {self.pk}"

    @property
    def is_draft(self) -> bool:
        """Whether it can still be written."""
        return self.status == ResponseStatus.DRAFT


class ResponseRevision(models.Model):
    """One saved state of an answer: nothing typed is lost, conflicts can be shown.

    `set_aside` maps a path to a value that was typed but not kept (the other person's was, or
    the question was no longer asked).
    """

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="revisions", verbose_name="réponse"
    )
    number = models.PositiveIntegerField("numéro")
    snapshot = models.BinaryField("état enregistré")
    set_aside = models.JSONField("saisies écartées", default=dict, blank=True)
    channel = models.CharField("voie", max_length=10, choices=Channel)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="par",
    )
    # Who saved, without naming anybody: a member, or one browser on this one answer. Coming back
    # to an older page is then no conflict with oneself. "" when it is not known.
    author = models.CharField("auteur", max_length=40, blank=True)
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "révision d’une réponse"
        verbose_name_plural = "révisions des réponses"
        ordering = ("response_id", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("response", "number"), name="surveys_revision_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"révision {self.number} de la réponse {self.response_id}"

    @property
    def instance(self) -> str:
        """The instance XML, hidden values included."""
        return zlib.decompress(bytes(self.snapshot)).decode()


def packed(instance: str) -> bytes:
    """An instance as `ResponseRevision.snapshot` keeps it (about a fifth of its size)."""
    return zlib.compress(instance.encode(), level=6)


class Attachment(models.Model):
    """A file joined to a question. `name` is the question's value, unique within the answer."""

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="attachments", verbose_name="réponse"
    )
    path = models.CharField("question", max_length=500)
    name = models.CharField("nom", max_length=150)
    file = models.FileField("fichier", upload_to=private_path, max_length=300)
    size = models.PositiveIntegerField("taille (octets)")
    content_type = models.CharField("type", max_length=100)
    sha256 = models.CharField("empreinte", max_length=64)
    uploaded_at = models.DateTimeField("déposé le", default=timezone.now)

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ("response_id", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("response", "name"), name="surveys_attachment_name_once"
            ),
        )

    def __str__(self) -> str:
        return self.name
