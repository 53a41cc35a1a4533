"""A supply problem: who asks for bread, who can bake it, with which flour, under which rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from restanque.engine.supply.arcs import Arcs, candidates, check_arcs
from restanque.engine.supply.arrays import BoolArray, Faults, FloatArray
from restanque.engine.supply.distances import between
from restanque.engine.supply.errors import Fault, ProblemError
from restanque.engine.supply.rules import Rules, check_rules
from restanque.engine.supply.tables import Bakeries, Lines, Mills, Wheat


@dataclass(frozen=True)
class Problem:
    """Everything a solver reads, validated. Build with `Problem.of`.

    D lines, J bakeries, M mills, F wheat zones, C communes, K classes. Quantities are kg a day.
    """

    classes: tuple[str, ...]
    communes: tuple[str, ...]
    canteens: tuple[str, ...]
    bakeries: Bakeries
    mills: Mills
    wheat: Wheat
    lines: Lines
    rules: Rules
    #: `accepts[asked, served]` (K, K): a line asking the first may be served the second.
    accepts: BoolArray
    #: Classes that count for `Rules.certified_share` (K,).
    certified: BoolArray
    #: Flour cost already held in the bread price, €/kg of flour (K,).
    flour_reference: FloatArray
    #: Budget of each commune, € a day (C,); infinite where none is set.
    budget: FloatArray
    arcs: Arcs
    #: Road km bakery → mill (J, M) and mill → wheat zone (M, F).
    mill_km: FloatArray
    wheat_km: FloatArray
    #: French sentences on what was assumed while reading.
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def of(
        cls,
        *,
        bakeries: Bakeries,
        lines: Lines,
        classes: Sequence[str] = ("pain",),
        communes: Sequence[str] = (),
        canteens: Sequence[str] | None = None,
        mills: Mills | None = None,
        wheat: Wheat | None = None,
        rules: Rules | None = None,
        accepts: BoolArray | None = None,
        certified: BoolArray | None = None,
        flour_reference: FloatArray | None = None,
        budget: FloatArray | None = None,
        arcs: Arcs | None = None,
        distances: FloatArray | None = None,
        mill_km: FloatArray | None = None,
        wheat_km: FloatArray | None = None,
        notes: Sequence[str] = (),
    ) -> Problem:
        """Validate, then find the candidate arcs.

        Candidates come from `arcs` if given, else from `distances` (D, J road km, NaN or infinite
        where there is no way), else from the coordinates. Raises ProblemError with every fault.
        """
        k, names = len(classes), canteens if canteens is not None else lines.ids
        # An empty table is falsy, whatever the shape it was given.
        mills, wheat, rules = mills or Mills.none(k), wheat or Wheat.none(k), rules or Rules()
        draft = cls(
            tuple(classes),
            tuple(communes),
            tuple(names),
            bakeries,
            mills,
            wheat,
            lines,
            rules,
            np.eye(k, dtype=np.bool_) if accepts is None else accepts,
            np.zeros(k, dtype=np.bool_) if certified is None else certified,
            np.zeros(k) if flour_reference is None else flour_reference,
            np.full(len(communes), np.inf) if budget is None else budget,
            Arcs.none(len(lines)),
            _given(mill_km, bakeries, mills),
            _given(wheat_km, mills, wheat),
            tuple(notes),
        )
        draft._validate()
        if distances is not None and distances.shape != (len(lines), len(bakeries)):
            raise ProblemError(
                [Fault("distances", "une ligne par demande, une colonne par fournil.")]
            )
        found = candidates(draft, distances) if arcs is None else arcs
        check_arcs(found, draft)
        return replace(
            draft,
            arcs=found,
            mill_km=_km(bakeries, mills, rules) if mill_km is None else draft.mill_km,
            wheat_km=_km(mills, wheat, rules) if wheat_km is None else draft.wheat_km,
        )

    def _validate(self) -> None:
        faults = Faults()
        k, c = len(self.classes), len(self.communes)
        if k == 0:
            faults.add("classes", "au moins une classe de pain est attendue.")
        self.bakeries.check(faults, k, c, len(self.mills))
        self.mills.check(faults, k)
        self.wheat.check(faults, k)
        self.lines.check(faults, k, len(self.canteens), c, len(self.bakeries))
        check_rules(self.rules, faults)
        faults.shape("rules", "accepts", self.accepts, (k, k))
        faults.shape("rules", "certified", self.certified, (k,))
        faults.shape("rules", "flour_reference", self.flour_reference, (k,))
        if faults.shape("rules", "budget", self.budget, (c,)):
            bad = ~(self.budget >= 0)
            faults.rows("communes", "budget", self.communes, bad, self.budget, "budget négatif")
        self._check_pairs(faults)
        faults.shape("mills", "km", self.mill_km, (len(self.bakeries), len(self.mills)))
        faults.shape("wheat", "km", self.wheat_km, (len(self.mills), len(self.wheat)))
        if faults.found:
            raise ProblemError(faults.found)

    def _check_pairs(self, faults: Faults) -> None:
        for name in ("forbidden", "forced"):
            for row, (line, bakery) in enumerate(getattr(self.rules, name)):
                if not (0 <= line < len(self.lines) and 0 <= bakery < len(self.bakeries)):
                    faults.add(f"rules.{name}[{row}]", "cette ligne ou ce fournil n’existe pas.")
        both = set(self.rules.forbidden) & set(self.rules.forced)
        for line, bakery in sorted(both):
            faults.add(
                "rules.forced",
                f"le lien « {self.lines.ids[line]} » – « {self.bakeries.ids[bakery]} » est à la "
                "fois imposé et interdit.",
            )

    # --- sizes and derived columns ---

    @property
    def sizes(self) -> dict[str, int]:
        """D, J, M, F, C, K, arcs: as shown in reports."""
        return {
            "lines": len(self.lines),
            "bakeries": len(self.bakeries),
            "mills": len(self.mills),
            "wheat": len(self.wheat),
            "communes": len(self.communes),
            "classes": len(self.classes),
            "arcs": len(self.arcs),
        }

    @property
    def has_flour(self) -> bool:
        """Whether the flour stage is modelled (there is at least one mill)."""
        return len(self.mills) > 0

    @property
    def has_wheat(self) -> bool:
        """Whether the wheat stage is modelled."""
        return self.has_flour and len(self.wheat) > 0

    @property
    def penalty(self) -> FloatArray:
        """Cost of one unserved kg, by line (D,), €/kg."""
        own = self.lines.unserved_cost
        return np.where(np.isnan(own), self.rules.unserved_penalty, own)

    def flour_cost(self) -> FloatArray:
        """What one kg of flour adds, €/kg, bakery x mill x class (J, M, K); grain not counted.

        Mill price less what the bread price already holds, carriage, change of mill. Infinite
        where the mill does not mill the class.
        """
        weights = self.rules.counted
        price = np.where(self.mills.class_capacity > 0, self.mills.price, np.inf)
        carriage = weights.flour_km * self.mill_km
        if weights.mill_change:
            known = self.bakeries.mill[:, None]
            other = (known >= 0) & (known != np.arange(len(self.mills))[None, :])
            carriage = carriage + weights.mill_change * other
        return (price - self.flour_reference)[None, :, :] + carriage[:, :, None]

    def wheat_cost(self) -> FloatArray:
        """What one kg of grain adds, €/kg, mill x zone x class (M, F, K).

        Infinite where the zone has none of the class.
        """
        carriage = self.rules.counted.wheat_km * self.wheat_km
        price = np.where(self.wheat.supply > 0, self.wheat.price, np.inf)
        return carriage[:, :, None] + price[None, :, :]


def _given(km: FloatArray | None, first: Bakeries | Mills, second: Mills | Wheat) -> FloatArray:
    """The matrix given, or one of the right shape that takes no room."""
    if km is None:
        return np.broadcast_to(np.float64(0.0), (len(first), len(second)))
    return np.asarray(km, dtype=np.float64)


def _km(first: Bakeries | Mills, second: Mills | Wheat, rules: Rules) -> FloatArray:
    return between(first.x, first.y, second.x, second.y) * rules.detour
