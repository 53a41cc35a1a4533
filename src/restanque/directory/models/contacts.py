"""Contacts: the people and services of an organisation."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership
from restanque.accounts.perms import can_read
from restanque.directory.models.common import Silenceable, silence_constraint
from restanque.directory.models.organisations import Organisation
from restanque.directory.scope import in_covered_communes


class ContactQuerySet(models.QuerySet["Contact"]):
    """Questions asked of the contacts."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the organisations a member may see."""
        if not can_read(membership):
            return self.none()
        return self.filter(organisation__workspace=membership.workspace_id).filter(
            in_covered_communes(membership, "organisation__commune")
        )

    def reachable(self) -> Self:
        """Those who did not ask to be left alone."""
        return self.filter(do_not_contact=False)

    def expired(self, today: date) -> Self:
        """Those whose purge date has come."""
        return self.filter(purge_on__lte=today)


class Contact(Silenceable):
    """A person, or a service (« Restauration scolaire »), at an organisation.

    For a person, the purpose and the purge date are required; both are shown on the page.
    """

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="contacts", verbose_name="organisation"
    )
    full_name = models.CharField("nom", max_length=150, help_text="Personne ou service.")
    name_key = models.CharField(max_length=150, editable=False)
    function = models.CharField("fonction", max_length=150, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    is_personal = models.BooleanField(
        "c’est une personne",
        default=True,
        help_text="Décochez pour un service ou une adresse partagée.",
    )
    purpose = models.CharField(
        "finalité",
        max_length=250,
        blank=True,
        help_text="Pourquoi l’équipe garde ces coordonnées, en une phrase que la personne "
        "comprendrait.",
    )
    purge_on = models.DateField(
        "à effacer le",
        null=True,
        blank=True,
        help_text="Ce jour-là le contact est effacé, historique compris, sauf si la date est "
        "repoussée.",
    )
    consent_on = models.DateField(
        "accord donné le",
        null=True,
        blank=True,
        help_text="Si la personne a dit oui. Vide si elle est contactée au titre de sa fonction.",
    )
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords()
    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "contact"
        ordering = ("name_key", "pk")
        constraints = (
            silence_constraint("directory_contact"),
            models.CheckConstraint(
                name="directory_contact_person_purged",
                condition=Q(is_personal=False) | (Q(purge_on__isnull=False) & ~Q(purpose="")),
                violation_error_message="Pour une personne, indiquez la finalité et la date "
                "d’effacement.",
            ),
        )

    def __str__(self) -> str:
        return self.full_name
