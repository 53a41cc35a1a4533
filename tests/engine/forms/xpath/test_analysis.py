"""What an expression reads, and what a linter is told."""

from __future__ import annotations

import pytest

from restanque.engine.forms.xpath import (
    Usage,
    comparisons,
    compile_expression,
    references,
    single_references,
    usages,
)

BASE = ("data", "groupe", "q")


def read(source: str) -> set[str]:
    return {"/".join(path) for path in references(compile_expression(source), BASE)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 'a'", set()),
        ("/data/a", {"data/a"}),
        ("../a", {"data/groupe/a"}),
        ("../../a = 1 and /data/b", {"data/a", "data/b"}),
        (".", {"data/groupe/q"}),
        ("./a", {"data/groupe/q/a"}),
        ("current()/../a", {"data/groupe/a"}),
        ("current()", {"data/groupe/q"}),
        ("/data/rep[2]/x", {"data/rep/x"}),
        ("/data/rep[x > ../seuil]/y", {"data/rep/x", "data/seuil", "data/rep/y"}),
        ("sum(/data/rep[/data/z = x]/y)", {"data/z", "data/rep/x", "data/rep/y"}),
        ("(/data/rep)[1]/x", {"data/rep", "data/rep/x"}),
        ("(/data/rep)[x = 1]/y", {"data/rep", "data/rep/x", "data/rep/y"}),
        ("/data/*", {"data/*"}),
        ("//x", {"*"}),
        ("/data/groupe//x", {"data/groupe/*"}),
        ("/data/*[a = 1]", {"data/*"}),
        ("/data/groupe/@version", {"data/groupe/@version"}),
        ("@version/../effectif", {"data/groupe/q/effectif"}),
        ("/data/orx:meta/orx:instanceID", {"data/meta/instanceID"}),
        ("../preceding-sibling::a", {"*"}),
        ("instance('l')/root/item", set()),
        ("instance('l')/root/item[name = 'x']/label", set()),
        ("instance('l')/root/item[name = /data/a]/label", {"data/a"}),
        ("instance('l')/root/item[name = current()/../a]", {"data/groupe/a"}),
        ("instance('l')/root/item[name = current()/.]", {"data/groupe/q"}),
        ("instance('l')/root/item[*[a = /data/z]]", {"data/z"}),
        ("count(/data/a | ../b)", {"data/a", "data/groupe/b"}),
        ("-/data/a", {"data/a"}),
        ("if(/data/a, ../b, ../c)", {"data/a", "data/groupe/b", "data/groupe/c"}),
        ("once(/data/a)", {"data/a", "data/groupe/q"}),
        ("string-length() + string-length(/data/a)", {"data/a", "data/groupe/q"}),
        ("jr:choice-name(/data/a, '/data/liste')", {"data/a", "data/liste"}),
        (
            "indexed-repeat(/data/rep/x, /data/rep, ../i)",
            {"data/rep/x", "data/rep", "data/groupe/i"},
        ),
    ],
)
def test_references(source: str, expected: set[str]) -> None:
    assert read(source) == expected


def named(source: str, kind: str) -> list[tuple[str, int]]:
    found = usages(compile_expression(source))
    return [(usage.name, usage.position) for usage in found if usage.kind == kind]


def test_functions_are_reported_with_their_literal_arguments() -> None:
    assert usages(compile_expression("regex(., '[0-9]+') and pulldata('l', 'a', 'b', -1)")) == [
        Usage("function", "regex", 0, (None, "[0-9]+")),
        Usage("function", "pulldata", 23, ("l", "a", "b", -1.0)),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/data/a", [("/data/a", 0)]),
        ("/data/a = 1", []),
        ("/data/a and not(../b)", [("/data/a", 0), ("../b", 16)]),
        ("if(/data/a, /data/b, 2) > 1", [("/data/a", 3)]),
        ("boolean(.)", [(".", 8)]),
        ("count(/data/rep[x]) > 0", [("x", 16)]),
        ("string(/data/a)", []),
        ("(/data/a or ../b) = true()", [("/data/a", 1), ("../b", 12)]),
    ],
)
def test_bare_conditions(source: str, expected: list[tuple[str, int]]) -> None:
    assert named(source, "condition") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/data/d < '2026-01-31'", [("2026-01-31", 10)]),
        ("'2026-01-31' + 1", [("2026-01-31", 0)]),
        ("/data/d = '2026-01-31'", []),
        ("/data/d < date('2026-01-31')", []),
        ("/data/d < 'demain'", []),
    ],
)
def test_quoted_dates_used_as_numbers(source: str, expected: list[tuple[str, int]]) -> None:
    assert named(source, "date-text") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/data/a and ../b = current()/../c", []),
        ("instance('l')/root/item[name = 'a']/label", []),
        ("/data/rep[position() = 2]/x", []),
        ("/data/@version", []),
        ("/a | /b", [("union", 0)]),
        ("//a", [("axis", 0)]),
        ("/descendant::a", [("axis", 1)]),
        ("ancestor::a", [("axis", 0)]),
        ("/data/*", [("any-name", 6)]),
        ("/data/text()", [("node-test", 6)]),
        ("(/data/a)[1]", [("filter", 0)]),
        ("(/data/a)/b", [("filter", 0)]),
        ("/data/rep[2]/x", [("numeric-predicate", 10)]),
        ("/data/rep[count(/data/rep)]/x", [("numeric-predicate", 10)]),
        ("substring('a', 1)", [("substring()", 0)]),
        ("string()", [("string()", 0)]),
        ("coalesce(/data/a, /data/b, 1)", [("coalesce()", 0)]),
        ("area('0 0; 0 1')", [("area()", 0)]),
        ("area(/data/a)", []),
        ("geofence(/data/a, '0 0; 0 1')", [("geofence()", 0)]),
    ],
)
def test_what_collect_would_refuse(source: str, expected: list[tuple[str, int]]) -> None:
    assert named(source, "unportable") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/data/a = 'x'", [("data/a", "x")]),
        ("'x' != ../a", [("data/groupe/a", "x")]),
        ("selected(., 'x') or . = 'y'", [("data/groupe/q", "x"), ("data/groupe/q", "y")]),
        ("/data/rep[y = 'x']/z = 'w'", [("data/rep/y", "x"), ("data/rep/z", "w")]),
        ("/data/a = 'x' and /data/a = 'x'", [("data/a", "x")]),
        ("instance('l')/root/item[name = 'x']/label = 'y'", []),
        ("instance('l')/root/item[/data/a = 'x']", [("data/a", "x")]),
        ("/data/a > 'x' or /data/a = 1 or /data/a = /data/b", []),
        ("string(/data/a) = 'x'", []),
    ],
)
def test_comparisons_with_quoted_texts_are_told(
    source: str, expected: list[tuple[str, str]]
) -> None:
    found = comparisons(compile_expression(source), BASE)
    assert sorted(("/".join(one.reference), one.value) for one in found) == sorted(expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/data/rep/x + 1", {"data/rep/x"}),
        ("sum(/data/rep/x) + /data/rep/x", {"data/rep/x"}),
        ("if(/data/a, sum(/data/rep/x), 0)", {"data/a"}),
        ("/data/rep[2]/x", set()),
        ("(/data/rep)[1]/x", set()),
        ("/data/rep[x = /data/a]/y", set()),
        ("instance('l')/root/item[v = /data/a]/label", {"data/a"}),
        ("indexed-repeat(/data/rep/x, /data/rep, 1)", set()),
        ("join(' ', /data/rep/*)", set()),
    ],
)
def test_what_is_read_as_one_value_is_told_apart(source: str, expected: set[str]) -> None:
    found = single_references(compile_expression(source), BASE)
    assert {"/".join(path) for path in found} == expected
