"""When the members of a team work: days a week, absences, and the address of their calendar."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership
from restanque.work.models.tasks import plausible

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")


def every_weekday() -> list[int]:
    """Monday (0) to Friday (4)."""
    return list(range(len(WEEKDAYS)))


class WorkingTime(models.Model):
    """What a member can give to this team's work from a day on, until the next such record.

    `days_per_week` are spread evenly over `weekdays` (0 is Monday): a member who comes three days
    and gives half of them to the team has three weekdays and 1.5 days.
    """

    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="working_times", verbose_name="membre"
    )
    valid_from = models.DateField("à partir du", validators=[plausible])
    days_per_week = models.DecimalField(
        "jours par semaine",
        max_digits=3,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(5))],
    )
    weekdays = models.JSONField("jours travaillés", default=every_weekday)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "temps de travail"
        verbose_name_plural = "temps de travail"
        ordering = ("membership", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("membership", "valid_from"),
                name="work_working_time_once",
                violation_error_message="Un temps de travail commence déjà ce jour-là.",
            ),
            models.CheckConstraint(
                name="work_working_time_days",
                condition=Q(days_per_week__gte=0, days_per_week__lte=5),
                violation_error_message="De 0 à 5 jours par semaine.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.membership.user} : {self.days_per_week} j par semaine"

    def clean(self) -> None:
        """Weekdays are Monday to Friday, each once, and hold the days given."""
        days = self.weekdays
        if not isinstance(days, list) or any(day not in every_weekday() for day in days):
            raise ValidationError({"weekdays": "Choisissez des jours du lundi au vendredi."})
        self.weekdays = sorted(set(self.weekdays))
        if self.days_per_week is not None and self.days_per_week > len(self.weekdays):
            raise ValidationError(
                {"days_per_week": "Il n’y a pas autant de jours travaillés dans la semaine."}
            )

    @property
    def weekday_words(self) -> str:
        """« lundi, mardi »."""
        return ", ".join(WEEKDAYS[day] for day in self.weekdays)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Named questions on absences."""

    def ended_before(self, day: date) -> AbsenceQuerySet:
        """Those that were over before that day."""
        return self.filter(ends_on__lt=day)


class Absence(models.Model):
    """Days when a member is away, the last one included. Never why: that is not our business.

    Erased a year after their end: they only serve to plan.
    """

    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="absences", verbose_name="membre"
    )
    starts_on = models.DateField("premier jour d’absence", validators=[plausible])
    ends_on = models.DateField("dernier jour d’absence", validators=[plausible])

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = "absence"
        ordering = ("starts_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="work_absence_dates_ordered",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Le dernier jour d’absence vient après le premier.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.membership.user} : {self.starts_on:%d/%m/%Y} – {self.ends_on:%d/%m/%Y}"


class MemberFeed(models.Model):
    """The address of a member's calendar: derived from `generation`, stored nowhere.

    A new generation revokes the addresses given before; closed, none opens.
    """

    membership = models.OneToOneField(
        Membership, models.CASCADE, related_name="calendar_feed", verbose_name="membre"
    )
    generation = models.PositiveIntegerField("génération", default=1)
    opened = models.BooleanField("ouvert", default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "abonnement au calendrier d’un membre"
        verbose_name_plural = "abonnements aux calendriers des membres"
        ordering = ("membership",)
        constraints = (
            models.CheckConstraint(
                name="work_feed_generation_positive", condition=Q(generation__gte=1)
            ),
        )

    def __str__(self) -> str:
        return f"calendrier de {self.membership.user}"
