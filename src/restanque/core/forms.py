"""Forms of the room's pages."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from restanque.core import files
from restanque.core.imports import Importer
from restanque.core.models import SavedView
from restanque.kit.forms import TextField, style_widget


class UploadForm(forms.Form):
    """The file to import, and what the importer asks beside it."""

    file = forms.FileField(
        label="Fichier",
        help_text="Excel, LibreOffice ou CSV, 10 Mo au plus.",
        widget=forms.FileInput,
    )

    def __init__(
        self, *args: Any, importer: Importer, context_fields: dict[str, forms.Field], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.importer = importer
        self.context_names = list(context_fields)
        self.fields = {**context_fields, **self.fields}
        accepted = ",".join(f".{extension}" for extension in importer.formats)
        self.fields["file"].widget.attrs["accept"] = accepted
        for field in self.fields.values():
            style_widget(field.widget)

    def clean_file(self) -> "UploadedFile[Any]":
        """Size, extension and first bytes; the content is read afterwards."""
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        files.check_upload(upload, extensions=self.importer.formats)
        return upload

    @property
    def context(self) -> dict[str, Any]:
        """What was chosen beside the file."""
        return {name: self.cleaned_data[name] for name in self.context_names}


class SavedViewForm(forms.ModelForm[SavedView]):
    """Name a list's present filters."""

    name = TextField(label="Nom de la vue", max_length=80)

    class Meta:
        model = SavedView
        fields = ("list_key", "name", "query", "shared")
        widgets = {"list_key": forms.HiddenInput, "query": forms.HiddenInput}
        labels = {"shared": "La partager avec l’équipe"}
