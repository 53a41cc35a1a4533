"""Words a team sticks on its organisations."""

from django.db import models

from restanque.accounts.models import Workspace


class Tag(models.Model):
    """A word of the team's own (« signataire de la charte », « Lou Pan d’Ici »)."""

    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="tags", verbose_name="espace"
    )
    name = models.CharField("nom", max_length=80)
    name_key = models.CharField(max_length=80, editable=False)
    is_brand = models.BooleanField(
        "marque",
        default=False,
        help_text="Une marque (« Lou Pan d’Ici ») n’est pas un signe officiel de qualité : "
        "les signes et leurs preuves s’inscrivent dans les certifications.",
    )

    class Meta:
        verbose_name = "étiquette"
        ordering = ("name_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "name_key"),
                name="directory_tag_once",
                violation_error_message="Cette étiquette existe déjà.",
            ),
        )

    def __str__(self) -> str:
        return self.name
