"""The map of the board. Reading only."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from shapely.geometry.base import BaseGeometry

from restanque.kit import links, maps
from restanque.kit.text import plural
from restanque.surveys.board.counts import state_of
from restanque.surveys.models import Campaign, Invitation
from restanque.surveys.models.campaigns import ANSWERED_STATES, InvitationState
from restanque.territories.geo import contours_of, outline_of
from restanque.territories.models import Commune

S = InvitationState
MAP_CLASSES = (
    maps.MapClass(S.VALIDATED, "Validée", "fait"),
    maps.MapClass(S.SUBMITTED, "Reçue, à valider", "valider"),
    maps.MapClass(S.STARTED, "Commencée", "cours"),
    maps.MapClass(S.SENT, "Sans réponse", "attente"),
    maps.MapClass(S.BOUNCED, "Adresse en erreur", "erreur"),
)
_NAMES = 10
# The most advanced invitation of a commune gives its colour.
_ADVANCE = (
    S.VALIDATED, S.SUBMITTED, S.STARTED, S.BOUNCED, S.SENT, S.NOT_SENT, S.REFUSED, S.REJECTED,
)  # fmt: skip


def map_panel(campaign: Campaign, invitations: Sequence[Invitation], today: date) -> maps.MapPanel:
    """Communes coloured by the state of their invitation."""
    by_commune: dict[str, list[Invitation]] = {}
    communes: dict[str, Commune] = {}
    for one in invitations:
        if one.organisation.commune is not None:
            communes[one.organisation.commune.code] = one.organisation.commune
            by_commune.setdefault(one.organisation.commune.code, []).append(one)
    contours = contours_of(communes.values())
    features = [
        _feature(communes[code], rows, contours[code])
        for code, rows in by_commune.items()
        if code in contours
    ]
    present = {feature.kind for feature in features}
    extra = (
        maps.MapClass(S.NOT_SENT, "Non envoyée", "none"),
        maps.MapClass(S.REFUSED, "Ne souhaite pas répondre", "s6"),
        maps.MapClass(S.REJECTED, "Écartée", "s6"),
    )
    return maps.MapPanel(
        name="carte",
        title="Où en sont les communes",
        features=features,
        classes=[*MAP_CLASSES, *(one for one in extra if one.kind in present)],
        outlines=epci_outlines(communes.values(), contours),
        labels=named_places(communes.values()),
        n=plural(len(features), "commune"),
        source=f"états de réponse, {campaign.name} ; contours IGN Admin Express",
        date=today,
        fictitious=campaign.fictitious,
    )


def _feature(commune: Commune, rows: Sequence[Invitation], contour: BaseGeometry) -> maps.Feature:
    states = sorted((state_of(one) for one in rows), key=_ADVANCE.index)
    answered = sum(state in ANSWERED_STATES for state in states)
    value = f"{answered} réponses sur {len(rows)}" if len(rows) > 1 else ""
    url = links.url_of("commune", commune.code) or ""
    return maps.Feature(commune.code, commune.name, contour, states[0], value, url)


def epci_outlines(
    communes: Iterable[Commune], contours: dict[str, BaseGeometry]
) -> list[BaseGeometry]:
    """The limits of the EPCI, drawn over the communes. Kept in memory: contours do not change."""
    groups: dict[str, list[str]] = {}
    for commune in communes:
        if commune.epci_id and commune.code in contours:
            groups.setdefault(commune.epci_id, []).append(commune.code)
    return [
        _outline(tuple(sorted((code, contours[code].wkb) for code in codes)))
        for codes in groups.values()
    ]


@lru_cache(maxsize=64)
def _outline(parts: tuple[tuple[str, bytes], ...]) -> BaseGeometry:
    import shapely

    return outline_of(shapely.from_wkb([wkb for _, wkb in parts]))


def named_places(communes: Iterable[Commune]) -> list[str]:
    """The most populated communes carry their name, as long as names have room between them."""
    chosen: list[Commune] = []
    for commune in sorted(communes, key=lambda one: (-(one.population or 0), one.code)):
        if all(_apart(commune, other) for other in chosen):
            chosen.append(commune)
    return [commune.code for commune in chosen[:_NAMES]]


def _apart(one: Commune, other: Commune) -> bool:
    """Whether two names do not run into each other on a map of some 150 km."""
    if None in (one.longitude, one.latitude, other.longitude, other.latitude):
        return False
    wide = abs(float(one.longitude or 0) - float(other.longitude or 0)) > 0.28
    return wide or abs(float(one.latitude or 0) - float(other.latitude or 0)) > 0.09
