"""Forms of the team's pages on contributions: typed in, read again, answered."""

from typing import Any

from django import forms

from restanque.kit import forms as kit_forms
from restanque.procedures.concertation.forms import initial_of
from restanque.procedures.concertation.nomenclature import ModerationState, Way
from restanque.procedures.models import (
    Contribution,
    ContributionAnswer,
    Participation,
    Procedure,
    Theme,
)
from restanque.procedures.models.contributions import LONGEST


class TypedForm(forms.Form):
    """A contribution that came otherwise than by the page."""

    way = forms.ChoiceField(
        label="Voie", choices=[pair for pair in Way.choices if pair[0] != Way.WEB]
    )
    received_on = kit_forms.DateField(label="Reçue le")
    text = forms.CharField(
        label="Texte",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Recopiez ce qui est dit, sans les coordonnées de la personne.",
    )
    themes = forms.ModelMultipleChoiceField(
        label="Thèmes",
        queryset=Theme.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    participation = forms.ModelChoiceField(
        label="Reçue pendant",
        queryset=Participation.objects.none(),
        required=False,
        empty_label="La concertation",
    )

    def __init__(
        self,
        *args: Any,
        procedure: Procedure,
        contribution: Contribution | None = None,
        **kwargs: Any,
    ) -> None:
        if contribution is not None:
            kwargs["initial"] = {
                "received_on": contribution.received_on,
                "text": contribution.text,
                "themes": list(contribution.themes.all()),
            }
        super().__init__(*args, **kwargs)
        self.fields["themes"].queryset = procedure.themes.all()  # type: ignore[attr-defined]
        own = procedure.participations.all()
        if contribution is not None:
            del self.fields["way"], self.fields["participation"]
        elif own:
            self.fields["participation"].queryset = own  # type: ignore[attr-defined]
        else:
            del self.fields["participation"]


class ReadForm(forms.Form):
    """Reading a contribution again: publish or not, mask, sort."""

    state = forms.ChoiceField(
        label="Décision", choices=ModerationState.choices, widget=forms.RadioSelect
    )
    reason = kit_forms.TextField(
        label="Motif, si elle n’est pas publiée",
        max_length=300,
        required=False,
        help_text="Insulte, mise en cause d’une personne, hors sujet… Elle compte quand même.",
    )
    shown = forms.CharField(
        label="Texte montré",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Remplacez par […] ce qui nomme ou fait reconnaître une personne. Le texte reçu "
        "est gardé jusqu’à la date d’effacement.",
    )
    themes = forms.ModelMultipleChoiceField(
        label="Thèmes",
        queryset=Theme.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "state": contribution.state,
            "reason": contribution.hidden_reason,
            "shown": contribution.words,
            "themes": list(contribution.themes.all()),
        }
        super().__init__(*args, **kwargs)
        own = contribution.procedure.themes.all()
        self.fields["themes"].queryset = own  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """To hide, one says why; what is shown is not empty."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("state") == ModerationState.HIDDEN and not data.get("reason"):
            self.add_error("reason", "Dites pourquoi cette contribution n’est pas publiée.")
        if data.get("state") == ModerationState.PUBLISHED and not (data.get("shown") or "").strip():
            self.add_error("shown", "Le texte montré est vide : remettez-le, ou ne publiez pas.")
        return data


class AnswerForm(forms.Form):
    """An answer, public or within the team. `n` are the numbers answered, « 1,4,9 »."""

    n = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Réponse", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8})
    )
    public = forms.BooleanField(
        label="Montrer cette réponse au public, avec les contributions publiées", required=False
    )

    def __init__(self, *args: Any, given: ContributionAnswer | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", initial_of(given, ("text", "public")))
        super().__init__(*args, **kwargs)
