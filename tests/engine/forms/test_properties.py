"""Laws of the engine, tried on many answers and questionnaires."""

import contextlib
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from restanque.engine.forms import (
    FormError,
    Session,
    convert_xlsform,
    evaluate_answers,
    lint,
    normalise_number,
    parse_form,
)
from restanque.engine.forms.values import type_fault
from tests.engine.forms.samples import NOW, YES_NO, form

FORM = form(
    """
    type                   | name   | label   | relevant           | required | constraint  | calculation   | repeat_count
    select_one ouinon      | a      | A       |                    | yes      |             |               |
    integer                | n      | N       | ${a} = 'oui'       |          | . < 10      |               |
    begin_group            | g      | G       | ${a} = 'oui'       |          |             |               |
    text                   | t      | T       | ${n} > 2           | yes      |             |               |
    select_multiple ouinon | m      | M       |                    |          |             |               |
    decimal                | d      | D       |                    |          | . >= 0      |               |
    end_group              |        |         |                    |          |             |               |
    begin_repeat           | r      | R       |                    |          |             |               | ${n}
    text                   | x      | X       | ${a} = 'oui'       |          |             |               |
    date                   | y      | Y       | ${x} != ''         |          | . <= today() |              |
    end_repeat             |        |         |                    |          |             |               |
    begin_repeat           | f      | F       |                    |          |             |               |
    decimal                | k      | K       |                    |          |             |               |
    end_repeat             |        |         |                    |          |             |               |
    calculate              | total  |         |                    |          |             | sum(${k})     |
    text                   | z      | Z ${t}  | ${total} > 5       |          |             |               |
    """,  # noqa: E501
    YES_NO,
)
PATHS = [
    "/data/a",
    "/data/n",
    "/data/g/t",
    "/data/g/m",
    "/data/g/d",
    "/data/r[1]/x",
    "/data/r[2]/y",
    "/data/f[1]/k",
    "/data/z",
]
values = st.one_of(
    st.sampled_from(
        ["oui", "non", "", "1", "3", "7", "oui non", "2026-01-01", "2030-01-01", "9.5"]
    ),
    st.text(max_size=20),
)
answers = st.lists(st.tuples(st.sampled_from(PATHS), values), max_size=12)


def answered(pairs: list[tuple[str, str]]) -> Session:
    s = Session(FORM, now=NOW)
    for path, value in pairs:
        try:
            s.set(path, value)
        except FormError:
            # A turn that the count has not opened.
            assert path.startswith("/data/r[")
    return s


@given(answers)
@settings(max_examples=150, deadline=None)
def test_hiding_and_showing_again_keeps_every_answer(pairs: list[tuple[str, str]]) -> None:
    s = answered(pairs)
    s.set("/data/a", "oui")
    before = s.flat()
    s.set("/data/a", "non")
    assert not any(path.startswith("/data/g/") for path in s.flat())
    s.set("/data/a", "oui")
    assert s.flat() == before


@given(answers)
@settings(max_examples=150, deadline=None)
def test_a_draft_read_again_is_the_same_answer(pairs: list[tuple[str, str]]) -> None:
    s = answered(pairs)
    again = Session(FORM, now=NOW, instance=s.to_xml(prune=False))
    assert again.flat() == s.flat()
    assert again.validate() == s.validate()
    assert again.to_xml(prune=False) == s.to_xml(prune=False)


@given(answers)
@settings(max_examples=150, deadline=None)
def test_a_submission_holds_every_relevant_answer_and_nothing_else(
    pairs: list[tuple[str, str]],
) -> None:
    s = answered(pairs)
    root = etree.fromstring(s.to_xml(prune=True))
    texts = sorted(node.text for node in root.iter() if not len(node) and node.text)
    assert texts == sorted(s.flat().values())


@given(answers)
@settings(max_examples=100, deadline=None)
def test_recomputing_twice_changes_nothing(pairs: list[tuple[str, str]]) -> None:
    s = answered(pairs)
    s.recompute()
    once = s.to_xml(prune=False)
    s.recompute()
    assert s.to_xml(prune=False) == once


@given(answers)
@settings(max_examples=100, deadline=None)
def test_pages_show_exactly_the_relevant_questions(pairs: list[tuple[str, str]]) -> None:
    s = answered(pairs)
    shown = [
        item.path
        for page in FORM.pages
        for top in s.visible_items(page)
        for item in top.walk()
        if item.kind == "question"
    ]
    assert shown == [state.path for state in s.states() if state.relevant and state.control]
    assert sum(p.questions for p in s.progress()) == len(shown)


@given(answers)
@settings(max_examples=60, deadline=None)
def test_validity_is_the_absence_of_a_fault(pairs: list[tuple[str, str]]) -> None:
    s = answered(pairs)
    faults = {fault.path: fault.message for fault in s.validate()}
    for state in s.walk():
        assert state.valid == (state.path not in faults)
        assert state.message == faults.get(state.path, "")


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_path_and_any_text_are_answered_or_refused(path: str, text: str) -> None:
    for pair in ((path, text), ("/data/g/t", text), ("/data/n", text), (f"/data/{path}", text)):
        with contextlib.suppress(FormError):
            assert evaluate_answers(FORM, [pair], now=NOW)[0]["path"] == "/data"


@given(st.text(max_size=30))
def test_a_normalised_number_is_stable_and_a_number_or_the_text_itself(text: str) -> None:
    number = normalise_number(text)
    assert normalise_number(number) == number
    assert type_fault("decimal", number) == "" or number == text.strip()


@given(st.integers(-(10**9), 10**9), st.integers(0, 99))
def test_a_french_number_reads_as_what_it_says(whole: int, cents: int) -> None:
    typed = f"{whole:,}".replace(",", "\u202f") + f",{cents:02}"
    expected = abs(whole) + cents / 100
    assert abs(abs(float(normalise_number(typed))) - expected) < 1e-9


cells = st.text(
    alphabet=st.characters(exclude_characters="|\n\r", exclude_categories=["Cs"]), max_size=25
)
rows = st.lists(st.lists(cells, min_size=1, max_size=6), max_size=8)
types = st.sampled_from(
    [
        "text",
        "integer",
        "select_one a",
        "begin_group",
        "end_group",
        "begin_repeat",
        "calculate",
        "x",
    ]
)


@given(st.lists(st.tuples(types, cells, cells, cells, cells), max_size=8), rows)
@settings(max_examples=120, deadline=None)
def test_no_questionnaire_makes_the_converter_or_the_linter_fail(
    survey: list[tuple[str, str, str, str, str]], choices: list[list[str]]
) -> None:
    lines = ["| survey |", "| | type | name | label | relevant | calculation |"]
    lines += ["| | " + " | ".join(row) + " |" for row in survey]
    lines += ["| choices |", "| | list_name | name | label |"]
    lines += ["| | " + " | ".join(row) + " |" for row in choices]
    conversion = convert_xlsform("\n".join(lines).encode(), filename="x.md")
    problems = lint(conversion)
    if conversion.xform is None:
        assert any(problem.is_error for problem in problems)
    elif not any(problem.is_error for problem in problems):
        Session(parse_form(conversion.xform), now=datetime(2026, 1, 1, tzinfo=UTC)).validate()


@given(st.binary(max_size=300), st.sampled_from(["a.xlsx", "a.xls", "a.csv", "a.md", "a.xml"]))
@settings(max_examples=200, deadline=None)
def test_no_file_makes_the_converter_fail(data: bytes, filename: str) -> None:
    conversion = convert_xlsform(data, filename=filename)
    assert conversion.ok or conversion.problems
