"""What the team makes of the answers: tags on free texts, named lists of candidates."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Workspace
from restanque.surveys.analysis.conditions import CriteriaError, parse_conditions
from restanque.surveys.models.answers import Response
from restanque.surveys.models.campaigns import Campaign


class TextTag(models.Model):
    """A word of the team's own for what free answers speak of (« gaspillage », « livraison »)."""

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="text_tags", verbose_name="espace"
    )
    name = models.CharField("nom", max_length=60)
    # Unaccented lower case, for search and order (see kit.text.search_key).
    name_key = models.CharField(max_length=60, editable=False)

    class Meta:
        verbose_name = "mot-clé"
        verbose_name_plural = "mots-clés"
        ordering = ("name_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "name_key"),
                name="surveys_text_tag_once",
                violation_error_message="Ce mot-clé existe déjà.",
            ),
            models.CheckConstraint(
                name="surveys_text_tag_named",
                condition=~Q(name_key=""),
                violation_error_message="Un mot-clé a au moins une lettre ou un chiffre.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class AnswerTag(models.Model):
    """A tag on one free answer: `path` is the question, turn included (`/data/four[2]/nom`)."""

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="text_tags", verbose_name="réponse"
    )
    path = models.CharField("question", max_length=500)
    tag = models.ForeignKey(TextTag, models.CASCADE, related_name="answers", verbose_name="mot-clé")
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
        verbose_name = "mot-clé d’une réponse"
        verbose_name_plural = "mots-clés des réponses"
        ordering = ("response_id", "path", "tag_id")
        constraints = (
            models.UniqueConstraint(
                fields=("response", "path", "tag"), name="surveys_answer_tag_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.tag} · {self.response_id}"


class CandidateList(models.Model):
    """A named question over the answers of a campaign: who meets it is read anew each time.

    `conditions` is JSON of `analysis.conditions`; `shipped_as` names the default list it was made
    from, or "".
    """

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="candidate_lists", verbose_name="campagne"
    )
    name = models.CharField("nom", max_length=120)
    description = models.TextField("à quoi sert la liste", blank=True)
    conditions = models.JSONField("conditions")
    shipped_as = models.CharField(max_length=60, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="créée par",
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    history = HistoricalRecords(related_name="past")

    class Meta:
        verbose_name = "liste de candidats"
        verbose_name_plural = "listes de candidats"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "name"),
                name="surveys_candidate_list_once",
                violation_error_message="Une liste de la campagne porte déjà ce nom.",
            ),
            models.UniqueConstraint(
                fields=("campaign", "shipped_as"),
                condition=~Q(shipped_as=""),
                name="surveys_candidate_list_shipped_once",
                violation_error_message="Cette liste proposée est déjà dans la campagne.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("surveys:candidate-list", args=[self.campaign_id, self.pk])

    def clean(self) -> None:
        """Conditions have the known form; that their questions exist is for the service."""
        try:
            parse_conditions(self.conditions)
        except CriteriaError as error:
            raise ValidationError({"conditions": str(error)}) from error

    @property
    def fictitious(self) -> bool:
        """As its campaign."""
        return self.campaign.fictitious
