"""Certifications: an official sign, its number, its body, its dates and its proof."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership
from restanque.accounts.perms import can_read
from restanque.core import files
from restanque.directory.models.organisations import Organisation
from restanque.directory.nomenclature import Sign
from restanque.directory.scope import in_covered_communes


class CertificationQuerySet(models.QuerySet["Certification"]):
    """Questions asked of the certificates."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the organisations a member may see."""
        if not can_read(membership):
            return self.none()
        return self.filter(organisation__workspace=membership.workspace_id).filter(
            in_covered_communes(membership, "organisation__commune")
        )

    def valid_on(self, day: date) -> Self:
        """In force that day; a certificate without dates is not known to be in force."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )


class Certification(models.Model):
    """A sign an organisation carries, with what proves it.

    « Lou Pan d’Ici » or any brand is a tag, not a certification.
    """

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="certifications", verbose_name="organisation"
    )
    sign = models.CharField("signe", max_length=20, choices=Sign)
    certificate_number = models.CharField("numéro du certificat", max_length=80, blank=True)
    body = models.CharField("organisme certificateur", max_length=120, blank=True)
    scope = models.CharField(
        "portée", max_length=200, blank=True, help_text="Par exemple « farine T80 »."
    )
    valid_from = models.DateField("valable du", null=True, blank=True)
    valid_to = models.DateField("au", null=True, blank=True)
    proof = models.FileField("preuve", upload_to=files.private_path, blank=True)
    proof_name = models.CharField("nom du fichier", max_length=120, blank=True, editable=False)
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords()
    objects = CertificationQuerySet.as_manager()

    class Meta:
        verbose_name = "certification"
        ordering = ("sign", "-valid_from", "pk")
        constraints = (
            models.CheckConstraint(
                name="directory_certification_sign_known",
                condition=Q(sign__in=Sign.values),
                violation_error_message="Ce signe n’existe pas dans la liste.",
            ),
            models.CheckConstraint(
                name="directory_certification_dates_ordered",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                violation_error_message="La fin de validité précède le début.",
            ),
        )

    def __str__(self) -> str:
        return str(self.get_sign_display())

    def is_valid_on(self, day: date) -> bool:
        """Same rule as `valid_on`."""
        return (
            self.valid_from is not None
            and self.valid_from <= day
            and (self.valid_to is None or self.valid_to >= day)
        )
