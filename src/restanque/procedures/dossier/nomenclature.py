"""Closed lists of the file of a procedure."""

from django.db import models


class PieceState(models.TextChoices):
    """How far a piece is."""

    TO_WRITE = "to_write", "à écrire"
    WRITING = "writing", "en cours"
    REVIEWED = "reviewed", "relue"
    APPROVED = "approved", "validée"
    NOT_NEEDED = "not_needed", "sans objet"

    @property
    def badge(self) -> str:
        """Look of the state."""
        return _PIECE_BADGES[self.value]


_PIECE_BADGES = {
    "to_write": "attente",
    "writing": "cours",
    "reviewed": "valider",
    "approved": "fait",
    "not_needed": "attente",
}


class StudyState(models.TextChoices):
    """How far a study carried by another mission is."""

    PLANNED = "planned", "prévue"
    RUNNING = "running", "en cours"
    DELIVERED = "delivered", "rendue"
    DROPPED = "dropped", "abandonnée"

    @property
    def badge(self) -> str:
        """Look of the state."""
        return _STUDY_BADGES[self.value]


_STUDY_BADGES = {
    "planned": "attente",
    "running": "cours",
    "delivered": "fait",
    "dropped": "attente",
}
