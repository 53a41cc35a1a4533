import pytest

from restanque.engine.forms import FormError, convert_xlsform, lint, parse_form
from restanque.engine.forms.lint.patterns import pattern_fault
from tests.engine.forms.samples import CANTEEN, YES_NO, convert

NAMESPACE = 'form_id | namespaces\nx | rq="https://restanque.org/xforms"'


def found(survey: str, choices: str = "", settings: str = "") -> list[tuple[str, str, int | None]]:
    problems = lint(convert(survey, choices, settings))
    return [(problem.code, problem.severity, problem.row) for problem in problems]


def test_a_good_questionnaire_has_nothing_to_say() -> None:
    assert found(CANTEEN, YES_NO) == []


@pytest.mark.parametrize(
    ("survey", "expected"),
    [
        (
            "type | name | label | relevant\ntext | a | A | ${b} = 1",
            ("reference-unknown", "error", 2),
        ),
        (
            "type | name | label | relevant\ntext | a | A | ${b} = = 1\ntext | b | B |",
            ("expression-invalid", "error", 2),
        ),
        (
            "type | name | label | relevant\ntext | a | A | ${b} = ‘oui’\ntext | b | B |",
            ("expression-quotes", "error", 2),
        ),
        (
            "type | name | label | calculation\ncalculate | a | | because I said so",
            ("expression-invalid", "error", 2),
        ),
        (
            "type | name | label | calculation\ncalculate | a | | nimporte(1)",
            ("expression-invalid", "error", 2),
        ),
        (
            "type | name | label | relevant\ntext | a | A | /data/zz = 1",
            ("path-unknown", "error", 2),
        ),
        (
            "type | name | label | calculation\n"
            "calculate | a | | instance('rien')/root/item[name = '1']/label",
            ("instance-unknown", "error", 2),
        ),
        (
            "type | name | label | relevant\ntext | a | A | ${b} = oui\ntext | b | B |",
            ("path-word", "warning", 2),
        ),
        ("type | name | label\ntext | a | A\ntext | a | B", ("name-duplicate", "error", 3)),
        ("type | name | label\ntext | a b | A", ("name-invalid", "error", 2)),
        ("type | name | label\ntexte | a | A", ("type-unknown", "error", 2)),
        ("type | name | label\nselect_one rien | a | A", ("list-missing", "error", 2)),
        (
            "type | name | label | appearance\nselect_one x | a | A | search('f')",
            ("search-refused", "error", 2),
        ),
        ("type | name | label\nselect_one_external x | a | A", ("type-refused", "error", 2)),
        ("type | name | label\ndeviceid | a |", ("type-phone-only", "warning", 2)),
        ("type | name | label | hint\ntext | a | | aide", None),
        (
            "type | name | label | relevant\ntext | a | A | ${b}\ntext | b | B |",
            ("condition-bare", "warning", 2),
        ),
        (
            "type | name | label | constraint\ntext | a | A | regex(., '[0-9]{5}')",
            ("pattern-open", "warning", 2),
        ),
        (
            "type | name | label | constraint\ntext | a | A | regex(., '^(a+)+$')",
            ("pattern-slow", "error", 2),
        ),
        (
            "type | name | label | constraint\ntext | a | A | regex(., '^([0-9]$')",
            ("pattern-invalid", "error", 2),
        ),
    ],
)
def test_each_mistake_is_found_on_its_row(
    survey: str, expected: tuple[str, str, int] | None
) -> None:
    if expected is None:
        assert found(survey) == []
    else:
        assert expected in found(survey)


@pytest.mark.parametrize(
    "survey",
    [
        """
        type      | name | label | calculation
        calculate | a    |       | ${b} + 1
        calculate | b    |       | ${a} + 1
        """,
        """
        type      | name | label | calculation
        calculate | a    |       | ${a} + 1
        """,
        """
        type        | name | label | relevant
        begin_group | g    | G     | ${x} = 1
        integer     | x    | X     |
        end_group   |      |       |
        """,
        """
        type    | name | label | relevant
        integer | a    | A     | ${b} = 1
        integer | b    | B     | ${a} = 1
        """,
        """
        type      | name | label | calculation | relevant
        calculate | a    |       | ${b} + 1    |
        integer   | b    | B     |             | ${c} > 0
        calculate | c    |       | ${a}        |
        """,
        """
        type    | name | label | relevant
        integer | a    | A     | . > 1
        """,
    ],
)
def test_every_kind_of_circle_is_refused(survey: str) -> None:
    conversion = convert(survey)
    codes = [problem.code for problem in lint(conversion)]
    assert "cycle" in codes
    with pytest.raises(FormError, match="cercle"):
        parse_form(conversion.xform or "")


@pytest.mark.parametrize(
    "survey",
    [
        """
        type         | name | label | calculation
        begin_repeat | r    | R     |
        integer      | x    | X     |
        calculate    | sum  |       | ${x} + coalesce(indexed-repeat(${sum}, ${r}, position(..) - 1), 0)
        end_repeat   |      |       |
        """,  # noqa: E501
        """
        type      | name | label | calculation
        calculate | a    |       | once(random())
        """,
        """
        type    | name | label | constraint
        integer | a    | A     | . > 1
        """,
    ],
)
def test_what_looks_like_a_circle_and_is_none_is_accepted(survey: str) -> None:
    conversion = convert(survey)
    assert "cycle" not in [problem.code for problem in lint(conversion)]
    parse_form(conversion.xform or "")


@pytest.mark.parametrize(
    "survey",
    [
        "type | name | label | required\ninteger | a | A | ${a} = ''",
        """
        type    | name | label | required
        integer | a    | A     | ${b} = ''
        integer | b    | B     | ${a} = ''
        """,
        """
        type    | name | label | relevant | required
        integer | a    | A     |          | ${b} = 1
        integer | b    | B     | ${a} = 1 |
        """,
        """
        type        | name | label | relevant  | required
        begin_group | g    | G     | ${z} = '' |
        integer     | a    | A     |           |
        end_group   |      |       |           |
        integer     | z    | Z     |           | ${a} = ''
        """,
    ],
)
def test_a_circle_that_only_collect_refuses_is_told_and_can_be_run(survey: str) -> None:
    conversion = convert(survey)
    assert [problem.code for problem in lint(conversion)] == ["cycle-collect"]
    parse_form(conversion.xform or "")


def test_choice_lists_are_checked() -> None:
    problems = found(
        "type | name | label\nselect_multiple a | q | Q",
        """
        list_name | name | label
        a         | x    | X
        a         | x    | X
        a         | y z  | Y
        a         | w    |
        b         | x    | X
        """,
    )
    assert ("choice-duplicate", "error", 3) in problems
    assert ("choice-space", "error", 4) in problems
    assert ("choice-label-missing", "warning", 5) in problems
    assert ("list-unused", "warning", 6) in problems


def test_a_missing_french_label_is_told() -> None:
    problems = found(
        "type | name | label::Français (fr) | label::English (en)\ntext | a | | Bread",
    )
    assert ("label-french-missing", "warning", 2) in problems


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("decimal | a | A | need.kg_per_day", None),
        ("decimal | a | A | need.kg_per_dey", "fact-unknown"),
        ("text | a | A | need.kg_per_day", "fact-type"),
        ("date | a | A | need.contract_end", None),
        ("select_one ouinon | a | A | contact.consent", None),
        ("select_one mode | a | A | canteen.management_type", None),
        ("select_one ouinon | a | A | canteen.management_type", "fact-values"),
        ("select_one mode | a | A | contact.consent", "fact-values"),
    ],
)
def test_facts_are_checked_against_the_vocabulary(row: str, code: str | None) -> None:
    choices = f"{YES_NO}\n    mode | direct | Régie\n    mode | conceded | Concession"
    survey = f"type | name | label | bind::rq:fact\n{row}"
    codes = [c for c, severity, _ in found(survey, choices, NAMESPACE) if severity == "error"]
    assert codes == ([] if code is None else [code])


def test_a_fact_without_its_namespace_is_told() -> None:
    survey = "type | name | label | bind::rq:fact\ndecimal | a | A | need.kg_per_day"
    assert ("fact-namespace", "error", None) in found(survey)


def test_a_joined_file_is_asked_for_once_files_are_given() -> None:
    conversion = convert("type | name | label\nselect_one_from_file x.csv | a | A")
    assert lint(conversion) == []
    assert [problem.code for problem in lint(conversion, media={})] == ["media-missing"]
    assert lint(conversion, media={"x.csv": b"name,label\na,A\n"}) == []


def test_a_near_name_is_proposed() -> None:
    survey = "type | name | label | relevant\ntext | repas | A | \ntext | b | B | ${repes} = 1"
    problem = next(p for p in lint(convert(survey)) if p.code == "reference-unknown")
    assert "${repas}" in problem.mend


def test_findings_come_in_the_order_of_the_sheets() -> None:
    problems = lint(
        convert(
            "type | name | label | relevant\ntext | a | A | ${x} = 1\ntexte | b | B |",
            "list_name | name | label\nl | a | A",
        )
    )
    assert [(p.sheet, p.row) for p in problems] == [
        ("survey", 2),
        ("survey", 3),
        ("choices", 2),
    ]


def test_every_finding_of_a_wrong_file_is_a_sentence() -> None:
    for name in ("x.ods", "x.xlsx", "x.pdf"):
        (problem,) = lint(convert_xlsform(b"rien", filename=name))
        assert problem.message.endswith(".")
        assert problem.mend.endswith(".")


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        (r"^\d{14}$", ""),
        (r"^0[1-9]([ .]?[0-9]{2}){4}$", ""),
        (r"^[^@ ]+@[^@ ]+\.[a-z]{2,}$", ""),
        (r"^([a-z]+ )*[a-z]+$", ""),
        (r"^\p{L}+$", ""),
        (r"[0-9]{5}", "open"),
        (r"^[0-9]{5}", "open"),
        (r"(", "invalid"),
        (r"[", "invalid"),
        (r"^(\w+\s?)*$", "slow"),
        (r"^(a|aa)+$", "slow"),
        (r"^(a+)+$", "slow"),
        (r"^(.*)*$", "slow"),
        (r"^((a+b?)|c)*$", "slow"),
        (r"^(x{2,})*y$", "slow"),
    ],
)
def test_a_pattern_is_judged(pattern: str, fault: str) -> None:
    assert pattern_fault(pattern) == fault
