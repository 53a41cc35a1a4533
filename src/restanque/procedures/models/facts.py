"""What happened, and what proves it; what the team found of the prefect's possible objections."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from simple_history.models import HistoricalRecords

from restanque.core import files
from restanque.engine.deadlines import Event
from restanque.governance.models import Deliberation
from restanque.procedures.models.procedures import EARLIEST, Procedure, check_step, plausible
from restanque.procedures.nomenclature import ObjectionState, ProofKind, SentBy


class ProcedureFact(models.Model):
    """A step that happened on a day.

    A step done by an act of a body (`act`) takes its day and its proof from it, read at each time
    and never copied (`happened_on`): when the act is corrected, the fact follows. Any other fact
    holds its own day (`own_date`). A constraint refuses both at once, and neither.

    Without `proof_kind` nothing proves it: it is allowed, and shown so. `who` names a body or an
    office, never a person. `law_version` is the law on the day it was recorded: the version with
    which the deadlines that it starts were computed and notified.
    """

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="facts", verbose_name="procédure"
    )
    step = models.CharField("étape", max_length=60)
    own_date = models.DateField("date", null=True, blank=True, validators=[plausible])
    act = models.ForeignKey(
        Deliberation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="procedure_facts",
        verbose_name="délibération",
    )
    what = models.CharField("ce qui s’est passé", max_length=300, blank=True)
    proof_kind = models.CharField("preuve", max_length=15, choices=ProofKind, blank=True)
    proof_reference = models.CharField("référence de la preuve", max_length=200, blank=True)
    proof = models.FileField("pièce", upload_to=files.private_path, blank=True)
    proof_name = models.CharField("nom du fichier", max_length=120, blank=True, editable=False)
    who = models.CharField("organisme ou service", max_length=200, blank=True)
    sent_by = models.CharField("envoyé par", max_length=15, choices=SentBy, blank=True)
    source = models.CharField("source", max_length=300, blank=True)
    to_confirm = models.BooleanField("à confirmer", default=False)
    law_version = models.CharField("état du droit", max_length=60, editable=False)
    fictitious = models.BooleanField("données fictives", default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="enregistré par",
    )
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "fait"
        ordering = (Coalesce("act__voted_on", "own_date"), "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("procedure", "step", "own_date"),
                name="procedures_fact_once",
                violation_error_message="Cette étape est déjà enregistrée à cette date.",
            ),
            models.UniqueConstraint(
                fields=("procedure", "step", "act"),
                name="procedures_fact_act_once",
                violation_error_message="Cette délibération est déjà enregistrée pour cette étape.",
            ),
            models.CheckConstraint(
                name="procedures_fact_one_date",
                condition=Q(act__isnull=True, own_date__isnull=False)
                | Q(act__isnull=False, own_date__isnull=True),
                violation_error_message="Donnez la date du fait. Celle d’une délibération vient "
                "d’elle et ne se change pas ici.",
            ),
            models.CheckConstraint(
                name="procedures_fact_act_is_its_proof",
                condition=Q(act__isnull=True) | Q(proof_kind="", proof="", to_confirm=False),
                violation_error_message="La preuve de ce fait est la délibération elle-même.",
            ),
            models.CheckConstraint(
                name="procedures_fact_proof_known",
                condition=Q(proof_kind__in=["", *ProofKind.values]),
                violation_error_message="Cette sorte de preuve n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_fact_file_is_named",
                condition=Q(proof="") | ~Q(proof_kind=""),
                violation_error_message="Dites ce qu’est la pièce jointe : choisissez la preuve.",
            ),
            models.CheckConstraint(
                name="procedures_fact_sending_known",
                condition=Q(sent_by__in=["", *SentBy.values]),
                violation_error_message="Cette façon d’envoyer n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_fact_date_plausible",
                condition=Q(own_date__isnull=True) | Q(own_date__gte=EARLIEST),
                violation_error_message="Cette date n’est pas plausible.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.step_label}, {self.happened_on:%d/%m/%Y}"

    def clean(self) -> None:
        """The step is one of the kind's."""
        check_step(self.procedure, self.step)

    @property
    def happened_on(self) -> date:
        """Its day: the act's when an act made it."""
        day = self.act.voted_on if self.act is not None else self.own_date
        if day is None:  # refused by `procedures_fact_one_date`: a fact not saved yet
            raise ValueError("a fact without date")
        return day

    @happened_on.setter
    def happened_on(self, day: date | None) -> None:
        self.own_date = day

    @property
    def is_fictitious(self) -> bool:
        """Its own mark, or its act's."""
        return self.fictitious or (self.act is not None and self.act.fictitious)

    @property
    def step_label(self) -> str:
        """The step in words; one that a new version has no more is said so."""
        step = self.procedure.engine_kind.by_id.get(self.step)
        return step.label if step else f"Étape inconnue de cette version ({self.step})"

    @property
    def proof_words(self) -> str:
        """« accusé de réception, n° 12 »; empty when nothing proves it. An act is its own proof."""
        if self.act is not None:
            return str(self.act)
        if not self.proof_kind:
            return ""
        # Not get_…_display: it is too slow for thousands of facts.
        kind = str(ProofKind(self.proof_kind).label)
        return f"{kind}, {self.proof_reference}" if self.proof_reference else kind

    def as_event(self) -> Event:
        """As the engine reads it; what is to be confirmed is not proven yet."""
        proof = None if self.to_confirm else self.proof_words or None
        return Event(self.step, self.happened_on, proof)


class ObjectionNote(models.Model):
    """What the team found of one possible objection (L143-25), with the evidence it has."""

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="objections", verbose_name="procédure"
    )
    rule_id = models.CharField("objection", max_length=60)
    state = models.CharField(
        "état", max_length=10, choices=ObjectionState, default=ObjectionState.OPEN
    )
    evidence = models.TextField("éléments de preuve", blank=True, max_length=4000)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="noté par",
    )
    noted_on = models.DateField("noté le", default=timezone.localdate)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "examen d’une objection"
        verbose_name_plural = "examens d’objections"
        ordering = ("procedure", "rule_id")
        constraints = (
            models.UniqueConstraint(
                fields=("procedure", "rule_id"), name="procedures_objection_once"
            ),
            models.CheckConstraint(
                name="procedures_objection_state_known",
                condition=Q(state__in=ObjectionState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_objection_clear_is_proven",
                condition=~Q(state=ObjectionState.CLEAR) | ~Q(evidence=""),
                violation_error_message="Pour écarter une objection, dites sur quelle preuve.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule_id} : {self.get_state_display()}"
