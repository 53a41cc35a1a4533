"""Forms and answers made to break: a clear refusal, in bounded time and memory."""

import contextlib
import time
import tracemalloc

import pytest

from restanque.engine.forms import FormError, Session, convert_xlsform, parse_form
from restanque.engine.forms.tree import MAX_NODES
from tests.engine.forms.samples import CANTEEN, NOW, YES_NO, form, session

BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<data id="essai"><remarque>&c;</remarque></data>"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE data [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<data id="essai"><remarque>&x;</remarque></data>"""


@pytest.mark.parametrize("xml", [BOMB, OUTSIDE, '<!DOCTYPE data><data id="essai"/>'])
def test_a_doctype_is_refused_in_an_answer_and_in_a_form(xml: str) -> None:
    f = form(CANTEEN, YES_NO)
    with pytest.raises(FormError, match="DOCTYPE"):
        Session(f, now=NOW, instance=xml)
    with pytest.raises(FormError, match="DOCTYPE"):
        parse_form(xml)


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<",
        "<a>",
        "bonjour",
        "\x00",
        "<a/><b/>",
        b"\xff\xfe\x00",
        "<data>" * 400,
        "<é",
        b"<\xe9/>",
    ],
)
def test_broken_xml_is_refused_in_french(xml: str | bytes) -> None:
    f = form(CANTEEN, YES_NO)
    with pytest.raises(FormError, match="XML"):
        Session(f, now=NOW, instance=xml)
    with pytest.raises(FormError, match=r"XML|XForm"):
        parse_form(xml)


def test_a_deep_answer_is_refused() -> None:
    f = form(CANTEEN, YES_NO)
    deep = '<data id="essai">' + "<a>" * 5000 + "</a>" * 5000 + "</data>"
    with pytest.raises(FormError, match="XML"):
        Session(f, now=NOW, instance=deep)


def test_an_oversize_answer_is_refused() -> None:
    f = form(CANTEEN, YES_NO)
    with pytest.raises(FormError, match="volumineux"):
        Session(f, now=NOW, instance=b"<data>" + b"x" * 20_000_001)


def test_a_form_without_instance_or_model_is_refused() -> None:
    for xml in (
        "<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head/></h:html>",
        "<html><head><model/></head></html>",
        "<html><head><model><instance/></model></head></html>",
    ):
        with pytest.raises(FormError):
            parse_form(xml)


@pytest.mark.parametrize("ref", ["/", "..", "../..", "", "//", "/[", "/data/rien", "@a", "é è"])
def test_a_control_that_points_nowhere_is_read_without_a_crash(ref: str) -> None:
    xml = f"""<html xmlns="http://www.w3.org/2002/xforms"><head><model><instance>
    <data id="t"><a/></data></instance><bind nodeset="{ref}" type="int"/></model></head>
    <body><group ref="{ref}"><input ref="{ref}"/></group></body></html>"""
    s = Session(parse_form(xml), now=NOW)
    assert [state.path for state in s.states()] == ["/data/a"]
    assert len(s.progress()) == len(s.form.pages) == 1


def test_a_catastrophic_pattern_does_not_hold_the_server() -> None:
    s = session(
        r"""
        type | name | label | constraint
        text | a    | A     | regex(., '^(([a-z])+.)+[A-Z]([a-z])+$')
        text | b    | B     | regex(., '^(a\|aa)+$')
        """
    )
    s.set("/data/a", "a" * 5000)
    s.set("/data/b", "a" * 5000 + "!")
    start = time.perf_counter()
    s.validate()
    assert time.perf_counter() - start < 3


def test_two_hundred_turns_of_ten_questions_stay_quick() -> None:
    questions = "\n".join(f"integer | q{i} | Q{i} | " for i in range(10))
    f = form(
        f"""
        type         | name | label | calculation
        begin_repeat | r    | R     |
        {questions}
        calculate    | t    |       | sum(${{q0}} \\| ${{q1}})
        end_repeat   |      |       |
        """
    )
    start = time.perf_counter()
    s = Session(f, now=NOW, instance='<data id="essai">' + "<r/>" * 200 + "</data>")
    s.validate()
    s.visible_items(0)
    s.progress()
    assert time.perf_counter() - start < 5
    assert s.turn_count("/data/r") == 200


def test_turns_are_counted_up_to_the_cap_by_hand_too() -> None:
    f = form("type | name | label\nbegin_repeat | r | R\ntext | x | X\nend_repeat | |")
    s = Session(f, now=NOW, instance='<data id="essai">' + "<r/>" * 500 + "</data>")
    with pytest.raises(FormError, match="500"):
        s.add_repeat("/data/r")


def test_an_answer_with_too_many_turns_is_refused() -> None:
    f = form("type | name | label\nbegin_repeat | r | R\ntext | x | X\nend_repeat | |")
    with pytest.raises(FormError, match="500"):
        Session(f, now=NOW, instance='<data id="essai">' + "<r><x>1</x></r>" * 501 + "</data>")


def test_forged_fields_do_not_change_what_is_calculated() -> None:
    s = session(CANTEEN, YES_NO)
    s.set("/data/grammes", "999")
    assert s.value("/data/grammes") == ""


def test_a_chain_of_two_thousand_calculations_is_followed() -> None:
    rows = "\n".join(f"calculate | c{i} | | ${{c{i - 1}}} + 1" for i in range(1, 2000))
    s = session(f"type | name | label | calculation\ninteger | c0 | C |\n{rows}")
    s.set("/data/c0", "1")
    assert s.value("/data/c1999") == "2000"


def test_a_very_long_expression_is_refused_or_read_but_never_a_crash() -> None:
    nested = "(" * 3000 + "1" + ")" * 3000
    conversion = convert_xlsform(
        f"| survey |\n| | type | name | calculation |\n| | calculate | a | {nested} |\n".encode(),
        filename="x.md",
    )
    assert conversion.xform is not None
    with contextlib.suppress(FormError):
        parse_form(conversion.xform)


NESTED = """
    type         | name | label | repeat_count
    integer      | n    | N     |
    begin_repeat | r    | R     | ${n}
    begin_repeat | s    | S     | ${n}
    begin_repeat | t    | T     | ${n}
    text         | x    | X     |
    end_repeat   |      |       |
    end_repeat   |      |       |
    end_repeat   |      |       |
"""


def test_repeats_in_repeats_do_not_multiply_without_end() -> None:
    s = session(NESTED)
    s.set("/data/n", "500")
    start = time.process_time()
    s.recompute()
    assert len(list(s.walk())) <= MAX_NODES
    assert time.process_time() - start < 20
    turns = "<r>" + ("<s>" + "<t/>" * 300 + "</s>") * 50 + "</r>"
    with pytest.raises(FormError, match="trop longue"):
        Session(s.form, now=NOW, instance=f'<data id="essai">{turns * 3}</data>')


def test_a_long_list_in_many_turns_is_read_once() -> None:
    rows = "\n".join(f"l | c{number} | Choix {number}" for number in range(10_000))
    f = form(
        "type | name | label\nbegin_repeat | r | R\nselect_one l | q | Q\nend_repeat | |",
        f"list_name | name | label\n{rows}",
    )
    turns = "<r><q>c5</q></r>" * 200 + "<r><q>rien</q></r>"
    s = Session(f, now=NOW, instance=f'<data id="essai">{turns}</data>')
    tracemalloc.start()
    start = time.process_time()
    assert [fault.kind for fault in s.validate()] == ["choice"]
    assert len(list(s.visible_items(0)[0].walk())) > 400
    spent = time.process_time() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < 10
    assert peak < 60_000_000


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/data/cantine/repas", "12 repas"),
        ("/data/cantine/repas", "1e3"),
        ("/data/cantine/repas", "\u0661\u0662"),
        ("/data/cantine/kg", "1e999"),
        ("/data/cantine/kg", "NaN"),
        ("/data/cantine/a", "oui non"),
        ("/data/remarque", "x" * 100_001),
    ],
)
def test_a_wrong_answer_is_a_fault_with_a_french_sentence(path: str, text: str) -> None:
    s = session(CANTEEN, YES_NO)
    s.set("/data/cantine/a", "oui")
    s.set(path, text)
    (fault,) = [fault for fault in s.validate() if fault.path == path]
    assert fault.kind in ("type", "choice")
    assert fault.message.endswith((".", ")."))


def test_what_the_form_does_not_know_is_dropped_from_an_answer() -> None:
    f = form(CANTEEN, YES_NO)
    forged = (
        '<data id="essai" admin="1"><cantine><a>oui</a><prix>0</prix></cantine>'
        "<grammes>7</grammes><est_paye>1</est_paye><meta><instanceID>uuid:x</instanceID>"
        "<role>admin</role></meta></data>"
    )
    s = Session(f, now=NOW, instance=forged)
    assert s.flat() == {"/data/cantine/a": "oui", "/data/meta/instanceID": "uuid:x"}
    assert "est_paye" not in s.to_xml(prune=False)
    assert "role" not in s.to_xml(prune=False)
