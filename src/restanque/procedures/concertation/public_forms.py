"""The form that anybody fills, without account nor script."""

from typing import Any

from django import forms

from restanque.kit import forms as kit_forms
from restanque.procedures.concertation.services.contributions import ATTACHMENTS, HEAVIEST, tidy
from restanque.procedures.models import Procedure, Theme
from restanque.procedures.models.contributions import LONGEST


class ContributionForm(forms.Form):
    """What one has to say; who one is only if one wishes."""

    text = forms.CharField(
        label="Votre contribution",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="10 000 caractères au plus. Ne nommez personne : une contribution publiée est "
        "lue par tous.",
    )
    themes = forms.ModelMultipleChoiceField(
        label="Thèmes",
        queryset=Theme.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    person_name = kit_forms.TextField(
        label="Votre nom",
        max_length=120,
        required=False,
        help_text="Jamais montré au public.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    person_email = kit_forms.EmailField(
        label="Votre adresse électronique",
        required=False,
        help_text="Pour que l’équipe puisse vous écrire. Jamais montrée au public.",
    )
    attachment = forms.FileField(
        label="Une pièce jointe",
        required=False,
        help_text="PDF ou photo (JPG, PNG), 5 Mo au plus. Lue par l’équipe, elle n’est pas "
        "publiée. Si la page revient avec une erreur, choisissez-la de nouveau.",
        widget=forms.FileInput(attrs={"accept": ",".join(f".{one}" for one in ATTACHMENTS)}),
    )

    def __init__(self, *args: Any, procedure: Procedure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = procedure.themes.all()
        if own:
            self.fields["themes"].queryset = own  # type: ignore[attr-defined]
        else:
            del self.fields["themes"]

    def clean_text(self) -> str:
        """Words, not only signs that nobody sees."""
        text = tidy(self.cleaned_data["text"])
        if not any(character.isalnum() for character in text):
            raise forms.ValidationError("Écrivez votre contribution.")
        return text

    def clean_attachment(self) -> Any:
        """Too heavy is said before anything is kept."""
        upload = self.cleaned_data.get("attachment")
        if upload is not None and (upload.size or 0) > HEAVIEST:
            raise forms.ValidationError("Ce fichier pèse plus de 5 Mo : réduisez-le.")
        return upload
