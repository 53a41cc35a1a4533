"""Forms of the questionnaires' pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from restanque.core.files import check_upload
from restanque.kit.forms import TextField
from restanque.surveys.services.questionnaires import MAX_BYTES

ACCEPTED = ("xlsx", "xls", "csv")


class QuestionnaireForm(forms.Form):
    """What the team calls it, and why."""

    title = TextField(label="Titre", max_length=200)
    description = forms.CharField(
        label="Description",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Pour l’équipe : les répondants lisent le titre écrit dans le fichier.",
    )


class UploadForm(forms.Form):
    """The Excel file of a new version."""

    file = forms.FileField(
        label="Fichier Excel du questionnaire",
        help_text="Au format .xlsx, suivant la norme XLSForm. Au plus 5 Mo.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is not a workbook before reading it."""
        upload = self.cleaned_data["file"]
        if (upload.name or "").lower().endswith(".ods"):
            raise ValidationError(
                "Un fichier .ods n’est pas lu : dans LibreOffice, « Enregistrer sous », "
                "format « Excel 2007-365 (.xlsx) »."
            )
        check_upload(upload, extensions=ACCEPTED, max_bytes=MAX_BYTES)
        return upload
