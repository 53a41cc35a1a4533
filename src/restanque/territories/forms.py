"""Forms of the room's pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from restanque.accounts.models import Membership, Role
from restanque.kit.forms import DateField, TextField
from restanque.territories.models import Territory, TerritoryKind, Zone
from restanque.territories.models.perimeters import COLOURS
from restanque.territories.resolve import resolve_many
from restanque.territories.services import PerimeterError, find_epci

_LIST_HELP = (
    "Une par ligne : nom, code INSEE ou code postal. Les accents, « St » et les anciens codes "
    "sont compris."
)
# As kit.maps draws its styles s1 to s8.
COLOUR_NAMES = (
    "olive",
    "ocre, rayures",
    "bleu clair, points",
    "vert tendre",
    "rose, hachures",
    "pierre, traits",
    "brun",
    "bleu",
)


def lines_of(text: str) -> list[str]:
    """The lines of a pasted list; semicolons and tabs separate too, as in a spreadsheet."""
    unified = text.replace(";", "\n").replace("\t", "\n")
    return [line.strip() for line in unified.splitlines() if line.strip()]


class ListField(forms.CharField):
    """A pasted list: one item a line. Cleans to a list of texts."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "spellcheck": "false"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:
        """The lines, blank ones left out."""
        return lines_of(super().clean(value))


def readable_communes(lines: list[str]) -> list[str]:
    """The lines as they are, once each is known to name one commune.

    Raises ValidationError with one message for each line that does not.
    """
    problems = resolve_many(lines).problems
    if problems:
        raise ValidationError([f"« {line.text} » : {line.message}" for line in problems])
    return lines


class TerritoryForm(forms.Form):
    """What a territory is called."""

    name = TextField(label="Nom", max_length=150)
    kind = forms.ChoiceField(label="Nature", choices=TerritoryKind.choices)
    description = forms.CharField(
        label="Description", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class NewTerritoryForm(TerritoryForm):
    """A territory and its first communes."""

    epci = ListField(
        label="Intercommunalités",
        required=False,
        rows=4,
        help_text="Une par ligne : nom ou SIREN. Toutes leurs communes entrent dans le territoire.",
    )
    communes = ListField(label="Autres communes", required=False, help_text=_LIST_HELP)
    valid_from = DateField(label="Périmètre en vigueur depuis le", initial=timezone.localdate)

    def clean_epci(self) -> list[str]:
        """SIREN of the EPCI; one error for each line not understood."""
        sirens, problems = [], []
        for line in self.cleaned_data["epci"]:
            try:
                sirens.append(find_epci(line).pk)
            except PerimeterError as error:
                problems.append(str(error))
        if problems:
            raise ValidationError(problems)
        return sirens

    def clean_communes(self) -> list[str]:
        """One error for each line not understood."""
        return readable_communes(self.cleaned_data["communes"])

    def clean(self) -> dict[str, Any] | None:
        """At least one EPCI or commune."""
        data = super().clean()
        if not self.errors and not (self.cleaned_data["epci"] or self.cleaned_data["communes"]):
            raise ValidationError("Indiquez au moins une intercommunalité ou une commune.")
        return data


class PerimeterForm(forms.Form):
    """Communes that enter or leave on a day."""

    ADD = "add"
    REMOVE = "remove"

    move = forms.ChoiceField(
        label="Ces communes",
        choices=[(ADD, "entrent dans le territoire"), (REMOVE, "quittent le territoire")],
        widget=forms.RadioSelect,
        initial=ADD,
    )
    communes = ListField(label="Communes", help_text=_LIST_HELP)
    on = DateField(
        label="À partir du",
        initial=timezone.localdate,
        help_text="Premier jour du nouveau périmètre.",
    )

    def clean_communes(self) -> list[str]:
        """One error for each line not understood."""
        return readable_communes(self.cleaned_data["communes"])


class ZoneForm(forms.Form):
    """Name and colour of a zone of a territory."""

    name = TextField(label="Nom", max_length=100)
    colour = forms.TypedChoiceField(
        label="Couleur sur la carte",
        coerce=int,
        choices=[
            (slot, name.capitalize()) for slot, name in zip(COLOURS, COLOUR_NAMES, strict=True)
        ],
    )

    def __init__(self, *args: Any, territory: Territory, zone: Zone | None = None, **kw: Any):
        super().__init__(*args, **kw)
        self.others = Zone.objects.filter(territory=territory)
        if zone is not None:
            self.others = self.others.exclude(pk=zone.pk)

    def clean_name(self) -> str:
        """Refuse the name of another zone of the territory."""
        name: str = self.cleaned_data["name"]
        if self.others.filter(name__iexact=name).exists():
            raise ValidationError("Une zone du territoire porte déjà ce nom.")
        return name


class ZoneListForm(forms.Form):
    """The communes of a zone, as a pasted list."""

    communes = ListField(label="Communes de la zone", required=False, rows=14, help_text=_LIST_HELP)


class CoverageForm(forms.Form):
    """Which territories a member covers."""

    ALL = "all"
    SOME = "some"

    scope = forms.ChoiceField(
        label="Cette personne travaille sur",
        choices=[
            (ALL, "tous les territoires de l’espace, présents et à venir"),
            (SOME, "les territoires cochés seulement"),
        ],
        widget=forms.RadioSelect,
    )
    territories = forms.ModelMultipleChoiceField(
        label="Territoires",
        queryset=Territory.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Territory.objects.filter(workspace=membership.workspace_id)
        self.fields["territories"].queryset = own  # type: ignore[attr-defined]
        self.is_partner = membership.role == Role.PARTNER
        if self.is_partner:
            self.fields["scope"].choices = [(self.SOME, "les territoires cochés")]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Territory] | None:
        """The territories ticked, or None for the whole workspace."""
        if self.cleaned_data["scope"] == self.ALL:
            return None
        return list(self.cleaned_data["territories"])
