"""Deliberations: the acts of a body, numbered, transmitted, published, executory."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership, Workspace
from restanque.accounts.perms import can_read
from restanque.core import files
from restanque.governance.models.bodies import Body
from restanque.governance.models.sittings import AgendaItem
from restanque.kit.text import search_key
from restanque.territories.models import Territory


class DeliberationQuerySet(models.QuerySet["Deliberation"]):
    """Questions asked of the register."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the territories a member covers; partners see none."""
        if not can_read(membership):
            return self.none()
        return self.filter(body__territory__in=Territory.objects.visible_to(membership))

    def about(self, subject_path: str) -> Self:
        """Those voted on a matter prepared at that page."""
        return self.filter(item__subject_path=subject_path)


class Deliberation(models.Model):
    """An act of a body, voted at an item of a sitting, or known from before (`item` None).

    `voted_on` is the day of the sitting. `sequence` is its rank in the body's year; `number` is
    written once, and stays even when the body's code changes. The executory date is computed
    (`acts.executory_of`), from the later of transmission and publication.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="acts", verbose_name="instance")
    item = models.OneToOneField(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="act",
        verbose_name="point de l’ordre du jour",
    )  # fmt: skip
    year = models.PositiveSmallIntegerField("année", editable=False)
    sequence = models.PositiveSmallIntegerField("rang dans l’année", editable=False)
    number = models.CharField("numéro", max_length=40)
    title = models.CharField("objet", max_length=300)
    title_key = models.CharField(max_length=400, editable=False)
    text = models.TextField("texte", blank=True)
    voted_on = models.DateField("votée le")
    transmitted_on = models.DateField("transmise au contrôle de légalité le", null=True, blank=True)
    transmission_reference = models.CharField("accusé de réception", max_length=200, blank=True)
    transmission_proof = models.FileField(
        "pièce de transmission", upload_to=files.private_path, blank=True
    )
    transmission_name = models.CharField(
        "pièce de transmission jointe", max_length=120, blank=True, editable=False
    )
    published_on = models.DateField("publiée le", null=True, blank=True)
    publication_reference = models.CharField("où, comment", max_length=200, blank=True)
    signed = models.FileField("délibération signée", upload_to=files.private_path, blank=True)
    signed_name = models.CharField(
        "exemplaire signé joint", max_length=120, blank=True, editable=False
    )
    fictitious = models.BooleanField("données fictives", default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="enregistrée par",
    )  # fmt: skip
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    # A path says nothing to people: the names of the files are followed instead.
    history = HistoricalRecords(excluded_fields=["transmission_proof", "signed"])
    objects = DeliberationQuerySet.as_manager()

    class Meta:
        verbose_name = "délibération"
        ordering = ("-voted_on", "body", "-sequence")
        constraints = (
            models.UniqueConstraint(
                fields=("body", "year", "sequence"),
                name="governance_act_sequence_once",
                violation_error_message="Ce rang est déjà pris cette année-là.",
            ),
            models.UniqueConstraint(
                fields=("body", "number"),
                name="governance_act_number_once",
                violation_error_message="Une délibération de cette instance porte déjà ce numéro.",
            ),
            models.CheckConstraint(
                name="governance_act_transmitted_after_vote",
                condition=Q(transmitted_on__isnull=True) | Q(transmitted_on__gte=F("voted_on")),
                violation_error_message="Une délibération est transmise après son vote.",
            ),
            models.CheckConstraint(
                name="governance_act_published_after_vote",
                condition=Q(published_on__isnull=True) | Q(published_on__gte=F("voted_on")),
                violation_error_message="Une délibération est publiée après son vote.",
            ),
            models.CheckConstraint(
                name="governance_act_proof_has_date",
                condition=Q(transmitted_on__isnull=False)
                | Q(transmission_reference="", transmission_proof=""),
                violation_error_message="L’accusé de réception va avec la date de transmission.",
            ),
        )

    def __str__(self) -> str:
        return f"délibération n° {self.number}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("governance:act", args=[self.pk])

    def clean(self) -> None:
        """Voted at its own sitting, on that day."""
        self.title_key = search_key(f"{self.number} {self.title}")[:400]
        if self.item is None:
            return
        if self.item.sitting.body_id != self.body_id:
            raise ValidationError({"item": "Ce point est d’une autre instance."})
        if self.voted_on != self.item.sitting.day:
            raise ValidationError({"voted_on": "La date du vote est celle de la séance."})

    @property
    def workspace(self) -> Workspace:
        """The team that keeps it."""
        return self.body.territory.workspace

    @property
    def executory_on(self) -> date | None:
        """The later of transmission and publication; None until both are known."""
        if self.transmitted_on is None or self.published_on is None:
            return None
        return max(self.transmitted_on, self.published_on)
