"""Paths: where they start, what they select, what they leave out."""

from __future__ import annotations

import pytest
from lxml import etree

from restanque.engine.forms.xpath import (
    Attribute,
    Context,
    Document,
    XPathError,
    compile_expression,
    string_value,
)
from restanque.engine.forms.xpath.nodes import Text, in_document_order, parent_of
from tests.engine.forms.xpath.helpers import environment, evaluate, nodes, texts


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/data/nom", ["Aix"]),
        ("/ data / nom", ["Aix"]),
        ("/autre/nom", []),
        ("nom", ["Aix"]),
        ("./nom", ["Aix"]),
        ("achat[2]/qui", ["y"]),
        ("achat[position() = 2]/qui", ["y"]),
        ("achat[last()]/qui", [""]),
        ("achat[prix = 2]/qui", ["y"]),
        ("achat[prix > 0][2]/qui", ["y"]),
        ("achat[0]", []),
        ("achat[1.5]", []),
        ("achat[absent]", []),
        ("(achat/qui)[2]", ["y"]),
        ("achat/qui | nom", ["Aix", "x", "y", ""]),
        ("@version", ["7"]),
        ("/data/@*", ["f", "7"]),
        ("//qui", ["x", "y", ""]),
        ("achat[1]/following-sibling::achat/qui", ["y", ""]),
        ("achat[3]/preceding-sibling::achat[1]/qui", ["y"]),
        ("achat/prix/../qui", ["x", "y", ""]),
        ("orx:meta/orx:instanceID", ["uuid:1"]),
        ("meta/instanceID", ["uuid:1"]),
        ("nom/text()", ["Aix"]),
        ("instance('liste')/root/item[rang > 1]/label", ["Deux", "Trois"]),
    ],
)
def test_selection(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


@pytest.mark.parametrize(
    "filter_",
    ["zone = 's'", "'s' = zone", "zone = /data/zone", "zone = current()/../zone", "./zone = 's'"],
)
def test_rows_of_a_list_are_found_the_short_way_as_the_long_one(filter_: str) -> None:
    world = environment("<data><zone>s</zone><q/></data>")
    path = f"instance('liste')/root/item[{filter_}]"
    assert texts(path + "/name", at="/data/q", world=world) == ["b", "c"]
    assert texts(path + "[2]/name", at="/data/q", world=world) == ["c"]
    assert texts(path + "[rang = 2]/name", at="/data/q", world=world) == ["b"]
    assert texts(f"instance('liste')/autre/item[{filter_}]", at="/data/q", world=world) == []


def test_a_row_without_the_column_is_under_the_empty_text() -> None:
    rows = Document(
        etree.fromstring("<root><item/><item><zone/></item><item><zone>s</zone></item></root>")
    )
    world = environment("<data><zone/></data>", instances={"l": rows})
    assert len(nodes("instance('l')/root/item[zone = /data/zone]", world)) == 2


def test_a_numeric_filter_compares_numbers() -> None:
    assert texts("instance('liste')/root/item[rang = 1 + 1]/name") == ["b"]
    assert texts("instance('liste')/root/item[rang = '2.0']/name") == []


def test_absolute_paths_are_in_the_primary_instance_from_anywhere() -> None:
    assert texts("instance('liste')/root/item[/data/nombre = 5][name = 'b']/label") == ["Deux"]
    assert texts("instance('liste')/root/item[contains(/data/choix, name)]/name") == ["a", "b", "c"]


def test_an_absolute_path_stays_in_the_repeat_it_is_read_from() -> None:
    here = "/data/achat[2]/prix"
    assert texts("/data/achat/qui", at=here) == ["y"]
    assert evaluate("sum(/data/achat/prix)", at=here) == 2.0
    assert evaluate("count(/data/achat)", at=here) == 1.0
    assert evaluate("count(../../achat)", at=here) == 3.0
    assert evaluate("count(/data/achat[true()])", at=here) == 3.0
    assert texts("instance('liste')/root/item[rang = /data/achat/prix]/name", at=here) == ["b"]


def test_current_is_the_question_even_inside_a_filter() -> None:
    assert texts(
        "instance('liste')/root/item[rang = current()]/name", at="/data/achat[2]/prix"
    ) == ["b"]


def test_hidden_nodes_are_never_selected() -> None:
    world = environment()
    hidden = set(nodes("/data/achat[2]/prix", world)) | set(nodes("/data/nom", world))
    world = environment(primary=world.primary, hidden=hidden)
    assert texts("/data/achat/prix", world=world) == ["1", ""]
    assert evaluate("sum(/data/achat/prix)", world=world) == 1.0
    assert evaluate("/data/nom = ''", world=world) is True
    assert texts("achat[2]/prix", world=world) == []


def test_without_a_primary_instance_the_document_of_the_node_is_read() -> None:
    world = environment(primary=None)
    root = etree.fromstring("<a><b>1</b><b>2</b></a>")
    found = compile_expression("/a/b").evaluate(Context(root[1], world))
    assert isinstance(found, list)
    assert [string_value(node) for node in found] == ["1", "2"]


def test_an_attribute_is_a_place_to_start_from() -> None:
    world = environment()
    assert world.primary is not None
    attribute = Attribute(world.primary.root, "version", "7")
    context = Context(attribute, world)
    assert compile_expression("../nom = 'Aix'").evaluate(context) is True
    assert compile_expression(". + 1").evaluate(context) == 8.0


def test_nodes_are_given_once_and_in_order() -> None:
    root = etree.fromstring('<a x="1" y="2">t<b>u</b>v<c/></a>')
    b, c = root
    expected = [
        Document(root),
        root,
        Attribute(root, "x", "1"),
        Attribute(root, "y", "2"),
        Text(root, "t", tail=False),
        b,
        Text(b, "u", tail=False),
        Text(b, "v", tail=True),
        c,
    ]
    assert in_document_order([*reversed(expected), *expected]) == expected


def test_parents() -> None:
    root = etree.fromstring("<a>t<b/>v</a>")
    assert parent_of(Text(root[0], "v", tail=True)) is root
    assert parent_of(Text(root, "t", tail=False)) is root
    assert parent_of(root) == Document(root)
    assert parent_of(Document(root)) is None


def test_the_text_of_a_branch_leaves_comments_out() -> None:
    assert string_value(etree.fromstring("<a>1<!-- non --><b>2</b>3<?pi non?></a>")) == "123"


def test_a_filter_that_examines_too_many_nodes_is_stopped() -> None:
    world = environment("<d>" + "<a/>" * 300 + "</d>")
    with pytest.raises(XPathError, match="trop de réponses"):
        evaluate("//*[count(//*[count(//*[count(//*) > 1]) > 1]) > 1]", world=world)
