"""Closed lists of budgets."""

from django.db import models


class Post(models.TextChoices):
    """What the money of a line is for."""

    STUDIES = "studies", "études"
    CONCERTATION = "concertation", "concertation"
    COMMUNICATION = "communication", "communication"
    INQUIRY = "inquiry", "enquête publique"
    OUTSIDE_STAFF = "outside_staff", "personnel extérieur (vacation, mise à disposition)"
    OTHER = "other", "autre"


class Section(models.TextChoices):
    """The section of the authority's budget."""

    OPERATING = "operating", "fonctionnement"
    INVESTMENT = "investment", "investissement"


class Category(models.TextChoices):
    """What a contract buys: thresholds of amendments depend on it."""

    SERVICES = "services", "services"
    SUPPLIES = "supplies", "fournitures"
    WORKS = "works", "travaux"


class SubsidyKind(models.TextChoices):
    """Where the money comes from."""

    DGD = "dgd", "État, dotation générale de décentralisation (DGD)"
    STATE = "state", "État, autre aide"
    FCTVA = "fctva", "FCTVA"
    REGION = "region", "Région"
    DEPARTMENT = "department", "Département"
    EUROPE = "europe", "Europe"
    LOCAL = "local", "commune ou intercommunalité"
    OTHER = "other", "autre"
