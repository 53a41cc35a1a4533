"""Lists of campaigns and invitations."""

from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from restanque.accounts.models import User
from restanque.kit import links, lists
from restanque.kit.text import format_date, format_number, format_percent
from restanque.surveys.models import Campaign, Invitation
from restanque.surveys.models.campaigns import CampaignStatus, InvitationState
from restanque.territories.models import Commune
from restanque.territories.sizes import BY_CODE, SIZE_CLASSES

# The badge of each state: shape, word and colour.
BADGES = {
    InvitationState.NOT_SENT: "attente",
    InvitationState.SENT: "attente",
    InvitationState.BOUNCED: "retard",
    InvitationState.REFUSED: "",
    InvitationState.STARTED: "cours",
    InvitationState.SUBMITTED: "valider",
    InvitationState.VALIDATED: "fait",
    InvitationState.REJECTED: "",
}


class CampaignFilter(lists.FilterSet):
    """By state."""

    status = lists.ChoiceFilter(label="État", choices=CampaignStatus.choices)

    class Meta:
        model = Campaign
        fields = ["status"]


class CampaignTable(lists.Table):
    """One line a campaign: when, and who answered."""

    name = lists.Column(
        verbose_name="Campagne",
        linkify=lambda record: reverse("surveys:campaign", args=[record.pk]),
    )
    territory = lists.Column(verbose_name="Territoire", order_by="territory__name")
    status = lists.BadgeColumn(
        verbose_name="État",
        kinds={
            CampaignStatus.DRAFT: "attente",
            CampaignStatus.OPEN: "cours",
            CampaignStatus.CLOSED: "fait",
        },
    )
    opens_on = lists.DateColumn(verbose_name="Ouverture")
    closes_on = lists.DateColumn(verbose_name="Clôture")
    rate = lists.PercentColumn(verbose_name="Réponses")

    class Meta:
        model = Campaign
        fields = ["name", "territory", "status", "opens_on", "closes_on", "rate"]
        row_header = "name"
        order_by = "-opens_on"

    def render_rate(self, value: float, record: Any) -> str:
        """« 77 sur 121, 64 % »: never a rate without its numbers."""
        counts = f"{format_number(record.answered)} sur {format_number(record.invited)}"
        return f"{counts}, {format_percent(value)}"

    def value_rate(self, value: float, record: Any) -> str:
        """The same in a file."""
        return self.render_rate(value, record)


class InvitationFilter(lists.FilterSet):
    """Search, and where, how big, in what state, followed by whom."""

    q = lists.SearchFilter(
        fields=["organisation__name_key", "organisation__commune__name_key"],
        codes=["organisation__commune__code"],
    )
    state = lists.ChoiceFilter(label="État", choices=InvitationState.choices)
    epci = lists.ChoiceFilter(label="Intercommunalité", field_name="organisation__commune__epci")
    zone = lists.ChoiceFilter(label="Zone", method="filter_zone")
    size = lists.ChoiceFilter(
        label="Taille",
        choices=[(size.code, size.label) for size in SIZE_CLASSES],
        method="filter_size",
    )
    assigned_to = lists.ChoiceFilter(label="Suivie par")

    class Meta:
        model = Invitation
        fields = ["q", "state", "epci", "zone", "size", "assigned_to"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = self.queryset
        epci = Commune.objects.filter(organisations__invitations__in=found.values("pk"))
        pairs = epci.exclude(epci=None).order_by("epci__name").distinct()
        self._offer("epci", pairs.values_list("epci", "epci__name"))
        zones = found.model.objects.filter(pk__in=found.values("pk")).order_by()
        names = zones.values_list(
            "campaign__territory__zones", "campaign__territory__zones__name"
        ).distinct()
        self._offer("zone", sorted((pk, name) for pk, name in names if pk is not None))
        people = User.objects.filter(
            pk__in=found.exclude(assigned_to=None).values("assigned_to")
        ).order_by("full_name", "pk")
        self._offer("assigned_to", [(person.pk, person.display_name) for person in people])

    def _offer(self, name: str, choices: Any) -> None:
        """Give a filter its choices; one that has none is not offered."""
        offered = list(choices)
        if offered:
            self.filters[name].extra["choices"] = offered
        else:
            del self.filters[name]

    def filter_zone(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those whose commune is in the zone."""
        return queryset.filter(organisation__commune__zones=value)

    def filter_size(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those whose commune is in the class."""
        size = BY_CODE[value]
        queryset = queryset.filter(organisation__commune__population__gte=size.lower)
        if size.upper is not None:
            queryset = queryset.filter(organisation__commune__population__lte=size.upper)
        return queryset


class InvitationTable(lists.Table):
    """One line an invitation."""

    organisation = lists.Column(
        verbose_name="Organisme",
        order_by="organisation__name_key",
        linkify=lambda record: reverse("surveys:invitation", args=[record.campaign_id, record.pk]),
    )
    commune = lists.Column(
        verbose_name="Commune",
        accessor="organisation__commune__name",
        order_by="organisation__commune__name_key",
        linkify=lambda record: links.url_of("commune", record.organisation.commune_id),
    )
    epci = lists.Column(
        verbose_name="Intercommunalité",
        accessor="organisation__commune__epci__name",
    )
    population = lists.NumberColumn(
        verbose_name="Habitants", accessor="organisation__commune__population"
    )
    state = lists.Column(verbose_name="Réponse")
    sent_at = lists.DateColumn(verbose_name="Dernier envoi")
    submitted_at = lists.DateColumn(verbose_name="Reçue le", accessor="response__submitted_at")
    assigned_to = lists.Column(verbose_name="Suivie par", order_by="assigned_to__full_name")
    code = lists.Column(verbose_name="Code INSEE", accessor="organisation__commune__code")

    class Meta:
        model = Invitation
        fields = [
            "organisation", "commune", "epci", "population", "state", "sent_at", "submitted_at",
            "assigned_to", "code",
        ]  # fmt: skip
        row_header = "organisation"
        hidden_by_default = ["commune", "code", "submitted_at"]
        order_by = "organisation"

    def render_state(self, value: str) -> SafeString:
        """As a badge."""
        state = InvitationState(value)
        return badge(state)

    def value_state(self, value: str) -> str:
        """The word."""
        return str(InvitationState(value).label)

    def render_sent_at(self, value: Any) -> str:
        """The local day."""
        return _day(value)

    def render_submitted_at(self, value: Any) -> str:
        """The local day."""
        return _day(value)

    def value_sent_at(self, value: Any) -> Any:
        """The local day, as spreadsheets take it."""
        return timezone.localtime(value).date()

    def value_submitted_at(self, value: Any) -> Any:
        """The local day, as spreadsheets take it."""
        return self.value_sent_at(value)


@cache
def badge(state: InvitationState) -> SafeString:
    """A state as its badge; drawn once each, lists have hundreds of them."""
    label = str(state.label)
    return render_to_string(
        "kit/badge_cell.html",
        {"kind": BADGES[state], "label": label[:1].upper() + label[1:]},
    )


def _day(moment: Any) -> str:
    return format_date(timezone.localtime(moment).date())
