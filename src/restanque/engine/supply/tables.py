"""The four tables of a problem, as columns. Positions are row numbers; -1 means « none known »."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from restanque.engine.supply.arrays import BoolArray, Faults, FloatArray, IntArray, floats, ints


@dataclass(frozen=True)
class Bakeries:
    """J bakeries. Build with `Bakeries.of`, which fills what is left out."""

    ids: tuple[str, ...]
    #: Kilometres on a plane (J,); NaN where the place is unknown.
    x: FloatArray
    y: FloatArray
    #: Bread the canteens may take, all classes together, kg/day (J,).
    capacity: FloatArray
    #: Least kg/day worth baking for canteens, if any (J,). Model "award" only.
    min_order: FloatArray
    #: Classes it bakes (J, K).
    makes: BoolArray
    #: Bread price, €/kg (J, K). Read only where `makes`.
    price: FloatArray
    #: Commune by position (J,), -1 unknown.
    commune: IntArray
    #: Its own delivery radius, road km (J,); infinite where it sets none.
    radius: FloatArray
    #: Mill of today (J,), -1 unknown.
    mill: IntArray

    @classmethod
    def of(
        cls,
        ids: Sequence[str],
        *,
        capacity: npt.ArrayLike,
        price: npt.ArrayLike,
        makes: npt.ArrayLike,
        x: npt.ArrayLike = np.nan,
        y: npt.ArrayLike = np.nan,
        min_order: npt.ArrayLike = 0.0,
        commune: npt.ArrayLike = -1,
        radius: npt.ArrayLike = np.inf,
        mill: npt.ArrayLike = -1,
    ) -> Bakeries:
        """Columns or single values; `price` and `makes` are (J, K)."""
        n = len(ids)
        return cls(
            tuple(ids),
            floats(x, n),
            floats(y, n),
            floats(capacity, n),
            floats(min_order, n),
            np.asarray(makes, dtype=np.bool_),
            floats(price),
            ints(commune, n),
            floats(radius, n),
            ints(mill, n),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def check(self, faults: Faults, classes: int, communes: int, mills: int) -> None:
        """Shapes, signs, references."""
        n = len(self)
        table = "bakeries"
        unique(faults, table, self.ids)
        for name in ("x", "y", "capacity", "min_order", "commune", "radius", "mill"):
            if not faults.shape(table, name, getattr(self, name), (n,)):
                return
        for name in ("makes", "price"):
            if not faults.shape(table, name, getattr(self, name), (n, classes)):
                return
        quantity(faults, table, "capacity", self.ids, self.capacity)
        quantity(faults, table, "min_order", self.ids, self.min_order)
        quantity(faults, table, "radius", self.ids, self.radius, infinite=True)
        bad = self.makes & ~np.isfinite(self.price)
        faults.rows(table, "price", self.ids, bad, self.price, "prix au kg attendu")
        place(faults, table, self.ids, self.x, self.y)
        over = self.min_order > self.capacity
        faults.rows(
            table,
            "min_order",
            self.ids,
            over,
            self.min_order,
            "la commande minimale dépasse la capacité",
        )
        reference(faults, table, "commune", self.ids, self.commune, communes)
        reference(faults, table, "mill", self.ids, self.mill, mills)


@dataclass(frozen=True)
class Mills:
    """M mills. None at all: flour is not modelled, the bread price holds it."""

    ids: tuple[str, ...]
    x: FloatArray
    y: FloatArray
    #: Flour, all classes together, kg/day (M,); infinite where unknown.
    capacity: FloatArray
    #: Flour by class, kg/day (M, K); 0 where the class is not milled, infinite where unknown.
    class_capacity: FloatArray
    #: Flour price at the gate, €/kg (M, K).
    price: FloatArray
    #: Kilograms of flour from one kg of grain (M,).
    extraction: FloatArray

    @classmethod
    def none(cls, classes: int) -> Mills:
        """No mill: the flour is that of the bread price."""
        nothing, table = np.empty(0), np.empty((0, classes))
        return cls((), nothing, nothing, nothing, table, table, nothing)

    def __len__(self) -> int:
        return len(self.ids)

    def check(self, faults: Faults, classes: int) -> None:
        """Shapes, signs, extraction in ]0, 1]."""
        n, table = len(self), "mills"
        unique(faults, table, self.ids)
        for name in ("x", "y", "capacity", "extraction"):
            if not faults.shape(table, name, getattr(self, name), (n,)):
                return
        for name in ("class_capacity", "price"):
            if not faults.shape(table, name, getattr(self, name), (n, classes)):
                return
        quantity(faults, table, "capacity", self.ids, self.capacity, infinite=True)
        quantity(faults, table, "class_capacity", self.ids, self.class_capacity, infinite=True)
        bad = ~np.isfinite(self.price) & (self.class_capacity > 0)
        faults.rows(table, "price", self.ids, bad, self.price, "prix de la farine attendu")
        bad = ~((self.extraction > 0) & (self.extraction <= 1))
        faults.rows(
            table, "extraction", self.ids, bad, self.extraction, "un taux entre 0 et 1 est attendu"
        )
        place(faults, table, self.ids, self.x, self.y)


@dataclass(frozen=True)
class Wheat:
    """F wheat zones or cooperatives. None at all: the mills find their grain."""

    ids: tuple[str, ...]
    x: FloatArray
    y: FloatArray
    #: Grain by class, kg/day (F, K).
    supply: FloatArray
    #: Grain price added to the flour's, €/kg (F, K).
    price: FloatArray
    #: Kilograms of grain a year from one hectare (F, K); NaN unknown. Turns kg into hectares.
    yield_kg_ha: FloatArray

    @classmethod
    def none(cls, classes: int) -> Wheat:
        """No zone: mills find their grain."""
        nothing, table = np.empty(0), np.empty((0, classes))
        return cls((), nothing, nothing, table, table, table)

    def __len__(self) -> int:
        return len(self.ids)

    def check(self, faults: Faults, classes: int) -> None:
        """Shapes and signs."""
        n, table = len(self), "wheat"
        unique(faults, table, self.ids)
        for name in ("x", "y"):
            if not faults.shape(table, name, getattr(self, name), (n,)):
                return
        for name in ("supply", "price", "yield_kg_ha"):
            if not faults.shape(table, name, getattr(self, name), (n, classes)):
                return
        quantity(faults, table, "supply", self.ids, self.supply, infinite=True)
        bad = ~np.isfinite(self.price) & (self.supply > 0)
        faults.rows(table, "price", self.ids, bad, self.price, "prix du grain attendu")
        place(faults, table, self.ids, self.x, self.y)


@dataclass(frozen=True)
class Lines:
    """D demand lines: one canteen, one class of bread, so many kg a day."""

    ids: tuple[str, ...]
    x: FloatArray
    y: FloatArray
    #: Bread asked, kg/day (D,).
    kg: FloatArray
    #: Class asked, by position (D,).
    cls: IntArray
    #: Canteen and commune by position (D,); commune -1 unknown.
    canteen: IntArray
    commune: IntArray
    #: Bakery of today (D,), -1 unknown or none of the table.
    current: IntArray
    #: Highest bread price accepted, €/kg (D,); infinite where none is set. A hard limit.
    max_price: FloatArray
    #: What leaving one kg unserved costs, €/kg (D,); NaN: `Rules.unserved_penalty`.
    unserved_cost: FloatArray

    @classmethod
    def of(
        cls,
        ids: Sequence[str],
        *,
        kg: npt.ArrayLike,
        x: npt.ArrayLike = np.nan,
        y: npt.ArrayLike = np.nan,
        klass: npt.ArrayLike = 0,
        canteen: npt.ArrayLike | None = None,
        commune: npt.ArrayLike = -1,
        current: npt.ArrayLike = -1,
        max_price: npt.ArrayLike = np.inf,
        unserved_cost: npt.ArrayLike = np.nan,
    ) -> Lines:
        """Columns or single values; without `canteen`, each line is its own canteen."""
        n = len(ids)
        return cls(
            tuple(ids),
            floats(x, n),
            floats(y, n),
            floats(kg, n),
            ints(klass, n),
            np.arange(n) if canteen is None else ints(canteen, n),
            ints(commune, n),
            ints(current, n),
            floats(max_price, n),
            floats(unserved_cost, n),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def check(
        self, faults: Faults, classes: int, canteens: int, communes: int, bakeries: int
    ) -> None:
        """Shapes, signs, references."""
        n, table = len(self), "lines"
        unique(faults, table, self.ids)
        columns = ("x", "y", "kg", "cls", "canteen", "commune", "current", "max_price")
        for name in (*columns, "unserved_cost"):
            if not faults.shape(table, name, getattr(self, name), (n,)):
                return
        quantity(faults, table, "kg", self.ids, self.kg)
        quantity(faults, table, "max_price", self.ids, self.max_price, infinite=True)
        known = np.where(np.isnan(self.unserved_cost), 0.0, self.unserved_cost)
        quantity(faults, table, "unserved_cost", self.ids, known)
        place(faults, table, self.ids, self.x, self.y)
        reference(faults, table, "class", self.ids, self.cls, classes, required=True)
        reference(faults, table, "canteen", self.ids, self.canteen, canteens, required=True)
        reference(faults, table, "commune", self.ids, self.commune, communes)
        reference(faults, table, "current_bakery", self.ids, self.current, bakeries)


def unique(faults: Faults, table: str, ids: Sequence[str]) -> None:
    """Two rows never share an identifier."""
    seen: dict[str, int] = {}
    for row, name in enumerate(ids):
        if name in seen:
            faults.add(
                f"{table}[{row}].id", f"« {name} » est déjà l’identifiant de la ligne {seen[name]}."
            )
        seen.setdefault(name, row)


def quantity(
    faults: Faults,
    table: str,
    name: str,
    ids: Sequence[str],
    values: FloatArray,
    *,
    infinite: bool = False,
) -> None:
    """Positive or zero, finite unless infinity means « no limit »."""
    bad = ~(values >= 0) if infinite else ~((values >= 0) & np.isfinite(values))
    faults.rows(table, name, ids, bad, values, "un nombre positif ou nul est attendu")


def place(faults: Faults, table: str, ids: Sequence[str], x: FloatArray, y: FloatArray) -> None:
    """Coordinates are both finite or both NaN."""
    bad = np.isinf(x) | np.isinf(y) | (np.isnan(x) != np.isnan(y))
    faults.rows(table, "x, y", ids, bad, x, "les deux coordonnées sont attendues")


def reference(
    faults: Faults,
    table: str,
    name: str,
    ids: Sequence[str],
    values: IntArray,
    size: int,
    *,
    required: bool = False,
) -> None:
    """A position inside the table it points to, -1 where unknown is allowed."""
    bad = (values >= size) | (values < (0 if required else -1))
    faults.rows(table, name, ids, bad, values, "renvoie à une ligne qui n’existe pas")
