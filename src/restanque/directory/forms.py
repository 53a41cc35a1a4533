"""Forms of the directory's pages."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.directory.models import Canteen, Certification, Contact, Organisation, Tag
from restanque.directory.nomenclature import Sector, Sign
from restanque.directory.perms import can_place_in
from restanque.kit import forms as kit_forms
from restanque.kit.text import clean, search_key
from restanque.territories.models import Commune
from restanque.territories.resolve import resolve_commune

MAX_PROOF = "PDF ou image, 10 Mo au plus."
# Proposed for a new contact; the team decides, and may push the date back after an exchange.
CONTACT_YEARS = 3

_NUMBER = re.compile(r"\(n°\s*([0-9]{1,18})\)\s*$")


def commune_label(commune: Commune) -> str:
    """« Arles (13004) », as the commune field shows and reads it."""
    return f"{commune.name} ({commune.pk})"


def organisation_label(organisation: Organisation) -> str:
    """« Mairie d’Arles (n° 12) », as the organisation field shows and reads it."""
    return f"{organisation.name} (n° {organisation.pk})"


class CommuneField(kit_forms.TextField):
    """A commune typed by name, INSEE code or postal code; the browser offers the usual ones."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Commune")
        kwargs.setdefault("help_text", "Nom, code INSEE ou code postal.")
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"list": "communes", "autocomplete": "off"})
        )
        super().__init__(**kwargs)
        self.membership: Membership | None = None

    def prepare_value(self, value: Any) -> Any:
        """The label of a commune, or what was typed."""
        if isinstance(value, Commune):
            return commune_label(value)
        if value and _is_known_code(value):
            return commune_label(Commune.objects.get(pk=value))
        return value

    def clean(self, value: Any) -> Commune | None:
        """The commune, which the member must cover."""
        typed = super().clean(value)
        commune = self._resolve(typed) if typed else None
        if self.membership is not None and not can_place_in(self.membership, commune):
            raise ValidationError(
                "Choisissez une commune d’un territoire que vous suivez.", code="not_covered"
            )
        return commune

    def _resolve(self, typed: str) -> Commune:
        found = resolve_commune(typed)
        if found.commune is None:
            raise ValidationError(found.message, code="unknown_commune")
        return found.commune


def _is_known_code(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 5 and Commune.objects.filter(pk=value).exists()


class OrganisationField(kit_forms.TextField):
    """An organisation of the directory typed by its name; the browser offers them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"})
        )
        super().__init__(**kwargs)
        self.queryset: QuerySet[Organisation] = Organisation.objects.none()

    def prepare_value(self, value: Any) -> Any:
        """The label of an organisation, or what was typed."""
        if isinstance(value, Organisation):
            return organisation_label(value)
        if isinstance(value, int):
            known = self.queryset.filter(pk=value).first()
            return organisation_label(known) if known else ""
        return value

    def clean(self, value: Any) -> Organisation | None:
        """The organisation, among those the member may see."""
        typed = super().clean(value)
        if not typed:
            return None
        number = _NUMBER.search(typed)
        if number:
            found = list(self.queryset.filter(pk=number[1]))
        else:
            found = list(self.queryset.filter(name_key=search_key(typed))[:2])
        if len(found) != 1:
            raise ValidationError(
                f"« {typed} » : choisissez une organisation de la liste proposée."
                if not found
                else f"Plusieurs organisations s’appellent « {typed} » : choisissez dans la liste.",
                code="unknown_organisation",
            )
        return found[0]


def dated_silence(data: dict[str, Any]) -> dict[str, Any]:
    """Date a wish for silence today when no date is typed; forget both when it is taken back."""
    if not data.get("do_not_contact"):
        data["do_not_contact_on"], data["do_not_contact_reason"] = None, ""
    elif not data.get("do_not_contact_on"):
        data["do_not_contact_on"] = timezone.localdate()
    return data


class SiretField(kit_forms.TextField):
    """A number pasted with or without its spaces; the service checks its key."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=kwargs.pop("label", "SIRET"),
            help_text=kwargs.pop("help_text", "14 chiffres, avec ou sans espaces."),
            required=False,
            max_length=30,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            **kwargs,
        )


class OrganisationForm(forms.ModelForm[Organisation]):
    """Identity of an organisation."""

    siret = SiretField()
    commune = CommuneField(required=False)
    parent = OrganisationField(
        label="Rattachée à",
        required=False,
        help_text="Le siège d’un prestataire, la coopérative d’un producteur…",
    )
    phone = kit_forms.TelephoneField(label="Téléphone", required=False)
    website = forms.URLField(label="Site", required=False, max_length=300, assume_scheme="https")
    longitude = kit_forms.DecimalField(label="Longitude", required=False)
    latitude = kit_forms.DecimalField(label="Latitude", required=False)
    checked_on = kit_forms.DateField(
        label="Vérifiée le",
        required=False,
        help_text="Dernière fois que quelqu’un s’est assuré que la fiche est juste.",
    )
    purge_on = kit_forms.DateField(
        label="À effacer le",
        required=False,
        help_text="Pour une entreprise individuelle : ce jour-là ses données sont effacées, sauf "
        "si vous repoussez la date.",
    )
    do_not_contact_on = kit_forms.DateField(label="Demandé le", required=False)
    new_tags = kit_forms.TextField(
        label="Nouvelles étiquettes", required=False, help_text="Séparées par des virgules."
    )

    class Meta:
        model = Organisation
        fields = (
            "kind", "name", "siret", "commune", "address", "postal_code", "phone", "email",
            "website", "opening_hours", "longitude", "latitude", "parent", "tags", "new_tags",
            "is_sole_trader", "purpose", "purge_on", "do_not_contact", "do_not_contact_on",
            "do_not_contact_reason", "source", "checked_on", "notes",
        )  # fmt: skip
        widgets = {
            "opening_hours": forms.Textarea(attrs={"rows": 3}),
            "notes": forms.Textarea(attrs={"rows": 4}),
            "tags": forms.CheckboxSelectMultiple(),
        }

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Organisation.objects.visible_to(membership).active()
        _commune_field(self).membership = membership
        parent = cast(OrganisationField, self.fields["parent"])
        parent.queryset = visible.exclude(pk=self.instance.pk)
        tags = cast("forms.ModelMultipleChoiceField[Tag]", self.fields["tags"])
        tags.queryset = Tag.objects.filter(workspace=membership.workspace)
        if not tags.queryset.exists():
            del self.fields["tags"]

    def clean(self) -> dict[str, Any]:
        """A wish for silence has a date: today when none is typed."""
        return dated_silence(super().clean() or self.cleaned_data)

    def clean_new_tags(self) -> list[str]:
        """The names typed, without empties."""
        return [name for part in self.cleaned_data["new_tags"].split(",") if (name := clean(part))]

    def _post_clean(self) -> None:
        """Nothing: the service assigns, cleans and checks, so the instance stays as it was."""


class ContactForm(forms.ModelForm[Contact]):
    """A person or a service, with why it is kept and until when."""

    phone = kit_forms.TelephoneField(label="Téléphone", required=False)
    purge_on = kit_forms.DateField(
        label="À effacer le",
        required=False,
        help_text="Ce jour-là le contact est effacé, historique compris, sauf si vous repoussez la "
        "date. Proposé : trois ans.",
    )
    consent_on = kit_forms.DateField(
        label="Accord donné le",
        required=False,
        help_text="Si la personne a dit oui. Vide si elle est contactée au titre de sa fonction.",
    )
    do_not_contact_on = kit_forms.DateField(label="Demandé le", required=False)

    class Meta:
        model = Contact
        fields = (
            "full_name", "function", "email", "phone", "is_personal", "purpose", "purge_on",
            "consent_on", "do_not_contact", "do_not_contact_on", "do_not_contact_reason",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            today = timezone.localdate()
            self.initial["purge_on"] = today + timedelta(days=365 * CONTACT_YEARS)

    def clean(self) -> dict[str, Any]:
        """A wish for silence has a date: today when none is typed."""
        data = dated_silence(super().clean() or self.cleaned_data)
        if data.get("is_personal"):
            for field, sentence in (
                ("purpose", "Pour une personne, dites pourquoi ses coordonnées sont gardées."),
                ("purge_on", "Pour une personne, dites quand ses coordonnées seront effacées."),
            ):
                if not data.get(field) and field not in self.errors:
                    self.add_error(field, sentence)
        return data

    def _post_clean(self) -> None:
        """Nothing: the service assigns, cleans and checks, so the instance stays as it was."""


class CanteenForm(forms.ModelForm[Canteen]):
    """A canteen, in ma-cantine's terms."""

    siret = SiretField()
    siren_unite_legale = SiretField(
        label="SIREN de l’unité légale",
        help_text="Seulement quand la cantine n’a pas de SIRET à elle.",
    )
    central_producer_siret = SiretField(
        label="SIRET de la cuisine centrale", help_text="Pour un restaurant satellite."
    )
    commune = CommuneField(required=False)
    organisation = OrganisationField(
        label="Organisation responsable",
        required=False,
        help_text="Qui en répond : la mairie pour une école, l’établissement pour un collège.",
    )
    sector_list = forms.MultipleChoiceField(
        label="Secteurs",
        required=False,
        choices=Sector.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Trois au plus, comme sur ma-cantine.",
    )
    daily_meal_count = kit_forms.IntegerField(
        label="Repas par jour", required=False, min_value=0, help_text="En moyenne."
    )
    yearly_meal_count = kit_forms.IntegerField(
        label="Repas par an", required=False, min_value=0, help_text="En moyenne."
    )
    ma_cantine_id = kit_forms.IntegerField(label="Numéro ma-cantine", required=False, min_value=1)
    longitude = kit_forms.DecimalField(label="Longitude", required=False)
    latitude = kit_forms.DecimalField(label="Latitude", required=False)
    checked_on = kit_forms.DateField(label="Vérifiée le", required=False)

    class Meta:
        model = Canteen
        fields = (
            "name", "organisation", "commune", "address", "siret", "siren_unite_legale",
            "ma_cantine_id", "sector_list", "management_type", "production_type",
            "economic_model", "central_producer_siret", "line_ministry", "daily_meal_count",
            "yearly_meal_count", "longitude", "latitude", "source", "checked_on", "notes",
        )  # fmt: skip
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _commune_field(self).membership = membership
        owner = cast(OrganisationField, self.fields["organisation"])
        owner.queryset = Organisation.objects.visible_to(membership).active()
        self.initial["sector_list"] = [sector.value for sector in self.instance.sectors]
        if self.instance.whole_commune:
            for name in ("organisation", "commune", "siret", "siren_unite_legale", "ma_cantine_id"):
                del self.fields[name]

    def clean_sector_list(self) -> str:
        """The codes as the table keeps them; three at most."""
        codes: Sequence[str] = self.cleaned_data["sector_list"]
        if len(codes) > 3:
            raise ValidationError(f"Trois secteurs au plus : vous en avez coché {len(codes)}.")
        return ",".join(codes)

    def _post_clean(self) -> None:
        """Nothing: the service assigns, cleans and checks, so the instance stays as it was."""


class CertificationForm(forms.ModelForm[Certification]):
    """A certificate and its proof."""

    sign = forms.ChoiceField(label="Signe", choices=Sign.choices)
    valid_from = kit_forms.DateField(label="Valable du", required=False)
    valid_to = kit_forms.DateField(label="Au", required=False)
    # The page names the proof already there and leads to it: the stored path is nobody's business.
    proof = forms.FileField(
        label="Preuve", required=False, help_text=MAX_PROOF, widget=forms.FileInput
    )

    class Meta:
        model = Certification
        fields = (
            "sign", "certificate_number", "body", "scope", "valid_from", "valid_to", "proof",
        )  # fmt: skip

    def _post_clean(self) -> None:
        """Nothing: the service assigns, cleans and checks, so the instance stays as it was."""


class TagForm(forms.Form):
    """Put a tag on the organisations ticked in the list."""

    existing = forms.ModelChoiceField(
        label="Étiquette", queryset=Tag.objects.none(), required=False, empty_label="Nouvelle…"
    )
    name = kit_forms.TextField(label="Nouvelle étiquette", max_length=80, required=False)
    is_brand = forms.BooleanField(
        label="c’est une marque",
        required=False,
        help_text="Une marque (« Lou Pan d’Ici ») n’est pas un signe officiel de qualité.",
    )
    remove = forms.BooleanField(label="retirer l’étiquette au lieu de la poser", required=False)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        existing = cast("forms.ModelChoiceField[Tag]", self.fields["existing"])
        existing.queryset = Tag.objects.filter(workspace=membership.workspace)

    def clean(self) -> dict[str, Any]:
        """One tag, chosen or named."""
        data = super().clean() or self.cleaned_data
        if not data.get("existing") and not data.get("name"):
            raise ValidationError("Choisissez une étiquette, ou nommez-en une nouvelle.")
        return data


def _commune_field(form: forms.ModelForm[Any]) -> CommuneField:
    return cast(CommuneField, form.fields["commune"])
