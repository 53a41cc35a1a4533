"""Road distances between communes: brought by the team, or asked of a routing service."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from restanque.territories.models import Commune, Territory


class DistanceTable(models.Model):
    """Road distances between communes, in place of the crow's flight.

    The latest table of a territory is the one its scenarios read. `source` says who measured
    (imported file, routing service, OSM extract) and what is not measured stays the crow's flight.
    """

    territory = models.ForeignKey(
        Territory, models.CASCADE, related_name="distance_tables", verbose_name="territoire"
    )
    name = models.CharField("nom", max_length=150)
    source = models.CharField("source", max_length=200)
    imported_on = models.DateField("importée le")

    class Meta:
        verbose_name = "table de distances"
        verbose_name_plural = "tables de distances"
        ordering = ("-imported_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("territory", "name"), name="supply_distances_once"),
        )

    def __str__(self) -> str:
        return self.name


class Distance(models.Model):
    """Road km and minutes from one commune to another, in the direction driven."""

    table = models.ForeignKey(
        DistanceTable, models.CASCADE, related_name="rows", verbose_name="table"
    )
    origin = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="de")
    destination = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="à")
    km = models.FloatField("km")
    minutes = models.FloatField("minutes", null=True, blank=True)

    class Meta:
        verbose_name = "distance"
        ordering = ("table", "origin", "destination")
        constraints = (
            models.UniqueConstraint(
                fields=("table", "origin", "destination"), name="supply_distance_once"
            ),
            models.CheckConstraint(
                name="supply_distance_positive",
                condition=Q(km__gte=0) & (Q(minutes__isnull=True) | Q(minutes__gte=0)),
                violation_error_message="Une distance est un nombre positif.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.origin_id} → {self.destination_id}"
