"""To whom it is asked: a campaign on a territory, and one invitation an organisation."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from simple_history.models import HistoricalRecords

from restanque.accounts.models import Membership, Workspace
from restanque.directory.models import Organisation
from restanque.surveys.models.questionnaires import QuestionnaireVersion
from restanque.territories.models import Territory


class CampaignStatus(models.TextChoices):
    """Answers are taken only while the campaign is open."""

    DRAFT = "draft", "en préparation"
    OPEN = "open", "ouverte"
    CLOSED = "closed", "close"


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Named questions on campaigns."""

    def visible_to(self, membership: Membership) -> "CampaignQuerySet":
        """Those of the territories this membership covers."""
        return self.filter(territory__in=Territory.objects.visible_to(membership))

    def open(self) -> "CampaignQuerySet":
        """Those that take answers."""
        return self.filter(status=CampaignStatus.OPEN)


class Campaign(models.Model):
    """One asking of one published version, on one territory, between two dates.

    Message templates take {organisation}, {lien}, {cloture}, {expediteur}, {enquete}.
    """

    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="campaigns", verbose_name="territoire"
    )
    version = models.ForeignKey(
        QuestionnaireVersion, models.PROTECT, related_name="campaigns", verbose_name="questionnaire"
    )
    name = models.CharField("nom", max_length=150)
    # Unaccented lower case, for search and order (see kit.text.search_key).
    name_key = models.CharField(max_length=150, editable=False)
    status = models.CharField(
        "état", max_length=10, choices=CampaignStatus, default=CampaignStatus.DRAFT
    )
    opens_on = models.DateField("ouverture")
    closes_on = models.DateField("clôture")
    # Answers and contacts are purged after this day; the notice says it to respondents.
    purge_on = models.DateField("conservation jusqu’au")
    minutes = models.PositiveSmallIntegerField(
        "durée annoncée (minutes)", default=15, validators=[MinValueValidator(1)]
    )
    sender_name = models.CharField("expéditeur", max_length=150)
    reply_to = models.EmailField("adresse de réponse")
    contact_phone = models.CharField("téléphone de l’équipe", max_length=30, blank=True)
    purpose = models.TextField("à quoi servent les réponses")
    privacy_notice = models.TextField("notice d’information", blank=True)
    invitation_subject = models.CharField("objet de l’invitation", max_length=150, blank=True)
    invitation_body = models.TextField("texte de l’invitation", blank=True)
    reminder_subject = models.CharField("objet de la relance", max_length=150, blank=True)
    reminder_body = models.TextField("texte de la relance", blank=True)
    receipt_subject = models.CharField("objet de l’accusé", max_length=150, blank=True)
    receipt_body = models.TextField("texte de l’accusé", blank=True)
    daily_limit = models.PositiveIntegerField(
        "messages par jour au plus", default=200, validators=[MinValueValidator(1)]
    )
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

    objects = CampaignQuerySet.as_manager()
    history = HistoricalRecords(related_name="past")

    class Meta:
        verbose_name = "campagne"
        ordering = ("-opens_on", "name_key", "pk")
        constraints = (
            models.CheckConstraint(
                name="surveys_campaign_status_known",
                condition=Q(status__in=CampaignStatus.values),
            ),
            models.CheckConstraint(
                name="surveys_campaign_closes_after_opening",
                condition=Q(closes_on__gte=models.F("opens_on")),
                violation_error_message="La clôture ne peut pas précéder l’ouverture.",
            ),
            models.CheckConstraint(
                name="surveys_campaign_purges_after_close",
                condition=Q(purge_on__gt=models.F("closes_on")),
                violation_error_message="La conservation doit aller au-delà de la clôture.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A campaign asks a published version of its own workspace."""
        if self.version.questionnaire.workspace_id != self.territory.workspace_id:
            raise ValidationError({"version": "Ce questionnaire est celui d’un autre espace."})
        if not self.version.is_published:
            raise ValidationError(
                {"version": "Publiez d’abord cette version du questionnaire, ou choisissez-en une."}
            )

    @property
    def workspace(self) -> Workspace:
        """The team that asks."""
        return self.territory.workspace

    @property
    def is_open(self) -> bool:
        """Whether answers are taken (the team opens and closes by hand, a job at the dates)."""
        return self.status == CampaignStatus.OPEN


class InvitationState(models.TextChoices):
    """Where an invitation stands. Derived, never stored: see `InvitationQuerySet.with_state`."""

    NOT_SENT = "not_sent", "non envoyée"
    SENT = "sent", "envoyée, sans réponse"
    BOUNCED = "bounced", "adresse en erreur"
    REFUSED = "refused", "ne souhaite pas répondre"
    STARTED = "started", "commencée"
    SUBMITTED = "submitted", "à valider"
    VALIDATED = "validated", "validée"
    REJECTED = "rejected", "écartée"


ANSWERED_STATES = (InvitationState.SUBMITTED, InvitationState.VALIDATED)

# The one definition of the state, in order of precedence.
_STATE = Case(
    When(response__status="validated", then=Value(InvitationState.VALIDATED)),
    When(response__status="submitted", then=Value(InvitationState.SUBMITTED)),
    When(response__status="rejected", then=Value(InvitationState.REJECTED)),
    When(refused_at__isnull=False, then=Value(InvitationState.REFUSED)),
    When(response__status="draft", then=Value(InvitationState.STARTED)),
    When(bounced_at__isnull=False, then=Value(InvitationState.BOUNCED)),
    When(sent_at__isnull=False, then=Value(InvitationState.SENT)),
    default=Value(InvitationState.NOT_SENT),
    output_field=models.CharField(),
)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Named questions on invitations."""

    def with_state(self) -> "InvitationQuerySet":
        """Annotates `state`, one of `InvitationState`."""
        return self.annotate(state=_STATE)

    def awaiting(self) -> "InvitationQuerySet":
        """Those from whom an answer may still come (begun or not), whatever was sent."""
        return self.filter(refused_at__isnull=True).exclude(
            response__status__in=("submitted", "validated", "rejected")
        )

    def to_remind(self) -> "InvitationQuerySet":
        """Those whom a reminder may reach: invited, not answered, not refused, not bounced."""
        return self.awaiting().filter(
            sent_at__isnull=False, bounced_at__isnull=True, no_reminder=False
        )


class Invitation(models.Model):
    """A campaign and an organisation. The answer belongs to the organisation, not to a person.

    Its link's token is derived from its key and generation; nothing secret is stored.
    `recipients` is the snapshot of the addresses last written to.
    """

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="invitations", verbose_name="campagne"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="invitations", verbose_name="organisme"
    )
    generation = models.PositiveIntegerField("génération du lien", default=1)
    recipients = models.JSONField("destinataires", default=list, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="suivie par",
    )
    sent_at = models.DateTimeField("dernier envoi", null=True, blank=True)
    bounced_at = models.DateTimeField("retour en erreur", null=True, blank=True)
    bounce_reason = models.CharField("raison du retour", max_length=300, blank=True)
    refused_at = models.DateTimeField("refus", null=True, blank=True)
    no_reminder = models.BooleanField("ne plus relancer", default=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ("campaign_id", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "organisation"),
                name="surveys_invitation_once",
                violation_error_message="Cet organisme est déjà invité à la campagne.",
            ),
            models.CheckConstraint(
                name="surveys_invitation_generation_positive", condition=Q(generation__gte=1)
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} · {self.campaign}"

    def clean(self) -> None:
        """The organisation is of the workspace that asks."""
        if self.organisation.workspace_id != self.campaign.territory.workspace_id:
            raise ValidationError({"organisation": "Cet organisme est celui d’un autre espace."})

    @property
    def has_response(self) -> bool:
        """Whether something was ever saved."""
        return getattr(self, "response", None) is not None


class EventKind(models.TextChoices):
    """What happened to an invitation, beside sendings and calls which have their own tables."""

    STARTED = "started", "réponse commencée"
    LINK_SELF = "link_self", "lien envoyé au répondant"
    HANDED_OVER = "handed_over", "confiée à un collègue"
    NO_REMINDER = "no_reminder", "ne plus relancer"
    REMINDERS_AGAIN = "reminders_again", "relances de nouveau acceptées"
    REFUSED = "refused", "refus de répondre"
    REFUSAL_LIFTED = "refusal_lifted", "refus levé"
    LINK_REVOKED = "link_revoked", "lien remplacé"
    BOUNCED = "bounced", "adresse en erreur"
    SUBMITTED = "submitted", "réponse envoyée"
    REOPENED = "reopened", "réponse rouverte"
    VALIDATED = "validated", "réponse validée"
    REJECTED = "rejected", "réponse écartée"
    CONFLICT = "conflict", "deux saisies en même temps"


class InvitationEvent(models.Model):
    """The log of an invitation: dated, with its author when it is a member of the team."""

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="events", verbose_name="invitation"
    )
    kind = models.CharField("événement", max_length=20, choices=EventKind)
    at = models.DateTimeField("le", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="par",
    )
    # Never an address: a domain, a reason, a message key.
    note = models.CharField("précision", max_length=300, blank=True)

    class Meta:
        verbose_name = "événement d’une invitation"
        verbose_name_plural = "événements des invitations"
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.invitation_id}"
