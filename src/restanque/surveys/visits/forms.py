"""Forms of the visits' pages."""

from datetime import date, timedelta
from typing import Any

from django import forms

from restanque.accounts.models import Membership
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.kit.forms import DateField, TextField
from restanque.surveys.models import QuestionnaireVersion, Visit, VisitRound
from restanque.surveys.models.questionnaires import VersionStatus
from restanque.surveys.visits.lists import organisations_of
from restanque.surveys.visits.rounds import names_place
from restanque.territories.models import Territory

_TWO_YEARS = timedelta(days=730)


class RoundForm(forms.Form):
    """What is asked on the spot, where, to whom, why."""

    territory = forms.ModelChoiceField(
        label="Territoire", queryset=Territory.objects.none(), empty_label=None
    )
    version = forms.ModelChoiceField(
        label="Formulaire de visite",
        queryset=QuestionnaireVersion.objects.none(),
        empty_label=None,
        help_text="Un questionnaire publié qui demande quelle organisation est visitée.",
    )
    name = TextField(label="Nom", max_length=150, help_text="Le visiteur le lit sur son téléphone.")
    kinds = forms.MultipleChoiceField(
        label="Organisations visitées",
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Le téléphone liste celles du territoire, sauf celles qui ne veulent plus "
        "être sollicitées.",
    )
    purpose = forms.CharField(
        label="À quoi servent les visites",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="En deux phrases, à dire sur place. C’est aussi la finalité au sens du RGPD.",
    )
    purge_on = DateField(
        label="Conservation jusqu’au",
        help_text="Après ce jour, les photos, les textes libres et le nom du visiteur sont "
        "effacés.",
    )

    def __init__(
        self, *args: Any, membership: Membership, visits: VisitRound | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if visits is not None:
            # The territory decides which visitors may come: it is chosen once.
            del self.fields["territory"]
        else:
            self._offer("territory", Territory.objects.visible_to(membership))
        self._offer("version", visit_versions(membership))

    def _offer(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        field.queryset = queryset  # type: ignore[attr-defined]
        field.initial = queryset.first()


class VisitorForm(forms.Form):
    """Who visits, and for which series."""

    display_name = TextField(
        label="Nom affiché",
        max_length=80,
        help_text="Ce que l’équipe lira à côté des visites, par exemple « Stagiaire 2026 ».",
    )
    rounds = forms.ModelMultipleChoiceField(
        label="Visites à faire",
        queryset=VisitRound.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, territory: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rounds"]
        field.queryset = VisitRound.objects.filter(territory=territory)  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """Which organisation of the directory was visited."""

    organisation = forms.ModelChoiceField(
        label="Organisation de l’annuaire", queryset=Organisation.objects.none()
    )

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [one.pk for one in organisations_of(visit.round, also=visit.organisation_id)]
        field = self.fields["organisation"]
        field.queryset = (  # type: ignore[attr-defined]
            Organisation.objects.filter(pk__in=listed)
            .select_related("commune")
            .order_by("name_key", "pk")
        )
        field.label_from_instance = _named  # type: ignore[attr-defined]


def _named(organisation: Organisation) -> str:
    commune = organisation.commune
    return f"{organisation}, {commune.name}" if commune else str(organisation)


def visit_versions(membership: Membership) -> Any:
    """The published visit forms of the workspace, the latest of each questionnaire first."""
    published = (
        QuestionnaireVersion.objects.filter(
            questionnaire__workspace=membership.workspace,
            questionnaire__archived=False,
            status=VersionStatus.PUBLISHED,
        )
        .select_related("questionnaire")
        .order_by("questionnaire__title_key", "-number")
    )
    return published.filter(pk__in=[one.pk for one in published if names_place(one)])


def first_values(today: date) -> dict[str, Any]:
    """What a new series is filled with: two years of conservation."""
    return {"purge_on": today + _TWO_YEARS}
