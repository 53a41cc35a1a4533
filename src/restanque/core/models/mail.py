"""Messages on their way out, and addresses that must not be written to."""

from django.db import models
from django.utils import timezone

from restanque.accounts.models import Workspace


class Purpose(models.TextChoices):
    """Why a message is written."""

    INVITATION = "invitation", "invitation"
    REMINDER = "reminder", "relance"
    RECEIPT = "receipt", "accusé de réception"
    HANDOVER = "handover", "passage à un collègue"
    ACCOUNT = "account", "accès au compte"
    OTHER = "other", "autre"


class MessageStatus(models.TextChoices):
    """Where a message stands. Only `QUEUED` and due `FAILED_SOFT` are ever picked for sending."""

    HELD = "held", "retenu"
    QUEUED = "queued", "en file"
    SENDING = "sending", "en cours d’envoi"
    SENT = "sent", "envoyé"
    FAILED_SOFT = "failed_soft", "refusé pour l’instant"
    FAILED_HARD = "failed_hard", "adresse refusée"
    # The connection broke after the text was handed over: it may have left. Never sent again
    # without a person's decision.
    UNCERTAIN = "uncertain", "envoi incertain"
    CANCELLED = "cancelled", "annulé"
    SUPPRESSED = "suppressed", "adresse écartée"


LEAVING = (MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.UNCERTAIN)


class OutgoingMessageQuerySet(models.QuerySet["OutgoingMessage"]):
    """Named questions on messages."""

    def due(self) -> "OutgoingMessageQuerySet":
        """What the deliverer may pick now, sign-in codes before everything else."""
        return self.filter(
            models.Q(status=MessageStatus.QUEUED)
            | models.Q(status=MessageStatus.FAILED_SOFT, next_attempt_at__lte=timezone.now())
        ).order_by("-urgent", "created_at", "pk")


class OutgoingMessage(models.Model):
    """One message to one address: the outbox. Kept as the trace of what was written to whom."""

    workspace = models.ForeignKey(
        Workspace,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="espace",
        help_text="Vide pour un message de compte (code de connexion).",
    )
    to_email = models.EmailField("adresse")
    to_name = models.CharField("destinataire", max_length=200, blank=True)
    from_name = models.CharField("expéditeur affiché", max_length=200, blank=True)
    reply_to = models.EmailField("répondre à", blank=True)
    subject = models.CharField("objet", max_length=300)
    # Marks such as ⟦lien⟧ stand for values derived at sending time, which are never stored.
    text = models.TextField("texte", blank=True)
    html = models.TextField("texte mis en forme", blank=True)
    headers = models.JSONField("en-têtes", default=dict, blank=True)
    purpose = models.CharField("raison", max_length=20, choices=Purpose)
    status = models.CharField(
        "état", max_length=20, choices=MessageStatus, default=MessageStatus.HELD, db_index=True
    )
    status_reason = models.CharField("pourquoi", max_length=300, blank=True)
    fictitious = models.BooleanField("données fictives", default=False)
    urgent = models.BooleanField("à envoyer en premier", default=False)
    subject_key = models.CharField("objet lié", max_length=100, blank=True, db_index=True)
    # Folded recipient and subject: databases do not search French by themselves.
    search_key = models.CharField(max_length=900, blank=True, editable=False)
    # None is not unique: messages without a key never collide.
    idempotency_key = models.CharField(
        "clé d’unicité",
        max_length=200,
        null=True,
        blank=True,
        unique=True,
    )
    message_id = models.CharField("identifiant du message", max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    last_error = models.CharField("dernière erreur", max_length=300, blank=True)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    claimed_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    next_attempt_at = models.DateTimeField("prochain essai", null=True, blank=True, db_index=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)

    objects = OutgoingMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("workspace", "-created_at"), name="core_message_by_workspace"),
        )
        constraints = (
            models.CheckConstraint(
                name="core_message_purpose_known", condition=models.Q(purpose__in=Purpose.values)
            ),
            models.CheckConstraint(
                name="core_message_status_known",
                condition=models.Q(status__in=MessageStatus.values),
            ),
            models.CheckConstraint(
                name="core_message_fictitious_never_leaves",
                condition=~models.Q(fictitious=True, status__in=LEAVING),
                violation_error_message="Un message fictif ne peut pas être envoyé.",
            ),
            models.CheckConstraint(
                name="core_message_sent_has_date",
                condition=~models.Q(status=MessageStatus.SENT, sent_at__isnull=True),
                violation_error_message="Un message envoyé porte sa date d’envoi.",
            ),
            models.CheckConstraint(
                name="core_message_workspace_or_account",
                condition=models.Q(workspace__isnull=False) | models.Q(purpose=Purpose.ACCOUNT),
                violation_error_message="Seul un message de compte peut être sans espace.",
            ),
        )

    def __str__(self) -> str:
        return self.subject


class SuppressionReason(models.TextChoices):
    """Why an address must not be written to."""

    OBJECTED = "objected", "ne veut plus être relancé"
    BOUNCED = "bounced", "adresse refusée par son serveur"
    MANUAL = "manual", "retirée par l’équipe"


class MailSuppression(models.Model):
    """An address to which a workspace no longer writes.

    The address is kept readable: honouring an objection is the very purpose, and the team must
    be able to check and lift it.
    """

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", verbose_name="espace"
    )
    email = models.EmailField("adresse")
    reason = models.CharField("raison", max_length=20, choices=SuppressionReason)
    since = models.DateTimeField("depuis le", default=timezone.now)

    class Meta:
        verbose_name = "adresse à ne pas solliciter"
        verbose_name_plural = "adresses à ne pas solliciter"
        ordering = ("email",)
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "email"),
                name="core_suppression_once",
                violation_error_message="Cette adresse est déjà écartée.",
            ),
            models.CheckConstraint(
                name="core_suppression_reason_known",
                condition=models.Q(reason__in=SuppressionReason.values),
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} ({self.get_reason_display()})"
