"""The map of organisations."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from restanque.accounts.models import Membership
from restanque.accounts.perms import MemberRequest, require
from restanque.directory.models import Organisation
from restanque.directory.nomenclature import Kind
from restanque.directory.perms import can_edit_directory, can_view_directory
from restanque.directory.scope import covered_communes
from restanque.directory.views.pages import sections, trail
from restanque.kit import figures, maps
from restanque.kit.text import format_number, plural
from restanque.territories.geo import contours_of, outline_of

# Families that a reader tells apart on a map: eight colours are the most one can name.
FAMILIES: tuple[tuple[str, str, str, tuple[Kind, ...]], ...] = (
    ("mairie", "Mairies", "s1", (Kind.MAIRIE, Kind.EPCI, Kind.SYNDICAT)),
    ("ecole", "Collèges et lycées", "s8", (Kind.COLLEGE, Kind.LYCEE)),
    (
        "restauration",
        "Restauration d’entreprise, prestataires",
        "s4",
        (Kind.COMPANY_CANTEEN, Kind.CANTEEN_OPERATOR),
    ),
    ("pain", "Boulangeries", "s7", (Kind.BAKERY,)),
    ("moulin", "Moulins", "s2", (Kind.MILL,)),
    (
        "producteur",
        "Producteurs, coopératives, plateformes",
        "s3",
        (Kind.PRODUCER, Kind.COOPERATIVE, Kind.PLATFORM),
    ),
    ("autre", "Autres", "s6", (Kind.PPA, Kind.OTHER)),
)
_FAMILY_OF = {kind: code for code, _, _, kinds in FAMILIES for kind in kinds}


@require_GET
@require(can_view_directory)
def organisation_map(request: MemberRequest) -> HttpResponseBase:
    """Where they are: those whose place is known, by family; `?kind=` keeps one kind."""
    visible = Organisation.objects.visible_to(request.membership).active().select_related("commune")
    kind = request.GET.get("kind", "")
    chosen = visible.filter(kind=kind) if kind in Kind.values else visible
    panel = _panel(list(chosen), _outlines(request.membership))
    answer = figures.serve(request, panel)
    if answer is not None:
        return answer
    return _page(request, panel, kind)


def _page(request: MemberRequest, panel: maps.MapPanel, kind: str) -> HttpResponse:
    context = {"panel": panel, "kinds": Kind.choices, "kind": kind, "trail": trail()}
    context["sections"] = sections(request, can_edit_directory(request.membership))
    return render(request, "directory/map.html", context)


def _panel(organisations: Sequence[Organisation], outlines: list[BaseGeometry]) -> maps.MapPanel:
    placed = [(o, o.point) for o in organisations if o.point is not None]
    present = {_FAMILY_OF[Kind(o.kind)] for o, _ in placed}
    return maps.MapPanel(
        name="organisations",
        title="Organisations de l’annuaire",
        features=[
            maps.Feature(
                str(o.pk),
                o.name,
                geometry=Point(point),
                kind=_FAMILY_OF[Kind(o.kind)],
                value=str(o.commune or ""),
                url=o.get_absolute_url(),
            )
            for o, point in placed
        ],
        classes=[
            maps.MapClass(code, label, style)
            for code, label, style, _ in FAMILIES
            if code in present
        ],
        outlines=outlines,
        feature_header="Organisation",
        value_header="Commune",
        n=(
            f"{plural(len(placed), 'organisation placée', 'organisations placées')} "
            f"sur {format_number(len(organisations))}"
        ),
        source="annuaire de l’équipe ; limites des intercommunalités : IGN",
        date=timezone.localdate(),
        fictitious=any(o.fictitious for o, _ in placed),
    )


def _outlines(membership: Membership) -> list[BaseGeometry]:
    """Borders of the intercommunalities, of the communes covered only."""
    communes = list(covered_communes(membership))
    contours = contours_of(communes)
    by_epci: dict[str | None, list[BaseGeometry]] = {}
    for commune in communes:
        if commune.code in contours:
            by_epci.setdefault(commune.epci_id, []).append(contours[commune.code])
    return _merged(by_epci.values())


def _merged(groups: Iterable[list[BaseGeometry]]) -> list[BaseGeometry]:
    return [outline_of(group) for group in groups]
