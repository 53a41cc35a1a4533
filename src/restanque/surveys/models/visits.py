"""Field visits: series of visits, the visitors who make them, the visits that came back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.core.files import private_path
from restanque.directory.models import Organisation
from restanque.surveys.models.answers import Channel, ResponseStatus
from restanque.surveys.models.questionnaires import QuestionnaireVersion
from restanque.territories.models import Territory


class VisitRoundQuerySet(models.QuerySet["VisitRound"]):
    """Named questions on series of visits."""

    def visible_to(self, membership: Membership) -> "VisitRoundQuerySet":
        """Those of the territories this membership covers."""
        return self.filter(territory__in=Territory.objects.visible_to(membership))

    def open(self) -> "VisitRoundQuerySet":
        """Those whose form phones may download."""
        return self.filter(closed_at__isnull=True)


class VisitRound(models.Model):
    """A series of visits: one form, on one territory, to some kinds of organisations.

    An organisation may be visited several times: each visit is dated and stands for itself.
    """

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="visit_rounds", verbose_name="territoire"
    )
    version = models.ForeignKey(
        QuestionnaireVersion,
        models.PROTECT,
        related_name="visit_rounds",
        verbose_name="formulaire de visite",
    )
    name = models.CharField("nom", max_length=150)
    # Codes of directory.nomenclature.Kind: whom the phone lists.
    kinds = models.JSONField("organisations visitées", default=list)
    purpose = models.TextField("à quoi servent les visites")
    # Photos and free texts are erased after this day.
    purge_on = models.DateField("conservation jusqu’au")
    closed_at = models.DateTimeField("close le", null=True, blank=True)
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

    objects = VisitRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "série de visites"
        verbose_name_plural = "séries de visites"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("surveys:visit-round", args=[self.pk])

    @property
    def workspace(self) -> Workspace:
        """The team that visits."""
        return self.territory.workspace

    @property
    def is_open(self) -> bool:
        """Whether its form is offered; what was begun before is received even afterwards."""
        return self.closed_at is None


class VisitorQuerySet(models.QuerySet["Visitor"]):
    """Named questions on visitors."""

    def visible_to(self, membership: Membership) -> "VisitorQuerySet":
        """Those of the territories this membership covers."""
        return self.filter(territory__in=Territory.objects.visible_to(membership))

    def active(self) -> "VisitorQuerySet":
        """Those whose phone may still speak to us."""
        return self.filter(revoked_at__isnull=True)


class Visitor(models.Model):
    """Somebody who visits with a phone: a member of the team, a trainee, a mill's representative.

    It signs in nowhere else. Its password is derived from its key and generation: nothing secret
    is stored, and raising the generation turns every older phone away.
    """

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="visitors", verbose_name="territoire"
    )
    rounds = models.ManyToManyField(
        VisitRound, blank=True, related_name="visitors", verbose_name="séries de visites"
    )
    display_name = models.CharField(
        "nom affiché",
        max_length=80,
        help_text="Ce que l’équipe lira à côté des visites, par exemple « Stagiaire 2026 ».",
    )
    generation = models.PositiveIntegerField("génération du code", default=1)
    revoked_at = models.DateTimeField("retiré le", null=True, blank=True)
    fictitious = models.BooleanField("données fictives", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="créé par",
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    objects = VisitorQuerySet.as_manager()

    class Meta:
        verbose_name = "visiteur"
        ordering = ("display_name", "pk")
        constraints = (
            models.CheckConstraint(
                name="surveys_visitor_generation_positive", condition=Q(generation__gte=1)
            ),
        )

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        """Its page, with the code to scan."""
        return reverse("surveys:visitor", args=[self.pk])

    @property
    def username(self) -> str:
        """What the phone signs in with; it names nobody."""
        return f"visiteur-{self.pk}"

    @property
    def is_active(self) -> bool:
        """Whether its phone may speak to us."""
        return self.revoked_at is None


class VisitQuerySet(models.QuerySet["Visit"]):
    """Named questions on visits."""

    def visible_to(self, membership: Membership) -> "VisitQuerySet":
        """Those of the series this membership covers."""
        return self.filter(round__in=VisitRound.objects.visible_to(membership))

    def waiting(self) -> "VisitQuerySet":
        """Those to read over."""
        return self.filter(status=ResponseStatus.SUBMITTED)


class Visit(models.Model):
    """One visit, on one day, pinned to the version it was filled with.

    `received_xml` is what the phone sent, to the byte (`xml_sha256` tells a repeat from a
    conflict); `instance` is the answer as it stands, corrections included, and `flat` its values.
    `faults` is what our own check found: a list of {"path", "label", "message"}; nothing is refused
    for that. `applied` says what its validation wrote in the directory (None: nothing yet).
    """

    round = models.ForeignKey(
        VisitRound, models.CASCADE, related_name="visits", verbose_name="série de visites"
    )
    version = models.ForeignKey(
        QuestionnaireVersion, models.PROTECT, related_name="visits", verbose_name="formulaire"
    )
    visitor = models.ForeignKey(
        Visitor,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name="visiteur",
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name="organisation visitée",
    )
    instance_id = models.CharField("identifiant de l’envoi", max_length=120)
    # What tells apart two visits in a list when the organisation is new.
    new_name = models.CharField("nom relevé", max_length=200, blank=True)
    visited_on = models.DateField("visite du")
    channel = models.CharField("voie", max_length=10, choices=Channel)
    status = models.CharField(
        "état", max_length=10, choices=ResponseStatus, default=ResponseStatus.DRAFT
    )
    instance = models.TextField("réponses")
    received_xml = models.TextField("envoi reçu", blank=True)
    xml_sha256 = models.CharField("empreinte de l’envoi", max_length=64, blank=True)
    flat = models.JSONField("valeurs", default=dict, blank=True)
    faults = models.JSONField("défauts relevés", default=list, blank=True)
    # False while the phone announces more files to come.
    complete = models.BooleanField("envoi complet", default=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="saisie par",
    )
    received_at = models.DateTimeField("reçue le", default=timezone.now)
    updated_at = models.DateTimeField("enregistrée le", default=timezone.now)
    reviewed_at = models.DateTimeField("relue le", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="relue par",
    )
    review_note = models.TextField("motif", blank=True)
    applied = models.JSONField("écrit dans l’annuaire", null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "visite"
        ordering = ("-visited_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "instance_id"),
                name="surveys_visit_instance_once",
                violation_error_message="Cet envoi est déjà reçu.",
            ),
            models.CheckConstraint(
                name="surveys_visit_status_known", condition=Q(status__in=ResponseStatus.values)
            ),
            models.CheckConstraint(
                name="surveys_visit_validated_is_placed",
                condition=~Q(status=ResponseStatus.VALIDATED) | Q(organisation__isnull=False),
                violation_error_message="Une visite validée dit quelle organisation elle concerne.",
            ),
        )

    def __str__(self) -> str:
        return f"visite {self.pk}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("surveys:visit", args=[self.pk])

    @property
    def place(self) -> str:
        """Which organisation, in words."""
        return str(self.organisation) if self.organisation else self.new_name or "Sans nom"

    @property
    def is_draft(self) -> bool:
        """Whether somebody is still entering it."""
        return self.status == ResponseStatus.DRAFT

    @property
    def is_waiting(self) -> bool:
        """Whether it is to be read over."""
        return self.status == ResponseStatus.SUBMITTED


class VisitFile(models.Model):
    """A file joined to a visit, under the name its question holds. Its type is read in its first
    bytes, never taken from the sender."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="files", verbose_name="visite")
    name = models.CharField("nom", max_length=150)
    file = models.FileField("fichier", upload_to=private_path, max_length=300)
    size = models.PositiveIntegerField("taille (octets)")
    content_type = models.CharField("type", max_length=100)
    # Of the bytes received, before the place of a photo was taken out of it.
    sha256 = models.CharField("empreinte", max_length=64)
    received_at = models.DateTimeField("reçu le", default=timezone.now)

    class Meta:
        verbose_name = "fichier d’une visite"
        verbose_name_plural = "fichiers des visites"
        ordering = ("visit_id", "pk")
        constraints = (
            models.UniqueConstraint(fields=("visit", "name"), name="surveys_visit_file_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it."""
        return self.content_type.startswith("image/")
