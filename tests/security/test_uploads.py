"""Files that look small or harmless and are not."""

import io
import time

import pytest
from openpyxl import Workbook

from restanque.engine.forms.values import type_fault
from restanque.kit.tabular import TableError, read_table
from restanque.kit.tabular.columns import header_key, without_brackets
from restanque.kit.text import format_number


def workbook(*places: str) -> bytes:
    """A workbook with an « x » in each place (« XFD1048576 »)."""
    book = Workbook()
    for place in places:
        book.active[place] = "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_sample_is_a_workbook_that_reads() -> None:
    assert len(read_table(workbook("A1", "B2", "C3"), "a.xlsx").rows) == 2


@pytest.mark.parametrize("corner", ["XFD1048576", "ZZ1000000"])
def test_a_few_bytes_that_announce_billions_of_cells_are_refused(corner: str) -> None:
    data = workbook("A1", corner)
    assert len(data) < 6000
    with pytest.raises(TableError, match="trop volumineux"):
        read_table(data, "a.xlsx")


def test_a_damaged_workbook_is_refused_in_french() -> None:
    with pytest.raises(TableError, match="ne s’ouvre pas"):
        read_table(b"\xd0\xcf\x11\xe0" + b"\xff" * 600, "a.xls")


def test_a_header_of_brackets_is_read_at_once() -> None:
    began = time.monotonic()
    without_brackets("(" * 100_000)
    assert time.monotonic() - began < 1
    assert header_key(without_brackets("Repas (par jour)")) == header_key("repas")


@pytest.mark.parametrize("typed", ["9" * 400, "1e308", "1e999", "-" + "9" * 16, "1000000000000000"])
def test_a_number_that_no_sum_could_hold_is_refused(typed: str) -> None:
    assert type_fault("decimal", typed)


@pytest.mark.parametrize("typed", ["0", "-3.5", "1e3", "999999999999999"])
def test_an_ordinary_number_is_accepted(typed: str) -> None:
    assert type_fault("decimal", typed) == ""


@pytest.mark.parametrize("value", [10**40, 1e300, -(10**29)])
def test_an_absurd_number_is_written_not_a_fault(value: float) -> None:
    assert len(format_number(value, 2)) > 29
