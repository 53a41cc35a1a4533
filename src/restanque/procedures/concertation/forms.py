"""Forms of the ledger and of the public page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from restanque.kit import forms as kit_forms
from restanque.procedures.concertation.nomenclature import (
    MeansKind,
    MeansProof,
)
from restanque.procedures.concertation.services.pages import DOCUMENTS
from restanque.procedures.models import (
    Means,
    Modality,
    Procedure,
    ProcedureFact,
    PublicPage,
)

PROOF_FILE = forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"})
FILE_HELP = "PDF ou image, 10 Mo au plus."


def initial_of(instance: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """What a form opens with: the values of an instance, nothing without one."""
    return {name: getattr(instance, name) for name in names} if instance is not None else {}


class ModalityForm(forms.Form):
    """What the act announces, in its own words."""

    text = kit_forms.TextField(
        label="Ce qui est annoncé",
        max_length=500,
        help_text="Avec les mots de la délibération, par exemple « au moins trois réunions "
        "publiques réparties sur le territoire ».",
    )
    kind = forms.ChoiceField(label="Nature", choices=MeansKind.choices)
    quantity = kit_forms.IntegerField(
        label="Nombre annoncé",
        required=False,
        min_value=1,
        help_text="Le nombre au moins promis. Laissez vide si l’acte n’en donne pas.",
    )
    throughout = forms.BooleanField(
        label="Annoncé pour toute la durée de la concertation", required=False
    )
    act = forms.ModelChoiceField(
        label="Acte qui l’annonce",
        queryset=ProcedureFact.objects.none(),
        required=False,
        empty_label="Non précisé",
        help_text="Un fait enregistré de la procédure : sa pièce est la source.",
    )
    source = kit_forms.TextField(
        label="Endroit de l’acte",
        max_length=200,
        required=False,
        help_text="Article, page : « article 4, page 3 ».",
    )

    NAMES = ("text", "kind", "quantity", "throughout", "act", "source")

    def __init__(
        self, *args: Any, procedure: Procedure, modality: Modality | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", initial_of(modality, self.NAMES))
        super().__init__(*args, **kwargs)
        acts = ProcedureFact.objects.filter(procedure=procedure).select_related("procedure", "act")
        self.fields["act"].queryset = acts  # type: ignore[attr-defined]
        if modality is None:
            launch = procedure.engine_kind.launch
            self.initial.setdefault("act", acts.filter(step=launch).first())


class MeansForm(forms.Form):
    """Something done, or planned, and what proves it."""

    what = kit_forms.TextField(
        label="Ce qui est fait",
        max_length=300,
        help_text="« Réunion publique sur le projet d’aménagement stratégique ».",
    )
    kind = forms.ChoiceField(label="Nature", choices=MeansKind.choices)
    modalities = forms.ModelMultipleChoiceField(
        label="Modalités mises en œuvre",
        queryset=Modality.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    started_on = kit_forms.DateField(
        label="Date ou début", help_text="Une date à venir : le moyen est prévu, pas encore fait."
    )
    ended_on = kit_forms.DateField(label="Fin", required=False, help_text="Pour une période.")
    lasting = forms.BooleanField(
        label="Dure encore (registre ouvert, page en ligne…)", required=False
    )
    hours = kit_forms.TextField(
        label="Horaires", max_length=60, required=False, help_text="« 18 h 30 »."
    )
    place = kit_forms.TextField(
        label="Lieu ou support",
        max_length=200,
        required=False,
        help_text="Salle et commune, nom du journal, adresse de la page.",
    )
    count = kit_forms.IntegerField(
        label="Nombre",
        min_value=1,
        initial=1,
        help_text="Combien cette ligne en compte : trois articles, dix panneaux affichés.",
    )
    attendance = kit_forms.IntegerField(
        label="Participants",
        required=False,
        min_value=0,
        help_text="Laissez vide si personne n’a compté ; zéro si personne n’est venu.",
    )
    published = forms.BooleanField(
        label="Montrer dans le calendrier de la page publique", required=False
    )
    proof_kind = forms.ChoiceField(
        label="Preuve",
        choices=[("", "Rien ne le prouve pour l’instant"), *MeansProof.choices],
        required=False,
    )
    proof_reference = kit_forms.TextField(
        label="Référence de la preuve", max_length=200, required=False
    )
    proof = forms.FileField(label="Pièce", required=False, help_text=FILE_HELP, widget=PROOF_FILE)
    note = forms.CharField(
        label="Remarque",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Pour l’équipe et le bilan. Ne nommez pas les participants.",
    )

    NAMES = (
        "what", "kind", "started_on", "ended_on", "lasting", "hours", "place", "count",
        "attendance", "published", "proof_kind", "proof_reference", "note",
    )  # fmt: skip

    def __init__(
        self, *args: Any, procedure: Procedure, means: Means | None = None, **kwargs: Any
    ) -> None:
        if means is not None:
            kwargs["initial"] = initial_of(means, self.NAMES) | {
                "modalities": list(means.modalities.all())
            }
        super().__init__(*args, **kwargs)
        own = Modality.objects.filter(procedure=procedure)
        self.fields["modalities"].queryset = own  # type: ignore[attr-defined]
        if means is not None and means.proof:
            self.fields["proof"].help_text = f"« {means.proof_name} » est jointe. {FILE_HELP}"


class PageForm(forms.Form):
    """What the public page says, and until when personal data is kept."""

    title = kit_forms.TextField(label="Titre", max_length=150)
    slug = forms.SlugField(
        label="Adresse de la page",
        max_length=60,
        help_text="Lettres sans accent, chiffres et tirets : /concertation/adresse/.",
    )
    intro = forms.CharField(
        label="Présentation",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Ce que le public doit savoir en premier : l’objet, où en est le projet.",
    )
    contact_email = kit_forms.EmailField(
        label="Adresse de contact montrée", help_text="Celle d’un service, pas d’une personne."
    )
    takes_contributions = forms.BooleanField(label="Recevoir des contributions", required=False)
    contributions_until = kit_forms.DateField(
        label="Contributions reçues jusqu’au", required=False, help_text="Ce jour compris."
    )
    shows_contributions = forms.BooleanField(
        label="Montrer les contributions relues et publiées, sans nom", required=False
    )
    steps = forms.MultipleChoiceField(
        label="Étapes montrées au calendrier",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Avec leur date faite, ou la date visée. Rien d’autre de la procédure n’est "
        "montré.",
    )
    purge_on = kit_forms.DateField(
        label="Conservation des données personnelles jusqu’au",
        help_text="Noms, adresses et pièces jointes des contributeurs sont effacés ensuite ; les "
        "textes et les comptes restent. La notice le dit au public.",
    )

    NAMES = (
        "title", "slug", "intro", "contact_email", "takes_contributions", "contributions_until",
        "shows_contributions", "steps", "purge_on",
    )  # fmt: skip

    def __init__(
        self, *args: Any, procedure: Procedure, page: PublicPage | None = None, **kwargs: Any
    ) -> None:
        initial = initial_of(page, self.NAMES) or {
            "title": procedure.name,
            "slug": slugify(procedure.name)[:60],
            "contact_email": procedure.workspace.contact_email,
            "takes_contributions": True,
            "shows_contributions": True,
        }
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        steps = [(step.id, step.label) for step in procedure.engine_kind.ordered]
        self.fields["steps"].choices = steps  # type: ignore[attr-defined]
        if page is not None and page.opened:
            self.fields["slug"].help_text = "La page est ouverte : son adresse ne change plus."


class ThemesForm(forms.Form):
    """The list of themes."""

    names = forms.CharField(
        label="Thèmes, un par ligne",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Le public en choisit un ou plusieurs ; vous pouvez corriger son choix.",
    )

    def clean_names(self) -> list[str]:
        """One a line."""
        names: list[str] = self.cleaned_data["names"].splitlines()
        if any(len(name.strip()) > 80 for name in names):
            raise ValidationError("Un thème tient en 80 caractères.")
        return names


class DocumentForm(forms.Form):
    """A document to put online."""

    title = kit_forms.TextField(label="Titre", max_length=200)
    upload = forms.FileField(
        label="Fichier",
        help_text="PDF de préférence ; aussi Word, Excel, CSV, GeoJSON ou image, 50 Mo au plus. "
        "Vérifiez qu’il ne contient pas de données personnelles.",
        widget=forms.FileInput(attrs={"accept": ",".join(f".{one}" for one in DOCUMENTS)}),
    )
