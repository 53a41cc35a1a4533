"""Pages the tests of the kit visit: a list of members, as a room would declare it."""

import django_filters
from django.db.models import QuerySet
from django.urls import path

from restanque.accounts.models import Membership, Role
from restanque.config.urls import urlpatterns as site
from restanque.kit import lists


class MemberFilter(lists.FilterSet):
    # Addresses are unaccented lower case: they serve as the search key here.
    q = lists.SearchFilter(fields=["user__email"])
    role = lists.ChoiceFilter(choices=Role, label="Rôle")
    all_territories = lists.BooleanFilter(label="Partout")
    ended_at = django_filters.DateFilter(label="Fini le", lookup_expr="date")

    class Meta:
        model = Membership
        fields = ["role", "all_territories"]


class MemberTable(lists.Table):
    name = lists.Column(
        verbose_name="Nom", accessor="user__full_name", linkify=lambda record: f"#{record.pk}"
    )
    job_title = lists.Column(verbose_name="Fonction")
    role = lists.BadgeColumn(verbose_name="Rôle", kinds={"agent": "fait"})
    number = lists.NumberColumn(verbose_name="Numéro", accessor="pk", decimals=1)
    share = lists.PercentColumn(verbose_name="Part", accessor="pk", orderable=False)
    all_territories = lists.BooleanColumn(verbose_name="Partout")
    ended_at = lists.DateTimeColumn(verbose_name="Fin")

    class Meta:
        model = Membership
        fields = ["name", "job_title", "role", "number", "all_territories", "ended_at"]
        hidden_by_default = ["all_territories", "share"]
        order_by = "name"


class MemberList(lists.ListView):
    title = "Qui travaille ici ?"
    lede = "Toute l’équipe."
    noun = ("personne", "personnes")
    table_class = MemberTable
    filterset_class = MemberFilter
    export_name = "membres"
    source = "annuaire interne"
    empty = lists.Empty("Personne encore", "Invitez un collègue.", "/inviter/", "Inviter")
    paginate_by = 10

    def get_queryset(self) -> QuerySet[Membership]:
        return Membership.objects.filter(
            workspace=self.request.membership.workspace
        ).select_related("user")

    def get_trail(self):
        return [("Accueil", "/")]

    def get_actions(self):
        return [lists.Action("Inviter", "/inviter/", primary=True, icon="plus")]

    def is_fictitious(self):
        return self.request.membership.workspace.fictitious

    def get_bulk_actions(self):
        if self.request.membership.role != Role.ADMINISTRATOR:
            return ()
        return (lists.BulkAction("end", "Fermer l’accès", danger=True),)

    def run_bulk(self, code, rows):
        return f"{rows.update(job_title=code)} accès fermés."


urlpatterns = [path("essai/membres/", MemberList.as_view(), name="members-test"), *site]
