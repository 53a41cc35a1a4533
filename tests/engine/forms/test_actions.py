"""Values that the form puts itself: at loading, in new turns, on a change, in attributes."""

import pytest
from lxml import etree

from restanque.engine.forms import FormError, Session, convert_xlsform, lint, parse_form
from tests.engine.forms.samples import NOW, session

HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" '
    'xmlns:orx="http://openrosa.org/xforms">'
)


def xform(instance: str, model: str = "", body: str = '<input ref="/data/a"/>') -> str:
    return (
        f"{HEAD}<h:head><h:title>Essai</h:title><model><instance>"
        f'<data id="essai">{instance}<orx:meta><orx:instanceID/></orx:meta></data></instance>'
        f"{model}</model></h:head><h:body>{body}</h:body></h:html>"
    )


def opened(xml: str, instance: str | None = None) -> Session:
    return Session(parse_form(xml), now=NOW, instance=instance)


def written(s: Session, name: str, attribute: str) -> list[str | None]:
    root = etree.fromstring(s.to_xml(prune=True))
    return [node.get(attribute) for node in root.iter("{*}" + name)]


def problems(xml: str) -> list[tuple[str, str]]:
    conversion = convert_xlsform(xml.encode(), filename="essai.xml")
    return [(p.severity, p.message) for p in lint(conversion)]


def test_an_attribute_is_computed_and_read_like_a_question() -> None:
    s = opened(
        xform(
            '<a/><b v=""/><c/>',
            '<bind nodeset="/data/b/@v" calculate="/data/a + 1"/>'
            '<bind nodeset="/data/c" calculate="/data/b/@v * 2"/>',
        )
    )
    s.set("/data/a", "4")
    assert written(s, "b", "v") == ["5"]
    assert s.value("/data/c") == "10"
    assert [state.path for state in s.states()][:3] == ["/data/a", "/data/b", "/data/c"]


def test_an_attribute_of_a_turn_reads_its_own_turn() -> None:
    s = opened(
        xform(
            '<r v=""><a/></r>',
            '<bind nodeset="/data/r/@v" calculate="concat(current()/../a, \'!\')"/>',
            '<repeat nodeset="/data/r"><input ref="/data/r/a"/></repeat>',
        )
    )
    s.set("/data/r[1]/a", "un")
    s.add_repeat("/data/r")
    s.set("/data/r[2]/a", "deux")
    assert written(s, "r", "v") == ["un!", "deux!"]


def test_an_attribute_that_waits_for_itself_is_a_circle() -> None:
    with pytest.raises(FormError, match="cercle"):
        parse_form(xform('<a v=""/>', '<bind nodeset="/data/a/@v" calculate="../@v + 1"/>'))


def test_an_attribute_that_the_form_does_not_have_is_not_kept() -> None:
    s = opened(xform('<a v="1"/>'), '<data id="essai"><a v="2" forged="x"/></data>')
    assert written(s, "a", "v") == ["2"]
    assert written(s, "a", "forged") == [None]


@pytest.mark.parametrize("event", ["odk-instance-first-load", "xforms-ready"])
def test_a_value_is_put_at_the_first_load_only(event: str) -> None:
    xml = xform("<a/>", f'<setvalue event="{event}" ref="/data/a" value="2 + 3"/>')
    s = opened(xml)
    assert s.value("/data/a") == "5"
    s.set("/data/a", "7")
    assert opened(xml, s.to_xml(prune=False)).value("/data/a") == "7"


def test_a_value_is_put_at_every_load() -> None:
    xml = xform("<a/>", '<setvalue event="odk-instance-load" ref="/data/a" value="2 + 3"/>')
    s = opened(xml)
    s.set("/data/a", "7")
    assert opened(xml, s.to_xml(prune=False)).value("/data/a") == "5"


def test_a_value_is_put_in_an_attribute() -> None:
    xml = xform(
        '<a v=""/>', '<setvalue event="odk-instance-first-load" ref="/data/a/@v" value="7"/>'
    )
    assert written(opened(xml), "a", "v") == ["7"]


def test_a_value_is_put_in_each_new_turn() -> None:
    s = opened(
        xform(
            '<r jr:template=""><n/></r>',
            body='<repeat nodeset="/data/r"><setvalue event="odk-new-repeat" ref="/data/r/n" '
            'value="position(..)"/><input ref="/data/r/n"/></repeat>',
        )
    )
    s.add_repeat("/data/r")
    s.add_repeat("/data/r")
    assert [s.value(f"/data/r[{turn}]/n") for turn in (1, 2)] == ["1", "2"]


def test_a_change_in_a_turn_puts_a_value_in_that_turn() -> None:
    s = session(
        """
        type         | name | label | trigger | calculation
        begin_repeat | r    | R     |         |
        text         | a    | A     |         |
        calculate    | b    |       | ${a}    | concat(${a}, '!')
        end_repeat   |      |       |         |
        """
    )
    s.add_repeat("/data/r")
    s.set("/data/r[2]/a", "x")
    assert [s.value(f"/data/r[{turn}]/b") for turn in (1, 2)] == ["", "x!"]


@pytest.mark.parametrize("action", ["setgeopoint", "recordaudio"])
def test_what_only_a_phone_can_do_is_ignored_and_told(action: str) -> None:
    xml = xform("<a/>", f'<odk:{action} event="odk-instance-first-load" ref="/data/a"/>')
    assert opened(xml).value("/data/a") == ""
    (found,) = [p for p in problems(xml) if action in p[1]]
    assert found[0] == "warning"


@pytest.mark.parametrize(
    ("model", "body", "sentence"),
    [
        ('<setvalue event="au-hasard" ref="/data/a" value="1"/>', "", "« au-hasard »"),
        ('<setvalue ref="/data/a" value="1"/>', "", "aucun"),
        ('<setvalue event="odk-new-repeat" ref="/data/a" value="1"/>', "", "odk-new-repeat"),
        ('<setvalue event="odk-instance-load" ref="/data/rien" value="1"/>', "", "/data/rien"),
        ('<setvalue event="odk-instance-load" ref="/data/a/@x" value="1"/>', "", "@x"),
        ("", '<select1 ref="/data/a"/>', "aucun choix"),
        ("", '<range ref="/data/a" start="un" end="5" step="1"/>', "start = « un »"),
    ],
)
def test_what_collect_refuses_to_open_is_an_error_of_the_linter(
    model: str, body: str, sentence: str
) -> None:
    """JavaRosa was asked about each of them."""
    errors = [
        text for severity, text in problems(xform("<a/>", model, body)) if severity == "error"
    ]
    assert any(sentence in text for text in errors), errors


def test_a_new_version_of_an_answer_names_the_one_it_replaces() -> None:
    xml = xform("<a/>", '<bind nodeset="/data/orx:meta/orx:instanceID" jr:preload="uid"/>')
    first = Session(parse_form(xml), now=NOW, instance_id="uuid:1")
    second = opened(xml, first.to_xml(prune=True))
    second.supersede("uuid:2")
    third = opened(xml, second.to_xml(prune=True))
    assert third.instance_id == "uuid:2"
    assert third.value("/data/meta/deprecatedID") == "uuid:1"
    third.supersede("uuid:3")
    assert third.value("/data/meta/deprecatedID") == "uuid:2"
    assert third.validate() == []


def test_an_answer_without_identifier_cannot_be_replaced() -> None:
    xml = f'{HEAD}<h:head><model><instance><data id="e"><a/></data></instance></model></h:head>'
    s = opened(f"{xml}<h:body><input ref='/data/a'/></h:body></h:html>")
    with pytest.raises(FormError, match="instanceID"):
        s.supersede("uuid:2")


def test_a_message_may_name_its_translation_by_a_formula() -> None:
    s = opened(
        xform(
            "<a/><b>Alice</b>",
            '<itext><translation lang="fr"><text id="m"><value>Trop peu, '
            '<output value=" ../b "/>.</value></text></translation></itext>'
            '<bind nodeset="/data/a" type="int" constraint=". &gt; 5" '
            "jr:constraintMsg=\"jr:itext(concat('', 'm'))\"/>",
        )
    )
    s.set("/data/a", "1")
    assert s.state("/data/a").message == "Trop peu, Alice."


def test_the_style_of_a_form_is_read() -> None:
    xml = xform("<a/>").replace("<h:body>", '<h:body class="pages theme-grid">')
    assert parse_form(xml).style == {"pages", "theme-grid"}
