"""Who is there, who speaks for whom, who votes what."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from restanque.governance.models.bodies import Mandate
from restanque.governance.models.sittings import AgendaItem, Sitting
from restanque.governance.nomenclature import AttendanceStatus, Choice, VoteMode


class Attendance(models.Model):
    """How a member is at the opening. A substitute who is present sits for `replaces`."""

    sitting = models.ForeignKey(
        Sitting, models.CASCADE, related_name="attendances", verbose_name="séance"
    )
    mandate = models.ForeignKey(
        Mandate, models.PROTECT, related_name="attendances", verbose_name="membre"
    )
    status = models.CharField("présence", max_length=10, choices=AttendanceStatus)
    replaces = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="siège pour",
    )  # fmt: skip

    history = HistoricalRecords()

    class Meta:
        verbose_name = "présence"
        ordering = ("sitting", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("sitting", "mandate"), name="governance_attendance_once"
            ),
            models.UniqueConstraint(
                fields=("sitting", "replaces"),
                name="governance_attendance_one_substitute",
                violation_error_message="Deux suppléants ne siègent pas pour le même titulaire.",
            ),
            models.CheckConstraint(
                name="governance_attendance_status_known",
                condition=Q(status__in=AttendanceStatus.values),
            ),
            models.CheckConstraint(
                name="governance_attendance_only_present_replace",
                condition=Q(replaces__isnull=True) | Q(status=AttendanceStatus.PRESENT),
                violation_error_message="Un suppléant absent ne siège pour personne.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.mandate} : {self.get_status_display()}"


class Movement(models.Model):
    """A member arrives, or leaves, as an item begins: it holds until the next movement."""

    item = models.ForeignKey(
        AgendaItem, models.CASCADE, related_name="movements", verbose_name="point"
    )
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+", verbose_name="membre")
    present = models.BooleanField("présent à partir de ce point")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "arrivée ou départ"
        verbose_name_plural = "arrivées et départs"
        ordering = ("item", "pk")
        constraints = (
            models.UniqueConstraint(fields=("item", "mandate"), name="governance_movement_once"),
        )

    def __str__(self) -> str:
        return f"{self.mandate} {'arrive' if self.present else 'part'}"


class Proxy(models.Model):
    """A written power: while the giver is away, the holder votes for them. It fills no seat."""

    sitting = models.ForeignKey(
        Sitting, models.CASCADE, related_name="proxies", verbose_name="séance"
    )
    giver = models.ForeignKey(Mandate, models.PROTECT, related_name="+", verbose_name="donné par")
    holder = models.ForeignKey(Mandate, models.PROTECT, related_name="+", verbose_name="donné à")
    received_on = models.DateField("reçu le", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "pouvoir"
        ordering = ("sitting", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("sitting", "giver"),
                name="governance_proxy_once",
                violation_error_message="Ce membre a déjà donné pouvoir pour cette séance.",
            ),
            models.CheckConstraint(
                name="governance_proxy_to_another",
                condition=~Q(giver=F("holder")),
                violation_error_message="On ne se donne pas pouvoir à soi-même.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.giver} donne pouvoir à {self.holder}"

    def clean(self) -> None:
        """Both are members in office of the body; who holds no seat has no voice to give."""
        for name in ("giver", "holder"):
            person: Mandate = getattr(self, name)
            if person.body_id != self.sitting.body_id or not person.in_office(self.sitting.day):
                raise ValidationError({name: f"{person} n’est pas membre en exercice ce jour-là."})
        if not self.giver.holds_seat:
            raise ValidationError({"giver": "Un suppléant n’a pas de voix à donner."})


class Vote(models.Model):
    """What the voices said at an item. The result is computed (`counting.result_of`)."""

    item = models.OneToOneField(
        AgendaItem, models.CASCADE, related_name="vote", verbose_name="point"
    )
    mode = models.CharField("mode de vote", max_length=10, choices=VoteMode)
    votes_for = models.PositiveSmallIntegerField("pour")
    votes_against = models.PositiveSmallIntegerField("contre")
    abstentions = models.PositiveSmallIntegerField("abstentions")
    no_part = models.PositiveSmallIntegerField("ne prennent pas part au vote")
    chair_choice = models.CharField(
        "voix du président de séance", max_length=10, choices=Choice, blank=True
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "vote"
        ordering = ("item",)
        constraints = (
            models.CheckConstraint(
                name="governance_vote_mode_known", condition=Q(mode__in=VoteMode.values)
            ),
            models.CheckConstraint(
                name="governance_vote_chair_known",
                condition=Q(chair_choice__in=["", *Choice.values]),
            ),
            models.CheckConstraint(
                name="governance_vote_secret_is_secret",
                condition=~Q(mode=VoteMode.SECRET) | Q(chair_choice=""),
                violation_error_message="Dans un vote à bulletin secret, personne ne sait ce que "
                "le président a voté.",
            ),
            models.CheckConstraint(
                name="governance_vote_someone",
                condition=~Q(votes_for=0, votes_against=0, abstentions=0, no_part=0),
                violation_error_message="Un vote compte au moins une voix.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.votes_for} pour, {self.votes_against} contre"

    @property
    def voices(self) -> int:
        """How many voices were counted."""
        return self.votes_for + self.votes_against + self.abstentions + self.no_part


class Ballot(models.Model):
    """One voice of a vote by name: that of a seat, cast by its member, substitute or proxy."""

    vote = models.ForeignKey(Vote, models.CASCADE, related_name="ballots", verbose_name="vote")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+", verbose_name="voix de")
    choice = models.CharField("choix", max_length=10, choices=Choice)

    class Meta:
        verbose_name = "voix"
        verbose_name_plural = "voix"
        ordering = ("vote", "pk")
        constraints = (
            models.UniqueConstraint(fields=("vote", "mandate"), name="governance_ballot_once"),
            models.CheckConstraint(
                name="governance_ballot_choice_known", condition=Q(choice__in=Choice.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.mandate} : {self.get_choice_display()}"
