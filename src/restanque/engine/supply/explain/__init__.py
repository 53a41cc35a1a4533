"""Reasons of a plan, counterfactuals, alternatives; see README.md.

Every figure comes with a French sentence built from it.
"""

from restanque.engine.supply.explain.alternatives import (
    Aim,
    Alternative,
    Figures,
    TradeOff,
    alternatives,
    figures,
    trade_offs,
)
from restanque.engine.supply.explain.conflict import Conflict, Rule, conflict
from restanque.engine.supply.explain.explanations import Explanations, explain
from restanque.engine.supply.explain.robust import LinkFrequency, Robustness, robustness
from restanque.engine.supply.explain.unserved import Lever, Reason, Remedy, Unserved
from restanque.engine.supply.explain.whatif import (
    WhatIf,
    baker_leaves,
    commune_joins,
    flour_dearer,
    mill_closes,
    mill_criticality,
    what_if,
)
from restanque.engine.supply.explain.why import Candidate, CostParts, Limit, Obstacle, Why
from restanque.engine.supply.explain.worth import Scarce, Worth

__all__ = [
    "Aim",
    "Alternative",
    "Candidate",
    "Conflict",
    "CostParts",
    "Explanations",
    "Figures",
    "Lever",
    "Limit",
    "LinkFrequency",
    "Obstacle",
    "Reason",
    "Remedy",
    "Robustness",
    "Rule",
    "Scarce",
    "TradeOff",
    "Unserved",
    "WhatIf",
    "Why",
    "Worth",
    "alternatives",
    "baker_leaves",
    "commune_joins",
    "conflict",
    "explain",
    "figures",
    "flour_dearer",
    "mill_closes",
    "mill_criticality",
    "robustness",
    "trade_offs",
    "what_if",
]
