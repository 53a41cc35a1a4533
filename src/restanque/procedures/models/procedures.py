"""A procedure and the dates aimed at."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership, Workspace
from restanque.accounts.perms import can_read
from restanque.engine import deadlines as engine
from restanque.engine.law import CONDITIONS
from restanque.kit.text import search_key
from restanque.procedures.nomenclature import KINDS, PARTICIPATION
from restanque.territories.models import Territory

EARLIEST = date(1950, 1, 1)
_PLAUSIBLE = "Cette date n’est pas plausible : donnez une année entre 1950 et 2150."


def plausible(day: date | None) -> None:
    """A slip of the hand in the year is refused: ValidationError."""
    if day is not None and not EARLIEST <= day <= date(2150, 12, 31):
        raise ValidationError(_PLAUSIBLE)


# What `ProcedureFact.as_event` reads.
_DATED = (
    "procedure", "step", "own_date", "proof_kind", "proof_reference", "to_confirm", "fictitious",
    "act__number", "act__voted_on", "act__fictitious",
)  # fmt: skip


# What `restanque.law.current.law_of` reads of a workspace.
_LAW = ("territory__workspace__law_overrides", "territory__workspace__law_checks")


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    """Questions asked of the procedures."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the territories a member covers; partners see none."""
        if not can_read(membership):
            return self.none()
        return self.filter(territory__in=Territory.objects.visible_to(membership))

    def running(self) -> Self:
        """Not archived."""
        return self.filter(archived=False)

    def to_read(self) -> Self:
        """With all that an evaluation reads."""
        return self.select_related("territory__workspace").prefetch_related("facts__act", "targets")

    def to_scan(self) -> Self:
        """The same for many at once: what their dates need, without words nor the law kept."""
        fact: Any = self.model._meta.get_field("facts").related_model
        facts = fact.objects.select_related("act").only(*_DATED)
        return (
            self.select_related("territory__workspace")
            .defer("law_memory", "note")
            .prefetch_related(models.Prefetch("facts", facts), "targets", *_LAW)
        )


class Procedure(models.Model):
    """The procedure of one document, as its launching act began it.

    `kind` is one of the engine's. `conditions` answers the questions of `engine.law.CONDITIONS`
    (absent: not known). `law_version` is the law last acknowledged, and `law_memory` what its
    rules said then (`law_memory.remember`): the dates that a change of law moves come from them.
    """

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="procedures", verbose_name="territoire"
    )
    kind = models.CharField("nature", max_length=40, choices=list(KINDS.items()))
    name = models.CharField("nom", max_length=150)
    name_key = models.CharField(max_length=150, editable=False)
    document = models.CharField("document d’urbanisme ou plan", max_length=200, blank=True)
    prescribed_on = models.DateField("acte de lancement du", validators=[plausible])
    prescription_proof = models.CharField(
        "preuve de l’acte de lancement", max_length=200, blank=True
    )
    prescription_source = models.CharField("source de cette date", max_length=300, blank=True)
    to_confirm = models.BooleanField("date de lancement à confirmer", default=False)
    conditions = models.JSONField("questions répondues", default=dict, blank=True)
    participation = models.CharField(
        "consultation du public", max_length=20, choices=list(PARTICIPATION.items()), blank=True
    )
    note = models.TextField("remarque", blank=True)
    law_version = models.CharField("état du droit retenu", max_length=60, editable=False)
    law_memory = models.JSONField("règles retenues", default=dict, editable=False)
    archived = models.BooleanField("archivée", default=False)
    fictitious = models.BooleanField("données fictives", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="créée par",
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    history = HistoricalRecords(excluded_fields=["law_memory"])
    objects = ProcedureQuerySet.as_manager()

    class Meta:
        verbose_name = "procédure"
        ordering = ("name_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("territory", "name_key"),
                name="procedures_procedure_name_once",
                violation_error_message="Une procédure de ce territoire porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="procedures_procedure_kind_known",
                condition=Q(kind__in=list(KINDS)),
                violation_error_message="Cette nature de procédure n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_procedure_participation_known",
                condition=Q(participation__in=["", *PARTICIPATION]),
                violation_error_message="Cette façon de consulter le public n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_procedure_date_plausible",
                condition=Q(prescribed_on__gte=EARLIEST),
                violation_error_message=_PLAUSIBLE,
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("procedures:procedure", args=[self.pk])

    def clean(self) -> None:
        """Conditions are known questions; the way of consulting the public fits the kind."""
        self.name_key = search_key(self.name)
        faults: dict[str, str] = {}
        wrong = [
            name
            for name, answer in self.conditions.items()
            if name not in CONDITIONS or not isinstance(answer, bool)
        ]
        if wrong:
            faults["conditions"] = f"Question inconnue ou sans réponse nette : {wrong[0]}."
        if self.kind in KINDS and self.participation not in ("", *self.engine_kind.branches):
            faults["participation"] = "Cette procédure ne consulte pas le public de cette façon."
        if faults:
            raise ValidationError(faults)

    @property
    def workspace(self) -> Workspace:
        """The team that follows it."""
        return self.territory.workspace

    @property
    def engine_kind(self) -> engine.ProcedureKind:
        """Its steps and their order."""
        return engine.kind_named(self.kind)

    def as_engine(self, *, targets: dict[str, date] | None = None) -> engine.Procedure:
        """What is recorded, as the engine reads it; `targets` are added to those recorded.

        A fact to be confirmed proves nothing yet: it is given without proof. What names a step or
        a question that this version of the engine no longer has is kept, and not given to it.
        """
        kind = self.engine_kind
        proof = None if self.to_confirm else self.prescription_proof or None
        events = [engine.Event(kind.launch, self.prescribed_on, proof)]
        events += [fact.as_event() for fact in self.facts.all() if fact.step in kind.by_id]
        wished = {one.step: one.wished_on for one in self.targets.all() if one.step in kind.by_id}
        return engine.Procedure(
            kind=self.kind,
            prescription=self.prescribed_on,
            events=tuple(events),
            targets=wished | (targets or {}),
            conditions={k: v for k, v in self.conditions.items() if k in CONDITIONS},
            branch=self.participation if self.participation in kind.branches else None,
        )


class Target(models.Model):
    """A date wished for a step to come."""

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="targets", verbose_name="procédure"
    )
    step = models.CharField("étape", max_length=60)
    wished_on = models.DateField("date visée", validators=[plausible])

    history = HistoricalRecords()

    class Meta:
        verbose_name = "date visée"
        verbose_name_plural = "dates visées"
        ordering = ("wished_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("procedure", "step"),
                name="procedures_target_once",
                violation_error_message="Cette étape a déjà une date visée.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} : {self.wished_on:%d/%m/%Y}"

    def clean(self) -> None:
        """The step is one of the kind's."""
        check_step(self.procedure, self.step)


def check_step(procedure: Procedure, step: Any) -> None:
    """ValidationError when the procedure has no such step."""
    if step not in procedure.engine_kind.by_id:
        raise ValidationError({"step": "Cette étape n’existe pas dans cette procédure."})
