"""Reading expressions: grammar, messages, bounds, printing."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from restanque.engine.forms.xpath import XPathError, compile_expression
from restanque.engine.forms.xpath.ast import (
    Call,
    Filter,
    KindTest,
    Literal,
    NameTest,
    Negation,
    Node,
    Number,
    Operation,
    Path,
    Root,
    Step,
    to_source,
)
from restanque.engine.forms.xpath.lexer import MAX_LENGTH
from restanque.engine.forms.xpath.parser import AXES, MAX_DEPTH, parse


def fault(source: str) -> XPathError:
    with pytest.raises(XPathError) as caught:
        compile_expression(source)
    return caught.value


# ------------------------------------------------------------------ grammar
def test_operators_bind_as_in_xpath() -> None:
    assert parse("1 or 2 and 3 = 4 < 5 + 6 * 7") == parse("1 or (2 and (3 = (4 < (5 + (6 * 7)))))")


def test_operators_of_one_level_read_from_left_to_right() -> None:
    tree = parse("1 - 2 + 3")
    assert tree == Operation(Number(1.0), (("-", Number(2.0)), ("+", Number(3.0))))
    assert parse("1 - (2 + 3)") != tree


def test_operator_words_are_names_where_a_name_is_due() -> None:
    div = Path(None, (Step("child", NameTest(None, "div")),))
    assert parse("div div div") == Operation(div, (("div", div),))


def test_star_is_a_name_or_a_product_by_its_place() -> None:
    any_child = Path(None, (Step("child", NameTest(None, "*")),))
    assert parse("* * *") == Operation(any_child, (("*", any_child),))


@pytest.mark.parametrize("source", ["1and 1", "1 and1", "1and1"])
def test_word_operators_need_no_blank_after_an_operand(source: str) -> None:
    assert parse(source) == parse("1 and 1")


def test_a_hyphen_in_a_name_belongs_to_it() -> None:
    assert parse("a-1") == Path(None, (Step("child", NameTest(None, "a-1")),))
    assert parse("a - 1") == parse("a -1")


def test_abbreviations_are_their_long_forms() -> None:
    assert parse("../@id") == parse("parent::node()/attribute::id")
    assert parse("//b") == parse("/descendant-or-self::node()/child::b")


def test_an_even_number_of_minuses_still_makes_a_number() -> None:
    assert parse("--'5'") == Negation(Negation(Literal("5")))
    assert parse("---5") == Negation(Number(5.0))


# ------------------------------------------------------------------ messages
@pytest.mark.parametrize(
    ("source", "position", "words"),
    [
        ("", 0, "vide"),
        ("1 +", 3, "s’arrête trop tôt"),
        ("(1", 0, "« ( » n’est pas refermé"),
        ("1)", 1, "« ) »"),
        ("a[1", 1, "« [ » n’est pas refermé"),
        ("selected(., ‘oui’)", 12, "Guillemet typographique « ‘ »"),
        ("if(. = “x”, 1, 2)", 7, "Guillemet typographique « “ »"),
        ("'oui", 0, "pas refermé"),
        ("${age} > 3", 0, "n’a pas été remplacée"),
        ("$age > 3", 0, "variables"),
        ("a == b", 3, "« == »"),
        ("a <> b", 3, "« <> »"),
        ("a && b", 2, "« and »"),
        ("a != b", None, ""),
        ("a ≠ b", 2, "« != »"),
        ("a – b", 2, "Tiret « – »"),
        ("a\u00a0+ b", 1, "Espace insécable"),
        ("if(a; b; c)", 4, "virgules"),
        ("a b", 2, "Un opérateur manque avant « b »"),
        ("1e3", 1, "Un opérateur manque avant « e3 »"),
        ("nowhere::a", 0, "axe « nowhere »"),
        ("zz:a", 0, "préfixe « zz: »"),
        ("1 + foo()", 4, "« foo() » n’existe pas"),
        ("select('a', 'b')", 0, "« selected() »"),
        ("true(1)", 0, "aucun argument, 1 reçu"),
        ("if(1, 2)", 0, "3 arguments, 2 reçus"),
        ("round()", 0, "de 1 à 2 arguments, 0 reçu"),
        ("join()", 0, "au moins 1 argument, 0 reçu"),
        ("indexed-repeat(a, b, 1, 2)", 0, "3, 5, 7, 9 ou 11"),
    ],
)
def test_faults_are_placed_and_explained(source: str, position: int | None, words: str) -> None:
    if position is None:
        assert compile_expression(source).source == source
        return
    error = fault(source)
    assert error.position == position
    assert error.source == source
    assert words in error.message.replace("\u00a0", " ")
    assert str(error) == error.message


def test_messages_keep_french_spaces() -> None:
    assert (
        fault("a && b").message == "«\u00a0&\u00a0» n’existe pas\u00a0: écrivez «\u00a0and\u00a0»."
    )


def test_namespaces_given_are_known() -> None:
    expression = compile_expression("/zz:a", namespaces={"zz": "urn:zz"})
    assert expression.ast == Path(Root(), (Step("child", NameTest("zz", "a")),))


def test_an_expression_cannot_be_changed() -> None:
    expression = compile_expression("1")
    with pytest.raises(AttributeError):
        expression.source = "2"


# ------------------------------------------------------------------ bounds
@pytest.mark.parametrize("opening", ["(", "not(", "a[", "if(1, 2, ", "-(", "1 + ("])
def test_depth_is_bounded(opening: str) -> None:
    assert "imbriquée" in fault(opening * 10_000).message


def test_nesting_below_the_bound_is_read() -> None:
    deep = MAX_DEPTH - 1
    assert compile_expression("(" * deep + "1" + ")" * deep).ast == Number(1.0)


def test_length_is_bounded() -> None:
    assert "trop longue" in fault("1+" * MAX_LENGTH).message


@pytest.mark.parametrize("operator", [" or ", " and ", "+", "=", "|", "/"])
def test_long_chains_are_flat(operator: str) -> None:
    source = operator.join(["a"] * 5_000)
    assert compile_expression(source).source == source


# ------------------------------------------------------------------ printing
NAMES = st.sampled_from(["a", "b-c", "é", "div", "mod", "and", "or", "item.1", "node", "text"])
TESTS = st.one_of(
    st.builds(NameTest, st.sampled_from([None, "orx"]), NAMES | st.just("*")),
    st.builds(KindTest, st.sampled_from(["node", "text", "comment"])),
    st.builds(KindTest, st.just("processing-instruction"), st.sampled_from([None, "x"])),
)


def steps(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Step]:
    predicates = st.lists(inner, max_size=2).map(tuple)
    return st.builds(Step, st.sampled_from(sorted(AXES)), TESTS, predicates)


def operations(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    levels = [("or",), ("and",), ("=", "!="), ("<", ">="), ("+", "-"), ("*", "div", "mod"), ("|",)]

    def of_level(operators: tuple[str, ...]) -> st.SearchStrategy[Node]:
        rest = st.lists(st.tuples(st.sampled_from(operators), inner), min_size=1, max_size=3)
        return st.builds(Operation, inner, rest.map(tuple))

    return st.sampled_from(levels).flatmap(of_level)


def paths(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(steps(inner), min_size=1, max_size=3).map(tuple)
    starts = st.one_of(
        st.none(),
        st.just(Root()),
        st.builds(Call, st.just("current"), st.just(())),
        st.builds(Filter, inner, st.lists(inner, min_size=1, max_size=1).map(tuple)),
    )
    return st.builds(Path, starts, some)


TREES: st.SearchStrategy[Node] = st.recursive(
    st.one_of(
        st.floats(min_value=0, allow_infinity=False, allow_nan=False).map(Number),
        st.text(st.characters(exclude_characters="'", exclude_categories=["Cs"])).map(Literal),
        st.just(Path(Root(), ())),
    ),
    lambda inner: st.one_of(
        operations(inner),
        paths(inner),
        inner.filter(lambda node: not isinstance(node, Negation)).map(Negation),
        st.builds(Call, st.sampled_from(["if", "jr:itext"]), st.lists(inner).map(tuple)),
        st.builds(Filter, inner, st.lists(inner, min_size=1, max_size=2).map(tuple)),
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(TREES)
def test_what_is_printed_reads_back_the_same(tree: Node) -> None:
    assert parse(to_source(tree)) == tree


FRAGMENTS = st.sampled_from(
    [*"()[]@,|+-*/.=<>!'\" ", "//", "::", "..", "!=", "a", "5", "and", "div", "if(", "current()"]
)


@settings(deadline=None)
@given(st.text() | st.lists(FRAGMENTS, max_size=40).map("".join))
@example("a:" * 50)
@example("'" * 7)
def test_any_text_compiles_or_is_an_xpath_error(source: str) -> None:
    error = attempt(source)
    if error is not None:
        assert error.message
        assert error.position is None or 0 <= error.position <= len(source)


def attempt(source: str) -> XPathError | None:
    try:
        compile_expression(source)
    except XPathError as error:
        return error
    return None
