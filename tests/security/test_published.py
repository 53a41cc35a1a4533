"""What leaves the team must not tell more than it says: open data, public report, calendars."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from restanque.engine.deadlines.ics import escaped
from restanque.surveys.analysis.questions import Kind
from restanque.surveys.exports.opendata import cells_of
from restanque.surveys.report import chapters


def study_of(groups: list[list[float]]) -> Any:
    """A study of one number, answered by the communes of these groups."""
    numbers = np.array([value for group in groups for value in group])
    ends = np.cumsum([len(group) for group in groups])
    place = np.arange(len(numbers))
    made = [
        SimpleNamespace(label=f"G{rank}", rows=(place >= end - len(group)) & (place < end))
        for rank, (group, end) in enumerate(zip(groups, ends, strict=True))
    ]
    column = SimpleNamespace(concerned=np.ones(len(numbers), bool), numbers=numbers)
    return SimpleNamespace(
        by=lambda _: made, column=lambda _: column, mean=lambda *_, **__: SimpleNamespace()
    )


def test_a_mean_hidden_for_one_commune_is_not_found_by_subtraction() -> None:
    even = [10.0, 12, 11, 9, 10, 11]
    study = study_of([[2000.0, 1, 2, 3, 1], even, [*even, 8.0], [*even, *even]])
    cells = list(cells_of(study, SimpleNamespace(kind=Kind.NUMBER)))  # type: ignore[arg-type]
    for grouping in ("EPCI", "Classe de taille"):
        hidden = [cell.group for cell in cells if cell.grouping == grouping and cell.hidden]
        assert hidden == ["G0", "G1"]


@pytest.mark.parametrize(("few", "shown"), [(3, False), (6, True)])
def test_the_public_method_does_not_count_a_few_answers(few: int, shown: bool) -> None:
    counts = (("Web", 40), ("Téléphone", few))
    found = SimpleNamespace(sentences=(), merges=(), channels=counts, who=counts)
    reader: Any = SimpleNamespace(study=SimpleNamespace(method=found), hides=True)
    assert ("Téléphone" in str(chapters.method(reader))) is shown
    reader.hides = False
    assert "Téléphone" in str(chapters.method(reader))


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_name_adds_no_line_to_a_calendar(end: str) -> None:
    assert escaped(f"SCoT{end}BEGIN:VEVENT") == "SCoT\\nBEGIN:VEVENT"
