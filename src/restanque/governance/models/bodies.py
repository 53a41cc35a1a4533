"""Bodies of a territory, and their members in office over time."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership, Workspace
from restanque.accounts.perms import can_read
from restanque.directory.models import Contact, Organisation
from restanque.governance.nomenclature import BodyKind, MemberRole
from restanque.kit.text import search_key
from restanque.territories.models import Territory


class BodyQuerySet(models.QuerySet["Body"]):
    """Questions asked of the bodies."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the territories a member covers; partners see none."""
        if not can_read(membership):
            return self.none()
        return self.filter(territory__in=Territory.objects.visible_to(membership))

    def active(self) -> Self:
        """Those that still sit."""
        return self.filter(active=True)


class Body(models.Model):
    """Who sits: conseil syndical, bureau, commission, comité…

    Only a body that deliberates is bound by the legal time of convocation and by the quorum. `code`
    begins the numbers of its acts; `seats` is what the statutes give (None: not known), members in
    office being those of `Mandate`.
    """

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="bodies", verbose_name="territoire"
    )
    kind = models.CharField("nature", max_length=15, choices=BodyKind)
    name = models.CharField("nom", max_length=150)
    name_key = models.CharField(max_length=150, editable=False)
    code = models.SlugField("sigle", max_length=10)
    deliberates = models.BooleanField("prend des délibérations", default=False)
    seats = models.PositiveSmallIntegerField("sièges prévus par les statuts", null=True, blank=True)
    usual_place = models.CharField("lieu habituel", max_length=200, blank=True)
    note = models.TextField("remarque", blank=True)
    active = models.BooleanField("en fonction", default=True)
    fictitious = models.BooleanField("données fictives", default=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    history = HistoricalRecords()
    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = "instance"
        ordering = ("name_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("territory", "name_key"),
                name="governance_body_name_once",
                violation_error_message="Une instance de ce territoire porte déjà ce nom.",
            ),
            models.UniqueConstraint(
                fields=("territory", "code"),
                name="governance_body_code_once",
                violation_error_message="Une instance de ce territoire a déjà ce sigle.",
            ),
            models.CheckConstraint(
                name="governance_body_kind_known",
                condition=Q(kind__in=BodyKind.values),
                violation_error_message="Cette nature d’instance n’existe pas.",
            ),
            models.CheckConstraint(
                name="governance_body_seats_positive",
                condition=Q(seats__isnull=True) | Q(seats__gte=1),
                violation_error_message="Le nombre de sièges est d’au moins 1, ou inconnu.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("governance:body", args=[self.pk])

    def clean(self) -> None:
        """The key that searches read."""
        self.name_key = search_key(self.name)

    @property
    def workspace(self) -> Workspace:
        """The team that follows it."""
        return self.territory.workspace


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Questions asked of the members."""

    def in_office(self, day: date) -> Self:
        """Those whose mandate runs that day, its first and last day included."""
        return self.filter(Q(end_on__isnull=True) | Q(end_on__gte=day), start_on__lte=day)

    def seated(self) -> Self:
        """Those who hold a seat: not the substitutes."""
        return self.exclude(role=MemberRole.SUBSTITUTE)

    def ranked(self) -> Self:
        """President, vice-presidents, members, substitutes; then by name."""
        order = models.Case(
            *(
                models.When(role=role, then=models.Value(rank))
                for rank, role in enumerate(MemberRole.values)
            ),
            default=models.Value(9),
        )
        return self.order_by(order, "name_key", "pk")


class Mandate(models.Model):
    """A person in a body, from a day to another (`end_on` is the last day in office).

    The name of a member of a public body is kept: it stands in its acts. The address is personal:
    it is erased on `purge_on` (`services.bodies.purge_addresses`), and serves to convene only.
    """

    body = models.ForeignKey(Body, models.CASCADE, related_name="mandates", verbose_name="instance")
    full_name = models.CharField("nom", max_length=150)
    name_key = models.CharField(max_length=150, editable=False)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="mandates",
        verbose_name="contact de l’annuaire",
    )  # fmt: skip
    represents = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="mandates",
        verbose_name="représente",
    )  # fmt: skip
    role = models.CharField("rôle", max_length=15, choices=MemberRole, default=MemberRole.MEMBER)
    substitute_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="substitutes",
        verbose_name="supplée",
    )  # fmt: skip
    email = models.EmailField("adresse électronique", blank=True)
    purge_on = models.DateField("adresse à effacer le", null=True, blank=True)
    start_on = models.DateField("en fonction depuis le")
    end_on = models.DateField("jusqu’au", null=True, blank=True)
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords(excluded_fields=["email"])
    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "membre"
        ordering = ("name_key", "pk")
        indexes = (models.Index(fields=("body", "start_on"), name="governance_mandate_body"),)
        constraints = (
            models.CheckConstraint(
                name="governance_mandate_role_known",
                condition=Q(role__in=MemberRole.values),
                violation_error_message="Ce rôle n’existe pas.",
            ),
            models.CheckConstraint(
                name="governance_mandate_dates_ordered",
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")),
                violation_error_message="Un mandat ne peut finir avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                name="governance_mandate_only_substitutes_replace",
                condition=Q(substitute_of__isnull=True) | Q(role=MemberRole.SUBSTITUTE),
                violation_error_message="Seul un suppléant supplée quelqu’un.",
            ),
            models.CheckConstraint(
                name="governance_mandate_address_purged",
                condition=Q(email="") | Q(purge_on__isnull=False),
                violation_error_message="Une adresse a toujours une date d’effacement.",
            ),
            models.UniqueConstraint(
                fields=("body", "contact", "start_on"),
                name="governance_mandate_contact_once",
                violation_error_message="Cette personne a déjà un mandat à cette date.",
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    def clean(self) -> None:
        """Same workspace, no two mandates of one person at the same time, a true substitute."""
        self.name_key = search_key(self.full_name)
        faults: dict[str, str] = {}
        team = self.body.territory.workspace_id
        if self.contact is not None and self.contact.organisation.workspace_id != team:
            faults["contact"] = "Ce contact n’est pas dans l’annuaire de l’équipe."
        if self.represents is not None and self.represents.workspace_id != team:
            faults["represents"] = "Cette organisation n’est pas dans l’annuaire de l’équipe."
        replaced = self.substitute_of
        if replaced is not None and (
            replaced.body_id != self.body_id or replaced.role == MemberRole.SUBSTITUTE
        ):
            faults["substitute_of"] = "Un suppléant supplée un titulaire de la même instance."
        if self.start_on and (other := self._overlapping()) is not None:
            until = f" au {other.end_on:%d/%m/%Y}" if other.end_on else ""
            faults["start_on"] = (
                f"{self.full_name} a déjà un mandat dans cette instance, "
                f"du {other.start_on:%d/%m/%Y}{until} : terminez-le d’abord."
            )
        if faults:
            raise ValidationError(faults)

    def _overlapping(self) -> Mandate | None:
        """Another mandate of the same person in the body, at the same time.

        A person is a contact of the directory, else a name: two namesakes are told apart by their
        contacts only.
        """
        others = Mandate.objects.filter(body=self.body_id).exclude(pk=self.pk)
        others = others.filter(Q(end_on__isnull=True) | Q(end_on__gte=self.start_on))
        if self.end_on is not None:
            others = others.filter(start_on__lte=self.end_on)
        person = Q(name_key=self.name_key)
        if self.contact_id is not None:
            person = Q(contact=self.contact_id) | person & Q(contact__isnull=True)
        return others.filter(person).order_by("start_on").first()

    def in_office(self, day: date) -> bool:
        """Does it run that day?"""
        return self.start_on <= day and (self.end_on is None or day <= self.end_on)

    @property
    def holds_seat(self) -> bool:
        """A substitute holds none."""
        return self.role != MemberRole.SUBSTITUTE

    @property
    def address(self) -> str:
        """Where to write to the person; the directory's address wins, silence is respected."""
        if self.contact is not None:
            if self.contact.do_not_contact:
                return ""
            if self.contact.email:
                return self.contact.email
        return self.email
