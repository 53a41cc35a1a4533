"""What leaves a picture and what stays in it."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restanque.surveys.visits.photos import type_of, without_place
from tests.surveys.visiting import PLACE, photo

PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + b"crc!"


def test_a_photo_loses_its_place_and_stays_upright() -> None:
    clean = without_place(photo())
    assert PLACE not in clean
    assert clean.endswith(b"\xff\xda\x00\x02picture\xff\xd9")
    assert b"JFIF" in clean
    start = clean.index(b"Exif\0\0MM") + 6
    assert struct.unpack_from(">HHIH", clean, start + 10) == (0x112, 3, 1, 6)
    assert without_place(clean) == clean


def test_a_png_keeps_its_drawing_only() -> None:
    drawn = PNG + chunk(b"IHDR", b"x" * 13) + chunk(b"IDAT", b"data") + chunk(b"IEND", b"")
    told = PNG + chunk(b"IHDR", b"x" * 13) + chunk(b"eXIf", PLACE) + chunk(b"tEXt", PLACE)
    assert without_place(told + chunk(b"IDAT", b"data") + chunk(b"IEND", b"")) == drawn


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"texte", b"\xff\xd8\xff", PNG + b"\0\0"])
def test_what_cannot_be_followed_comes_back_as_it_is(data: bytes) -> None:
    assert without_place(data) == data


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(tail: bytes) -> None:
    for head in (b"\xff\xd8\xff\xe1", PNG):
        assert type_of(without_place(head + tail)) == type_of(head + tail)


def test_a_type_is_read_in_the_bytes() -> None:
    assert type_of(photo()) == "image/jpeg"
    assert type_of(b"<svg onload=alert(1)>") == "application/octet-stream"
