"""The file of a procedure: its pieces and their versions, legal advice, studies of others."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership
from restanque.core import files
from restanque.directory.models import Organisation
from restanque.kit.text import search_key
from restanque.procedures.dossier.nomenclature import PieceState, StudyState
from restanque.procedures.models.procedures import EARLIEST, Procedure, plausible

#: How the codes of a team's own pieces begin; the law's never do.
OWN = "propre-"


class PieceQuerySet(models.QuerySet["DossierPiece"]):
    """Questions asked of the pieces."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the procedures a member may see."""
        return self.filter(procedure__in=Procedure.objects.visible_to(membership))

    def running(self) -> Self:
        """Of procedures not archived."""
        return self.filter(procedure__archived=False)

    def with_writer(self) -> Self:
        """With all that a list shows."""
        return self.select_related(
            "procedure__territory__workspace", "writer_organisation", "writer_member__user"
        )


class DossierPiece(models.Model):
    """One piece of a file: who writes it, how far it is, its version.

    `code` is a piece of `engine.law`, or « propre-N » for one the team added. `name` is the label
    then, kept for a piece that a later law no longer has. `step` is where a piece of the team's own
    must be ready; the law says it for the others.
    """

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="pieces", verbose_name="procédure"
    )
    code = models.CharField("pièce", max_length=60)
    rank = models.PositiveSmallIntegerField("rang", default=0)
    name = models.CharField("nom", max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    step = models.CharField("prête pour l’étape", max_length=60, blank=True)
    state = models.CharField("état", max_length=12, choices=PieceState, default=PieceState.TO_WRITE)
    reason = models.CharField("pourquoi elle est sans objet", max_length=300, blank=True)
    version = models.CharField("version", max_length=40, blank=True)
    dated_on = models.DateField("date", null=True, blank=True, validators=[plausible])
    writer_organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="écrite par l’organisation",
    )
    writer_member = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="écrite par, dans l’équipe",
    )
    writer_label = models.CharField(
        "autre rédacteur", max_length=200, blank=True, help_text="Un service, un bureau d’études."
    )
    note = models.TextField("remarque", blank=True, max_length=4000)
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords()
    objects = PieceQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce du dossier"
        verbose_name_plural = "pièces du dossier"
        ordering = ("procedure", "rank", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("procedure", "code"),
                name="procedures_piece_once",
                violation_error_message="Cette pièce est déjà dans le dossier.",
            ),
            models.UniqueConstraint(
                fields=("procedure", "name_key"),
                name="procedures_piece_name_once",
                violation_error_message="Une pièce de ce dossier porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="procedures_piece_state_known",
                condition=Q(state__in=PieceState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_piece_left_out_with_reason",
                condition=~Q(state=PieceState.NOT_NEEDED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi cette pièce est sans objet.",
            ),
            models.CheckConstraint(
                name="procedures_piece_date_plausible",
                condition=Q(dated_on=None) | Q(dated_on__gte=EARLIEST),
                violation_error_message="Cette date n’est pas plausible.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("procedures:piece", args=[self.pk])

    def clean(self) -> None:
        """The writer is of the workspace."""
        self.name_key = search_key(self.name)
        faults: dict[str, str] = {}
        workspace = self.procedure.workspace.pk
        for name in ("writer_organisation", "writer_member"):
            chosen = getattr(self, name)
            if chosen is not None and chosen.workspace_id != workspace:
                faults[name] = "Ce rédacteur n’est pas de cet espace."
        if faults:
            raise ValidationError(faults)

    @property
    def is_own(self) -> bool:
        """Whether the team added it."""
        return self.code.startswith(OWN)

    @property
    def writers(self) -> str:
        """Who writes it, in words; empty when nobody does."""
        found = [
            str(self.writer_organisation or ""),
            str(self.writer_member.user) if self.writer_member else "",
            self.writer_label,
        ]
        return ", ".join(one for one in found if one)

    @property
    def badge(self) -> str:
        """Look of its state."""
        return PieceState(self.state).badge


class PieceFile(models.Model):
    """One version of a piece, as a file."""

    piece = models.ForeignKey(
        DossierPiece, models.CASCADE, related_name="files", verbose_name="pièce"
    )
    version = models.CharField("version", max_length=40)
    dated_on = models.DateField("date", validators=[plausible])
    file = models.FileField("fichier", upload_to=files.private_path)
    file_name = models.CharField("nom du fichier", max_length=120, editable=False)
    fictitious = models.BooleanField("données fictives", default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ajouté par",
    )
    added_at = models.DateTimeField("ajouté le", auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "version d’une pièce"
        verbose_name_plural = "versions des pièces"
        ordering = ("-dated_on", "-pk")
        constraints = (
            models.CheckConstraint(
                name="procedures_piecefile_date_plausible",
                condition=Q(dated_on__gte=EARLIEST),
                violation_error_message="Cette date n’est pas plausible.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name}, version {self.version}"


class LegalAdvice(models.Model):
    """A question of law asked, and the answer once there is one.

    `asked_to` names an office or a function, never a private person. `rule_id` is the rule of
    `engine.law` in question, `step` the step; both may be empty.
    """

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="advices", verbose_name="procédure"
    )
    question = models.TextField("question", max_length=4000)
    asked_to = models.CharField("posée à", max_length=200)
    asked_on = models.DateField("posée le", validators=[plausible])
    received_on = models.DateField(
        "réponse reçue le", null=True, blank=True, validators=[plausible]
    )
    answer = models.TextField("réponse", max_length=8000, blank=True)
    file = models.FileField("pièce", upload_to=files.private_path, blank=True)
    file_name = models.CharField("nom du fichier", max_length=120, blank=True, editable=False)
    step = models.CharField("étape concernée", max_length=60, blank=True)
    rule_id = models.CharField("règle concernée", max_length=60, blank=True)
    fictitious = models.BooleanField("données fictives", default=False)
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
        verbose_name = "conseil juridique"
        verbose_name_plural = "conseils juridiques"
        ordering = ("-asked_on", "-pk")
        constraints = (
            models.CheckConstraint(
                name="procedures_advice_answer_after_question",
                condition=Q(received_on=None) | Q(received_on__gte=F("asked_on")),
                violation_error_message="La réponse ne peut pas précéder la question.",
            ),
            models.CheckConstraint(
                name="procedures_advice_received_is_answered",
                condition=Q(received_on=None, answer="", file="")
                | (Q(received_on__isnull=False) & (~Q(answer="") | ~Q(file=""))),
                violation_error_message="Une réponse a sa date et son texte, ou son fichier.",
            ),
            models.CheckConstraint(
                name="procedures_advice_date_plausible",
                condition=Q(asked_on__gte=EARLIEST),
                violation_error_message="Cette date n’est pas plausible.",
            ),
        )

    def __str__(self) -> str:
        head = self.question.split("\n", 1)[0]
        return head if len(head) <= 80 else f"{head[:79]}…"

    @property
    def waits(self) -> bool:
        """Not answered yet."""
        return self.received_on is None


class Study(models.Model):
    """A study that another mission carries, and the pieces it feeds."""

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="studies", verbose_name="procédure"
    )
    title = models.CharField("titre", max_length=200)
    carrier = models.CharField(
        "portée par", max_length=200, help_text="Mission, service ou organisme."
    )
    state = models.CharField("état", max_length=10, choices=StudyState, default=StudyState.PLANNED)
    expected_on = models.DateField("attendue le", null=True, blank=True, validators=[plausible])
    delivered_on = models.DateField("rendue le", null=True, blank=True, validators=[plausible])
    feeds = models.ManyToManyField(
        DossierPiece, blank=True, related_name="studies", verbose_name="pièces qu’elle nourrit"
    )
    note = models.TextField("remarque", blank=True, max_length=4000)
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "étude"
        ordering = ("expected_on", "title", "pk")
        constraints = (
            models.CheckConstraint(
                name="procedures_study_state_known",
                condition=Q(state__in=StudyState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_study_delivered_is_dated",
                condition=Q(state=StudyState.DELIVERED, delivered_on__isnull=False)
                | (~Q(state=StudyState.DELIVERED) & Q(delivered_on=None)),
                violation_error_message="Une étude rendue a sa date, et elle seule.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def badge(self) -> str:
        """Look of its state."""
        return StudyState(self.state).badge
