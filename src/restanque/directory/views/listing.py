"""The lists: organisations, those to check, contacts, canteens."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.perms import MemberRequest
from restanque.directory import services
from restanque.directory.models import Canteen, Contact, Organisation
from restanque.directory.models.organisations import OrganisationQuerySet
from restanque.directory.perms import can_edit_directory
from restanque.directory.tables import (
    ARCHIVED,
    CanteenFilter,
    CanteenTable,
    ContactFilter,
    ContactTable,
    OrganisationFilter,
    OrganisationTable,
)
from restanque.directory.views.pages import sections
from restanque.directory.views.tagging import ask_tag
from restanque.kit import lists
from restanque.kit.text import plural

DIRECTORY = ("Annuaire", "directory:organisations")


class _DirectoryList(lists.ListView):
    """What the lists of the room share."""

    request: MemberRequest
    template_name = "directory/list.html"

    @property
    def may_edit(self) -> bool:
        """Whether this member changes the directory."""
        return can_edit_directory(self.request.membership)

    def is_fictitious(self) -> bool:
        """The page is marked when a row is invented; each such row is marked too."""
        return bool(self.get_queryset().filter(fictitious=True).exists())

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """With the room's other pages."""
        return super().get_context_data(
            **extra, sections=sections(self.request, can_edit_directory(self.request.membership))
        )

    def wants_archived(self) -> bool:
        """Archived records show only when asked for."""
        return self.request.GET.get("state") == ARCHIVED


class OrganisationList(_DirectoryList):
    """Everybody the team works with."""

    title = "Avec qui travaillons-nous ?"
    noun = ("organisation", "organisations")
    table_class = OrganisationTable
    filterset_class = OrganisationFilter
    export_name = "organisations"

    def get_queryset(self) -> OrganisationQuerySet:
        """The member's organisations, archived or not."""
        return (
            Organisation.objects.visible_to(self.request.membership)
            .filter(active=not self.wants_archived())
            .select_related("commune__epci")
            .prefetch_related("tags")
        )

    def get_lede(self) -> str:
        """How many, and how many want a look."""
        own = Organisation.objects.visible_to(self.request.membership).active()
        stale = own.stale(timezone.localdate()).count()
        total = plural(own.count(), "organisation")
        if not stale:
            return f"{total} dans l’annuaire, toutes vérifiées depuis moins d’un an."
        return (
            f"{total} dans l’annuaire. {plural(stale, 'fiche')} à vérifier : l’équipe ne l’a "
            "jamais fait, ou pas depuis un an."
        )

    def get_actions(self) -> Sequence[lists.Action]:
        """What an editor may add."""
        if not self.may_edit:
            return ()
        add = reverse("directory:organisation_create")
        return (
            lists.Action("Mairies du territoire", reverse("directory:town_halls")),
            lists.Action("Importer", reverse("core:imports"), icon="upload"),
            lists.Action("Ajouter", add, primary=True, icon="plus"),
        )

    def get_empty(self) -> lists.Empty:
        """The next step: the 121 mairies, for somebody who may."""
        if not self.may_edit:
            return lists.Empty("L’annuaire est vide")
        return lists.Empty(
            "L’annuaire est vide",
            "Commencez par les mairies du territoire : adresse, téléphone et adresse électronique "
            "viennent de l’annuaire de l’administration.",
            "directory:town_halls",
            "Ajouter les mairies",
        )

    def get_bulk_actions(self) -> Sequence[lists.BulkAction]:
        """Tag, or say that the records are right."""
        if not self.may_edit:
            return ()
        return (
            lists.BulkAction("tag", "Étiqueter"),
            lists.BulkAction("checked", "Marquer comme vérifiées"),
        )

    def run_bulk(self, code: str, rows: QuerySet[Any]) -> str | HttpResponseBase:
        """Through the services."""
        if code == "tag":
            return ask_tag(self.request, rows)
        count = services.mark_checked(organisations=rows, on=timezone.localdate())
        return f"{plural(count, 'organisation marquée', 'organisations marquées')} comme vérifiées."


class ToCheckList(OrganisationList):
    """« À vérifier »: never checked, or more than a year ago."""

    title = "Quelles fiches faut-il vérifier ?"
    export_name = "organisations-a-verifier"

    def get_queryset(self) -> OrganisationQuerySet:
        """The stale ones, the oldest check first."""
        return super().get_queryset().stale(timezone.localdate())

    def get_trail(self) -> Sequence[tuple[str, str]]:
        """Back to the directory."""
        return ((DIRECTORY[0], reverse(DIRECTORY[1])),)

    def get_lede(self) -> str:
        """What a check is."""
        return (
            "Jamais vérifiées par l’équipe, ou pas depuis un an. Un appel suffit : ouvrez la "
            "fiche, corrigez-la, puis marquez-la comme vérifiée."
        )

    def get_actions(self) -> Sequence[lists.Action]:
        """None but the list's own."""
        return ()

    def get_empty(self) -> lists.Empty:
        """Good news."""
        return lists.Empty("Tout est à jour", "Chaque fiche a été vérifiée depuis moins d’un an.")


class ContactList(_DirectoryList):
    """People and services; exports leave out those who asked to be left alone."""

    title = "Qui joindre ?"
    noun = ("contact", "contacts")
    table_class = ContactTable
    filterset_class = ContactFilter
    export_name = "contacts"

    def get_queryset(self) -> QuerySet[Contact]:
        """The contacts of the member's active organisations."""
        contacts = (
            Contact.objects.visible_to(self.request.membership)
            .filter(organisation__active=True)
            .select_related("organisation__commune")
        )
        return contacts.reachable() if self.request.GET.get("export") else contacts

    @property
    def source(self) -> str:  # type: ignore[override]
        """What an export says of those it leaves out."""
        contacts = Contact.objects.visible_to(self.request.membership)
        silent = contacts.filter(organisation__active=True, do_not_contact=True).count()
        own = "annuaire de l’équipe. Données personnelles : effacez l’export dès qu’il a servi."
        if not silent:
            return own
        left_out = plural(
            silent,
            "personne qui ne veut plus être relancée n’est",
            ("personnes qui ne veulent plus être relancées ne sont"),
        )
        return f"{own} {left_out} pas dans les exports."

    def get_trail(self) -> Sequence[tuple[str, str]]:
        """Back to the directory."""
        return ((DIRECTORY[0], reverse(DIRECTORY[1])),)

    def get_empty(self) -> lists.Empty:
        """Where contacts are added."""
        return lists.Empty(
            "Aucun contact",
            "Les contacts s’ajoutent sur la fiche de chaque organisation, ou par import.",
            "directory:organisations",
            "Ouvrir l’annuaire",
        )


class CanteenList(_DirectoryList):
    """Where meals are cooked and served."""

    title = "Quelles cantines sur le territoire ?"
    noun = ("cantine", "cantines")
    table_class = CanteenTable
    filterset_class = CanteenFilter
    export_name = "cantines"

    def get_queryset(self) -> QuerySet[Canteen]:
        """The member's canteens, archived or not."""
        return (
            Canteen.objects.visible_to(self.request.membership)
            .filter(active=not self.wants_archived())
            .select_related("commune__epci", "organisation")
        )

    def get_lede(self) -> str:
        """How many, and for how many the number of meals is known."""
        own = Canteen.objects.visible_to(self.request.membership).active()
        total, known = own.count(), own.filter(daily_meal_count__isnull=False).count()
        return f"Nombre de repas par jour connu pour {known} sur {total}."

    def get_trail(self) -> Sequence[tuple[str, str]]:
        """Back to the directory."""
        return ((DIRECTORY[0], reverse(DIRECTORY[1])),)

    def get_actions(self) -> Sequence[lists.Action]:
        """Adding, for an editor."""
        if not self.may_edit:
            return ()
        return (
            lists.Action("Importer", reverse("core:import_new", args=["canteens"]), icon="upload"),
            lists.Action("Ajouter", reverse("directory:canteen_create"), primary=True, icon="plus"),
        )

    def get_empty(self) -> lists.Empty:
        """The next step: ma-cantine's register."""
        if not self.may_edit:
            return lists.Empty("Aucune cantine pour le moment")
        return lists.Empty(
            "Aucune cantine pour le moment",
            "Importez le registre national des cantines de ma-cantine, ou ajoutez-les une à une.",
            reverse("core:import_new", args=["canteens"]),
            "Importer des cantines",
        )
