"""Closed lists of the room."""

from dataclasses import dataclass

from django.db import models


class BodyKind(models.TextChoices):
    """What a body is."""

    COUNCIL = "council", "conseil syndical"
    BUREAU = "bureau", "bureau"
    COMMISSION = "commission", "commission"
    TECHNICAL = "technical", "comité technique"
    STEERING = "steering", "comité de pilotage (COPIL)"
    DEVELOPMENT = "development", "conseil de développement"


@dataclass(frozen=True, slots=True)
class KindDefaults:
    """What a body of this kind is unless its rules say otherwise: votes acts, short name."""

    deliberates: bool
    code: str


KIND_DEFAULTS = {
    BodyKind.COUNCIL: KindDefaults(True, "CS"),
    BodyKind.BUREAU: KindDefaults(True, "BU"),
    BodyKind.COMMISSION: KindDefaults(False, "COM"),
    BodyKind.TECHNICAL: KindDefaults(False, "COTECH"),
    BodyKind.STEERING: KindDefaults(False, "COPIL"),
    BodyKind.DEVELOPMENT: KindDefaults(False, "CODEV"),
}


class MemberRole(models.TextChoices):
    """Place of a member in a body. A substitute sits only for a member who is away."""

    PRESIDENT = "president", "présidence"
    VICE_PRESIDENT = "vice_president", "vice-présidence"
    MEMBER = "member", "membre titulaire"
    SUBSTITUTE = "substitute", "suppléant"


class ConvenedAs(models.TextChoices):
    """Why a sitting is convened; each has its own legal time."""

    ORDINARY = "ordinary", "convocation ordinaire"
    URGENT = "urgent", "convocation en urgence"
    SECOND = "second", "seconde convocation, faute de quorum"


class SittingState(models.TextChoices):
    """Where a sitting stands."""

    PLANNED = "planned", "à venir"
    HELD = "held", "tenue"
    CANCELLED = "cancelled", "annulée"


class SentBy(models.TextChoices):
    """How a convocation left."""

    EMAIL = "email", "courriel"
    PLATFORM = "platform", "plateforme dématérialisée"
    REGISTERED = "registered", "lettre recommandée avec accusé de réception"
    LETTER = "letter", "courrier simple"
    HAND = "hand", "remise en main propre"
    OTHER = "other", "autre voie"


class ItemKind(models.TextChoices):
    """What the body is asked at an item of the agenda."""

    DECISION = "decision", "décision"
    DEBATE = "debate", "débat sans vote"
    INFORMATION = "information", "information"


class AttendanceStatus(models.TextChoices):
    """How a member is at the opening of a sitting."""

    PRESENT = "present", "présent"
    EXCUSED = "excused", "excusé"
    ABSENT = "absent", "absent"


class VoteMode(models.TextChoices):
    """How one votes. In a secret vote nobody's voice prevails."""

    PUBLIC = "public", "à main levée"
    NAMED = "named", "au scrutin public, nom par nom"
    SECRET = "secret", "à bulletin secret"


class Choice(models.TextChoices):
    """What a voice says."""

    FOR = "for", "pour"
    AGAINST = "against", "contre"
    ABSTAIN = "abstain", "abstention"
    NO_PART = "no_part", "ne prend pas part au vote"
