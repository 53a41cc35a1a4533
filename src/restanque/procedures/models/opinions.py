"""What a consulted body answered, its remarks, and what the body in charge replies to each."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership
from restanque.core import files
from restanque.kit.text import search_key
from restanque.procedures.consultations.nomenclature import CHANGING, EXPLAINED, Decision, Sense
from restanque.procedures.models.consultations import Consultation, Consultee
from restanque.procedures.models.procedures import EARLIEST, plausible


class Opinion(models.Model):
    """The answer of one body, as received. `signed_by` is an office, never a person's name."""

    consultee = models.OneToOneField(
        Consultee, models.CASCADE, related_name="opinion", verbose_name="organisme"
    )
    received_on = models.DateField("reçu le", validators=[plausible])
    dated = models.DateField("daté du", null=True, blank=True, validators=[plausible])
    sense = models.CharField("sens", max_length=15, choices=Sense)
    signed_by = models.CharField("signé par", max_length=150, blank=True)
    reference = models.CharField("référence", max_length=150, blank=True)
    text = models.TextField("texte ou résumé", blank=True, max_length=20_000)
    file = models.FileField("pièce", upload_to=files.private_path, blank=True)
    file_name = models.CharField("nom du fichier", max_length=120, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="enregistré par",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ("received_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="procedures_opinion_sense_known",
                condition=Q(sense__in=Sense.values),
                violation_error_message="Ce sens n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_opinion_dated_before",
                condition=Q(dated__isnull=True) | Q(dated__lte=F("received_on")),
                violation_error_message="Un avis ne se reçoit pas avant d’être daté : corrigez "
                "l’une des deux dates.",
            ),
            models.CheckConstraint(
                name="procedures_opinion_date_plausible",
                condition=Q(received_on__gte=EARLIEST),
                violation_error_message="Cette date n’est pas plausible.",
            ),
        )

    def __str__(self) -> str:
        return f"avis de {self.consultee}"

    @property
    def sense_label(self) -> str:
        """The sense in words."""
        return str(Sense(self.sense).label)


class RemarkQuerySet(models.QuerySet["Remark"]):
    """Questions asked of the remarks."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the consultations a member may see."""
        own = Consultation.objects.visible_to(membership)
        return self.filter(opinion__consultee__consultation__in=own)

    def unanswered(self) -> Self:
        """Without a reply yet."""
        return self.filter(reply__isnull=True)

    def to_carry(self) -> Self:
        """Accepted, and whose change is not in the document yet."""
        return self.filter(reply__decision__in=CHANGING, reply__carried_on__isnull=True)


class Remark(models.Model):
    """An extract of an opinion that calls for a reply."""

    opinion = models.ForeignKey(
        Opinion, models.CASCADE, related_name="remarks", verbose_name="avis"
    )
    order = models.PositiveSmallIntegerField("rang", default=1)
    topic = models.CharField("thème", max_length=100, blank=True)
    topic_key = models.CharField(max_length=100, editable=False, blank=True)
    page = models.CharField("page de l’avis", max_length=40, blank=True)
    text = models.TextField("remarque", max_length=6000)
    text_key = models.TextField(editable=False, blank=True)

    history = HistoricalRecords(excluded_fields=["text_key", "topic_key"])
    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = "remarque d’un avis"
        verbose_name_plural = "remarques des avis"
        ordering = ("opinion", "order", "pk")
        constraints = (
            models.CheckConstraint(
                name="procedures_remark_says_something",
                condition=~Q(text=""),
                violation_error_message="Écrivez la remarque.",
            ),
            models.CheckConstraint(
                name="procedures_remark_order_positive",
                condition=Q(order__gte=1),
                violation_error_message="Le rang commence à 1.",
            ),
        )

    def __str__(self) -> str:
        return f"remarque {self.order} : {self.text[:60]}"

    def get_absolute_url(self) -> str:
        """Where its reply is written."""
        return reverse("procedures:remark-reply", args=[self.pk])

    def clean(self) -> None:
        """Search keys follow the words."""
        self.topic_key, self.text_key = search_key(self.topic), search_key(self.text)


class Reply(models.Model):
    """What the body in charge decides about a remark, why, and where the document changes.

    `carried_on` is the day on which the change was put in the document, and `carried_version` the
    version that holds it.
    """

    remark = models.OneToOneField(
        Remark, models.CASCADE, related_name="reply", verbose_name="remarque"
    )
    decision = models.CharField("suite donnée", max_length=10, choices=Decision)
    why = models.TextField("réponse et motif", blank=True, max_length=6000)
    piece = models.CharField("pièce modifiée", max_length=150, blank=True)
    page = models.CharField("page ou article", max_length=60, blank=True)
    decided_by = models.CharField("décidé par", max_length=150, blank=True)
    decided_on = models.DateField("décidé le", null=True, blank=True, validators=[plausible])
    carried_on = models.DateField(
        "modification reportée le", null=True, blank=True, validators=[plausible]
    )
    carried_version = models.CharField("version du document", max_length=100, blank=True)
    carried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="reportée par",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "réponse à une remarque"
        verbose_name_plural = "réponses aux remarques"
        ordering = ("remark",)
        constraints = (
            models.CheckConstraint(
                name="procedures_reply_decision_known",
                condition=Q(decision__in=Decision.values),
                violation_error_message="Cette suite n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_reply_explained",
                condition=~Q(decision__in=[one.value for one in EXPLAINED]) | ~Q(why=""),
                violation_error_message="Dites pourquoi la remarque est refusée, ou ce qui en est "
                "écarté.",
            ),
            models.CheckConstraint(
                name="procedures_reply_carried_somewhere",
                condition=Q(carried_on__isnull=True)
                | (Q(decision__in=[one.value for one in CHANGING]) & ~Q(piece="")),
                violation_error_message="Une modification se reporte dans une pièce nommée, pour "
                "une remarque acceptée.",
            ),
        )

    def __str__(self) -> str:
        return f"réponse : {self.decision_label}"

    @property
    def decision_label(self) -> str:
        """The decision in words."""
        return str(Decision(self.decision).label)

    @property
    def place(self) -> str:
        """« DOO, p. 34 »: where the document changes."""
        return ", ".join(part for part in (self.piece, self.page) if part)
