"""The school calendar that a team brought: when canteens are closed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from restanque.supply.school import Break, Zone
from restanque.territories.models import Territory


class SchoolBreak(models.Model):
    """One break of a zone, from its first day without class to the day classes begin again.

    Never shipped: read from the official file by the team, with its source, shown « à vérifier »
    until somebody says it was checked.
    """

    territory = models.ForeignKey(
        Territory, models.CASCADE, related_name="school_breaks", verbose_name="territoire"
    )
    zone = models.CharField("zone", max_length=10, choices=Zone)
    name = models.CharField("vacances", max_length=150)
    starts_on = models.DateField("premier jour sans classe")
    # Unknown only for a summer whose end the file does not give yet.
    resumes_on = models.DateField("reprise", null=True, blank=True)
    source = models.CharField("source", max_length=200)
    imported_on = models.DateField("importé le")
    checked = models.BooleanField("vérifié", default=False)

    class Meta:
        verbose_name = "vacances scolaires"
        verbose_name_plural = "vacances scolaires"
        ordering = ("starts_on", "zone", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("territory", "zone", "starts_on"),
                name="supply_break_once",
                violation_error_message="Ces vacances sont déjà connues.",
            ),
            models.CheckConstraint(
                name="supply_break_in_order",
                condition=Q(resumes_on__isnull=True) | Q(resumes_on__gt=F("starts_on")),
                violation_error_message="La reprise doit suivre le début des vacances.",
            ),
            models.CheckConstraint(
                name="supply_break_zone_known", condition=Q(zone__in=Zone.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.get_zone_display()}, {self.starts_on:%d/%m/%Y})"

    @property
    def dates(self) -> Break:
        """As the count of days takes it."""
        return Break(self.starts_on, self.resumes_on, self.name)
