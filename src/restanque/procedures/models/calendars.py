"""The calendar of a territory that other programs subscribe to."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from restanque.territories.models import Territory


class CalendarFeed(models.Model):
    """The address of a territory's calendar: derived from `generation`, stored nowhere.

    A new generation revokes the addresses given before; closed, none opens.
    """

    territory = models.OneToOneField(
        Territory, models.CASCADE, related_name="calendar_feed", verbose_name="territoire"
    )
    generation = models.PositiveIntegerField("génération", default=1)
    opened = models.BooleanField("ouvert", default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "abonnement au calendrier"
        verbose_name_plural = "abonnements au calendrier"
        ordering = ("territory",)
        constraints = (
            models.CheckConstraint(
                name="procedures_feed_generation_positive", condition=models.Q(generation__gte=1)
            ),
        )

    def __str__(self) -> str:
        return f"calendrier de {self.territory}"
