"""The hand-made territory of the analysis, whose answers are known."""

from tests.surveys.analysis.conftest import ask, asked, on_that_day, plain_land

__all__ = ["ask", "asked", "on_that_day", "plain_land"]
