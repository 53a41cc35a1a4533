"""The public page of a procedure, what the public said there or elsewhere, and the answers."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from restanque.core import files
from restanque.procedures.concertation.nomenclature import ModerationState, ParticipationWay, Way
from restanque.procedures.models.procedures import Procedure, plausible

#: Longest contribution, in characters.
LONGEST = 10_000


class PublicPage(models.Model):
    """What anybody may read of a procedure, while it is open.

    `steps` are the steps that the team chose to show. `purge_on` is the day after which names,
    addresses and joined files of the contributors are erased; the notice says it to them.
    """

    procedure = models.OneToOneField(
        Procedure, models.CASCADE, related_name="public_page", verbose_name="procédure"
    )
    slug = models.SlugField(
        "adresse de la page",
        max_length=60,
        unique=True,
        error_messages={"unique": "Cette adresse est déjà prise : choisissez-en une autre."},
    )
    title = models.CharField("titre", max_length=150)
    intro = models.TextField("présentation", max_length=4000, blank=True)
    contact_email = models.EmailField("adresse de contact montrée")
    opened = models.BooleanField("ouverte", default=False)
    opened_on = models.DateField("ouverte le", null=True, blank=True)
    closed_on = models.DateField("fermée le", null=True, blank=True)
    takes_contributions = models.BooleanField("reçoit des contributions", default=True)
    contributions_until = models.DateField(
        "contributions reçues jusqu’au", null=True, blank=True, validators=[plausible]
    )
    shows_contributions = models.BooleanField("montre les contributions publiées", default=True)
    steps = models.JSONField("étapes montrées", default=list, blank=True)
    purge_on = models.DateField("conservation jusqu’au", validators=[plausible])
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "page publique"
        verbose_name_plural = "pages publiques"
        ordering = ("slug",)
        constraints = (
            models.CheckConstraint(
                name="procedures_page_opened_has_a_day",
                condition=Q(opened=False) | Q(opened_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its public address."""
        return reverse("concertation:page", args=[self.slug])

    def clean(self) -> None:
        """The steps are the kind's."""
        unknown = [step for step in self.steps if step not in self.procedure.engine_kind.by_id]
        if unknown:
            raise ValidationError({"steps": f"Étape inconnue : {unknown[0]}."})

    def takes_on(self, today: date) -> bool:
        """Whether the form takes contributions that day: never once they would be erased."""
        until = self.contributions_until
        in_time = (until is None or today <= until) and today < self.purge_on
        return self.opened and self.takes_contributions and in_time


class PublicDocument(models.Model):
    """A document put online on a day. Withdrawn, it is kept: it was readable between both days."""

    page = models.ForeignKey(
        PublicPage, models.CASCADE, related_name="documents", verbose_name="page"
    )
    title = models.CharField("titre", max_length=200)
    file = models.FileField("fichier", upload_to=files.private_path)
    file_name = models.CharField("nom du fichier", max_length=120, editable=False)
    file_size = models.PositiveBigIntegerField("taille en octets", editable=False)
    online_on = models.DateField("mis en ligne le")
    withdrawn_on = models.DateField("retiré le", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "document mis en ligne"
        verbose_name_plural = "documents mis en ligne"
        ordering = ("-online_on", "-pk")
        constraints = (
            models.CheckConstraint(
                name="procedures_document_withdrawn_after",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=models.F("online_on")),
                violation_error_message="Un document n’est pas retiré avant d’être mis en ligne.",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Theme(models.Model):
    """A theme that contributions are sorted by."""

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="themes", verbose_name="procédure"
    )
    name = models.CharField("nom", max_length=80)
    name_key = models.CharField(max_length=80, editable=False)
    position = models.PositiveIntegerField("rang", default=1)

    class Meta:
        verbose_name = "thème"
        ordering = ("position", "name_key")
        constraints = (
            models.UniqueConstraint(
                fields=("procedure", "name_key"),
                name="procedures_theme_once",
                violation_error_message="Ce thème est déjà dans la liste.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ContributionAnswer(models.Model):
    """What the team answers to one or several contributions. Internal until `public`."""

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="answers", verbose_name="procédure"
    )
    text = models.TextField("réponse", max_length=LONGEST)
    public = models.BooleanField("publique", default=False)
    answered_on = models.DateField("date")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="écrite par",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "réponse"
        ordering = ("answered_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="procedures_answer_has_words",
                condition=~Q(text=""),
                violation_error_message="Écrivez la réponse.",
            ),
        )

    def __str__(self) -> str:
        return self.text if len(self.text) <= 80 else f"{self.text[:79]}…"


class Participation(models.Model):
    """The public consulted on the arrêté draft: inquiry or electronic participation.

    Its dates are not here: planned ones are the procedure's targets, done ones its facts.
    """

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="participations", verbose_name="procédure"
    )
    way = models.CharField("forme", max_length=10, choices=ParticipationWay)
    commissioner = models.CharField("commissaire enquêteur", max_length=150, blank=True)
    reference = models.CharField(
        "décision de désignation ou de recours", max_length=200, blank=True
    )
    paper_places = models.TextField("lieux du dossier papier", max_length=2000, blank=True)
    fictitious = models.BooleanField("données fictives", default=False)

    history = HistoricalRecords(excluded_fields=["commissioner"])

    class Meta:
        verbose_name = "participation du public"
        verbose_name_plural = "participations du public"
        ordering = ("procedure", "way")
        constraints = (
            models.UniqueConstraint(
                fields=("procedure", "way"),
                name="procedures_participation_once",
                violation_error_message="Cette forme de participation est déjà préparée.",
            ),
            models.CheckConstraint(
                name="procedures_participation_way_known",
                condition=Q(way__in=ParticipationWay.values),
                violation_error_message="Cette forme de participation n’existe pas.",
            ),
        )

    def __str__(self) -> str:
        return str(ParticipationWay(self.way).label)


class Contribution(models.Model):
    """What somebody said, as it came (`text`) and as it may be read (`shown`, masked where needed).

    `number` counts within the procedure and is the receipt's. Name, address and joined file are
    erased on the page's date (`purged_on`): the words as shown, the themes and the counts stay.
    `participation` None: it belongs to the concertation itself.
    """

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, related_name="contributions", verbose_name="procédure"
    )
    participation = models.ForeignKey(
        Participation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name="participation",
    )
    number = models.PositiveIntegerField("numéro", editable=False)
    way = models.CharField("voie", max_length=10, choices=Way)
    received_on = models.DateField("reçue le", validators=[plausible])
    text = models.TextField("texte reçu", max_length=LONGEST)
    shown = models.TextField("texte montré", max_length=LONGEST, blank=True)
    text_key = models.TextField(editable=False, default="")
    fingerprint = models.CharField(max_length=64, editable=False)
    person_name = models.CharField("nom", max_length=120, blank=True)
    person_email = models.EmailField("adresse électronique", blank=True)
    attachment = models.FileField("pièce jointe", upload_to=files.private_path, blank=True)
    attachment_name = models.CharField(
        "nom de la pièce", max_length=120, blank=True, editable=False
    )
    themes = models.ManyToManyField(
        Theme, related_name="contributions", blank=True, verbose_name="thèmes"
    )
    state = models.CharField(
        "relecture", max_length=10, choices=ModerationState, default=ModerationState.WAITING
    )
    hidden_reason = models.CharField("motif de non-publication", max_length=300, blank=True)
    moderated_at = models.DateTimeField("relue le", null=True, blank=True)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="relue par",
    )
    answer = models.ForeignKey(
        ContributionAnswer,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name="réponse",
    )
    purged_on = models.DateField("données personnelles effacées le", null=True, blank=True)
    fictitious = models.BooleanField("données fictives", default=False)
    created_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    # What may name a person is not copied into the history: it could not be erased there.
    history = HistoricalRecords(
        excluded_fields=[
            "text", "shown", "text_key", "person_name", "person_email", "attachment",
            "attachment_name",
        ]
    )  # fmt: skip

    class Meta:
        verbose_name = "contribution"
        ordering = ("-number",)
        indexes = (
            models.Index(fields=("procedure", "state"), name="procedures_contribution_state"),
            models.Index(fields=("procedure", "fingerprint"), name="procedures_contribution_same"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("procedure", "number"), name="procedures_contribution_number_once"
            ),
            models.CheckConstraint(
                name="procedures_contribution_way_known",
                condition=Q(way__in=Way.values),
                violation_error_message="Cette voie n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_contribution_state_known",
                condition=Q(state__in=ModerationState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="procedures_contribution_hidden_says_why",
                condition=~Q(state=ModerationState.HIDDEN) | ~Q(hidden_reason=""),
                violation_error_message="Dites pourquoi cette contribution n’est pas publiée.",
            ),
            models.CheckConstraint(
                name="procedures_contribution_published_was_read",
                condition=~Q(state=ModerationState.PUBLISHED) | Q(moderated_at__isnull=False),
            ),
            models.CheckConstraint(
                name="procedures_contribution_purged_is_anonymous",
                condition=Q(purged_on__isnull=True)
                | Q(person_name="", person_email="", attachment=""),
            ),
        )

    def __str__(self) -> str:
        return f"contribution n° {self.number}"

    def get_absolute_url(self) -> str:
        """Its page, for the team."""
        return reverse("procedures:contribution", args=[self.pk])

    def clean(self) -> None:
        """The answer and the participation are of the same procedure."""
        for name in ("answer", "participation"):
            other = getattr(self, name)
            if other is not None and other.procedure_id != self.procedure_id:
                raise ValidationError({name: "Elle est d’une autre procédure."})

    @property
    def words(self) -> str:
        """The words that may be read: masked where the team masked."""
        return self.shown or self.text
