"""What belongs to a member's own work: saved views of lists, notices to read."""

from django.conf import settings
from django.db import models

from restanque.accounts.models import Membership, Workspace


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Named questions on saved views."""

    def usable_by(self, membership: Membership, list_key: str) -> "SavedViewQuerySet":
        """A list's views that a member may open: their own, and the team's shared ones."""
        return self.filter(workspace=membership.workspace, list_key=list_key).filter(
            models.Q(user=membership.user) | models.Q(shared=True)
        )


class SavedView(models.Model):
    """A list's filters and order under a name, in one workspace."""

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", verbose_name="espace"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="auteur"
    )
    list_key = models.CharField("liste", max_length=100)
    name = models.CharField("nom", max_length=80)
    query = models.CharField("filtres", max_length=2000, blank=True)
    shared = models.BooleanField("partagée avec l’équipe", default=False)
    created_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "user", "list_key", "name"),
                name="core_saved_view_once",
                violation_error_message="Vous avez déjà une vue de ce nom pour cette liste.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Notification(models.Model):
    """A short notice to one member: something is ready, or awaits them."""

    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="+", verbose_name="membre"
    )
    text = models.CharField("texte", max_length=300)
    url = models.CharField("lien", max_length=300, blank=True)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    read_at = models.DateTimeField("lu le", null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.text
