"""The list of a territory's communes."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.html import format_html
from django.utils.safestring import SafeString

from restanque.kit import links, lists
from restanque.kit.lists.filters import NO_MATTER
from restanque.territories.models import (
    Commune,
    Departement,
    Epci,
    Territory,
    ZoneCommune,
)
from restanque.territories.sizes import BY_CODE, SIZE_CLASSES

NO_ZONE = "none"


def with_zone(communes: QuerySet[Commune], territory: Territory) -> QuerySet[Commune]:
    """Annotate `zone_name`, the commune's zone in the territory, or None."""
    mine = ZoneCommune.objects.filter(territory=territory, commune=OuterRef("pk"))
    return communes.annotate(zone_name=Subquery(mine.values("zone__name")[:1]))


class CommuneFilter(lists.FilterSet):
    """Search and filters; their choices are those of the territory on the day shown."""

    q = lists.SearchFilter(label="Nom ou code", fields=["name_key", "postal_codes"], codes=["code"])
    epci = django_filters.ModelChoiceFilter(
        label="Intercommunalité", queryset=Epci.objects.none(), empty_label=NO_MATTER
    )
    zone = lists.ChoiceFilter(label="Zone", method="in_zone")
    size = lists.ChoiceFilter(
        label="Taille",
        method="of_size",
        choices=[(size.code, size.label) for size in SIZE_CLASSES],
    )
    departement = django_filters.ModelChoiceFilter(
        label="Département", queryset=Departement.objects.none(), empty_label=NO_MATTER
    )

    class Meta:
        model = Commune
        fields: list[str] = []

    def __init__(self, *args: Any, territory: Territory, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.territory = territory
        members = territory.communes_at(day).order_by().values("pk")
        epci = Epci.objects.filter(communes__in=members).distinct()
        departements = Departement.objects.filter(communes__in=members).distinct()
        zones = [(str(zone.pk), zone.name) for zone in territory.zones.order_by("name", "pk")]
        self.filters["epci"].queryset = epci
        self.filters["departement"].queryset = departements
        self.filters["zone"].extra["choices"] = [*zones, (NO_ZONE, "Sans zone")]
        if not zones:
            del self.filters["zone"]
        if len(departements) < 2:
            del self.filters["departement"]

    def in_zone(self, queryset: QuerySet[Commune], name: str, value: str) -> QuerySet[Commune]:
        """Communes of one zone, or of none."""
        drawn = ZoneCommune.objects.filter(territory=self.territory)
        if value == NO_ZONE:
            return queryset.exclude(pk__in=drawn.values("commune"))
        return queryset.filter(pk__in=drawn.filter(zone__pk=value).values("commune"))

    def of_size(self, queryset: Any, name: str, value: str) -> QuerySet[Commune]:
        """Communes of one size class."""
        communes: QuerySet[Commune] = queryset.in_size_class(BY_CODE[value])
        return communes


class CommuneTable(lists.Table):
    """One row per commune, light: no contour is read."""

    name = lists.Column(verbose_name="Commune", order_by="name_key")
    code = lists.Column(verbose_name="Code INSEE")
    epci = lists.Column(verbose_name="Intercommunalité", order_by="epci__name_key")
    zone_name = lists.Column(verbose_name="Zone")
    population = lists.NumberColumn(verbose_name="Population 2023")
    size_class = lists.Column(verbose_name="Taille", order_by="population")
    area_km2 = lists.NumberColumn(verbose_name="Superficie du contour (km²)", decimals=1)
    postal_codes = lists.Column(verbose_name="Codes postaux")
    departement = lists.Column(verbose_name="Département", order_by="departement__code")
    telephone = lists.Column(verbose_name="Téléphone de la mairie", accessor="town_hall__telephone")
    email = lists.Column(verbose_name="Courriel de la mairie", accessor="town_hall__email")

    class Meta:
        model = Commune
        fields = [
            "name",
            "code",
            "epci",
            "zone_name",
            "population",
            "size_class",
            "area_km2",
            "postal_codes",
            "departement",
            "telephone",
            "email",
        ]
        row_header = "name"
        hidden_by_default = ["size_class", "area_km2", "postal_codes", "departement", "email"]
        order_by = "name"

    def render_name(self, value: str, record: Commune) -> str | SafeString:
        """The name, linked to the fiche where a higher room offers one."""
        url = links.url_of("commune", record.code)
        return format_html('<a href="{}">{}</a>', url, value) if url else value

    def value_name(self, value: str) -> str:
        """The bare name, for exports."""
        return value

    def render_size_class(self, value: Any) -> str:
        """The class in words."""
        return str(value.label)

    def value_size_class(self, value: Any) -> str:
        """The class in words."""
        return str(value.label)
