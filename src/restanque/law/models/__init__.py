"""What a workspace says of the shipped law: its own values, and what it has read."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Workspace

EARLIEST = date(2000, 1, 1)


class Table(models.TextChoices):
    """The tables of `engine.law` that a workspace may change or check."""

    RULES = "rules", "règle"
    PARAMETERS = "parameters", "paramètre"
    REGIMES = "regimes", "régime"
    ARTICLES = "articles", "article"


class Verdict(models.TextChoices):
    """What the reading of the text in force has shown."""

    SAME = "same", "le texte dit bien cela"
    DIFFERENT = "different", "le texte dit autre chose"
    UNREADABLE = "unreadable", "texte introuvable, ou pas clair"


class LawOverride(models.Model):
    """A workspace's own values for one object of the shipped law, and why.

    `changes` maps fields of `engine.law.EDITABLE` to values as `codec` writes them; fields that are
    not there keep the shipped value. One object has one override: changing it again replaces it,
    and the history keeps what it was.
    """

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="law_overrides", verbose_name="espace"
    )
    table = models.CharField("table", max_length=12, choices=Table.choices)
    object_id = models.CharField("identifiant", max_length=80)
    changes: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        "valeurs", default=dict
    )
    reason = models.TextField("raison")
    made_on = models.DateField("modifié le")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="modifié par",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "valeur de l’équipe"
        verbose_name_plural = "valeurs de l’équipe"
        ordering = ("table", "object_id")
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "table", "object_id"), name="law_override_once"
            ),
            models.CheckConstraint(
                name="law_override_table_known", condition=Q(table__in=Table.values)
            ),
            models.CheckConstraint(
                name="law_override_says_why",
                condition=~Q(reason=""),
                violation_error_message="Dites pourquoi cette règle est modifiée.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_table_display()} {self.object_id}"

    def get_absolute_url(self) -> str:
        """The page of the object."""
        return reverse("law:item", args=[self.table, self.object_id])


class LawCheck(models.Model):
    """Somebody of the team opened the text in force and compared it with the rule.

    `content` is the hash of what was compared: a later change of the rule makes the check count
    no more. Nothing is erased: a new check replaces the former by its date.
    """

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="law_checks", verbose_name="espace"
    )
    table = models.CharField("table", max_length=12, choices=Table.choices)
    object_id = models.CharField("identifiant", max_length=80)
    content = models.CharField("contenu comparé", max_length=64, editable=False)
    verdict = models.CharField("constat", max_length=12, choices=Verdict.choices)
    link = models.URLField("adresse du texte lu", max_length=400, blank=True)
    note = models.TextField("remarque", blank=True)
    checked_on = models.DateField("lu le")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="lu par",
    )
    created_at = models.DateTimeField("noté le", auto_now_add=True)

    class Meta:
        verbose_name = "relecture"
        ordering = ("checked_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="law_check_table_known", condition=Q(table__in=Table.values)
            ),
            models.CheckConstraint(
                name="law_check_verdict_known", condition=Q(verdict__in=Verdict.values)
            ),
            models.CheckConstraint(
                name="law_check_plausible",
                condition=Q(checked_on__gte=EARLIEST),
                violation_error_message="Cette date n’est pas plausible.",
            ),
            models.CheckConstraint(
                name="law_check_same_says_where",
                condition=~Q(verdict=Verdict.SAME) | ~Q(link=""),
                violation_error_message="Donnez l’adresse du texte que vous avez lu.",
            ),
            models.CheckConstraint(
                name="law_check_different_says_what",
                condition=~Q(verdict=Verdict.DIFFERENT) | ~Q(note=""),
                violation_error_message="Dites ce que le texte dit.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_table_display()} {self.object_id} : {self.get_verdict_display()}"

    def get_absolute_url(self) -> str:
        """The page of the object."""
        return reverse("law:item", args=[self.table, self.object_id])
