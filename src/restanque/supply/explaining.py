"""Why a need is served as it is, and what would change it: a stored plan put back on its problem.

The plan keeps quantities and words; the reasons are computed again from the tables as they stand,
by `engine.supply.explain`. When the tables no longer hold what the plan says, `Outdated` is raised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from restanque.engine.supply import Arcs, Plan, Problem, SupplyError
from restanque.engine.supply.arcs import link
from restanque.engine.supply.explain import Lever, Obstacle, Remedy, Unserved, Why
from restanque.engine.supply.explain.unserved import unserved
from restanque.engine.supply.explain.why import why
from restanque.engine.supply.potential import Session
from restanque.engine.supply.solution import FlourFlow, WheatFlow
from restanque.kit.text import format_number
from restanque.supply.building import Built, build
from restanque.supply.columns import CLASSES
from restanque.supply.models import BakeryOffer, Need, SupplyPlan
from restanque.supply.showing import LABELS
from restanque.supply.words import tidy


class Outdated(ValueError):
    """The needs, the offers or the scenario changed since the plan: solve it again. French."""


_CHANGED = (
    "Les besoins, les offres ou les hypothèses ont changé depuis ce plan : calculez-le de nouveau "
    "pour en lire les raisons."
)


@dataclass(frozen=True)
class Rival:
    """Another baker for the same bread. `per_day`: € a day more for the whole plan if this lot
    alone went there; None where a rule forbids it, told in `words`."""

    bakery: BakeryOffer
    km: float | None
    per_day: float | None
    words: str

    @property
    def saved(self) -> float:
        """€ a day less, where it is less."""
        return 0.0 if self.per_day is None else max(0.0, -self.per_day)


@dataclass(frozen=True)
class Part:
    """One part of the cost of a kilogram."""

    label: str
    euros: float


@dataclass(frozen=True)
class Reasons:
    """Why one bakery serves one need with one class."""

    bakery: BakeryOffer
    bread: str
    kg: float
    km: float | None
    stays: bool
    parts: tuple[Part, ...]
    total: float
    rivals: tuple[Rival, ...]
    limits: tuple[str, ...]

    @property
    def cheaper(self) -> Rival | None:
        """A rival that would cost less: kept out because today's baker comes first."""
        found = [one for one in self.rivals if one.per_day is not None and one.per_day < -0.005]
        return found[0] if found else None


@dataclass(frozen=True)
class Missing:
    """What a need lacks, the reason, and the changes that would serve it, each solved again."""

    kg: float
    sentence: str
    counts: tuple[tuple[str, int], ...]
    remedies: tuple[str, ...]


class Study:
    """A plan that is done and its problem. Raises Outdated, or SupplyError as `build` does."""

    def __init__(self, plan: SupplyPlan) -> None:
        if not plan.is_current:
            raise Outdated(_CHANGED)
        self.stored = plan
        self.result: dict[str, Any] = plan.read("result") or {}
        self.built: Built = build(plan.scenario)
        self.lines = {need.pk: at for at, need in enumerate(self.built.needs)}
        self._rows = {offer.pk: at for at, offer in enumerate(self.built.bakeries)}
        self.problem, self.plan = self._restored()

    @cached_property
    def session(self) -> Session:
        """The exact model without whole lots, solved once: it gives the market prices."""
        return Session(self.problem)

    @cached_property
    def _links(self) -> dict[int, list[Why]]:
        """Reasons of every link, by line."""
        found: dict[int, list[Why]] = defaultdict(list)
        duals = self.session.plan.duals
        if duals is not None:
            for one in why(self.problem, self.plan, duals):
                found[one.line].append(one)
        return found

    def reasons(self, need: Need) -> tuple[Reasons, ...]:
        """Why each bakery that serves this need."""
        line = self._line(need)
        current = int(self.problem.lines.current[line])
        return tuple(
            Reasons(
                self.built.bakeries[one.bakery],
                LABELS[CLASSES[one.cls]],
                one.kg,
                _known(one.km),
                one.bakery == current,
                tuple(_parts(one)),
                one.parts.total,
                tuple(self._rivals(one)),
                tuple(self._limits(one)),
            )
            for one in sorted(self._links.get(line, []), key=lambda one: -one.kg)
        )

    def missing(self, need: Need) -> Missing | None:
        """What this need lacks and what would serve it; None when it is wholly served."""
        line = self._line(need)
        if self.plan.unserved[line] <= 1e-3:
            return None
        alone = np.zeros(len(self.plan.unserved))
        alone[line] = self.plan.unserved[line]
        duals = self.session.plan.duals
        if duals is None:
            return None
        found = unserved(
            self._kept,
            replace(self.plan, unserved=alone),
            duals,
            session=self.session,
            remedies_for=1,
        )
        return self._told(found[0]) if found else None

    @cached_property
    def _kept(self) -> Problem:
        """The same arcs in place, where bread that stays with today's baker goes nowhere else."""
        problem, arcs = self.problem, self.problem.arcs
        if not self.result.get("keep_bakers"):
            return problem
        current = problem.lines.current[arcs.line]
        stays = np.zeros(len(problem.lines), dtype=np.bool_)
        stays[arcs.line[(self.plan.arc_kg > 0) & (arcs.bakery == current)]] = True
        away = stays[arcs.line] & (self.plan.arc_kg <= 0)
        # Dearer than going unserved: never chosen, and arc positions do not move.
        never = 2.0 * float(problem.penalty.max(initial=0.0)) + 1.0
        return replace(problem, arcs=replace(arcs, change=arcs.change + never * away))

    def _line(self, need: Need) -> int:
        if need.pk not in self.lines:
            raise Outdated(_CHANGED)
        return self.lines[need.pk]

    def _told(self, one: Unserved) -> Missing:
        counts = (
            ("dans le rayon", one.near),
            ("font ou pourraient faire ce pain", one.able),
            ("au prix accepté", one.affordable),
            ("ont encore de la place", one.free),
        )
        told = tuple(tidy(self._remedy(remedy, one.kg)) for remedy in one.remedies)
        return Missing(one.kg, _REASONS[one.reason.value], counts, told)

    def _remedy(self, one: Remedy, kg: float) -> str:
        """One change in words; it was solved again and serves the need."""
        name = str(self.built.bakeries[one.bakery]) if one.bakery >= 0 else ""
        before, after = format_number(one.before, 1), format_number(one.after, 1)
        change = {
            Lever.PRICE: f"accepter {format_number(one.after, 2)} € HT le kilo au lieu de "
            f"{format_number(one.before, 2)} €",
            Lever.KM: f"faire venir le pain de {after} km ({name}), au lieu de {before} km au plus",
            Lever.CAPACITY: f"{format_number(one.after - one.before, 1)} kg par jour de plus "
            f"chez {name}",
            Lever.CLASS: f"demander « {LABELS[CLASSES[int(one.after)]].lower()} »"
            if one.lever == Lever.CLASS
            else "",
            Lever.MINIMUM: f"que {name} accepte une commande de {after} kg au lieu de {before} kg",
        }[one.lever]
        told = f"{change[0].upper()}{change[1:]}"
        if one.cost <= 0:
            return f"{told} : le plan entier ne coûterait pas davantage."
        return (
            f"{told} : ce pain coûterait {format_number(one.cost, 2)} € par jour, soit "
            f"{format_number(one.cost / kg, 2)} € le kilo, transport et préférences compris."
        )

    def _rivals(self, one: Why) -> Iterator[Rival]:
        for rival in one.candidates:
            offer = self.built.bakeries[rival.bakery]
            yield Rival(offer, _known(rival.km), rival.regret, _OBSTACLES[rival.obstacle])

    def _limits(self, one: Why) -> Iterator[str]:
        for limit in one.limits:
            price = format_number(limit.price, 2)
            if limit.kind == "capacity":
                yield tidy(
                    f"Sa capacité est rare : un kilo de plus par jour vaudrait {price} € au plan."
                )
            elif limit.kind == "flour":
                label = LABELS.get(limit.name, limit.name).lower()
                yield tidy(f"La farine manque ({label}) : un kilo de plus vaudrait {price} €.")
            else:
                yield tidy(f"Le budget de la commune est atteint : un euro en épargnerait {price}.")

    # --- the plan on its problem ---

    def _restored(self) -> tuple[Problem, Plan]:
        """The links stored are candidates again, wherever rules would refuse them today."""
        raw = self.result.get("links", [])
        problem = _with_links(self.built.problem, [self._place(row) for row in raw])
        keys = {key: at for at, key in enumerate(_keys(problem.arcs, problem).tolist())}
        kg = np.zeros(len(problem.arcs))
        for row in raw:
            line, bakery, cls, _ = self._place(row)
            key = (line * len(problem.bakeries) + bakery) * len(CLASSES) + cls
            if key not in keys:
                raise Outdated(_CHANGED)
            kg[keys[key]] += row["kg"]
        served = np.bincount(problem.arcs.line, kg, len(problem.lines))
        left = problem.lines.kg - served
        if (left < -0.01).any():
            raise Outdated(_CHANGED)
        load = np.bincount(problem.arcs.bakery, kg, len(problem.bakeries))
        least = problem.bakeries.min_order
        # Who serves already is not asked for its minimum order when today's baker is kept.
        least = np.where(load > 0, np.minimum(least, load), least)
        problem = replace(problem, bakeries=replace(problem.bakeries, min_order=least))
        missing = np.where(left > 0.002, left, 0.0)
        objective = float(self.result.get("objective") or 0.0)
        return problem, Plan(
            "award", kg, missing, objective, objective, self._flour(raw), self._wheat()
        )

    def _place(self, row: dict[str, Any]) -> tuple[int, int, int, float]:
        """Line, bakery, class and km of a stored link."""
        if row["need"] not in self.lines or row["bakery"] not in self._rows:
            raise Outdated(_CHANGED)
        km = float("nan") if row["km"] is None else float(row["km"])
        return self.lines[row["need"]], self._rows[row["bakery"]], CLASSES.index(row["class"]), km

    def _flour(self, raw: list[dict[str, Any]]) -> FlourFlow:
        mills = {mill.pk: at for at, mill in enumerate(self.built.mills)}
        per_flour = self.built.problem.rules.bread_per_flour
        found: dict[tuple[int, int, int], float] = defaultdict(float)
        for row in raw:
            for share in row["mills"]:
                if share["mill"] not in mills:
                    raise Outdated(_CHANGED)
                key = self._rows[row["bakery"]], mills[share["mill"]], CLASSES.index(row["class"])
                found[key] += row["kg"] * share["share"] / per_flour
        columns = np.array(list(found), dtype=np.int64).reshape(-1, 3).T
        return FlourFlow(columns[0], columns[1], columns[2], np.array(list(found.values())))

    def _wheat(self) -> WheatFlow:
        """Grain of a day by zone and class; the stored plan does not say for which mill."""
        zones = {name: at for at, name in enumerate(self.built.wheat)}
        rows = [row for row in self.result.get("wheat", []) if row["zone"] in zones]
        days = self.built.problem.rules.days_per_year
        return WheatFlow(
            np.zeros(len(rows), dtype=np.int64),
            np.array([zones[row["zone"]] for row in rows], dtype=np.int64),
            np.array([CLASSES.index(row["class"]) for row in rows], dtype=np.int64),
            np.array([row["tonnes"] * 1000 / days for row in rows]),
        )


def study_of(plan: SupplyPlan) -> Study | None:
    """The study of a plan; None when the tables no longer hold what it says."""
    try:
        return Study(plan)
    except (Outdated, SupplyError):
        return None


def _keys(arcs: Arcs, problem: Problem) -> np.ndarray:
    made: np.ndarray = (arcs.line * len(problem.bakeries) + arcs.bakery) * len(CLASSES) + arcs.cls
    return made


def _with_links(problem: Problem, wanted: list[tuple[int, int, int, float]]) -> Problem:
    """The problem whose arcs hold these links too (today's baker is kept however far it is)."""
    if not wanted:
        return problem
    line, bakery, cls = (np.array([row[at] for row in wanted], dtype=np.int64) for at in range(3))
    km = np.array([row[3] for row in wanted])
    free = replace(
        problem,
        rules=replace(problem.rules, forced=(), forbidden=()),
        lines=replace(problem.lines, max_price=np.full(len(problem.lines), np.inf)),
        bakeries=replace(problem.bakeries, radius=np.full(len(problem.bakeries), np.inf)),
    )
    made, old = link(free, line, bakery, km, cls=cls), problem.arcs
    new = np.flatnonzero(~np.isin(_keys(made, problem), _keys(old, problem)))
    _, first = np.unique(_keys(made, problem)[new], return_index=True)
    new = new[first]
    keys = np.concatenate([_keys(old, problem), _keys(made, problem)[new]])
    order = np.argsort(keys, kind="stable")

    def joined(name: str) -> np.ndarray:
        both = np.concatenate([getattr(old, name), getattr(made, name)[new]])
        ordered: np.ndarray = both[order]
        return ordered

    lines = np.concatenate([old.line, made.line[new]])[order]
    count = np.bincount(lines, minlength=len(problem.lines))
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    names = ("bakery", "cls", "km", "price", "transport", "preference", "change")
    return replace(problem, arcs=Arcs(start, *(joined(name) for name in names)))


def _parts(one: Why) -> Iterator[Part]:
    """The parts of the cost that are not zero, bread always."""
    parts = one.parts
    yield Part("pain", parts.price)
    for label, value in (
        ("transport", parts.transport),
        ("préférence de proximité", parts.preference),
        ("préférence pour le fournisseur d’aujourd’hui", parts.change),
        ("farine, par rapport à celle que le prix du pain compte déjà", parts.flour),
    ):
        if abs(value) >= 0.0005:
            yield Part(label, value)


def _known(km: float) -> float | None:
    return None if km != km else km


_OBSTACLES = {
    Obstacle.NONE: "possible",
    Obstacle.FULL: "n’a plus de place pour ce lot",
    Obstacle.MINIMUM: "une commande ou une livraison minimale ne serait plus tenue",
    Obstacle.BAKERS: "un boulanger de trop pour cette cantine",
}
_REASONS = {
    "no_bakery": "Aucune boulangerie connue dans le rayon du scénario.",
    "forbidden": "Les boulangeries possibles sont interdites, imposées ailleurs ou ne livrent pas "
    "si loin.",
    "no_class": "Des boulangeries sont dans le rayon, mais aucune ne fait ni ne pourrait faire ce "
    "pain.",
    "price": "Des boulangeries font ce pain, mais au-dessus du prix accepté.",
    "no_flour": "Des boulangeries conviennent, mais aucun moulin connu ne fait cette farine.",
    "full": "Des boulangeries conviennent, mais toutes sont complètes dans ce plan.",
    "minimum": "Il reste de la place, mais une commande ou une livraison minimale n’est pas "
    "atteinte.",
    "bakers": "Il reste de la place, mais il faudrait un boulanger de trop pour cette cantine.",
    "flour_short": "Il reste de la place dans les fournils, mais la farine manque.",
    "too_dear": "Il reste de la place, mais servir coûterait plus que le scénario n’admet.",
}
