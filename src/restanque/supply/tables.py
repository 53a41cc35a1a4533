"""Lists of the room: needs and offers, their columns and filters."""

from typing import Any

from restanque.kit import lists
from restanque.kit.text import format_number
from restanque.supply.models import (
    BakeryOffer,
    MillOffer,
    Need,
    NeedSource,
    PlatformOffer,
    Scenario,
    WheatOffer,
)
from restanque.supply.nomenclature import BreadClass

_SOURCES = {
    NeedSource.ANSWER: "fait",
    NeedSource.REGISTER: "cours",
    NeedSource.TYPED: "cours",
    NeedSource.ESTIMATE: "attente",
}


class NeedFilter(lists.FilterSet):
    """By place, class and source."""

    q = lists.SearchFilter(
        fields=["canteen__name_key", "canteen__commune__name_key"], codes=["canteen__commune__code"]
    )
    bread_class = lists.ChoiceFilter(label="Pain souhaité", choices=BreadClass.choices)
    source = lists.ChoiceFilter(label="Source", choices=NeedSource.choices)
    supplier = lists.ChoiceFilter(
        label="Fournisseur",
        choices=[("known", "Reconnu dans l’annuaire"), ("unknown", "Écrit, mais non reconnu")],
        method="by_supplier",
    )

    class Meta:
        model = Need
        fields = ["q", "bread_class", "source", "supplier"]

    def by_supplier(self, queryset: Any, name: str, value: str) -> Any:
        """Matched with the directory, or only written."""
        if value == "known":
            return queryset.filter(supplier__isnull=False)
        return queryset.filter(supplier__isnull=True).exclude(supplier_name="")


class NeedTable(lists.Table):
    """One line a need."""

    canteen = lists.Column(
        verbose_name="Cantine",
        order_by="canteen__name_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    commune = lists.Column(
        verbose_name="Commune",
        accessor="canteen__commune",
        order_by="canteen__commune__name_key",
    )
    bread_class = lists.Column(verbose_name="Pain souhaité")
    kg_per_day = lists.NumberColumn(verbose_name="kg par jour", decimals=1)
    interval = lists.Column(verbose_name="Intervalle", accessor="kg_low", orderable=False)
    price_per_kg = lists.NumberColumn(verbose_name="Prix actuel (€/kg HT)", decimals=2)
    supplier = lists.Column(
        verbose_name="Fournisseur actuel", accessor="supplier_name", orderable=False
    )
    contract_end = lists.DateColumn(verbose_name="Fin du contrat")
    source = lists.BadgeColumn(verbose_name="Source", kinds=_SOURCES)

    class Meta:
        model = Need
        fields = [
            "canteen", "commune", "bread_class", "kg_per_day", "interval", "price_per_kg",
            "supplier", "contract_end", "source",
        ]  # fmt: skip
        row_header = "canteen"
        hidden_by_default = ["contract_end"]
        order_by = "commune"

    def render_interval(self, record: Any) -> str:
        """« 8,0 à 14,5 », for an estimate only."""
        return f"{format_number(record.kg_low, 1)} à {format_number(record.kg_high, 1)}"

    value_interval = render_interval

    def render_supplier(self, record: Any) -> str:
        """The directory's name, else what was written."""
        return str(record.supplier) if record.supplier else f"{record.supplier_name} (non reconnu)"

    value_supplier = render_supplier


class BakeryFilter(lists.FilterSet):
    """By name, and what is known."""

    q = lists.SearchFilter(
        fields=["organisation__name_key", "organisation__commune__name_key"],
        codes=["organisation__siret"],
    )
    state = lists.ChoiceFilter(
        label="État",
        choices=[
            ("unknown", "Capacité inconnue"),
            ("placeholder", "Sans nom"),
            ("left", "Écartées des plans"),
        ],
        method="by_state",
    )

    class Meta:
        model = BakeryOffer
        fields = ["q", "state"]

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        """What wants work, or was left out."""
        if value == "left":
            return queryset.filter(active=False)
        if value == "placeholder":
            return queryset.filter(organisation__isnull=True)
        return queryset.filter(capacity_kg_per_day__isnull=True)


class BakeryTable(lists.Table):
    """One line a bakery."""

    organisation = lists.Column(
        verbose_name="Boulangerie",
        accessor="pk",
        order_by="organisation__name_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    commune = lists.Column(
        verbose_name="Commune", empty_values=(), order_by="organisation__commune__name_key"
    )
    capacity_kg_per_day = lists.NumberColumn(verbose_name="Capacité (kg/jour)", decimals=0)
    radius_km = lists.NumberColumn(verbose_name="Rayon (km)", decimals=0)
    classes = lists.Column(verbose_name="Pains", accessor="pk", orderable=False)
    willing = lists.BooleanColumn(verbose_name="Intéressée")
    active = lists.BooleanColumn(verbose_name="Dans les plans")
    observed_on = lists.DateColumn(verbose_name="Constaté le")

    class Meta:
        model = BakeryOffer
        fields = [
            "organisation", "commune", "capacity_kg_per_day", "radius_km", "classes", "willing",
            "active", "observed_on",
        ]  # fmt: skip
        row_header = "organisation"
        order_by = "organisation"

    def render_organisation(self, record: Any) -> str:
        """Its name, or the words of a placeholder."""
        return str(record)

    value_organisation = render_organisation

    def render_commune(self, record: Any) -> str:
        """Where it is."""
        return str(record.commune or "–")

    value_commune = render_commune

    def render_classes(self, record: Any) -> str:
        """The classes it makes."""
        return ", ".join(str(one) for one in record.prices.all()) or "–"

    value_classes = render_classes


class MillFilter(lists.FilterSet):
    """By name and place."""

    q = lists.SearchFilter(fields=["organisation__name_key", "organisation__commune__name_key"])

    class Meta:
        model = MillOffer
        fields = ["q"]


class MillTable(lists.Table):
    """One line a mill."""

    organisation = lists.Column(
        verbose_name="Moulin",
        order_by="organisation__name_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    commune = lists.Column(
        verbose_name="Commune",
        accessor="organisation__commune",
        order_by="organisation__commune__name_key",
    )
    capacity_kg_per_day = lists.NumberColumn(verbose_name="Farine (kg/jour)", decimals=0)
    flours = lists.Column(verbose_name="Farines", accessor="pk", orderable=False)
    active = lists.BooleanColumn(verbose_name="Dans les plans")

    class Meta:
        model = MillOffer
        fields = ["organisation", "commune", "capacity_kg_per_day", "flours", "active"]
        row_header = "organisation"
        order_by = "organisation"

    def render_flours(self, record: Any) -> str:
        """The classes it sells."""
        return ", ".join(str(one) for one in record.flours.all()) or "–"

    value_flours = render_flours


class PlatformFilter(lists.FilterSet):
    """By name and place."""

    q = lists.SearchFilter(fields=["organisation__name_key", "organisation__commune__name_key"])

    class Meta:
        model = PlatformOffer
        fields = ["q"]


class PlatformTable(lists.Table):
    """One line a platform."""

    organisation = lists.Column(
        verbose_name="Plateforme",
        order_by="organisation__name_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    commune = lists.Column(
        verbose_name="Commune",
        accessor="organisation__commune",
        order_by="organisation__commune__name_key",
    )
    capacity_kg_per_day = lists.NumberColumn(verbose_name="Pain transporté (kg/jour)", decimals=0)
    radius_km = lists.NumberColumn(verbose_name="Rayon (km)", decimals=0)
    fee_per_kg = lists.NumberColumn(verbose_name="Coût (€/kg HT)", decimals=2)
    observed_on = lists.DateColumn(verbose_name="Constaté le")

    class Meta:
        model = PlatformOffer
        fields = [
            "organisation", "commune", "capacity_kg_per_day", "radius_km", "fee_per_kg",
            "observed_on",
        ]  # fmt: skip
        row_header = "organisation"
        order_by = "organisation"


class WheatFilter(lists.FilterSet):
    """By class and place."""

    q = lists.SearchFilter(fields=["commune__name_key"])
    bread_class = lists.ChoiceFilter(label="Classe", choices=BreadClass.choices)

    class Meta:
        model = WheatOffer
        fields = ["q", "bread_class"]


class WheatTable(lists.Table):
    """One line a zone and class."""

    name = lists.Column(
        verbose_name="Zone ou coopérative", linkify=lambda record: record.get_absolute_url()
    )
    bread_class = lists.Column(verbose_name="Classe")
    commune = lists.Column(verbose_name="Commune", order_by="commune__name_key")
    hectares = lists.NumberColumn(verbose_name="Hectares", decimals=0)
    yield_t_per_ha = lists.NumberColumn(verbose_name="Rendement (t/ha)", decimals=1)
    active = lists.BooleanColumn(verbose_name="Dans les plans")

    class Meta:
        model = WheatOffer
        fields = ["name", "bread_class", "commune", "hectares", "yield_t_per_ha", "active"]
        row_header = "name"
        order_by = "name"


class ScenarioFilter(lists.FilterSet):
    """Archived or not."""

    q = lists.SearchFilter(fields=["name_key"])
    state = lists.ChoiceFilter(
        label="État", choices=[("archived", "Archivés")], method="chosen_by_the_view"
    )

    class Meta:
        model = Scenario
        fields = ["q", "state"]

    def chosen_by_the_view(self, queryset: Any, name: str, value: str) -> Any:
        """The view reads it: archived scenarios show only when asked for."""
        return queryset


class ScenarioTable(lists.Table):
    """One line a scenario."""

    name = lists.Column(
        verbose_name="Scénario",
        order_by="name_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    description = lists.Column(verbose_name="Question", orderable=False)
    created_at = lists.DateTimeColumn(verbose_name="Créé le")

    class Meta:
        model = Scenario
        fields = ["name", "description", "created_at"]
        row_header = "name"
        order_by = "name"
