"""Lists of the directory: their columns and filters."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from restanque.directory.display import breakable
from restanque.directory.models import Canteen, Contact, Organisation, Tag
from restanque.directory.nomenclature import Kind, Sector, Sign
from restanque.directory.scope import covered_communes
from restanque.kit import lists
from restanque.territories.models import Epci, Territory, Zone

ARCHIVED = "archived"


class _ModelFilter(django_filters.ModelChoiceFilter):
    """A choice among records; « Indifférent » when nothing is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_label="Indifférent", **kwargs)


def marked(name: str, fictitious: bool) -> str:
    """A name in a file, where a badge cannot be seen."""
    return f"{name} (données fictives)" if fictitious else name


def _territories(request: Any) -> QuerySet[Territory]:
    return Territory.objects.visible_to(request.membership)


def _epcis(request: Any) -> QuerySet[Epci]:
    """EPCI of the communes where the member sees organisations."""
    visible = Organisation.objects.visible_to(request.membership)
    return Epci.objects.filter(communes__organisations__in=visible).distinct()


def _zones(request: Any) -> QuerySet[Zone]:
    return Zone.objects.filter(territory__in=_territories(request)).select_related("territory")


def _tags(request: Any) -> QuerySet[Tag]:
    return Tag.objects.filter(workspace=request.membership.workspace)


class PlaceFilters(lists.FilterSet):
    """Filters by place, shared by organisations and canteens (both hang on a commune)."""

    commune = lists.SearchFilter(
        fields=["commune__name_key"], codes=["commune__code"], label="Commune"
    )
    epci = _ModelFilter(label="Intercommunalité", queryset=_epcis, field_name="commune__epci")
    zone = _ModelFilter(label="Zone", queryset=_zones, field_name="commune__zones")


class OrganisationFilter(PlaceFilters):
    """Filters of the organisations."""

    q = lists.SearchFilter(
        fields=["name_key", "commune__name_key", "contacts__name_key"], codes=["siret"]
    )
    kind = lists.ChoiceFilter(label="Nature", choices=Kind.choices)
    tags = _ModelFilter(label="Étiquette", queryset=_tags)
    sign = lists.ChoiceFilter(
        label="Certifiée", choices=[("any", "Un signe en cours"), *Sign.choices], method="by_sign"
    )
    state = lists.ChoiceFilter(
        label="État",
        choices=[
            ("stale", "À vérifier"),
            ("no_email", "Sans adresse électronique"),
            (ARCHIVED, "Archivées"),
        ],
        method="by_state",
    )

    class Meta:
        model = Organisation
        fields = ("q", "kind", "commune", "epci", "zone", "tags", "sign", "state")

    def filter_queryset(self, queryset: Any) -> Any:
        """A search that meets two contacts of an organisation shows it once."""
        return super().filter_queryset(queryset).distinct()

    def by_sign(self, queryset: Any, name: str, value: str) -> Any:
        """Holding a certificate in force today."""
        return queryset.with_valid_sign(timezone.localdate(), "" if value == "any" else value)

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        """Records that want work; archived ones are chosen by the view."""
        if value == "stale":
            return queryset.stale(timezone.localdate())
        return queryset.filter(email="") if value == "no_email" else queryset


class EmailColumn(lists.Column):
    """An address one can write to, and that fits in its column."""

    def render(self, value: str) -> SafeString:
        """The link."""
        return format_html('<a href="mailto:{}">{}</a>', value, breakable(value))

    def value(self, value: str) -> str:
        """The bare address."""
        return value


class OrganisationTable(lists.Table):
    """Organisations, one a row."""

    name = lists.Column(verbose_name="Organisation", linkify=True, order_by="name_key")
    kind = lists.Column(verbose_name="Nature")
    commune = lists.Column(verbose_name="Commune", order_by="commune__name_key")
    code_insee = lists.Column(verbose_name="Code INSEE", accessor="commune_id")
    epci = lists.Column(verbose_name="Intercommunalité", accessor="commune__epci__name")
    phone = lists.Column(verbose_name="Téléphone", attrs={"cell": {"class": "rq-nb"}})
    email = EmailColumn(verbose_name="Adresse électronique")
    siret = lists.Column(verbose_name="SIRET", attrs={"cell": {"class": "rq-nb"}})
    tag_names = lists.Column(verbose_name="Étiquettes", accessor="pk", orderable=False)
    checked_on = lists.DateColumn(verbose_name="Vérifiée")

    class Meta:
        model = Organisation
        fields = (
            "name", "kind", "commune", "code_insee", "epci", "phone", "email", "siret",
            "tag_names", "checked_on",
        )  # fmt: skip
        row_header = "name"
        hidden_by_default = ("code_insee", "siret", "epci")
        order_by = "name"

    def render_name(self, value: str, record: Organisation) -> SafeString:
        """The name, marked when the record is invented."""
        if record.fictitious:
            return format_html('{} <span class="rq-fictif">fictif</span>', value)
        return format_html("{}", value)

    def value_name(self, value: str, record: Organisation) -> str:
        """The name, marked in exports too."""
        return marked(value, record.fictitious)

    def render_tag_names(self, record: Organisation) -> str:
        """Tags in words (prefetched)."""
        return ", ".join(tag.name for tag in record.tags.all()) or "–"

    def value_tag_names(self, record: Organisation) -> str:
        """The same words."""
        return ", ".join(tag.name for tag in record.tags.all())

    def render_checked_on(self, value: Any, record: Organisation) -> SafeString:
        """The day, with a badge when it is too old."""
        shown = lists.DateColumn().render(value)
        if record.needs_check:
            return format_html('<span class="rq-badge rq-badge-retard">{}</span>', shown)
        return format_html("{}", shown)


class CanteenFilter(PlaceFilters):
    """Filters of the canteens."""

    q = lists.SearchFilter(fields=["name_key", "commune__name_key"], codes=["siret"])
    sector = lists.ChoiceFilter(label="Secteur", choices=Sector.choices, method="by_sector")
    management_type = lists.ChoiceFilter(
        label="Mode de gestion", choices=Canteen._meta.get_field("management_type").choices
    )
    production_type = lists.ChoiceFilter(
        label="Production", choices=Canteen._meta.get_field("production_type").choices
    )
    economic_model = lists.ChoiceFilter(
        label="Modèle", choices=Canteen._meta.get_field("economic_model").choices
    )
    state = lists.ChoiceFilter(
        label="État",
        choices=[
            ("orphan", "Sans organisation responsable"),
            ("no_meals", "Nombre de repas inconnu"),
            ("stale", "À vérifier"),
            (ARCHIVED, "Archivées"),
        ],
        method="by_state",
    )

    class Meta:
        model = Canteen
        fields = (
            "q", "commune", "epci", "zone", "sector", "management_type", "production_type",
            "economic_model", "state",
        )  # fmt: skip

    def by_sector(self, queryset: Any, name: str, value: str) -> Any:
        """Feeding this public."""
        return queryset.in_sector(value)

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        """Records that want work."""
        if value == "orphan":
            return queryset.filter(organisation__isnull=True)
        if value == "no_meals":
            return queryset.filter(daily_meal_count__isnull=True, yearly_meal_count__isnull=True)
        return queryset.stale(timezone.localdate()) if value == "stale" else queryset


class CanteenTable(lists.Table):
    """Canteens, one a row, exported under ma-cantine's names."""

    name = lists.Column(verbose_name="Cantine", linkify=True, order_by="name_key")
    commune = lists.Column(verbose_name="Commune", order_by="commune__name_key")
    code_insee = lists.Column(verbose_name="Code INSEE", accessor="commune_id")
    organisation = lists.Column(
        verbose_name="Qui en répond",
        order_by="organisation__name_key",
        linkify=lambda table, value: value.get_absolute_url() if table.sees(value) else None,
    )
    sector_labels = lists.Column(verbose_name="Secteurs", orderable=False)
    management_type = lists.Column(verbose_name="Gestion")
    production_type = lists.Column(verbose_name="Production")
    economic_model = lists.Column(verbose_name="Modèle")
    daily_meal_count = lists.NumberColumn(verbose_name="Repas par jour")
    yearly_meal_count = lists.NumberColumn(verbose_name="Repas par an")
    siret = lists.Column(verbose_name="SIRET", attrs={"cell": {"class": "rq-nb"}})
    ma_cantine_id = lists.Column(verbose_name="Numéro ma-cantine")

    class Meta:
        model = Canteen
        fields = (
            "name", "commune", "code_insee", "organisation", "sector_labels", "management_type",
            "production_type", "economic_model", "daily_meal_count", "yearly_meal_count", "siret",
            "ma_cantine_id",
        )  # fmt: skip
        row_header = "name"
        hidden_by_default = (
            "code_insee", "economic_model", "yearly_meal_count", "siret", "ma_cantine_id",
        )  # fmt: skip
        order_by = "name"

    def render_name(self, value: str, record: Canteen) -> SafeString:
        """The name, marked when the record is invented."""
        if record.fictitious:
            return format_html('{} <span class="rq-fictif">fictif</span>', value)
        return format_html("{}", value)

    def value_name(self, value: str, record: Canteen) -> str:
        """The name, marked in exports too."""
        return marked(value, record.fictitious)

    def sees(self, organisation: Organisation) -> bool:
        """Whether the member may see who answers for a canteen, perhaps in another territory."""
        return self._covered is None or organisation.commune_id in self._covered

    @cached_property
    def _covered(self) -> set[str] | None:
        membership = self.request.membership
        if membership.all_territories:
            return None
        return set(covered_communes(membership).values_list("pk", flat=True))

    def render_organisation(self, value: Organisation) -> str:
        """Its name, when the member may see it."""
        return value.name if self.sees(value) else "hors de vos territoires"


class ContactFilter(lists.FilterSet):
    """Filters of the contacts."""

    q = lists.SearchFilter(
        fields=["name_key", "organisation__name_key", "organisation__commune__name_key"]
    )
    kind = lists.ChoiceFilter(
        label="Nature de l’organisation", choices=Kind.choices, field_name="organisation__kind"
    )
    state = lists.ChoiceFilter(
        label="État",
        choices=[("silent", "À ne plus relancer"), ("soon", "À effacer d’ici trois mois")],
        method="by_state",
    )

    class Meta:
        model = Contact
        fields = ("q", "kind", "state")

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        """Records that want attention."""
        if value == "silent":
            return queryset.filter(do_not_contact=True)
        return queryset.filter(purge_on__lte=timezone.localdate() + timedelta(days=92))


class ContactTable(lists.Table):
    """Contacts, one a row."""

    full_name = lists.Column(verbose_name="Contact", order_by="name_key")
    function = lists.Column(verbose_name="Fonction")
    organisation = lists.Column(
        verbose_name="Organisation", order_by="organisation__name_key", linkify=True
    )
    commune = lists.Column(
        verbose_name="Commune",
        accessor="organisation__commune__name",
        order_by="organisation__commune__name_key",
    )
    email = EmailColumn(verbose_name="Adresse électronique")
    phone = lists.Column(verbose_name="Téléphone", attrs={"cell": {"class": "rq-nb"}})
    do_not_contact = lists.BooleanColumn(verbose_name="Ne plus relancer")
    purge_on = lists.DateColumn(verbose_name="À effacer le")

    class Meta:
        model = Contact
        fields = (
            "full_name", "function", "organisation", "commune", "email", "phone",
            "do_not_contact", "purge_on",
        )  # fmt: skip
        row_header = "full_name"
        order_by = "full_name"

    def render_full_name(self, value: str, record: Contact) -> SafeString:
        """The name, marked when the record is invented."""
        if record.fictitious:
            return format_html('{} <span class="rq-fictif">fictif</span>', value)
        return format_html("{}", value)

    def value_full_name(self, value: str, record: Contact) -> str:
        """The name, marked in exports too."""
        return marked(value, record.fictitious)
