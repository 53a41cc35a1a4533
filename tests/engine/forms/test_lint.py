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
        (r"^\Q(\E[0-9]$", ""),
        ("^" + "a" * 2_001 + "$", "invalid"),
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


# Answers that formulas read

UNITS = """
    list_name | name  | label
    unites    | kilo  | Kilo
    unites    | piece | Pièce
"""
UNIT = "type | name | label | {column}\nselect_one unites | unite | U |\ntext | t | T | {formula}"


def values_told(formula: str, *, type_: str = "select_one unites", column: str = "relevant") -> int:
    survey = UNIT.format(column=column, formula=formula).replace("select_one unites", type_)
    return [code for code, _, _ in found(survey, UNITS)].count("choice-unknown")


@pytest.mark.parametrize(
    "formula",
    [
        "${unite} = 'pièce'",
        "'pièce' = ${unite}",
        "${unite} != 'pièce'",
        "selected(${unite}, 'pièce')",
        "if(${unite} = 'pièce', true(), false())",
        "not(selected(${unite}, 'kilo') or selected(${unite}, 'pièce'))",
    ],
)
def test_a_value_that_no_choice_has_is_told_with_the_nearest(formula: str) -> None:
    (problem,) = lint(convert(UNIT.format(column="relevant", formula=formula), UNITS))
    assert (problem.code, problem.severity) == ("choice-unknown", "warning")
    assert problem.where == "feuille survey, ligne 3, colonne relevant"
    assert "« pièce »" in problem.message.replace("\u00a0", " ")
    assert "« unite »" in problem.message.replace("\u00a0", " ")
    assert problem.mend == "Vouliez-vous écrire 'piece' ?"


@pytest.mark.parametrize(
    ("value", "mend"),
    [
        ("PIECE", "Vouliez-vous écrire 'piece' ?"),
        ("pieces", "Vouliez-vous écrire 'piece' ?"),
        ("Au poids", "Vouliez-vous écrire 'kilo' ?"),
        ("1", "Choix possibles : 'kilo', 'piece'."),
        ("autre", "Choix possibles : 'kilo', 'piece'."),
    ],
)
def test_the_mend_names_the_choice_that_was_meant_or_the_list(value: str, mend: str) -> None:
    choices = UNITS.replace("| Kilo", "| Au poids")
    survey = UNIT.format(column="relevant", formula=f"${{unite}} = '{value}'")
    (problem,) = lint(convert(survey, choices))
    assert problem.mend == mend


def test_a_constraint_on_its_own_choices_is_checked() -> None:
    survey = "type | name | label | constraint\nselect_multiple unites | u | U | {}"
    codes = found(survey.format("not(selected(., 'aucun')) or count-selected(.) = 1"), UNITS)
    assert codes == [("choice-unknown", "warning", 2)]
    assert found(survey.format("not(selected(., 'kilo')) or count-selected(.) = 1"), UNITS) == []


@pytest.mark.parametrize(
    ("formula", "type_"),
    [
        ("${unite} = 'piece'", "select_one unites"),
        ("${unite} = ''", "select_one unites"),
        ("${unite} != ' '", "select_one unites"),
        ("${unite} = 'other'", "select_one unites or_other"),
        ("${unite} = 'kilo piece'", "select_multiple unites"),
        ("selected(${unite}, 'kilo piece')", "select_multiple unites"),
        ("${unite} = 'piece kilo'", "rank unites"),
        ("${unite} = 'pièce'", "text"),
        ("${unite} = 'pièce'", "select_one_from_file unites.csv"),
        ("concat(${unite}, 's') = 'pièces'", "select_one unites"),
    ],
)
def test_a_value_that_may_be_given_is_not_told(formula: str, type_: str) -> None:
    assert values_told(formula, type_=type_) == 0


def test_a_question_whose_values_are_computed_is_not_judged() -> None:
    filled = """
        type              | name | label | calculation | relevant     | choice_filter
        text              | t    | T     |             |              |
        select_one unites | u    | U     | ${t}        |              |
        begin_repeat      | r    | R     |             |              |
        text              | nom  | Nom   |             |              |
        end_repeat        |      |       |             |              |
        select_one ${nom} | q    | Q     |             |              |
        note              | n    | N     |             | ${u} = 'zz'  |
        note              | m    | M     |             | ${q} = 'zz'  |
    """
    assert [code for code, _, _ in found(filled, UNITS)] == []


REPEAT = """
    type         | name | label | relevant | calculation
    begin_repeat | r    | R     |          |
    integer      | x    | X     |          |
    text         | y    | Y     | {inside} |
    end_repeat   |      |       |          |
    calculate    | c    |       |          | {outside}
"""


@pytest.mark.parametrize(
    "outside",
    ["${x} + 1", "if(${x} = 1, 2, 3)", "coalesce(${x}, 0)", "sum(${x}) + ${x}", "round(${x}, 0)"],
)
def test_a_repeated_question_read_outside_its_repeat_is_told(outside: str) -> None:
    (problem,) = lint(convert(REPEAT.format(inside="", outside=outside)))
    assert (problem.code, problem.severity) == ("repeat-outside", "warning")
    assert problem.where == "feuille survey, ligne 6, colonne calculation"
    assert "sum(${x})" in problem.mend
    assert "${r}" in problem.mend


@pytest.mark.parametrize(
    "outside",
    [
        "sum(${x})",
        "join(', ', ${y})",
        "max(${x}) - min(${x})",
        "count(${r})",
        "count-non-empty(${x})",
        "indexed-repeat(${x}, ${r}, 1)",
        "sum(${x}[. > 1])",
        "count(${r}[x > 1])",
        "/data/r[1]/x",
        "1",
    ],
)
def test_a_repeat_read_as_a_whole_or_from_inside_is_not_told(outside: str) -> None:
    codes = [code for code, _, _ in found(REPEAT.format(inside="${x} = 1", outside=outside))]
    assert "repeat-outside" not in codes


# What stands in the way of other findings


@pytest.mark.parametrize("survey", ["type | name | label", "begin_group | g | G\nend_group | |"])
def test_a_questionnaire_without_any_question_is_refused(survey: str) -> None:
    header = "" if survey.startswith("type") else "type | name | label\n"
    (problem,) = lint(convert(header + survey))
    assert (problem.code, problem.severity) == ("no-question", "error")
    assert problem.message == "Le questionnaire n’a aucune question."


FILTERED = """
    type              | name | label | choice_filter     | relevant
    select_one unites | u    | U     | {choice_filter}   |
    text              | b    | B     |                   | {relevant}
"""


def test_a_faulty_filter_is_shown_as_its_author_wrote_it() -> None:
    survey = FILTERED.format(choice_filter="name = = ${b}", relevant="")
    (problem,) = lint(convert(survey, UNITS))
    assert problem.where == "feuille survey, ligne 2, colonne choice_filter"
    assert problem.message.endswith("Formule : name = = ${b}")
    assert "instance" not in problem.message


def test_a_filter_in_double_quotes_is_no_bare_condition() -> None:
    assert found(FILTERED.format(choice_filter='name != "kilo"', relevant=""), UNITS) == []


def test_a_computed_default_value_is_told_in_its_column() -> None:
    (problem,) = lint(convert("type | name | label | default\ntext | a | A | concat('a', nul())"))
    assert problem.where == "feuille survey, ligne 2, colonne default"


def test_faulty_formulas_and_unknown_references_are_told_together() -> None:
    survey = FILTERED.format(choice_filter="name = ${zz}", relevant="${u} = = 'kilo'")
    problems = lint(convert(survey, UNITS))
    assert [(p.code, p.row, p.column) for p in problems] == [
        ("reference-unknown", 2, "choice_filter"),
        ("expression-invalid", 3, "relevant"),
    ]
    assert problems[1].message.endswith("Formule : ${u} = = 'kilo'")


def test_good_formulas_are_not_accused_of_another_error() -> None:
    survey = """
        type              | name | label | relevant           | required | default | calculation
        select_one unites | u    | U     | ${zz} = 1          | yes      | kilo    |
        begin_repeat      | r    | R     |                    |          |         |
        text              | b    | B     | ${ u } = 'kilo'    | TRUE     | l’an    |
        end_repeat        |      |       |                    |          |         |
        calculate         | c    |       |                    |          |         | ${last-saved#b}
    """
    assert [code for code, _, _ in found(survey, UNITS)] == ["reference-unknown"]
