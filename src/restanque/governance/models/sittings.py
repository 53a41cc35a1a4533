"""Sittings: when, why convened so, what was sent and what proves it, the agenda."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership, Workspace
from restanque.accounts.perms import can_read
from restanque.core import files
from restanque.core.models import MessageStatus, OutgoingMessage
from restanque.governance.models.bodies import Body, Mandate
from restanque.governance.nomenclature import ConvenedAs, ItemKind, SentBy, SittingState
from restanque.territories.models import Territory


class SittingQuerySet(models.QuerySet["Sitting"]):
    """Questions asked of the sittings."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the territories a member covers; partners see none."""
        if not can_read(membership):
            return self.none()
        return self.filter(body__territory__in=Territory.objects.visible_to(membership))

    def coming(self) -> Self:
        """Planned: an item may still be put on their agenda."""
        return self.filter(state=SittingState.PLANNED)

    def to_read(self) -> Self:
        """With all that `SittingReading` reads."""
        return self.select_related(
            "body__territory__workspace", "chair", "secretary", "lacked_quorum__body"
        ).prefetch_related(
            models.Prefetch("dispatches", Dispatch.objects.with_mail()),
            "items__vote__ballots",
            "items__movements",
            "items__rapporteur",
            "items__act",
            "attendances__mandate__represents",
            "attendances__replaces",
            "proxies__giver",
            "proxies__holder",
        )

    def to_scan(self) -> Self:
        """The same for many at once: what their convocation needs."""
        return (
            self.select_related("body__territory__workspace")
            .prefetch_related(
                models.Prefetch("dispatches", Dispatch.objects.with_mail()),
                "body__mandates",
                "body__territory__workspace__law_overrides",
                "body__territory__workspace__law_checks",
            )
            .annotate(items_count=models.Count("items", filter=Q(items__withdrawn=False)))
        )


class Sitting(models.Model):
    """One meeting of a body.

    `lacked_quorum` is the sitting for want of quorum of which this one is convened a second time;
    it sits without quorum. `law_version` is the law with which the last day of dispatch was
    computed when the convocation left.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="sittings", verbose_name="instance")
    starts_at = models.DateTimeField("date et heure")
    place = models.CharField("lieu", max_length=200, blank=True)
    convened_as = models.CharField(
        "convocation", max_length=10, choices=ConvenedAs, default=ConvenedAs.ORDINARY
    )
    urgency_reason = models.CharField("motif de l’urgence", max_length=300, blank=True)
    urgency_ratified = models.BooleanField("urgence admise par l’instance", null=True, blank=True)
    lacked_quorum = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="second_sitting",
        verbose_name="séance sans quorum",
    )  # fmt: skip
    state = models.CharField(
        "état", max_length=10, choices=SittingState, default=SittingState.PLANNED
    )
    chair = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="président de séance",
    )  # fmt: skip
    secretary = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="secrétaire de séance",
    )  # fmt: skip
    minutes = models.TextField("propos à porter au procès-verbal", blank=True)
    law_version = models.CharField("état du droit", max_length=60, blank=True, editable=False)
    fictitious = models.BooleanField("données fictives", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="créée par",
    )  # fmt: skip
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    history = HistoricalRecords()
    objects = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        ordering = ("-starts_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("body", "starts_at"),
                name="governance_sitting_once",
                violation_error_message="Cette instance a déjà une séance à cette heure.",
            ),
            models.CheckConstraint(
                name="governance_sitting_state_known",
                condition=Q(state__in=SittingState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="governance_sitting_convening_known",
                condition=Q(convened_as__in=ConvenedAs.values),
                violation_error_message="Cette sorte de convocation n’existe pas.",
            ),
            models.CheckConstraint(
                name="governance_sitting_urgency_has_reason",
                condition=~Q(convened_as=ConvenedAs.URGENT) | ~Q(urgency_reason=""),
                violation_error_message="Dites pourquoi il y a urgence : l’instance devra "
                "l’admettre.",
            ),
            models.CheckConstraint(
                name="governance_sitting_second_follows_one",
                condition=(
                    Q(convened_as=ConvenedAs.SECOND, lacked_quorum__isnull=False)
                    | ~Q(convened_as=ConvenedAs.SECOND) & Q(lacked_quorum__isnull=True)
                ),
                violation_error_message="Une seconde convocation suit une séance sans quorum : "
                "partez de la page de cette séance.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.body}, {timezone.localtime(self.starts_at):%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("governance:sitting", args=[self.pk])

    def clean(self) -> None:
        """A second sitting follows one of its body; who presides belongs to the body."""
        faults: dict[str, str] = {}
        first = self.lacked_quorum
        if first is not None and (
            first.body_id != self.body_id or first.starts_at >= self.starts_at
        ):
            faults["starts_at"] = "Cette séance suit celle qui n’a pas eu le quorum."
        for name in ("chair", "secretary"):
            person: Mandate | None = getattr(self, name)
            if person is not None and person.body_id != self.body_id:
                faults[name] = "Cette personne n’est pas membre de l’instance."
        if faults:
            raise ValidationError(faults)

    @property
    def day(self) -> date:
        """Its day in Paris."""
        return timezone.localtime(self.starts_at).date()

    @property
    def workspace(self) -> Workspace:
        """The team that follows it."""
        return self.body.territory.workspace

    @property
    def is_open(self) -> bool:
        """May its agenda and its votes still be written?"""
        return self.state != SittingState.CANCELLED


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    """Questions asked of the sendings."""

    def with_mail(self) -> Self:
        """With how many messages were made for each (`mail_total`), and have left (`mail_sent`)."""
        key = Concat(
            models.Value("convocation:"),
            Cast(models.OuterRef("pk"), models.CharField()),
            models.Value(":"),
            output_field=models.CharField(),
        )
        made = OutgoingMessage.objects.filter(subject_key__startswith=key).order_by()
        return self.annotate(
            mail_total=_counted(made),
            mail_sent=_counted(made.filter(status=MessageStatus.SENT)),
        )


def _counted(messages: models.QuerySet[OutgoingMessage]) -> Coalesce:
    """How many, as a subquery; none is zero."""
    rows = messages.annotate(one=models.Value(1)).values("one").annotate(n=models.Count("pk"))
    return Coalesce(models.Subquery(rows.values("n")), 0)


class Dispatch(models.Model):
    """A sending of the convocation, on a day, and what proves it.

    `counts`: False for what came after the convocation (a reminder, a document more), which does
    not move the legal time. Several that count: the latest decides, as it is the one that can be
    contested. Messages sent from here are found by `mail_key`; they prove the sending once gone.
    """

    sitting = models.ForeignKey(
        Sitting, models.CASCADE, related_name="dispatches", verbose_name="séance"
    )
    sent_on = models.DateField("envoyée le")
    sent_by = models.CharField("envoyée par", max_length=15, choices=SentBy)
    recipients = models.PositiveSmallIntegerField("destinataires", null=True, blank=True)
    counts = models.BooleanField("c’est la convocation", default=True)
    by_mail = models.BooleanField("envoyée d’ici", default=False, editable=False)
    proof_reference = models.CharField("preuve", max_length=200, blank=True)
    proof = models.FileField("pièce", upload_to=files.private_path, blank=True)
    proof_name = models.CharField("nom du fichier", max_length=120, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="enregistré par",
    )  # fmt: skip
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    history = HistoricalRecords()
    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = "envoi de convocation"
        verbose_name_plural = "envois de convocation"
        ordering = ("sent_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="governance_dispatch_way_known",
                condition=Q(sent_by__in=SentBy.values),
                violation_error_message="Cette façon d’envoyer n’existe pas.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_sent_by_display()}, {self.sent_on:%d/%m/%Y}"

    def clean(self) -> None:
        """Not after the sitting."""
        if self.sent_on and self.sent_on > self.sitting.day:
            raise ValidationError({"sent_on": "Une convocation part avant la séance."})

    @property
    def mail_key(self) -> str:
        """Beginning of the key of its messages in the outbox."""
        return f"convocation:{self.pk}:"


class AgendaItem(models.Model):
    """A point of the agenda, in its order.

    `subject_path` is the page of the product where the matter was prepared, when it was prepared
    elsewhere (a step of a procedure); `subject_label` says it in words.
    """

    sitting = models.ForeignKey(
        Sitting, models.CASCADE, related_name="items", verbose_name="séance"
    )
    position = models.PositiveSmallIntegerField("rang")
    title = models.CharField("objet", max_length=300)
    kind = models.CharField("nature", max_length=12, choices=ItemKind, default=ItemKind.DECISION)
    rapporteur = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="rapporteur",
    )  # fmt: skip
    summary = models.TextField("note de synthèse", blank=True)
    draft = models.TextField("projet de délibération", blank=True)
    minutes = models.TextField("débats", blank=True)
    subject_label = models.CharField("sujet préparé ailleurs", max_length=200, blank=True)
    subject_path = models.CharField("page du sujet", max_length=200, blank=True, db_index=True)
    withdrawn = models.BooleanField("retiré de l’ordre du jour", default=False)
    debated = models.BooleanField("débat tenu", default=False)
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "point de l’ordre du jour"
        verbose_name_plural = "points de l’ordre du jour"
        ordering = ("sitting", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("sitting", "position"),
                name="governance_item_place_once",
                violation_error_message="Un autre point a déjà ce rang.",
            ),
            models.CheckConstraint(
                name="governance_item_place_positive", condition=Q(position__gte=1)
            ),
            models.CheckConstraint(
                name="governance_item_kind_known",
                condition=Q(kind__in=ItemKind.values),
                violation_error_message="Cette nature n’existe pas.",
            ),
            models.CheckConstraint(
                name="governance_item_subject_is_labelled",
                condition=Q(subject_path="") | ~Q(subject_label=""),
                violation_error_message="Dites ce qu’est le sujet préparé ailleurs.",
            ),
            models.CheckConstraint(
                name="governance_item_only_debates_are_debated",
                condition=Q(debated=False) | Q(kind=ItemKind.DEBATE),
                violation_error_message="Seul un débat sans vote se constate ainsi.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("governance:item", args=[self.pk])

    def clean(self) -> None:
        """Its rapporteur belongs to the body; the path is one of ours."""
        if self.rapporteur is not None and self.rapporteur.body_id != self.sitting.body_id:
            raise ValidationError({"rapporteur": "Le rapporteur est membre de l’instance."})
        if self.subject_path and (
            not self.subject_path.startswith("/") or self.subject_path.startswith("//")
        ):
            raise ValidationError({"subject_path": "Ce n’est pas une page de l’application."})
