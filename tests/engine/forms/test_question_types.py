"""Every question type that makes sense on the web, from the sheet to the submission."""

import pytest

from restanque.engine.forms import Session, convert_xlsform, lint, parse_form
from tests.engine.forms.samples import NOW, convert, session, table

COLORS = """
    list_name | name  | label
    couleur   | rouge | Rouge
    couleur   | bleu  | Bleu
"""


def faults(s: Session, path: str) -> list[str]:
    return [fault.kind for fault in s.validate([path])]


@pytest.mark.parametrize(
    ("type_", "cells", "accepted", "refused"),
    [
        ("text", "", ["un mot", "<&>"], []),
        ("integer", "", ["12", "-3"], ["1.5", "douze", "99999999999"]),
        ("decimal", "", ["12.5", "-3"], ["12,5 kg", "1e999"]),
        ("date", "", ["2026-11-24"], ["24/11/2026", "2026-02-30"]),
        ("time", "", ["08:30", "08:30:00.000+01:00"], ["8 h 30", "25:00"]),
        ("dateTime", "", ["2026-11-24T08:30:00.000+01:00"], ["hier"]),
        ("geopoint", "", ["43.3 5.4", "43.3 5.4 12 5"], ["43.3", "95 5", "ici"]),
        ("geotrace", "", ["43 5; 44 6"], ["43 5"]),
        ("geoshape", "", ["43 5; 44 6; 44 5; 43 5"], ["43 5; 44 6; 44 5; 43 6"]),
        ("barcode", "", ["3760000000000"], []),
        ("acknowledge", "", ["OK"], []),
        ("image", "", ["photo.jpg"], []),
        ("file", "", ["plan.pdf"], []),
        ("select_one couleur", "", ["rouge"], ["vert", "rouge bleu"]),
        ("select_multiple couleur", "", ["rouge bleu", "bleu"], ["vert", "rouge rouge"]),
        ("rank couleur", "", ["bleu rouge"], ["bleu", "bleu bleu"]),
        ("range", "start=1 end=5 step=1", ["1", "5"], ["0", "6", "beaucoup"]),
    ],
)
def test_a_type_accepts_what_it_is_made_for(
    type_: str, cells: str, accepted: list[str], refused: list[str]
) -> None:
    s = session(f"type | name | label | parameters\n{type_} | q | Q | {cells}", COLORS)
    assert s.state("/data/q").control is not None
    for text in accepted:
        s.set("/data/q", text)
        assert faults(s, "/data/q") == [], text
        assert s.flat()["/data/q"] == text
    for text in refused:
        s.set("/data/q", text)
        assert faults(s, "/data/q") in (["type"], ["choice"]), text


@pytest.mark.parametrize(
    ("type_", "name", "cells"),
    [
        ("calculate", "q", "1 + 1"),
        ("hidden", "q", ""),
        ("audit", "audit", ""),
        ("start", "q", ""),
    ],
)
def test_what_is_not_asked_is_on_no_page(type_: str, name: str, cells: str) -> None:
    s = session(f"type | name | label | calculation\ntext | a | A |\n{type_} | {name} | | {cells}")
    shown = [item.path for page in s.form.pages for item in s.visible_items(page)]
    assert shown == ["/data/a"]


def test_an_audit_is_ignored_with_a_warning() -> None:
    problems = lint(convert("type | name | label\ntext | a | A\naudit | audit |"))
    (audit,) = [problem for problem in problems if "audit" in problem.message]
    assert not audit.is_error
    assert not any(problem.is_error for problem in problems)


def test_a_position_of_the_phone_is_ignored_with_a_warning() -> None:
    conversion = convert(
        "type | name | label | trigger\ntext | a | A |\nbackground-geopoint | lieu | | ${a}"
    )
    problems = lint(conversion)
    assert not any(problem.is_error for problem in problems), [str(p) for p in problems]
    assert any("setgeopoint" in problem.message for problem in problems)
    assert conversion.xform is not None
    s = Session(parse_form(conversion.xform), now=NOW)
    s.set("/data/a", "x")
    assert s.value("/data/lieu") == ""


def test_other_can_be_chosen_then_said() -> None:
    s = session("type | name | label\nselect_one couleur or_other | q | Q", COLORS)
    assert [choice.value for choice in s.choices("/data/q")] == ["rouge", "bleu", "other"]
    assert not s.state("/data/q_other").relevant
    s.set("/data/q", "other")
    assert s.state("/data/q_other").relevant
    assert faults(s, "/data/q") == []


def test_a_search_in_a_file_is_refused_with_what_to_do() -> None:
    problems = lint(
        convert(
            "type | name | label | appearance\nselect_one couleur | q | Q | search('f')", COLORS
        )
    )
    (found,) = [problem for problem in problems if problem.code == "search-refused"]
    assert found.is_error
    assert "select_one_from_file" in found.mend


def test_entities_are_ignored_with_a_warning_and_their_answers_kept() -> None:
    sheets = [
        table("survey", "type | name | label | save_to\ntext | nom | Nom | nom"),
        table("entities", "list_name | label\nboulangerie | ${nom}"),
    ]
    conversion = convert_xlsform("\n".join(sheets).encode(), filename="essai.md")
    problems = lint(conversion)
    assert [p.is_error for p in problems if p.code == "entities-ignored"] == [False]
    assert not any(problem.is_error for problem in problems), [str(p) for p in problems]
    assert conversion.xform is not None
    s = Session(parse_form(conversion.xform), now=NOW)
    s.set("/data/nom", "Four à pain")
    assert s.validate() == []
    assert 'create="1"' in s.to_xml(prune=True)
    assert s.flat()["/data/nom"] == "Four à pain"


def test_a_default_may_be_a_formula_and_is_computed_once() -> None:
    s = session(
        """
        type    | name | label | default
        date    | jour | Jour  | today()
        integer | n    | N     | 2 + 3
        text    | t    | T     | fixe
        """
    )
    assert (s.value("/data/jour"), s.value("/data/n"), s.value("/data/t")) == (
        "2026-11-24",
        "5",
        "fixe",
    )
    s.set("/data/n", "8")
    s.recompute()
    assert s.value("/data/n") == "8"


def test_a_default_formula_in_a_repeat_is_computed_for_each_turn() -> None:
    s = session(
        """
        type         | name | label | default
        text         | a    | A     |
        begin_repeat | r    | R     |
        text         | b    | B     | ${a}
        end_repeat   |      |       |
        """
    )
    s.set("/data/a", "x")
    s.add_repeat("/data/r")
    assert [s.value(f"/data/r[{turn}]/b") for turn in (1, 2)] == ["", "x"]


def test_a_draw_made_once_stays() -> None:
    s = session(
        "type | name | label | calculation\ncalculate | d | | once(random())\ntext | a | A |"
    )
    drawn = s.value("/data/d")
    s.set("/data/a", "x")
    assert s.value("/data/d") == drawn != ""
