"""A consultation of public bodies: who is consulted, what was sent to them, what proves it."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership, Workspace
from restanque.core import files
from restanque.directory.models import Contact, Organisation
from restanque.kit.text import search_key
from restanque.procedures.consultations.nomenclature import Obligation
from restanque.procedures.models.procedures import EARLIEST, Procedure, check_step, plausible
from restanque.procedures.nomenclature import ProofKind, SentBy

_PROOF_UNNAMED = "Dites ce qu’est la pièce jointe : choisissez la preuve."


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Questions asked of the consultations."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the procedures a member may see; partners see none."""
        return self.filter(procedure__in=Procedure.objects.visible_to(membership))


class Consultation(models.Model):
    """Bodies consulted at one step of a procedure, about one version of the document.

    `own_term` is the answer date that the team wishes where no text gives one. `letter_body` holds
    marks such as ⟦organisme⟧, filled for each body (`consultations.letters`).
    """

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="consultations", verbose_name="procédure"
    )
    step = models.CharField("étape", max_length=60)
    name = models.CharField("nom", max_length=150)
    name_key = models.CharField(max_length=150, editable=False)
    subject = models.CharField("dossier soumis", max_length=300)
    opened_on = models.DateField("ouverte le", default=timezone.localdate, validators=[plausible])
    own_term = models.DateField(
        "réponse souhaitée pour le", null=True, blank=True, validators=[plausible]
    )
    letter_subject = models.CharField("objet de la lettre", max_length=200, blank=True)
    letter_body = models.TextField("texte de la lettre", blank=True, max_length=8000)
    note = models.TextField("remarque", blank=True)
    fictitious = models.BooleanField("données fictives", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ouverte par",
    )
    created_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    history = HistoricalRecords()
    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = "consultation"
        ordering = ("opened_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("procedure", "name_key"),
                name="procedures_consultation_name_once",
                violation_error_message="Une consultation de cette procédure porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="procedures_consultation_date_plausible",
                condition=Q(opened_on__gte=EARLIEST),
                violation_error_message="Cette date n’est pas plausible.",
            ),
            models.CheckConstraint(
                name="procedures_consultation_own_term_after",
                condition=Q(own_term__isnull=True) | Q(own_term__gte=F("opened_on")),
                violation_error_message="La réponse est souhaitée avant l’ouverture : corrigez "
                "l’une des deux dates.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("procedures:consultation", args=[self.pk])

    def clean(self) -> None:
        """The step is one of the procedure's."""
        self.name_key = search_key(self.name)
        check_step(self.procedure, self.step)

    @property
    def workspace(self) -> Workspace:
        """The team that holds it."""
        return self.procedure.workspace

    @property
    def step_label(self) -> str:
        """The step in words."""
        step = self.procedure.engine_kind.by_id.get(self.step)
        return step.label if step else self.step

    @property
    def is_fictitious(self) -> bool:
        """Whether anything of it is invented."""
        return self.fictitious or self.procedure.fictitious or self.workspace.fictitious


class SetAside(models.Model):
    """A legal category of bodies that the team does not consult here, and why."""

    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="set_aside", verbose_name="consultation"
    )
    law_id = models.CharField("catégorie", max_length=60)
    reason = models.CharField("motif", max_length=300)
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
        verbose_name = "catégorie non consultée"
        verbose_name_plural = "catégories non consultées"
        ordering = ("consultation", "law_id")
        constraints = (
            models.UniqueConstraint(
                fields=("consultation", "law_id"),
                name="procedures_setaside_once",
                violation_error_message="Cette catégorie a déjà son motif.",
            ),
            models.CheckConstraint(
                name="procedures_setaside_explained",
                condition=~Q(reason=""),
                violation_error_message="Dites pourquoi cette catégorie n’est pas consultée.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.law_id} : {self.reason}"


class ConsulteeQuerySet(models.QuerySet["Consultee"]):
    """Questions asked of the bodies consulted."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the consultations a member may see."""
        return self.filter(consultation__in=Consultation.objects.visible_to(membership))


class Consultee(models.Model):
    """One body consulted.

    `law_ids` are the categories of the law base that name it, first the one whose rule gives its
    time to answer (`rule`, the key of a rule; empty: no text gives one). No address is kept here:
    the directory holds it, with its own purge (`contact` goes with the person).
    """

    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="consultees", verbose_name="consultation"
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consulted",
        verbose_name="organisation de l’annuaire",
    )
    name = models.CharField("nom", max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    law_ids = models.JSONField("au titre de", default=list, blank=True)
    rule = models.CharField("règle du délai", max_length=60, blank=True)
    obligation = models.CharField(
        "obligation", max_length=12, choices=Obligation, default=Obligation.MANDATORY
    )
    requested_on = models.DateField(
        "a demandé à être consulté le", null=True, blank=True, validators=[plausible]
    )
    capacity = models.CharField("qualité", max_length=150, blank=True)
    attention = models.CharField("à l’attention de", max_length=150, blank=True)
    contact = models.ForeignKey(
        Contact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="contact de l’annuaire",
    )
    send_by = models.CharField(
        "envoi prévu par", max_length=15, choices=SentBy, default=SentBy.REGISTERED
    )
    reminded_on = models.DateField("relancé le", null=True, blank=True, editable=False)
    note = models.TextField("remarque", blank=True, max_length=2000)

    history = HistoricalRecords()
    objects = ConsulteeQuerySet.as_manager()

    class Meta:
        verbose_name = "organisme consulté"
        verbose_name_plural = "organismes consultés"
        ordering = ("name_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("consultation", "organisation"),
                name="procedures_consultee_organisation_once",
                violation_error_message="Cet organisme est déjà dans la liste.",
            ),
            models.UniqueConstraint(
                fields=("consultation", "name_key"),
                name="procedures_consultee_name_once",
                violation_error_message="Un organisme de la liste porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="procedures_consultee_obligation_known",
                condition=Q(obligation__in=Obligation.values),
                violation_error_message="Cette obligation n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_consultee_sending_known",
                condition=Q(send_by__in=SentBy.values),
                violation_error_message="Cette façon d’envoyer n’existe pas.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("procedures:consultee", args=[self.pk])

    def clean(self) -> None:
        """Organisation and contact are of the workspace; the contact is the organisation's."""
        self.name_key = search_key(self.name)
        faults: dict[str, Any] = {}
        own = self.consultation.workspace.pk
        if self.organisation is not None and self.organisation.workspace_id != own:
            faults["organisation"] = "Cette organisation n’est pas dans l’annuaire de l’équipe."
        if self.contact is not None and self.contact.organisation_id != self.organisation_id:
            faults["contact"] = "Ce contact n’est pas celui de l’organisation."
        if faults:
            raise ValidationError(faults)


class Dispatch(models.Model):
    """The file sent to one body, and what proves it.

    Only a `complete` file starts the time to answer; sent twice, the last one counts, because one
    may count on silence only after it. Without `received_on` or without `proof_kind`, the receipt
    is not proven. `rule_version` is the version of the rule that timed the answer that day: what
    the body was told.
    """

    consultee = models.ForeignKey(
        Consultee, models.CASCADE, related_name="dispatches", verbose_name="organisme"
    )
    sent_on = models.DateField("envoyé le", validators=[plausible])
    sent_by = models.CharField("envoyé par", max_length=15, choices=SentBy)
    received_on = models.DateField("reçu le", null=True, blank=True, validators=[plausible])
    complete = models.BooleanField("dossier complet", default=True)
    proof_kind = models.CharField("preuve", max_length=15, choices=ProofKind, blank=True)
    proof_reference = models.CharField("référence de la preuve", max_length=200, blank=True)
    proof = models.FileField("pièce", upload_to=files.private_path, blank=True)
    proof_name = models.CharField("nom du fichier", max_length=120, blank=True, editable=False)
    rule_version = models.CharField("règle à l’envoi", max_length=60, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="enregistré par",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "envoi"
        ordering = ("sent_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("consultee", "sent_on", "sent_by"),
                name="procedures_dispatch_once",
                violation_error_message="Cet envoi est déjà enregistré.",
            ),
            models.CheckConstraint(
                name="procedures_dispatch_received_after",
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("sent_on")),
                violation_error_message="Un dossier ne se reçoit pas avant d’être envoyé : "
                "corrigez l’une des deux dates.",
            ),
            models.CheckConstraint(
                name="procedures_dispatch_sending_known",
                condition=Q(sent_by__in=SentBy.values),
                violation_error_message="Cette façon d’envoyer n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_dispatch_proof_known",
                condition=Q(proof_kind__in=["", *ProofKind.values]),
                violation_error_message="Cette sorte de preuve n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_dispatch_file_is_named",
                condition=Q(proof="") | ~Q(proof_kind=""),
                violation_error_message=_PROOF_UNNAMED,
            ),
        )

    def __str__(self) -> str:
        return f"envoi du {self.sent_on:%d/%m/%Y} à {self.consultee}"

    @property
    def proof_words(self) -> str:
        """« accusé de réception, 2C 123 »; empty when nothing proves it."""
        if not self.proof_kind:
            return ""
        kind = str(ProofKind(self.proof_kind).label)
        return f"{kind}, {self.proof_reference}" if self.proof_reference else kind

    @property
    def is_proven(self) -> bool:
        """Whether the receipt is dated and something proves it."""
        return self.received_on is not None and bool(self.proof_kind)
