"""PROBLEM.json → Problem."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from restanque.engine.supply.arcs import Arcs, link
from restanque.engine.supply.arrays import BoolArray, Faults, FloatArray
from restanque.engine.supply.distances import project
from restanque.engine.supply.errors import Fault, NotAProblemError, ProblemError
from restanque.engine.supply.jsonio.fields import Row, escaped, table
from restanque.engine.supply.problem import Problem
from restanque.engine.supply.rules import Pair, Rules, Weights
from restanque.engine.supply.tables import Bakeries, Lines, Mills, Wheat

#: The class of bread where none is named.
PLAIN = "pain"
_NOT_NUMBERS = {"weights", "forbidden", "forced", "neutral", "lot_kg", "k"}
#: Field of the tables → key of the file, where they differ.
_KEYS = {
    "capacity": "capacity_kg",
    "class_capacity": "capacity_kg",
    "min_order": "min_order_kg",
    "radius": "radius_km",
    "supply": "supply_kg",
    "x, y": "x",
    "budget": "budget",
}


def read_problem(data: bytes | str) -> Problem:
    """The problem described by a PROBLEM.json.

    Raises NotAProblemError (not JSON, or not an object with `lines` or `bakeries`), ProblemError
    (JSON pointers and French sentences, all at once).
    """
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        value = json.loads(text, parse_constant=_refuse)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotAProblemError(f"Ce fichier n’est pas du JSON lisible ({error}).") from None
    if not isinstance(value, dict) or not ("lines" in value or "bakeries" in value):
        raise NotAProblemError(
            "Ce fichier JSON ne décrit pas un problème d’approvisionnement : un objet avec "
            "« bakeries » et « lines » est attendu."
        )
    return _Reader(value).problem()


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} n’est pas un nombre JSON")


@dataclass(frozen=True)
class _Names:
    """Position of each identifier."""

    bakeries: dict[str, int]
    mills: dict[str, int]
    lines: dict[str, int]
    communes: dict[str, int]
    canteens: dict[str, int]
    classes: dict[str, int]


class _Reader:
    def __init__(self, value: dict[str, Any]) -> None:
        self.faults, self.notes = Faults(), list[str]()
        self.root = Row(self.faults, self.notes, "", value)
        for key in ("$schema", "name", "comment", "fictitious"):
            self.root.get(key)
        self.bakeries = table(self.root, "bakeries")
        self.mills = table(self.root, "mills")
        self.wheat = table(self.root, "wheat")
        self.lines = table(self.root, "lines")
        self.arcs = table(self.root, "arcs")
        self.has_arcs = self.root.get("arcs") is not None
        self.communes = table(self.root, "communes")
        rules = self.root.get("rules")
        self.rules = Row(self.faults, self.notes, "/rules", {} if rules is None else rules)
        self.names = self._name()

    # --- identifiers ---

    def _name(self) -> _Names:
        line_ids = [row.name("id") or "" for row in self.lines]
        canteens = [row.name("canteen", required=False) for row in self.lines]
        self.canteen = [name or line for name, line in zip(canteens, line_ids, strict=True)]
        self.home = [row.name("commune", required=False) for row in self.lines]
        around = [row.name("commune", required=False) for row in self.bakeries]
        listed = [row.name("id") for row in self.communes]
        places = [*listed, *self.home, *around, *self.rules.names_in("budgets")]
        return _Names(
            _positions([row.name("id") for row in self.bakeries]),
            _positions([row.name("id") for row in self.mills]),
            _positions(line_ids),
            _positions(places),
            _positions(self.canteen),
            self._classes(),
        )

    def _classes(self) -> dict[str, int]:
        """Every class named anywhere, in order of appearance: lines first."""
        self.asked = [row.name("class", required=False) or PLAIN for row in self.lines]
        named = list(self.asked)
        for row in [*self.bakeries, *self.mills, *self.wheat]:
            named += row.names("classes") or []
            for key in ("price", "capacity_kg", "supply_kg", "hectares", "yield_kg_ha"):
                named += row.names_in(key)
        accepts = self.rules.get("accepts")
        if isinstance(accepts, dict):
            named += [str(name) for name in accepts]
        named += self.rules.names("certified") or []
        named += self.rules.names_in("flour_reference")
        return _positions(named or [PLAIN])

    def _find(self, row: Row, key: str, known: dict[str, int], what: str, need: bool) -> int:
        name = row.name(key, required=need)
        if not name:
            return -1
        if name not in known:
            row.fault(key, f"« {name} » n’est pas l’identifiant d’{what} du fichier.")
        return known.get(name, -1)

    # --- tables ---

    def problem(self) -> Problem:
        places = self._places()
        bakeries, mills = self._bakeries(places[0]), self._mills(places[1])
        wheat, lines, rules = self._wheat(places[2]), self._lines(places[3]), self._rules()
        names = self.names
        given: dict[str, Any] = {
            "bakeries": bakeries,
            "mills": mills,
            "wheat": wheat,
            "lines": lines,
            "rules": rules,
            "classes": tuple(names.classes),
            "communes": tuple(names.communes),
            "canteens": tuple(names.canteens),
            "accepts": self._accepts(),
            "certified": self._certified(),
            "flour_reference": self.rules.by_class("flour_reference", names.classes, 0.0),
            "budget": self._budgets(),
        }
        for row in [*self.bakeries, *self.mills, *self.wheat, *self.lines, *self.communes]:
            row.done()
        self.rules.done()
        self.root.done()
        if self.faults.found:
            raise ProblemError(self.faults.found)
        try:
            if not self.has_arcs:
                return Problem.of(**given, notes=self.notes)
            draft = Problem.of(**given, arcs=Arcs.none(len(lines)))
            arcs = self._arcs(draft)
            if self.faults.found:
                raise ProblemError(self.faults.found)
            return Problem.of(**given, arcs=arcs, notes=self.notes)
        except ProblemError as error:
            raise ProblemError([_pointed(fault) for fault in error.faults]) from None

    def _places(self) -> list[tuple[FloatArray, FloatArray]]:
        """Coordinates of the four tables on one plane."""
        tables = [self.bakeries, self.mills, self.wheat, self.lines]
        rows = [row for rows in tables for row in rows]
        kinds = set()
        first, second = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
        for position, row in enumerate(rows):
            pair = ("lon", "lat") if row.get("lon") is not None else ("x", "y")
            other = ("x", "y") if pair[0] == "lon" else ("lon", "lat")
            values = [row.get(key) for key in pair]
            if any(row.get(key) is not None for key in other):
                row.fault(other[0], "donnez lon et lat, ou x et y, mais une seule des deux façons.")
            if values == [None, None]:
                continue
            kinds.add(pair)
            first[position], second[position] = (row.number(key, signed=True) for key in pair)
            if pair[0] == "lon" and not (
                abs(first[position]) <= 180 and abs(second[position]) <= 90
            ):
                row.fault(
                    "lon", "longitude entre -180 et 180 et latitude entre -90 et 90 attendues."
                )
        if len(kinds) > 1:
            self.root.fault("", "les lieux mêlent lon/lat et x/y : une seule façon par fichier.")
        if ("lon", "lat") in kinds:
            first, second = project(first, second)
        ends = np.cumsum([len(rows) for rows in tables])[:-1]
        return list(zip(np.split(first, ends), np.split(second, ends), strict=True))

    def _bakeries(self, place: tuple[FloatArray, FloatArray]) -> Bakeries:
        rows, names = self.bakeries, self.names
        k = len(names.classes)
        makes = np.array([self._mask(row) for row in rows], dtype=np.bool_).reshape(-1, k)
        price = [row.by_class("price", names.classes, np.nan) for row in rows]
        unknown = makes & np.isnan(np.array(price).reshape(-1, k))
        if unknown.any() and not self.has_arcs:
            count = int(unknown.any(axis=1).sum())
            self.notes.append(f"Prix inconnu pour {count} boulangerie(s) : compté à 0 €/kg.")
        shown = np.where(unknown, 0.0, np.array(price).reshape(-1, k))
        return Bakeries.of(
            [row.name("id") or "" for row in rows],
            x=place[0],
            y=place[1],
            capacity=[row.number("capacity_kg") for row in rows],
            min_order=[row.number("min_order_kg", 0.0) for row in rows],
            makes=makes,
            price=shown,
            commune=[
                self._find(row, "commune", names.communes, "une commune", False) for row in rows
            ],
            radius=[row.number("radius_km", np.inf) for row in rows],
            mill=[self._find(row, "mill", names.mills, "un moulin", False) for row in rows],
        )

    def _mask(self, row: Row) -> BoolArray:
        listed = row.names("classes")
        if listed is None:
            listed = list(row.names_in("price")) or list(self.names.classes)
        return np.array([name in listed for name in self.names.classes])

    def _mills(self, place: tuple[FloatArray, FloatArray]) -> Mills:
        rows, classes = self.mills, self.names.classes
        k = len(classes)
        joint, by_class = [], []
        for row in rows:
            shared = not isinstance(row.get("capacity_kg"), dict)
            joint.append(row.number("capacity_kg", np.inf) if shared else np.inf)
            limit = np.full(k, np.inf)
            if not shared:
                limit = row.by_class("capacity_kg", classes, np.inf, absent=0.0)
            by_class.append(np.where(self._mask(row), limit, 0.0))
        return Mills(
            tuple(row.name("id") or "" for row in rows),
            *place,
            np.array(joint, dtype=np.float64),
            np.array(by_class).reshape(-1, k),
            np.array([row.by_class("price", classes, 0.0) for row in rows]).reshape(-1, k),
            np.array([row.number("extraction", 0.78) for row in rows], dtype=np.float64),
        )

    def _wheat(self, place: tuple[FloatArray, FloatArray]) -> Wheat:
        rows, classes = self.wheat, self.names.classes
        k, days = len(classes), self.rules.number("days_per_year", Rules.days_per_year)
        supply, yields = [], []
        for row in rows:
            hectares = row.by_class("hectares", classes, np.nan, absent=0.0)
            grown = row.by_class("yield_kg_ha", classes, np.nan)
            kg = row.by_class("supply_kg", classes, np.nan, absent=0.0)
            if row.get("supply_kg") is None:
                if row.get("hectares") is None or row.get("yield_kg_ha") is None:
                    row.fault("supply_kg", "donnez supply_kg, ou hectares et yield_kg_ha.")
                kg = hectares * grown / days if days > 0 else kg
            supply.append(np.where(self._mask(row) & ~np.isnan(kg), kg, 0.0))
            yields.append(grown)
        return Wheat(
            tuple(row.name("id") or "" for row in rows),
            *place,
            np.array(supply).reshape(-1, k),
            np.array([row.by_class("price", classes, 0.0) for row in rows]).reshape(-1, k),
            np.array(yields).reshape(-1, k),
        )

    def _lines(self, place: tuple[FloatArray, FloatArray]) -> Lines:
        rows, names = self.lines, self.names
        today = [
            self._find(row, "current_bakery", names.bakeries, "une boulangerie", False)
            for row in rows
        ]
        return Lines.of(
            [row.name("id") or "" for row in rows],
            x=place[0],
            y=place[1],
            kg=[row.number("kg") for row in rows],
            klass=[names.classes[name] for name in self.asked],
            canteen=[names.canteens.get(name, 0) for name in self.canteen],
            commune=[names.communes.get(name or "", -1) for name in self.home],
            current=today,
            max_price=[row.number("max_price", np.inf) for row in rows],
            unserved_cost=[row.number("unserved_cost", np.nan) for row in rows],
        )

    # --- rules ---

    def _rules(self) -> Rules:
        rules, made = self.rules, dict[str, Any]()
        for item in fields(Rules):
            if item.name not in _NOT_NUMBERS and rules.get(item.name) is not None:
                made[item.name] = rules.number(item.name)
        if self.has_arcs and "radius_km" not in made:
            made["radius_km"] = np.inf
        weights = rules.get("weights")
        inner = Row(self.faults, self.notes, "/rules/weights", {} if weights is None else weights)
        made["weights"] = Weights(
            **{
                item.name: inner.number(item.name)
                for item in fields(Weights)
                if inner.get(item.name) is not None
            }
        )
        inner.done()
        for key in ("k", "lot_kg"):
            if rules.get(key) is not None:
                made[key] = rules.number(key)
        if "k" in made:
            if made["k"] != int(made["k"]):
                rules.fault("k", "un nombre entier est attendu.")
            made["k"] = int(made["k"])
        neutral = rules.get("neutral")
        if neutral is not None and not isinstance(neutral, bool):
            rules.fault("neutral", "vrai ou faux (true, false) est attendu.")
        made["neutral"] = neutral is True
        made["forbidden"], made["forced"] = self._pairs("forbidden"), self._pairs("forced")
        return Rules(**made)

    def _pairs(self, key: str) -> tuple[Pair, ...]:
        value = self.rules.get(key)
        if not isinstance(value, list | None):
            self.rules.fault(key, "une liste de liens est attendue.")
            return ()
        found = []
        for position, item in enumerate(value or []):
            if isinstance(item, list) and len(item) == 2:
                item = {"line": item[0], "bakery": item[1]}
            row = Row(self.faults, self.notes, f"/rules/{key}/{position}", item)
            found.append(
                (
                    self._find(row, "line", self.names.lines, "une ligne", True),
                    self._find(row, "bakery", self.names.bakeries, "une boulangerie", True),
                )
            )
        return tuple(found)

    def _accepts(self) -> BoolArray:
        classes = self.names.classes
        made = np.eye(len(classes), dtype=np.bool_)
        given = self.rules.get("accepts")
        row = Row(self.faults, self.notes, "/rules/accepts", {} if given is None else given)
        for asked in row.value:
            for served in row.names(asked) or []:
                if served in classes:
                    made[classes[asked], classes[served]] = True
                else:
                    row.fault(escaped(asked), f"la classe « {served} » n’est citée nulle part.")
        return made

    def _certified(self) -> BoolArray:
        listed = self.rules.names("certified") or []
        return np.array([name in listed for name in self.names.classes], dtype=np.bool_)

    def _budgets(self) -> FloatArray:
        made = np.full(len(self.names.communes), np.inf)
        given = self.rules.get("budgets")
        inner = Row(self.faults, self.notes, "/rules/budgets", {} if given is None else given)
        stated = [(row, "budget", row.name("id")) for row in self.communes]
        for row, key, name in [*stated, *((inner, name, name) for name in inner.value)]:
            if name and row.get(key) is not None:
                made[self.names.communes[name]] = row.number(key)
        return made

    # --- arcs ---

    def _arcs(self, draft: Problem) -> Arcs:
        """Explicit candidates; over a radius that the rules state, they are dropped."""
        names, n = self.names, len(self.arcs)
        line, bakery, cls = (np.full(n, -1, dtype=np.int64) for _ in range(3))
        km, cost = np.full(n, np.nan), np.full(n, np.nan)
        for position, row in enumerate(self.arcs):
            line[position] = self._find(row, "line", names.lines, "une ligne", True)
            bakery[position] = self._find(row, "bakery", names.bakeries, "une boulangerie", True)
            if row.get("class") is not None:
                cls[position] = self._find(row, "class", names.classes, "une classe", True)
            km[position] = row.number("km", np.nan)
            cost[position] = row.number("cost", np.nan, signed=True)
            row.done()
        if self.faults.found:
            raise ProblemError(self.faults.found)
        dx = draft.lines.x[line] - draft.bakeries.x[bakery]
        dy = draft.lines.y[line] - draft.bakeries.y[bakery]
        km = np.where(np.isnan(km), np.hypot(dx, dy) * draft.rules.detour, km)
        pairs = zip(line.tolist(), bakery.tolist(), strict=True)
        forced = np.array([pair in draft.rules.forced for pair in pairs])
        near = ~(km > draft.rules.radius_km) | forced.astype(np.bool_)
        return link(draft, line[near], bakery[near], km[near], cls=cls[near], cost=cost[near])


def _positions(names: list[Any]) -> dict[str, int]:
    """Position of each different name, in order of appearance; absent names are left out."""
    made: dict[str, int] = {}
    for name in names:
        if name:
            made.setdefault(str(name), len(made))
    return made


_ROW = re.compile(r"^(\w+)\[(\d+)\](?:\.(.+))?$")


def _pointed(fault: Fault) -> Fault:
    """`bakeries[3].capacity` → `/bakeries/3/capacity_kg`."""
    if fault.where.startswith("/"):
        return fault
    found = _ROW.match(fault.where)
    if found:
        name, row, field = found.groups()
        key = f"/{_KEYS.get(field, field)}" if field else ""
        return Fault(f"/{name}/{row}{key}", fault.message)
    return Fault("/" + fault.where.replace(".", "/"), fault.message)
