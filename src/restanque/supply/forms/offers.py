"""Forms of needs and offers."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from restanque.accounts.models import Membership
from restanque.directory.forms import CommuneField, OrganisationField
from restanque.directory.models import Canteen, Organisation
from restanque.directory.nomenclature import Kind
from restanque.kit import forms as kit_forms
from restanque.supply.models import BakeryOffer, MillOffer, Need, PlatformOffer, WheatOffer
from restanque.supply.nomenclature import BreadClass, Weekday
from restanque.supply.services.offers import Proposed
from restanque.surveys.models import Campaign
from restanque.territories.models import Commune, Territory


class _DaysField(forms.MultipleChoiceField):
    """Days of the week, as boxes."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            choices=Weekday.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Rien de coché : inconnu.",
        )


def _price(label: str) -> kit_forms.DecimalField:
    return kit_forms.DecimalField(label=label, required=False, min_value=Decimal(0))


def _kilos(label: str, **options: Any) -> kit_forms.DecimalField:
    return kit_forms.DecimalField(label=label, min_value=Decimal(0), **options)


class _HoursForm(forms.Form):
    """Days and hours of delivery, on both sides."""

    delivery_days = _DaysField("Jours de livraison")
    delivery_from = forms.TimeField(
        label="Livraison dès", required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    delivery_until = forms.TimeField(
        label="Livraison avant", required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )


class NeedForm(_HoursForm):
    """A need, typed or corrected."""

    canteen: forms.ModelChoiceField[Canteen] = forms.ModelChoiceField(
        label="Cantine", queryset=Canteen.objects.none()
    )
    bread_class = forms.ChoiceField(label="Pain souhaité", choices=BreadClass.choices)
    kg_per_day = _kilos(
        "Kilos par jour de service",
        required=False,
        help_text="Vide : calculés d’après les repas et la portion.",
    )
    days_per_year = kit_forms.IntegerField(
        label="Jours de service par an",
        required=False,
        min_value=1,
        max_value=366,
        help_text="Vide : inconnus ; le calendrier scolaire peut les donner.",
    )
    meals_per_day = kit_forms.IntegerField(
        label="Repas par jour",
        required=False,
        min_value=0,
        help_text="Vide : ceux du registre ma-cantine, s’il les connaît.",
    )
    portion_g = kit_forms.IntegerField(
        label="Portion servie (g par repas)", required=False, min_value=1, max_value=500
    )
    today_class = forms.ChoiceField(
        label="Pain acheté aujourd’hui",
        choices=[("", "Inconnu"), *BreadClass.choices],
        required=False,
    )
    price_per_kg = _price("Prix actuel (€/kg HT)")
    supplier = OrganisationField(
        label="Fournisseur actuel", required=False, help_text="Une organisation de l’annuaire."
    )
    contract_end = kit_forms.DateField(label="Fin du contrat", required=False)
    max_price = _price("Prix accepté, au plus (€/kg HT)")
    max_suppliers = kit_forms.IntegerField(
        label="Fournisseurs acceptés, au plus", required=False, min_value=1
    )
    active = forms.BooleanField(label="Compter ce besoin dans les plans", required=False)
    note = forms.CharField(label="Remarque", required=False, widget=forms.Textarea({"rows": 3}))
    field_order = (
        "canteen", "bread_class", "kg_per_day", "days_per_year", "meals_per_day", "portion_g",
        "today_class",
        "price_per_kg", "supplier", "contract_end", "max_price", "max_suppliers", "delivery_days",
        "delivery_from", "delivery_until", "active", "note",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        canteens: QuerySet[Canteen],
        suppliers: QuerySet[Organisation],
        need: Need | None = None,
        **kwargs: Any,
    ) -> None:
        names = [name for name in self.field_order if name != "canteen"]
        kwargs["initial"] = (
            {name: getattr(need, name) for name in names} if need else {"active": True}
        )
        super().__init__(*args, **kwargs)
        self.fields["supplier"].queryset = suppliers  # type: ignore[attr-defined]
        if need is None:
            self.fields["canteen"].queryset = canteens  # type: ignore[attr-defined]
        else:
            del self.fields["canteen"]
            self.fields["kg_per_day"].required = True
            self.fields["kg_per_day"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """Kilos, or a portion to deduce them from."""
        data = super().clean() or {}
        if data.get("kg_per_day") is None and not data.get("portion_g"):
            self.add_error(
                "kg_per_day", "Donnez les kilos par jour, ou la portion servie à chaque repas."
            )
        return data


class DrawForm(forms.Form):
    """From which campaign needs are drawn."""

    campaign: forms.ModelChoiceField[Campaign] = forms.ModelChoiceField(
        label="Campagne", queryset=Campaign.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, campaigns: QuerySet[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]


class _ClassesForm(forms.Form):
    """What is proposed, class by class: a box and a price each."""

    price_label = "Prix (€/kg HT)"

    def __init__(self, *args: Any, proposed: dict[str, Decimal | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in BreadClass.choices:
            self.fields[f"makes_{code}"] = forms.BooleanField(
                label=label, required=False, initial=code in proposed
            )
            self.fields[f"price_{code}"] = kit_forms.DecimalField(
                label=f"{label} : {self.price_label.lower()}",
                required=False,
                min_value=Decimal(0),
                initial=proposed.get(code),
            )

    def clean(self) -> dict[str, Any]:
        """A price without its box ticked would be lost: it ticks it."""
        data = super().clean() or {}
        if not self.proposals(data):
            raise ValidationError("Cochez au moins une classe.")
        return data

    def proposals(self, data: dict[str, Any]) -> list[Proposed]:
        """The classes kept, with their prices."""
        return [
            Proposed(BreadClass(code), data.get(f"price_{code}"))
            for code in BreadClass.values
            if data.get(f"makes_{code}") or data.get(f"price_{code}") is not None
        ]


class BakeryForm(_ClassesForm, _HoursForm):
    """What a bakery offers."""

    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label="Boulangerie de l’annuaire", queryset=Organisation.objects.none()
    )
    capacity_kg_per_day = _kilos("Pain possible pour les cantines (kg/jour)", required=False)
    min_order_kg = _kilos("Commande minimale (kg/jour)", required=False)
    radius_km = _kilos("Rayon de livraison (km)", required=False)
    closing_days = _DaysField("Jours de fermeture")
    payment_delay_days = kit_forms.IntegerField(
        label="Délai de paiement accepté (jours)", required=False, min_value=0
    )
    mill = OrganisationField(label="Moulin actuel", required=False)
    willing = forms.TypedChoiceField(
        label="Intéressée par les cantines",
        choices=[("", "On ne sait pas"), ("oui", "Oui"), ("non", "Non")],
        coerce=lambda text: text == "oui",
        empty_value=None,
        required=False,
    )
    field_order = (
        "organisation", "capacity_kg_per_day", "min_order_kg", "radius_km", "delivery_days",
        "delivery_from", "delivery_until", "closing_days", "payment_delay_days", "mill", "willing",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        bakeries: QuerySet[Organisation],
        mills: QuerySet[Organisation],
        offer: BakeryOffer | None = None,
        **kwargs: Any,
    ) -> None:
        proposed: dict[str, Decimal | None] = {}
        if offer is not None:
            names = [name for name in self.field_order if name != "organisation"]
            initial = {name: getattr(offer, name) for name in names}
            initial["willing"] = {True: "oui", False: "non", None: ""}[offer.willing]
            kwargs["initial"] = initial
            proposed = {one.bread_class: one.price_per_kg for one in offer.prices.all()}
        super().__init__(*args, proposed=proposed, **kwargs)
        self.fields["mill"].queryset = mills  # type: ignore[attr-defined]
        if offer is None:
            self.fields["organisation"].queryset = bakeries  # type: ignore[attr-defined]
        else:
            del self.fields["organisation"]

    def values(self) -> dict[str, Any]:
        """The offer's own fields, as the service takes them."""
        data = self.cleaned_data
        return {name: data[name] for name in self.field_order if name in data}


class PlaceholderForm(forms.Form):
    """Bakeries known by their number only."""

    commune = CommuneField()
    count = kit_forms.IntegerField(
        label="Nombre de boulangeries",
        min_value=0,
        max_value=500,
        help_text="Zéro les retire des plans.",
    )
    source = kit_forms.TextField(
        label="D’où vient ce nombre", max_length=200, help_text="Par exemple : INSEE, BPE 2024."
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].membership = membership  # type: ignore[attr-defined]


class MillForm(_ClassesForm):
    """What a mill offers."""

    price_label = "Prix de la farine (€/kg HT)"
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label="Moulin de l’annuaire", queryset=Organisation.objects.none()
    )
    capacity_kg_per_day = _kilos("Farine possible pour les cantines (kg/jour)", required=False)
    extraction = kit_forms.DecimalField(
        label="Taux d’extraction",
        required=False,
        min_value=Decimal("0.3"),
        max_value=Decimal(1),
        help_text="Kilos de farine pour un kilo de blé, par exemple 0,78.",
    )
    active = forms.BooleanField(label="Compter ce moulin dans les plans", required=False)

    def __init__(
        self,
        *args: Any,
        mills: Sequence[Organisation] | QuerySet[Organisation],
        offer: MillOffer | None = None,
        **kwargs: Any,
    ) -> None:
        proposed: dict[str, Decimal | None] = {}
        kwargs["initial"] = {"active": True}
        if offer is not None:
            names = ("capacity_kg_per_day", "extraction", "active")
            kwargs["initial"] = {name: getattr(offer, name) for name in names}
            proposed = {one.bread_class: one.price_per_kg for one in offer.flours.all()}
        super().__init__(*args, proposed=proposed, **kwargs)
        if offer is None:
            self.fields["organisation"].queryset = mills  # type: ignore[attr-defined]
        else:
            del self.fields["organisation"]


class PlatformForm(forms.Form):
    """What a platform says it can carry."""

    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label="Plateforme de l’annuaire", queryset=Organisation.objects.none()
    )
    capacity_kg_per_day = _kilos("Pain transporté (kg/jour)", required=False)
    radius_km = _kilos("Rayon de livraison (km)", required=False)
    fee_per_kg = _price("Coût du service (€/kg HT)")
    delivery_days = _DaysField("Jours de livraison")
    note = forms.CharField(
        label="Remarque",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Qui elle groupe, pour qui elle livre, à quelles conditions.",
    )

    def __init__(
        self,
        *args: Any,
        platforms: QuerySet[Organisation],
        offer: PlatformOffer | None = None,
        **kwargs: Any,
    ) -> None:
        if offer is not None:
            names = [name for name in self.base_fields if name != "organisation"]
            kwargs["initial"] = {name: getattr(offer, name) for name in names}
        super().__init__(*args, **kwargs)
        if offer is None:
            self.fields["organisation"].queryset = platforms  # type: ignore[attr-defined]
        else:
            del self.fields["organisation"]


class WheatForm(forms.ModelForm[WheatOffer]):
    """Wheat of one class in one zone."""

    commune = CommuneField(label="Commune au centre de la zone")
    hectares = kit_forms.DecimalField(label="Hectares", min_value=Decimal("0.1"))
    yield_t_per_ha = kit_forms.DecimalField(
        label="Rendement (t/ha)", min_value=Decimal("0.1"), max_value=Decimal(20)
    )
    price_per_t = kit_forms.DecimalField(label="Prix (€/t)", required=False, min_value=Decimal(0))

    class Meta:
        model = WheatOffer
        fields = (
            "name", "commune", "bread_class", "hectares", "yield_t_per_ha", "price_per_t", "active",
        )  # fmt: skip

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].membership = membership  # type: ignore[attr-defined]


def bakeries_without_offer(territory: Territory) -> QuerySet[Organisation]:
    """Bakeries of the directory that have no offer yet on this territory."""
    return _without(territory, Kind.BAKERY, BakeryOffer.objects.filter(territory=territory))


def mills_without_offer(territory: Territory) -> QuerySet[Organisation]:
    """Mills of the directory that have no offer yet on this territory."""
    return _without(territory, Kind.MILL, MillOffer.objects.filter(territory=territory))


def platforms_without_offer(territory: Territory) -> QuerySet[Organisation]:
    """Platforms of the directory that have no offer yet on this territory."""
    return _without(territory, Kind.PLATFORM, PlatformOffer.objects.filter(territory=territory))


def _without(territory: Territory, kind: Kind, offers: QuerySet[Any]) -> QuerySet[Organisation]:
    done = offers.filter(organisation__isnull=False).values("organisation")
    return (
        Organisation.objects.active()
        .filter(workspace=territory.workspace, kind=kind)
        .exclude(pk__in=done)
        .order_by("name_key", "pk")
    )


def canteens_of(territory: Territory, communes: QuerySet[Commune]) -> QuerySet[Canteen]:
    """Canteens of the territory's communes."""
    return (
        Canteen.objects.active()
        .filter(workspace=territory.workspace, commune__in=communes)
        .order_by("name_key", "pk")
    )
