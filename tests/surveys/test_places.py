"""Places as people type them."""

import pytest

from restanque.surveys import places


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("43,67 4,62", "43.67 4.62"),
        ("43.67 4.62", "43.67 4.62"),
        ("43.67, 4.62", "43.67 4.62"),
        ("43.67,4.62", "43.67 4.62"),
        ("43,67,4,62", "43.67 4.62"),
        ("43,67 ; 4,62", "43.67 4.62"),
        ("43,67\u00a0; -4,62", "43.67 -4.62"),
        ("43.67 4.62 12 3.5", "43.67 4.62 12 3.5"),
        ("43°40'36\" N 4°37'12\" E", "43.6766667 4.62"),
        ("43° 40′ 36″ N, 4° 37′ 12″ O", "43.6766667 -4.62"),
        ("4°37'12\"E 43°40'36\"N", "43.6766667 4.62"),
        ("N 43,67 E 4,62", "43.67 4.62"),
        ("43.67° 4.62°", "43.67 4.62"),
    ],
)
def test_points_are_read_the_way_people_write_them(typed: str, stored: str) -> None:
    assert places.read_point(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "43,67", "derrière l’église", "4 rue du Four", "43° N 4° N", "1 2 3 4 5", "a b"]
)
def test_what_is_no_point_is_not_guessed(typed: str) -> None:
    assert places.read_point(typed) is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "stored"),
    [
        ("43,67", "4,62", "43.67 4.62"),
        ("43,67 4,62", "", "43.67 4.62"),
        ("43°40'36\"", "4°37'12\" O", "43.6766667 -4.62"),
        ("43,67", "", "43,67"),
        ("ici", "4,62", "ici 4,62"),
    ],
)
def test_two_fields_make_a_point_or_stay_as_typed(
    latitude: str, longitude: str, stored: str
) -> None:
    assert places.read_fields(latitude, longitude) == stored


def test_a_stored_point_goes_back_to_its_fields() -> None:
    assert places.split_fields("43.67 4.62 12 3.5") == ("43,67", "4,62")
    assert places.split_fields("ici 4,62") == ("ici 4,62", "")


def test_lines_are_read_point_by_point_and_outlines_closed() -> None:
    typed = "43,67 4,62\n43,68 4,62\r\n43,68 4,63\n"
    assert places.read_line(typed, closed=False) == "43.67 4.62; 43.68 4.62; 43.68 4.63"
    closed = places.read_line(typed, closed=True)
    assert closed.endswith("; 43.67 4.62")
    assert places.read_line(places.line_as_typed(closed), closed=True) == closed
    assert places.read_line("43,67 4,62\nlà-bas", closed=False) == "43,67 4,62\nlà-bas"


def test_a_point_is_said_in_words() -> None:
    assert places.point_in_words("43.67 -4.62 0 0") == "43,67°\u00a0N, 4,62°\u00a0O"
    assert places.point_in_words("là-bas") == "là-bas"
