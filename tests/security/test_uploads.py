"""Files that look small or harmless and are not."""

import io
import time
import zipfile

import pytest
from openpyxl import Workbook

from restanque.engine.forms.values import type_fault
from restanque.kit.documents import DocumentError, check_template, default_template
from restanque.kit.tabular import TableError, read_table
from restanque.kit.tabular.columns import header_key, without_brackets
from restanque.kit.text import format_number
from restanque.surveys.visits.photos import without_place
from tests.surveys.visiting import PLACE, photo


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


def template(parts: dict[str, bytes]) -> bytes:
    """Our Word template, with other parts or some replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(default_template())) as ours,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in {*ours.namelist()} - {*parts}:
            made.writestr(name, ours.read(name))
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def relationship(kind: str) -> bytes:
    """A part of links with one towards another site."""
    office = "http://schemas.openxmlformats.org"
    return (
        f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument/2006/relationships/{kind}" '
        'Target="https://mal.example/x" TargetMode="External"/></Relationships>'
    ).encode()


def test_a_word_template_that_unpacks_to_gigabytes_is_refused_unread() -> None:
    data = template({"word/media/a.bin": b"\0" * (41 * 1024 * 1024)})
    assert len(data) < 200_000
    with pytest.raises(DocumentError, match="trop volumineux"):
        check_template(data)


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "word/embeddings/oleObject1.bin"])
def test_a_word_template_with_a_program_is_refused(part: str) -> None:
    with pytest.raises(DocumentError, match="macro"):
        check_template(template({part: b"x"}))


@pytest.mark.parametrize("kind", ["attachedTemplate", "image"])
def test_a_word_template_that_fetches_elsewhere_is_refused(kind: str) -> None:
    with pytest.raises(DocumentError, match="ailleurs"):
        check_template(template({"word/_rels/settings.xml.rels": relationship(kind)}))
    check_template(template({"word/_rels/header1.xml.rels": relationship("hyperlink")}))


@pytest.mark.parametrize("part", ["word/styles.xml", "word/_rels/document.xml.rels"])
def test_a_word_template_of_broken_xml_is_refused_in_french(part: str) -> None:
    with pytest.raises(DocumentError, match="lisible"):
        check_template(template({part: b"<broken"}))


def test_a_second_picture_behind_a_photo_does_not_keep_its_place() -> None:
    clean = without_place(photo() + photo())
    assert PLACE not in clean
    assert clean == without_place(photo())


def test_a_place_between_two_passes_of_a_photo_is_taken_out() -> None:
    start = photo().removesuffix(b"\xff\xd9")
    told = b"\xff\xfe\x00\x14" + PLACE
    drawn = b"\xff\xda\x00\x02a\xff\x00b\xff\xd0c"
    assert len(PLACE) == 0x12
    clean = without_place(start + told + drawn + b"\xff\xd9")
    assert PLACE not in clean
    assert clean.endswith(b"picture" + drawn + b"\xff\xd9")


def test_bytes_behind_a_png_do_not_save_its_place() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + b"crc!"

    start, end = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"x" * 13), chunk(b"IEND", b"")
    assert without_place(start + chunk(b"eXIf", PLACE) + end + PLACE) == start + end
