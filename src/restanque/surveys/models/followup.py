"""What the team does with it: calls, comments, flagged values."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from restanque.surveys.models.answers import Response
from restanque.surveys.models.campaigns import Invitation


class CallOutcome(models.TextChoices):
    """How a telephone call ended."""

    NO_ANSWER = "no_answer", "pas de réponse"
    CALL_BACK = "call_back", "à rappeler"
    ANSWERED = "answered", "a répondu"
    REFUSED = "refused", "refuse"
    WRONG_NUMBER = "wrong_number", "mauvais numéro"


class CallLog(models.Model):
    """One telephone call about an invitation."""

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="calls", verbose_name="invitation"
    )
    at = models.DateTimeField("le", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="par",
    )
    outcome = models.CharField("issue", max_length=15, choices=CallOutcome)
    call_back_at = models.DateTimeField("rappeler le", null=True, blank=True)
    note = models.TextField("note", blank=True)

    class Meta:
        verbose_name = "appel"
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="surveys_call_back_has_date",
                condition=~Q(outcome=CallOutcome.CALL_BACK) | Q(call_back_at__isnull=False),
                violation_error_message="Dites quand rappeler.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} · {self.invitation_id}"


class Comment(models.Model):
    """A remark of the team on an organisation's answer, or on one of its questions (`path`)."""

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="comments", verbose_name="invitation"
    )
    path = models.CharField("question", max_length=500, blank=True)
    text = models.TextField("commentaire")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="par",
    )
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "commentaire"
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.text[:60]


class FlagSeverity(models.TextChoices):
    """Whether the value is impossible or only surprising."""

    ERROR = "error", "impossible"
    WARNING = "warning", "à vérifier"


class FlagResolution(models.TextChoices):
    """What the reviewer concluded."""

    CONFIRMED = "confirmed", "valeur confirmée"
    CORRECTED = "corrected", "valeur corrigée"
    DISMISSED = "dismissed", "signalement écarté"


class Flag(models.Model):
    """A value that looks wrong (price per kg, kg per meal…), and what became of it."""

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="flags", verbose_name="réponse"
    )
    path = models.CharField("question", max_length=500)
    code = models.CharField("règle", max_length=60)
    severity = models.CharField("gravité", max_length=10, choices=FlagSeverity)
    message = models.CharField("constat", max_length=400)
    value = models.CharField("valeur", max_length=200, blank=True)
    created_at = models.DateTimeField("signalé le", default=timezone.now)
    resolution = models.CharField("issue", max_length=10, choices=FlagResolution, blank=True)
    resolved_at = models.DateTimeField("traité le", null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="traité par",
    )
    note = models.CharField("note", max_length=400, blank=True)

    class Meta:
        verbose_name = "signalement"
        ordering = ("response_id", "path", "code")
        constraints = (
            models.UniqueConstraint(fields=("response", "path", "code"), name="surveys_flag_once"),
            models.CheckConstraint(
                name="surveys_flag_resolution_dated",
                condition=Q(resolution="", resolved_at__isnull=True)
                | (~Q(resolution="") & Q(resolved_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return self.message
