"""Survey statistics: a census with silent units, read as a stratified sample of respondents.

Pure numpy. Start with `Frame` and `weigh`, or build a `Design` by hand; see README.md.
"""

from restanque.engine.estimation.cells import Cell, CellPlan, build_cells
from restanque.engine.estimation.choices import ChoiceRow, multiple_choice, single_choice
from restanque.engine.estimation.comparison import Campaign, Comparison, compare
from restanque.engine.estimation.design import Design, Margin, simple, stratified
from restanque.engine.estimation.errors import (
    EmptyCellError,
    EstimationError,
    InputError,
    RakingError,
    TooFewRespondentsError,
)
from restanque.engine.estimation.estimates import mean, ratio, share, total, total_by_ratio
from restanque.engine.estimation.frame import Frame, Weighting, weigh, weigh_together
from restanque.engine.estimation.quantiles import quantile
from restanque.engine.estimation.results import Estimate
from restanque.engine.estimation.weights import RakingReport, poststratify, rake, restricted_to

__all__ = [
    "Campaign",
    "Cell",
    "CellPlan",
    "ChoiceRow",
    "Comparison",
    "Design",
    "EmptyCellError",
    "Estimate",
    "EstimationError",
    "Frame",
    "InputError",
    "Margin",
    "RakingError",
    "RakingReport",
    "TooFewRespondentsError",
    "Weighting",
    "build_cells",
    "compare",
    "mean",
    "multiple_choice",
    "poststratify",
    "quantile",
    "rake",
    "ratio",
    "restricted_to",
    "share",
    "simple",
    "single_choice",
    "stratified",
    "total",
    "total_by_ratio",
    "weigh",
    "weigh_together",
]
