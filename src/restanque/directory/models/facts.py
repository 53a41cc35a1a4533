"""What was observed of an organisation, dated and sourced: capacity, price, flour, days…"""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from restanque.directory.models.organisations import Organisation


class OrganisationFactQuerySet(models.QuerySet["OrganisationFact"]):
    """Questions asked of the facts."""

    def known_on(self, day: date) -> Self:
        """Observed that day or before."""
        return self.filter(observed_on__lte=day)


class OrganisationFact(models.Model):
    """One observation. Facts are added and withdrawn, never changed: the older ones stay.

    `name` is a fact of the form engine's vocabulary (`offer.capacity_kg_per_day`), `item` what it
    is about when there are several (a class of bread, else ""), `value` its text, `shown` the
    same as people read it, `number` its number when it has one. `source` names the record it comes
    from (`visit:12`) without a key to a higher room.
    """

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="facts", verbose_name="organisation"
    )
    name = models.CharField("fait", max_length=60)
    item = models.CharField("objet", max_length=60, blank=True)
    label = models.CharField("libellé", max_length=120)
    value = models.TextField("valeur")
    shown = models.TextField("valeur lisible")
    number = models.DecimalField("nombre", max_digits=14, decimal_places=4, null=True, blank=True)
    unit = models.CharField("unité", max_length=20, blank=True)
    observed_on = models.DateField("constaté le")
    source = models.CharField("source", max_length=60, db_index=True)
    source_label = models.CharField("source lisible", max_length=150)
    fictitious = models.BooleanField("données fictives", default=False)
    created_at = models.DateTimeField("enregistré le", auto_now_add=True)

    objects = OrganisationFactQuerySet.as_manager()

    class Meta:
        verbose_name = "fait constaté"
        verbose_name_plural = "faits constatés"
        ordering = ("name", "item", "-observed_on", "-pk")
        indexes = (models.Index(fields=("organisation", "name"), name="directory_fact_by_name"),)
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "name", "item", "source"),
                name="directory_fact_once_a_source",
                violation_error_message="Cette source a déjà dit ce fait.",
            ),
            models.CheckConstraint(
                name="directory_fact_has_value",
                condition=~Q(value=""),
                violation_error_message="Un fait inconnu ne s’enregistre pas.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} : {self.shown}"
