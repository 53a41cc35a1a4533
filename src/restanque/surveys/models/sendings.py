"""What is sent: a sending of a campaign, and one line an invitation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from restanque.core.models import Job
from restanque.surveys.models.campaigns import Campaign, Invitation


class SendingKind(models.TextChoices):
    """First message, or reminder."""

    INVITATION = "invitation", "invitation"
    REMINDER = "reminder", "relance"


class SendingMedium(models.TextChoices):
    """By e-mail from here, by a mail-merge done elsewhere, or by post."""

    EMAIL = "email", "courriel"
    MERGE = "merge", "publipostage"
    PAPER = "paper", "courrier"


class SendingStatus(models.TextChoices):
    """Life of a sending."""

    PLANNED = "planned", "prévu"
    RUNNING = "running", "en cours"
    DONE = "done", "terminé"
    CANCELLED = "cancelled", "annulé"


class Sending(models.Model):
    """One batch: asked by somebody, of a known size, now or at a date, resumable by its lines."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="sendings", verbose_name="campagne"
    )
    kind = models.CharField("nature", max_length=12, choices=SendingKind)
    medium = models.CharField(
        "voie", max_length=8, choices=SendingMedium, default=SendingMedium.EMAIL
    )
    status = models.CharField(
        "état", max_length=10, choices=SendingStatus, default=SendingStatus.PLANNED
    )
    scheduled_for = models.DateTimeField("prévu le", null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="demandé par",
    )
    requested_at = models.DateTimeField("demandé le", default=timezone.now)
    # The number the person typed or saw before it started.
    confirmed_count = models.PositiveIntegerField("nombre confirmé", null=True, blank=True)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="travail"
    )
    started_at = models.DateTimeField("commencé le", null=True, blank=True)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)

    class Meta:
        verbose_name = "envoi"
        ordering = ("-requested_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="surveys_sending_done_is_dated",
                condition=~Q(status=SendingStatus.DONE) | Q(finished_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.campaign_id}"


class LineStatus(models.TextChoices):
    """What became of one invitation in a sending."""

    PENDING = "pending", "à envoyer"
    QUEUED = "queued", "confié à l’envoi"
    SKIPPED = "skipped", "non envoyé"


class SendingLine(models.Model):
    """One invitation of a sending. `message_key` is the outbox's idempotency key."""

    sending = models.ForeignKey(Sending, models.CASCADE, related_name="lines", verbose_name="envoi")
    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="sending_lines", verbose_name="invitation"
    )
    status = models.CharField("état", max_length=10, choices=LineStatus, default=LineStatus.PENDING)
    reason = models.CharField("raison", max_length=200, blank=True)
    message_key = models.CharField("message", max_length=200, blank=True)
    at = models.DateTimeField("le", null=True, blank=True)

    class Meta:
        verbose_name = "ligne d’envoi"
        verbose_name_plural = "lignes d’envoi"
        ordering = ("sending_id", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("sending", "invitation"), name="surveys_sending_line_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sending_id} · {self.invitation_id}"
