import pytest

from restanque.engine.forms import FormError, Item, field_id
from tests.engine.forms.samples import CANTEEN, YES_NO, form, session

PAGES = """
    type         | name   | label     | relevant     | appearance
    text         | a      | A         |              |
    text         | b      | B         |              |
    begin_group  | g      | Groupe    |              |
    note         | n      | Note      |              |
    begin_group  | inner  | Dedans    | ${a} != ''   |
    text         | c      | C         |              | multiline
    end_group    |        |           |              |
    begin_group  | plain  |           |              |
    text         | d      | D         |              |
    end_group    |        |           |              |
    end_group    |        |           |              |
    begin_repeat | r      | Boulanger |              |
    text         | nom    | Nom       |              |
    end_repeat   |        |           |              |
    text         | z      | Z         |              |
"""


def paths(items: list[Item]) -> list[tuple[str, str, int]]:
    return [(item.kind, item.path, item.level) for top in items for item in top.walk()]


def test_a_page_is_a_top_group_a_repeat_or_a_run_of_loose_questions() -> None:
    f = form(PAGES)
    assert [page.key for page in f.pages] == ["page-1", "g", "r", "page-4"]
    assert [f.text(page.label) for page in f.pages] == ["", "Groupe", "Boulanger", ""]


def test_items_come_in_display_order_with_their_level() -> None:
    s = session(PAGES)
    assert paths(s.visible_items(0)) == [("question", "/data/a", 0), ("question", "/data/b", 0)]
    assert paths(s.visible_items(1)) == [
        ("group", "/data/g", 0),
        ("question", "/data/g/n", 1),
        ("question", "/data/g/plain/d", 1),
    ]
    s.set("/data/a", "x")
    assert ("group", "/data/g/inner", 1) in paths(s.visible_items(1))
    assert ("question", "/data/g/inner/c", 2) in paths(s.visible_items(1))


def test_a_repeat_shows_its_turns_and_what_can_be_done_with_them() -> None:
    s = session(PAGES)
    s.add_repeat("/data/r")
    (repeat,) = s.visible_items(2)
    assert (repeat.kind, repeat.path, repeat.count) == ("repeat", "/data/r", 2)
    assert repeat.can_add
    assert [turn.path for turn in repeat.children] == ["/data/r[1]", "/data/r[2]"]
    assert [turn.index for turn in repeat.children] == [1, 2]
    assert all(turn.can_remove for turn in repeat.children)
    s.remove_repeat(repeat.children[1].path)
    s.remove_repeat(repeat.children[0].path)
    (empty,) = s.visible_items(2)
    assert (empty.count, empty.can_add) == (0, True)


def test_a_repeat_that_is_not_asked_is_not_shown_even_without_a_turn() -> None:
    s = session(
        """
        type              | name | label | relevant
        select_one ouinon | a    | A     |
        begin_repeat      | r    | R     | ${a} = 'oui'
        text              | x    | X     |
        end_repeat        |      |       |
        """,
        YES_NO,
    )
    assert s.visible_items(1) == []
    s.set("/data/a", "oui")
    s.remove_repeat("/data/r[1]")
    assert len(s.visible_items(1)) == 1
    s.set("/data/a", "non")
    assert s.visible_items(1) == []


@pytest.mark.parametrize(
    ("type_", "appearance", "widget"),
    [
        ("text", "", "text"),
        ("text", "multiline", "multiline"),
        ("integer", "", "integer"),
        ("decimal", "", "decimal"),
        ("date", "", "date"),
        ("time", "", "time"),
        ("dateTime", "", "datetime"),
        ("select_one ouinon", "", "radio"),
        ("select_one ouinon", "minimal", "dropdown"),
        ("select_multiple ouinon", "", "checkboxes"),
        ("rank ouinon", "", "rank"),
        ("range", "", "range"),
        ("geopoint", "", "geopoint"),
        ("image", "", "file"),
        ("file", "", "file"),
        ("acknowledge", "", "acknowledge"),
        ("note", "", "note"),
        ("barcode", "", "barcode"),
    ],
)
def test_every_type_says_what_to_draw(type_: str, appearance: str, widget: str) -> None:
    f = form(f"type | name | label | appearance\n{type_} | a | A | {appearance}", YES_NO)
    assert f.question("/data/a").widget == widget


def test_a_range_knows_its_bounds_and_refuses_what_is_outside() -> None:
    s = session("type | name | label | parameters\nrange | a | A | start=0 end=10 step=1")
    control = s.form.question("/data/a")
    assert (control.range_start, control.range_end, control.range_step) == ("0", "10", "1")
    s.set("/data/a", "11")
    assert s.state("/data/a").message == "Une valeur entre 0 et 10 est attendue."
    s.set("/data/a", "10")
    assert s.state("/data/a").valid


def test_progress_counts_what_is_asked_and_answered() -> None:
    s = session(CANTEEN, YES_NO)
    first, second = s.progress()
    assert (first.questions, first.answered, first.required, first.complete) == (1, 0, 1, False)
    assert (second.questions, second.complete) == (1, True)
    s.set("/data/cantine/a", "oui")
    s.set("/data/cantine/repas", "3")
    first, _ = s.progress()
    assert (first.questions, first.answered, first.required_answered) == (3, 2, 2)
    assert first.complete


def test_the_page_of_a_question_is_known() -> None:
    s = session(PAGES)
    assert s.page_of("/data/g/inner/c") == 1
    assert s.page_of("/data/r[1]/nom") == 2
    assert s.page_of("/data/meta/instanceID") is None
    with pytest.raises(FormError):
        s.visible_items(9)


def test_a_field_id_is_unique_and_fit_for_html() -> None:
    assert field_id("/data/rep[2]/q") == "q-data-rep-2-q"
    assert field_id("/data/a-b") != field_id("/data/a/b")
