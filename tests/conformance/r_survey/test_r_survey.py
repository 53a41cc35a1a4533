"""Agreement with R's `survey` package: stored figures always, R itself where it is installed.

PYTHONPATH=src:. python -m tests.conformance.r_survey.report    prints the table of differences
"""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from restanque.engine.estimation.distributions import critical_value
from tests.conformance.r_survey.figures import BATTERIES, all_figures, column, designs

pytestmark = pytest.mark.conformance
HERE = Path(__file__).parent
STORED: dict[str, Any] = json.loads((HERE / "stored.json").read_text())
TOLERANCE = 1e-8
CASES = [name for name in STORED["cases"] if name != "student"]


@cache
def ours() -> dict[str, dict[str, Any]]:
    return all_figures(STORED)


def gap(mine: Any, theirs: Any) -> float:
    """Largest relative difference, against the size of R's figure."""
    a, b = np.atleast_1d(np.asarray(mine, float)), np.atleast_1d(np.asarray(theirs, float))
    assert a.shape == b.shape
    assert np.isfinite(a).all()
    assert (b != 0).all()
    return float((np.abs(a - b) / np.abs(b)).max())


def test_every_case_of_r_is_computed_here() -> None:
    assert set(ours()) == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_figures_equal_those_of_r(name: str) -> None:
    mine, theirs = ours()[name], STORED["cases"][name]
    compared = [part for part in mine if part in theirs and is_clear(name, part)]
    assert {"value", "se"} <= set(compared) or compared == ["weights"]
    for part in compared:
        assert mine[part] is not None, part
        assert gap(mine[part], theirs[part]) < TOLERANCE, part


def is_clear(name: str, part: str) -> bool:
    """Share intervals are also kept inside the possible, which R does not do: see below."""
    return not (part == "ci" and name.endswith("share"))


SHARES = [name for name in CASES if name.endswith("share")]


@pytest.mark.parametrize("name", SHARES)
def test_share_intervals_are_those_of_r_inside_the_possible(name: str) -> None:
    low, high = STORED["cases"][name]["ci"]
    if not name.endswith("domain share"):
        prefix = name.removesuffix(" share")
        table, names = BATTERIES[prefix]
        yes = column(STORED["tables"][table], names.split()[2])
        population = designs(STORED["tables"], STORED["sizes"])[prefix].population
        low = max(low, yes.sum() / population)
        high = min(high, 1 - (1 - yes).sum() / population)
    assert gap(ours()[name]["ci"], [low, high]) < TOLERANCE


def test_critical_values_equal_those_of_r() -> None:
    student = STORED["cases"]["student"]
    for level, values in ((0.95, student["q95"]), (0.90, student["q90"])):
        mine = [critical_value(level, df) for df in student["df"]]
        assert gap(mine, values) < 1e-10


def test_r_still_gives_the_stored_figures() -> None:
    fresh = json.loads(run_r())
    assert fresh["tables"] == STORED["tables"]
    assert set(fresh["cases"]) == set(STORED["cases"])
    for name, case in STORED["cases"].items():
        for part, value in case.items():
            if None not in value:
                assert gap(fresh["cases"][name][part], value) < 1e-9, (name, part)


def run_r() -> str:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed (Debian: r-base-core, r-cran-survey, r-cran-jsonlite)")
    probe = "q(status = !all(sapply(c('survey', 'jsonlite'), requireNamespace, quietly = TRUE)))"
    if subprocess.run([program, "-e", probe], capture_output=True, check=False).returncode:
        pytest.skip("R lacks survey or jsonlite (Debian: r-cran-survey, r-cran-jsonlite)")
    script = HERE / "oracle.R"
    done = subprocess.run([program, str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
