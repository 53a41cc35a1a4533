"""Closed lists of the concertation."""

from django.db import models


class MeansKind(models.TextChoices):
    """Ways of informing the public and of letting it speak."""

    MEETING = "meeting", "réunion publique ou atelier"
    REGISTER = "register", "registre"
    PAGE = "page", "page ou site internet"
    EXHIBITION = "exhibition", "exposition"
    PRESS = "press", "presse, bulletin ou lettre d’information"
    OTHER = "other", "autre moyen"


class MeansProof(models.TextChoices):
    """What proves that a means was carried out. Empty: nothing does."""

    MINUTES = "minutes", "compte rendu"
    ATTENDANCE = "attendance", "feuille de présence"
    PHOTO = "photo", "photo datée"
    REGISTER = "register", "registre ou extrait du registre"
    PRESS = "press", "parution (journal, bulletin)"
    CAPTURE = "capture", "capture datée de la page"
    POSTING = "posting", "certificat d’affichage"
    OTHER = "other", "autre pièce"


class Way(models.TextChoices):
    """How a contribution came."""

    WEB = "web", "page publique"
    PAPER = "paper", "courrier"
    REGISTER = "register", "registre papier"
    EMAIL = "email", "courriel"
    ORAL = "oral", "oral (réunion, permanence)"


class ModerationState(models.TextChoices):
    """What the team decided of a contribution."""

    WAITING = "waiting", "à relire"
    PUBLISHED = "published", "publiée"
    HIDDEN = "hidden", "non publiée"


class ParticipationWay(models.TextChoices):
    """Ways of consulting the public after the arrêt; the engine's branches of these names."""

    ENQUETE = "enquete", "enquête publique"
    PPVE = "ppve", "participation du public par voie électronique"
