"""A few hundred hostile inputs at each run, and every one that is kept in `corpus/`.

`python -m bench forms_fuzz --seconds N` goes on as long as one likes with the same inputs.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.forms import fuzzing, hostile_inputs

CORPUS = sorted(
    path
    for path in (Path(__file__).parent / "corpus").iterdir()
    if path.suffix in fuzzing.PROBES and path.name != "README.md"
)
few = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_what_once_went_wrong_is_answered_or_refused(path: Path) -> None:
    fuzzing.timed(fuzzing.PROBES[path.suffix], path.read_text(encoding="utf-8"))


def test_the_corpus_has_every_kind_of_input() -> None:
    assert {path.suffix for path in CORPUS} == set(fuzzing.PROBES)


@given(hostile_inputs.sheets)
@few
def test_any_sheet_is_answered_or_refused(sheets: tuple[hostile_inputs.Rows, ...]) -> None:
    fuzzing.timed(fuzzing.probe_sheet, hostile_inputs.workbook(*sheets))


@given(st.integers(0, 20), hostile_inputs.mutations)
@few
def test_any_change_to_an_xform_is_answered_or_refused(
    base: int, changes: list[tuple[str, int, int, str]]
) -> None:
    fuzzing.timed(fuzzing.probe_xform, hostile_inputs.mutate(base, changes))


@given(hostile_inputs.answers)
@few
def test_any_answer_is_kept_or_refused(pairs: list[tuple[str, str]]) -> None:
    fuzzing.timed(fuzzing.probe_answers, pairs)


@given(hostile_inputs.trees)
@few
def test_any_stored_answer_is_read_or_refused(tree: object) -> None:
    fuzzing.timed(fuzzing.probe_instance, hostile_inputs.instance(tree))


@given(st.text(max_size=60))
@few
def test_any_text_is_a_formula_or_refused(source: str) -> None:
    fuzzing.timed(fuzzing.probe_xpath, source)
