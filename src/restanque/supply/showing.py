"""A stored plan with its records: what the pages, exports and documents read. Reading only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from restanque.supply.models import BakeryOffer, MillOffer, Need, SupplyPlan
from restanque.supply.nomenclature import BreadClass
from restanque.territories.models import Commune

LABELS = {code: str(label) for code, label in BreadClass.choices}


@dataclass(frozen=True)
class Link:
    """One canteen's line served by one bakery. `raw` holds the figures as solved."""

    need: Need
    bakery: BakeryOffer
    mills: tuple[tuple[MillOffer, float], ...]
    raw: dict[str, Any]

    @property
    def bread(self) -> str:
        """The class served, in words."""
        return LABELS[self.raw["class"]]

    @property
    def kg(self) -> float:
        """Kilograms a day."""
        kilos: float = self.raw["kg"]
        return kilos

    @property
    def surcharge(self) -> float | None:
        """€/kg against today; None when today's price is unknown."""
        paid = self.raw["paid_today"]
        return None if paid is None else float(self.raw["price"] - paid)

    @property
    def state(self) -> str:
        """`same` (nothing changes), `flour` (the baker changes flour), `other` (another baker)."""
        if not self.raw["stays"]:
            return "other"
        return "flour" if self.raw["converts"] else "same"

    @property
    def mill_names(self) -> str:
        """« Moulin A, Moulin B »; empty when flour is not planned."""
        return ", ".join(str(mill) for mill, _ in self.mills)


@dataclass(frozen=True)
class Short:
    """A line left without bread, wholly or in part."""

    need: Need
    kg: float
    why: str


@dataclass
class ByBakery:
    """What a plan asks of one bakery."""

    bakery: BakeryOffer
    kg: float
    capacity: float
    capacity_known: bool
    links: list[Link] = field(default_factory=list)

    @property
    def load(self) -> float | None:
        """Share of the capacity; None without one."""
        return self.kg / self.capacity if self.capacity else None

    @property
    def conversions(self) -> list[str]:
        """Classes to take up."""
        return sorted({link.bread for link in self.links if link.raw["converts"]})


class PlanView:
    """A plan that is done, with its records attached. Records deleted since are left out, said so
    by `missing`."""

    def __init__(self, plan: SupplyPlan) -> None:
        self.plan = plan
        self.result: dict[str, Any] = plan.read("result") or {}
        self.figures: dict[str, Any] = plan.figures
        raw = self.result.get("links", [])
        short = self.result.get("unserved", [])
        wanted = {row["need"] for row in (*raw, *short)}
        self._needs = {
            need.pk: need
            for need in Need.objects.filter(pk__in=wanted).select_related(
                "canteen__commune", "supplier", "territory"
            )
        }
        bakeries = {row["bakery"] for row in (*raw, *self.result.get("bakeries", []))}
        self._bakeries = {
            offer.pk: offer
            for offer in BakeryOffer.objects.filter(pk__in=bakeries).select_related(
                "organisation__commune", "placeholder_commune"
            )
        }
        mills = {row["mill"] for row in self.result.get("mills", [])}
        self._mills = {
            offer.pk: offer
            for offer in MillOffer.objects.filter(pk__in=mills).select_related(
                "organisation__commune"
            )
        }
        self.missing = len(wanted) - len(self._needs) + len(bakeries) - len(self._bakeries)

    @cached_property
    def links(self) -> list[Link]:
        """Every link, in the order of the communes."""
        made = [
            Link(self._needs[row["need"]], self._bakeries[row["bakery"]], self._shares(row), row)
            for row in self.result.get("links", [])
            if row["need"] in self._needs and row["bakery"] in self._bakeries
        ]
        return sorted(made, key=lambda link: (place_key(link.need), -link.kg))

    def _shares(self, row: dict[str, Any]) -> tuple[tuple[MillOffer, float], ...]:
        return tuple(
            (self._mills[one["mill"]], one["share"])
            for one in row["mills"]
            if one["mill"] in self._mills
        )

    @cached_property
    def short(self) -> list[Short]:
        """Lines left without bread, largest first."""
        made = [
            Short(self._needs[row["need"]], row["kg"], row["why"])
            for row in self.result.get("unserved", [])
            if row["need"] in self._needs
        ]
        return sorted(made, key=lambda one: -one.kg)

    @cached_property
    def by_bakery(self) -> list[ByBakery]:
        """What is asked of each bakery, largest first."""
        made = {
            row["bakery"]: ByBakery(
                self._bakeries[row["bakery"]], row["kg"], row["capacity"], row["capacity_known"]
            )
            for row in self.result.get("bakeries", [])
            if row["bakery"] in self._bakeries
        }
        for link in self.links:
            if link.bakery.pk in made:
                made[link.bakery.pk].links.append(link)
        return sorted(made.values(), key=lambda one: -one.kg)

    @cached_property
    def by_mill(self) -> list[tuple[MillOffer, list[tuple[str, float]], float]]:
        """Flour asked of each mill: by class, and in all (kg a day)."""
        found: dict[int, list[tuple[str, float]]] = defaultdict(list)
        for row in self.result.get("mills", []):
            if row["mill"] in self._mills:
                found[row["mill"]].append((LABELS[row["class"]], row["kg"]))
        made = [
            (self._mills[pk], classes, sum(kg for _, kg in classes))
            for pk, classes in found.items()
        ]
        return sorted(made, key=lambda row: -row[2])

    @cached_property
    def communes(self) -> dict[str, list[Link]]:
        """Links by INSEE code of the canteen's commune."""
        found: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            if link.need.canteen.commune_id:
                found[link.need.canteen.commune_id].append(link)
        return found

    def links_of(self, commune: Commune) -> list[Link]:
        """Links of one commune."""
        return self.communes.get(commune.pk, [])

    def short_of(self, commune: Commune) -> list[Short]:
        """Lines of one commune left without bread."""
        return [one for one in self.short if one.need.canteen.commune_id == commune.pk]


def place_key(need: Need) -> str:
    """Order of a need: its commune, then its canteen."""
    commune = need.canteen.commune
    return f"{commune.name_key if commune else ''} {need.canteen.name_key}"
