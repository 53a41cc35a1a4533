"""Closed lists of the consultations."""

from django.db import models


class Obligation(models.TextChoices):
    """Why a body is consulted."""

    MANDATORY = "mandatory", "obligatoire"
    ON_REQUEST = "on_request", "sur sa demande"
    VOLUNTARY = "voluntary", "à l’initiative de l’équipe"


class Sense(models.TextChoices):
    """What an opinion says as a whole."""

    FAVOURABLE = "favourable", "favorable"
    RESERVED = "reserved", "favorable avec réserves"
    UNFAVOURABLE = "unfavourable", "défavorable"
    NO_REMARK = "no_remark", "sans observation"
    REFUSAL = "refusal", "refus"


class Decision(models.TextChoices):
    """What the body in charge replies to a remark."""

    ACCEPTED = "accepted", "acceptée"
    PARTLY = "partly", "acceptée en partie"
    REFUSED = "refused", "refusée"
    NOTED = "noted", "prise en note"


#: Replies that change the document: there must be somewhere to look for the change.
CHANGING = (Decision.ACCEPTED, Decision.PARTLY)
#: Replies that are worth nothing without their reason.
EXPLAINED = (Decision.PARTLY, Decision.REFUSED)
