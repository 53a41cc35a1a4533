import pytest

from restanque.engine.forms import FormError, evaluate_answers
from tests.engine.forms.samples import CANTEEN, NOW, YES_NO, form

KEYS = ["path", "relevant", "value", "required", "valid", "message"]


def test_every_node_is_reported_in_document_order() -> None:
    report = evaluate_answers(
        form(CANTEEN, YES_NO), {"/data/cantine/a": "oui", "/data/cantine/repas": "0"}, now=NOW
    )
    assert all(list(node) == KEYS for node in report)
    nodes = {node["path"]: node for node in report}
    assert list(nodes)[:4] == [
        "/data",
        "/data/cantine",
        "/data/cantine/a",
        "/data/cantine/repas",
    ]
    assert nodes["/data/cantine/repas"] == {
        "path": "/data/cantine/repas",
        "relevant": True,
        "value": "0",
        "required": True,
        "valid": False,
        "message": "Au moins un repas.",
    }


def test_an_irrelevant_node_has_no_value_and_is_valid() -> None:
    report = evaluate_answers(
        form(CANTEEN, YES_NO),
        [("/data/cantine/a", "oui"), ("/data/cantine/repas", "12"), ("/data/cantine/a", "non")],
        now=NOW,
    )
    node = next(n for n in report if n["path"] == "/data/cantine/repas")
    assert (node["relevant"], node["value"], node["valid"]) == (False, "", True)


REPEAT = """
    type         | name | label
    begin_repeat | r    | R
    text         | x    | X
    begin_repeat | s    | S
    text         | y    | Y
    end_repeat   |      |
    end_repeat   |      |
"""


def test_a_path_in_the_next_turn_of_a_repeat_opens_it() -> None:
    answers = {
        "/data/r[1]/x": "a",
        "/data/r[2]/x": "b",
        "/data/r[2]/s[1]/y": "c",
        "/data/r[2]/s[2]/y": "d",
    }
    report = {n["path"]: n["value"] for n in evaluate_answers(form(REPEAT), answers, now=NOW)}
    assert report["/data/r[2]/x"] == "b"
    assert report["/data/r[2]/s[2]/y"] == "d"
    assert report["/data/r[1]/s[1]/y"] == ""


@pytest.mark.parametrize("path", ["/data/rien", "/data/r[5]/x", "n'importe quoi", "", "/", "//"])
def test_an_unknown_path_is_refused(path: str) -> None:
    with pytest.raises(FormError):
        evaluate_answers(form(REPEAT), {path: "x"}, now=NOW)


def test_the_same_answers_give_the_same_report() -> None:
    f = form("type | name | label | calculation\ncalculate | a | | random()\ntext | b | B |")
    first = evaluate_answers(f, {"/data/b": "x"}, now=NOW)
    assert first == evaluate_answers(f, {"/data/b": "x"}, now=NOW)
