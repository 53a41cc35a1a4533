"""The ledger: what the prescription announced, and the means that carry it out."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from restanque.core import files
from restanque.procedures.concertation.nomenclature import MeansKind, MeansProof
from restanque.procedures.models.facts import ProcedureFact
from restanque.procedures.models.procedures import EARLIEST, Procedure, plausible


class Modality(models.Model):
    """One modality of the concertation, in the words of the act that announces it.

    `quantity` is the least number announced (« au moins trois réunions »), None when the act gives
    none. `throughout` says that it lasts as long as the concertation. `act` is the recorded fact
    that announces it, with its file; `source` says where in that act (article, page).
    """

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="modalities", verbose_name="procédure"
    )
    kind = models.CharField("nature", max_length=12, choices=MeansKind)
    text = models.CharField("ce qui est annoncé", max_length=500)
    quantity = models.PositiveIntegerField("nombre annoncé", null=True, blank=True)
    throughout = models.BooleanField("pendant toute la concertation", default=False)
    act = models.ForeignKey(
        ProcedureFact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="acte qui l’annonce",
    )
    source = models.CharField("endroit de l’acte", max_length=200, blank=True)
    position = models.PositiveIntegerField("rang", default=1)
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "modalité annoncée"
        verbose_name_plural = "modalités annoncées"
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                name="procedures_modality_kind_known",
                condition=Q(kind__in=MeansKind.values),
                violation_error_message="Cette nature de modalité n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_modality_quantity_positive",
                condition=Q(quantity__isnull=True) | Q(quantity__gte=1),
                violation_error_message="Le nombre annoncé est au moins 1 ; laissez vide sinon.",
            ),
        )

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """The act is one of the same procedure."""
        if self.act is not None and self.act.procedure_id != self.procedure_id:
            raise ValidationError({"act": "Cet acte est celui d’une autre procédure."})


class Means(models.Model):
    """Something done to inform the public or to let it speak; in the future, something planned.

    `count` is how many of its kind the line stands for (three articles of one series).
    `attendance` is None when nobody counted, 0 when nobody came. `ended_on` None: one day, or
    still open when `lasting`. `published` shows it in the calendar of the public page.
    """

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="means", verbose_name="procédure"
    )
    kind = models.CharField("nature", max_length=12, choices=MeansKind)
    what = models.CharField("ce qui est fait", max_length=300)
    place = models.CharField("lieu ou support", max_length=200, blank=True)
    started_on = models.DateField("date ou début", validators=[plausible])
    ended_on = models.DateField("fin", null=True, blank=True, validators=[plausible])
    lasting = models.BooleanField("dure encore", default=False)
    hours = models.CharField("horaires", max_length=60, blank=True)
    count = models.PositiveIntegerField("nombre", default=1)
    attendance = models.PositiveIntegerField("participants", null=True, blank=True)
    note = models.TextField("remarque", blank=True, max_length=4000)
    proof_kind = models.CharField("preuve", max_length=12, choices=MeansProof, blank=True)
    proof_reference = models.CharField("référence de la preuve", max_length=200, blank=True)
    proof = models.FileField("pièce", upload_to=files.private_path, blank=True)
    proof_name = models.CharField("nom du fichier", max_length=120, blank=True, editable=False)
    published = models.BooleanField("au calendrier de la page publique", default=False)
    modalities = models.ManyToManyField(
        Modality, related_name="means", blank=True, verbose_name="modalités mises en œuvre"
    )
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "moyen mis en œuvre"
        verbose_name_plural = "moyens mis en œuvre"
        ordering = ("started_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="procedures_means_kind_known",
                condition=Q(kind__in=MeansKind.values),
                violation_error_message="Cette nature de moyen n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_means_proof_known",
                condition=Q(proof_kind__in=["", *MeansProof.values]),
                violation_error_message="Cette sorte de preuve n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_means_file_is_named",
                condition=Q(proof="") | ~Q(proof_kind=""),
                violation_error_message="Dites ce qu’est la pièce jointe : choisissez la preuve.",
            ),
            models.CheckConstraint(
                name="procedures_means_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message="La fin ne vient pas avant le début.",
            ),
            models.CheckConstraint(
                name="procedures_means_lasting_has_no_end",
                condition=Q(lasting=False) | Q(ended_on__isnull=True),
                violation_error_message="Ce qui dure encore n’a pas de date de fin.",
            ),
            models.CheckConstraint(
                name="procedures_means_count_positive",
                condition=Q(count__gte=1),
                violation_error_message="Le nombre est au moins 1.",
            ),
            models.CheckConstraint(
                name="procedures_means_date_plausible",
                condition=Q(started_on__gte=EARLIEST),
                violation_error_message="Cette date n’est pas plausible.",
            ),
        )

    def __str__(self) -> str:
        return self.what

    @property
    def proof_words(self) -> str:
        """« compte rendu, n° 3 »; empty when nothing proves it."""
        if not self.proof_kind:
            return ""
        kind = str(MeansProof(self.proof_kind).label)
        return f"{kind}, {self.proof_reference}" if self.proof_reference else kind

    def last_day(self, today: date) -> date:
        """The last day it lasted, today if it still does."""
        if self.lasting:
            return max(today, self.started_on)
        return self.ended_on or self.started_on

    def is_planned(self, today: date) -> bool:
        """Not begun yet: it carries nothing out so far."""
        return self.started_on > today
