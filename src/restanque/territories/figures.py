"""Key figures of a territory, each with its n, source and date, and its map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from restanque.kit import links, maps
from restanque.kit.text import format_number, plural
from restanque.territories import services
from restanque.territories.geo import contours_of, outline_of
from restanque.territories.models import Commune, Epci, Territory
from restanque.territories.models.perimeters import COLOUR_ORDER
from restanque.territories.reference import tables
from restanque.territories.reference.sources import Source, sources

_NO_ZONE = "sans-zone"
_NAMES = 6


@dataclass(frozen=True, slots=True)
class Group:
    """Communes counted together. `population` is None when nobody's is known."""

    name: str
    detail: str
    communes: int
    population: int | None
    epci: Epci | None = None


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """A territory in figures, on a day; `unknown` communes have no known population."""

    communes: int
    population: int | None
    unknown: int
    area_km2: float | None
    by_epci: tuple[Group, ...]

    @property
    def epci(self) -> int:
        """Number of EPCI, communes outside any left out."""
        return sum(group.epci is not None for group in self.by_epci)


def total(values: Sequence[int | float | None]) -> int | float | None:
    """Sum of the known values, or None when none is known."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def key_figures(communes: Sequence[Commune]) -> KeyFigures:
    """Count communes, inhabitants and EPCI; the EPCI most represented come first."""
    members: dict[Epci | None, list[Commune]] = {}
    for commune in communes:
        members.setdefault(commune.epci, []).append(commune)
    groups = [
        Group(
            epci.name if epci else "Hors intercommunalité",
            epci.get_kind_display() if epci else "",
            len(inside),
            _population(inside),
            epci,
        )
        for epci, inside in members.items()
    ]
    area = total([commune.area_km2 for commune in communes])
    return KeyFigures(
        communes=len(communes),
        population=_population(communes),
        unknown=sum(commune.population is None for commune in communes),
        area_km2=None if area is None else float(area),
        by_epci=tuple(sorted(groups, key=lambda g: (g.epci is None, -g.communes, g.name))),
    )


def _population(communes: Sequence[Commune]) -> int | None:
    found = total([commune.population for commune in communes])
    return None if found is None else int(found)


def territory_map(territory: Territory, communes: Sequence[Commune], day: date) -> maps.MapPanel:
    """The communes by zone, or by EPCI while no zone is drawn."""
    kinds, classes = (
        _zone_classes(territory) if territory.zones.exists() else _epci_classes(communes)
    )
    contours = contours_of(communes)
    by_epci: dict[str | None, list[str]] = {}
    for commune in communes:
        by_epci.setdefault(commune.epci_id, []).append(commune.code)
    return maps.MapPanel(
        name="territoire",
        title=f"Les communes de {territory.name}",
        features=[
            maps.Feature(
                commune.code,
                commune.name,
                geometry=contours[commune.code],
                kind=kinds.get(commune.code, _NO_ZONE),
                value=plural(commune.population, "habitant")
                if commune.population is not None
                else "population inconnue",
                url=links.url_of("commune", commune.code) or "",
            )
            for commune in communes
            if commune.code in contours
        ],
        classes=classes,
        outlines=[
            outline_of(contours[code] for code in codes if code in contours)
            for codes in by_epci.values()
        ],
        labels=_names_to_write(communes),
        n=plural(len(communes), "commune"),
        source=f"IGN et INSEE, {source_of(tables.CONTOURS).vintage}",
        date=day,
    )


def _names_to_write(communes: Sequence[Commune]) -> list[str]:
    """The most populated communes that stand far enough apart for their names not to touch."""
    placed = [(c, c.longitude, c.latitude) for c in communes if c.longitude and c.latitude]
    if not placed:
        return []
    across = max(x for _, x, _ in placed) - min(x for _, x, _ in placed)
    down = max(y for _, _, y in placed) - min(y for _, _, y in placed)
    kept: list[tuple[Commune, float, float]] = []
    for commune, x, y in sorted(placed, key=lambda one: -(one[0].population or 0)):
        if all(abs(x - a) > across / 3 or abs(y - b) > down / 10 for _, a, b in kept):
            kept.append((commune, x, y))
        if len(kept) == _NAMES:
            break
    return [commune.code for commune, _, _ in kept]


def locator_map(commune: Commune, territory: Territory, day: date) -> maps.MapPanel:
    """Where a commune is in a territory: itself, its EPCI, the others."""
    communes = list(territory.communes_at(day))
    contours = contours_of(communes)

    def kind_of(other: Commune) -> str:
        if other.code == commune.code:
            return "here"
        return "epci" if other.epci_id and other.epci_id == commune.epci_id else "other"

    return maps.MapPanel(
        name="situation",
        title=f"{commune.name} dans {territory.name}",
        features=[
            maps.Feature(other.code, other.name, contours[other.code], kind_of(other))
            for other in communes
            if other.code in contours
        ],
        classes=[
            maps.MapClass("here", commune.name, "ici"),
            maps.MapClass("epci", "Même intercommunalité", "peri"),
            maps.MapClass("other", "Autres communes du territoire", "loin"),
        ],
        n=plural(len(communes), "commune"),
        source=source_of(tables.CONTOURS).producer,
        date=day,
    )


def _zone_classes(territory: Territory) -> tuple[dict[str, str], list[maps.MapClass]]:
    zones = services.zones_of(territory)
    kinds = {code: f"zone-{zone.pk}" for code, zone in services.zone_by_commune(territory).items()}
    classes = [maps.MapClass(f"zone-{zone.pk}", zone.name, f"s{zone.colour}") for zone in zones]
    return kinds, [*classes, maps.MapClass(_NO_ZONE, "Sans zone", "attente")]


def _epci_classes(communes: Sequence[Commune]) -> tuple[dict[str, str], list[maps.MapClass]]:
    """One category per EPCI while there are colours; beyond, EPCI are told by their outlines."""
    groups = [group.epci for group in key_figures(communes).by_epci if group.epci is not None]
    if len(groups) > len(COLOUR_ORDER):
        kinds = {commune.code: "commune" for commune in communes}
        return kinds, [maps.MapClass("commune", "Commune du territoire", "s4")]
    kinds = {commune.code: commune.epci_id for commune in communes if commune.epci_id}
    classes = [
        maps.MapClass(epci.siren, epci.name, f"s{slot}")
        for slot, epci in zip(COLOUR_ORDER, groups, strict=False)
    ]
    outside = [maps.MapClass(_NO_ZONE, "Hors intercommunalité", "attente")]
    return kinds, classes if len(kinds) == len(communes) else [*classes, *outside]


def source_of(file: str) -> Source:
    """The credits of a data file."""
    return sources()[file]


def lede_of(figures: KeyFigures) -> str:
    """« 121 communes, 2 113 085 habitants, 4 intercommunalités. »"""
    parts = [plural(figures.communes, "commune")]
    if figures.population is not None:
        parts.append(f"{format_number(figures.population)} habitants")
    if figures.epci:
        parts.append(plural(figures.epci, "intercommunalité"))
    return ", ".join(parts) + "."
