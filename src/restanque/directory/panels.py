"""What the directory shows on pages of other rooms: the fiche commune."""

from datetime import timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership
from restanque.directory.facts import facts_of
from restanque.directory.models import Canteen, Contact, Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.perms import can_edit_directory, can_view_directory
from restanque.directory.scope import covers_commune
from restanque.kit import slots
from restanque.kit.text import plural

SHOWN_ORGANISATIONS = 5
SHOWN_CANTEENS = 12
SHOWN_PURGES = 5
PURGE_NOTICE = timedelta(days=31)


def register_all() -> None:
    """Fill the `commune`, `organisation` and `home` slots."""
    slots.register("commune", "directory.organisations", order=20, provider=organisations)
    slots.register("commune", "directory.canteens", order=30, provider=canteens)
    slots.register("organisation", "directory.facts", order=10, provider=facts)
    slots.register("home", "directory.purges", order=40, provider=purges)


def organisations(request: HttpRequest, commune: Any) -> slots.Panel | None:
    """Who to call in this commune: the mairie first, then those one deals with most."""
    membership = _member(request, commune)
    if membership is None:
        return None
    found = Organisation.objects.visible_to(membership).active().filter(commune=commune.pk)
    total = found.count()
    mairie_first = Case(When(kind=Kind.MAIRIE, then=Value(0)), default=Value(1))
    with_contacts = Exists(Contact.objects.filter(organisation=OuterRef("pk")))
    shown = list(
        found.order_by(mairie_first, (~with_contacts).asc(), "name_key", "pk").prefetch_related(
            "contacts"
        )[:SHOWN_ORGANISATIONS]
    )
    return slots.Panel(
        title="Contacts",
        template="directory/panels/organisations.html",
        context={
            "organisations": shown,
            # Its telephone and address stand already in the panel « Mairie » of the territory.
            "town_hall": getattr(commune, "town_hall", None),
            "commune": commune,
            "may_edit": can_edit_directory(membership),
            "fictitious": any(o.fictitious for o in shown),
            **_link("directory:organisations", commune, total, len(shown), "organisation"),
        },
        anchor="contacts",
        place="aside",
    )


def canteens(request: HttpRequest, commune: Any) -> slots.Panel | None:
    """The commune's canteens, the biggest first, with the meals known."""
    membership = _member(request, commune)
    if membership is None:
        return None
    found = Canteen.objects.visible_to(membership).active().filter(commune=commune.pk)
    total = found.count()
    by_size = F("daily_meal_count").desc(nulls_last=True)
    shown = list(found.order_by("-whole_commune", by_size, "name_key", "pk")[:SHOWN_CANTEENS])
    return slots.Panel(
        title="Cantines",
        template="directory/panels/canteens.html",
        context={
            "canteens": shown,
            "commune": commune,
            "may_edit": can_edit_directory(membership),
            "fictitious": any(c.fictitious for c in shown),
            **_link("directory:canteens", commune, total, len(shown), "cantine"),
        },
        anchor="cantines",
    )


def facts(request: HttpRequest, organisation: Organisation) -> slots.Panel | None:
    """« Constaté »: the latest of each fact, with its date and where it comes from."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None or not can_view_directory(membership):
        return None
    known = facts_of(organisation)
    if not known:
        return None
    return slots.Panel(
        title="Constaté",
        template="directory/panels/facts.html",
        context={
            "facts": known,
            "count": plural(len(known), "fait"),
            "fictitious": any(fact.fictitious for fact in known),
        },
        anchor="constate",
    )


def purges(request: HttpRequest, membership: Membership) -> slots.Panel | None:
    """« Données personnelles »: who is erased soon, so that a date is pushed back in time."""
    if not can_edit_directory(membership):
        return None
    soon = timezone.localdate() + PURGE_NOTICE
    found = Contact.objects.visible_to(membership).expired(soon).select_related("organisation")
    contacts = list(found.order_by("purge_on", "name_key", "pk"))
    traders = Organisation.objects.visible_to(membership).filter(
        is_sole_trader=True, purge_on__lte=soon
    )
    lines = sorted(
        [(c.purge_on, c.full_name, c.organisation) for c in contacts]
        + [(o.purge_on, o.name, o) for o in traders],
        key=lambda line: (str(line[0]), line[1]),
    )
    if not lines:
        return None
    return slots.Panel(
        title="Données personnelles bientôt effacées",
        template="directory/panels/purges.html",
        context={
            "lines": lines[:SHOWN_PURGES],
            "count": len(lines),
            "link_url": f"{reverse('directory:contacts')}?state=soon",
            "link_label": "Voir les contacts",
            "fictitious": any(organisation.fictitious for _, _, organisation in lines),
        },
        anchor="effacements",
    )


def _link(url: str, commune: Any, total: int, shown: int, noun: str) -> dict[str, Any]:
    """The count, and a link to the whole list when the panel shows its beginning."""
    if total <= shown:
        return {"count": total}
    return {
        "count": total,
        "link_url": f"{reverse(url)}?commune={commune.pk}",
        "link_label": f"Voir les {plural(total, noun)}",
    }


def _member(request: HttpRequest, commune: Any) -> Membership | None:
    """The member, when the directory may speak of this commune."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None or not can_view_directory(membership):
        return None
    return membership if covers_commune(membership, commune) else None
