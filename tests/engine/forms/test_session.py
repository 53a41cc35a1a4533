from datetime import UTC, datetime

import pytest

from restanque.engine.forms import FormError, Session, parse_form
from tests.engine.forms.samples import CANTEEN, NOW, YES_NO, form, session


def test_a_question_appears_when_its_condition_is_met() -> None:
    s = session(CANTEEN, YES_NO)
    assert not s.state("/data/cantine/repas").relevant
    s.set("/data/cantine/a", "oui")
    assert s.state("/data/cantine/repas").relevant


def test_a_hidden_value_is_empty_for_formulas_and_comes_back_when_shown_again() -> None:
    s = session(CANTEEN, YES_NO)
    for path, value in (("a", "oui"), ("repas", "100"), ("kg", "5")):
        s.set(f"/data/cantine/{path}", value)
    assert s.value("/data/grammes") == "50"
    s.set("/data/cantine/a", "non")
    assert s.value("/data/cantine/kg") == ""
    assert s.value("/data/grammes") == ""
    s.set("/data/cantine/a", "oui")
    assert s.value("/data/cantine/kg") == "5"
    assert s.value("/data/grammes") == "50"


def test_faults_say_what_is_missing_or_wrong_in_french() -> None:
    s = session(CANTEEN, YES_NO)
    s.set("/data/cantine/a", "oui")
    (fault,) = s.validate()
    assert (fault.path, fault.kind) == ("/data/cantine/repas", "required")
    assert (fault.label, fault.message) == ("Combien de repas ?", "Une réponse est attendue.")
    s.set("/data/cantine/repas", "0")
    assert [(f.kind, f.message) for f in s.validate()] == [("constraint", "Au moins un repas.")]
    s.set("/data/cantine/repas", "douze")
    assert [f.kind for f in s.validate()] == ["type"]
    s.set("/data/cantine/repas", "12")
    assert s.validate() == []


def test_only_the_named_paths_are_validated() -> None:
    s = session(CANTEEN, YES_NO)
    assert [f.path for f in s.validate()] == ["/data/cantine/a"]
    assert s.validate(["/data/remarque"]) == []


def test_a_choice_outside_the_list_is_refused() -> None:
    s = session(CANTEEN, YES_NO)
    s.set("/data/cantine/a", "peut-être")
    assert [f.kind for f in s.validate()] == ["choice"]


def test_an_unknown_path_is_refused_with_its_name() -> None:
    s = session(CANTEEN, YES_NO)
    for call in (s.state, s.value, s.choices, s.page_of, s.remove_repeat, s.add_repeat):
        with pytest.raises(FormError, match="/data/rien"):
            call("/data/rien")
    with pytest.raises(FormError, match="/data/rien"):
        s.set("/data/rien", "x")
    with pytest.raises(FormError, match="groupe"):
        s.set("/data/cantine", "x")


CASCADE = """
    type               | name    | label   | choice_filter
    select_one epci    | epci    | EPCI    |
    select_one commune | commune | Commune | epci = ${epci}
    calculate          | nom     |         |
"""
COMMUNES = """
    list_name | name   | label     | epci
    epci      | amp    | Métropole |
    epci      | ccvba  | Alpilles  |
    commune   | 13055  | Marseille | amp
    commune   | 13001  | Aix       | amp
    commune   | 13100  | St-Rémy   | ccvba
"""


def test_choices_follow_the_cascade() -> None:
    s = session(CASCADE.replace("calculate          | nom     |         |", ""), COMMUNES)
    assert s.choices("/data/commune") == ()
    s.set("/data/epci", "amp")
    assert [c.label for c in s.choices("/data/commune")] == ["Marseille", "Aix"]


def test_a_choice_that_the_cascade_no_longer_offers_is_taken_back() -> None:
    s = session(CASCADE.replace("calculate          | nom     |         |", ""), COMMUNES)
    s.set("/data/epci", "amp")
    s.set("/data/commune", "13055")
    assert s.display("/data/commune") == "Marseille"
    s.set("/data/epci", "ccvba")
    assert s.value("/data/commune") == ""


def test_every_choice_is_known_without_an_answer() -> None:
    f = form(CASCADE.replace("calculate          | nom     |         |", ""), COMMUNES)
    assert [c.value for c in f.all_choices("/data/commune")] == ["13055", "13001", "13100"]
    assert f.all_choices("/data/commune")[0].label == "Marseille"


REPEAT = """
    type         | name   | label        | calculation      | default
    begin_repeat | four   | Fournisseur  |                  |
    text         | nom    | Nom          |                  |
    decimal      | kg     | Kilos        |                  |
    calculate    | double |              | ${kg} * 2        |
    end_repeat   |        |              |                  |
    calculate    | total  |              | sum(${kg})       |
    calculate    | nombre |              | count(${four})   |
"""


def test_a_repeat_starts_with_one_turn_and_takes_more() -> None:
    s = session(REPEAT)
    assert s.turn_count("/data/four") == 1
    assert s.add_repeat("/data/four") == "/data/four[2]"
    s.set("/data/four[1]/kg", "2")
    s.set("/data/four[2]/kg", "3")
    assert s.value("/data/total") == "5"
    assert s.value("/data/nombre") == "2"
    assert s.value("/data/four[2]/double") == "6"
    s.remove_repeat("/data/four[1]")
    assert s.flat()["/data/four[1]/kg"] == "3"
    assert s.value("/data/total") == "3"


TEMPLATE_ONLY = """<h:html xmlns="http://www.w3.org/2002/xforms"
 xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
 <h:head><h:title>T</h:title><model><instance><data id="t"><a/><r jr:template=""><x>v</x></r><b/>
 </data></instance></model></h:head><h:body><input ref="/data/a"/>
 <repeat nodeset="/data/r"{fixed}><input ref="/data/r/x"/></repeat></h:body></h:html>"""


def test_a_repeat_of_which_the_form_gives_only_a_template_has_no_turn_until_asked() -> None:
    f = parse_form(TEMPLATE_ONLY.format(fixed=""))
    s = Session(f, now=NOW)
    assert s.turn_count("/data/r") == 0
    assert s.add_repeat("/data/r") == "/data/r[1]"
    s.set("/data/r[1]/x", "ici")
    again = Session(f, now=NOW, instance=s.to_xml(prune=True))
    assert again.value("/data/r[1]/x") == "ici"
    assert [state.path for state in again.states()] == ["/data/a", "/data/r[1]/x", "/data/b"]


def test_a_repeat_that_nobody_may_add_to_has_a_turn() -> None:
    f = parse_form(TEMPLATE_ONLY.format(fixed=' jr:noAddRemove="true()"'))
    s = Session(f, now=NOW)
    assert s.value("/data/r[1]/x") == "v"
    with pytest.raises(FormError, match="fixé"):
        s.add_repeat("/data/r")


def test_a_missing_index_means_the_first_turn() -> None:
    s = session(REPEAT)
    s.set("/data/four/nom", "Le four")
    assert s.value("/data/four[1]/nom") == "Le four"


def test_a_turn_that_does_not_exist_is_an_unknown_path() -> None:
    with pytest.raises(FormError, match=r"four\[3\]"):
        session(REPEAT).set("/data/four[3]/nom", "x")


COUNTED = """
    type         | name  | label     | repeat_count | calculation
    integer      | n     | Combien ? |              |
    begin_repeat | site  | Site      | ${n}         |
    text         | nom   | Nom       |              |
    calculate    | rang  |           |              | position(..)
    end_repeat   |       |           |              |
"""


def test_a_counted_repeat_has_as_many_turns_as_the_count_says() -> None:
    s = session(COUNTED)
    assert s.relevant_turns("/data/site") == 0
    s.set("/data/n", "3")
    assert s.value("/data/site[3]/rang") == "3"
    with pytest.raises(FormError, match="fixé"):
        s.add_repeat("/data/site")
    with pytest.raises(FormError, match="fixé"):
        s.remove_repeat("/data/site[1]")


def test_answers_of_turns_beyond_a_lowered_count_come_back_when_it_rises() -> None:
    s = session(COUNTED)
    s.set("/data/n", "3")
    s.set("/data/site[3]/nom", "Annexe")
    s.set("/data/n", "1")
    assert s.relevant_turns("/data/site") == 1
    assert "Annexe" not in s.to_xml(prune=True)
    assert "Annexe" in s.to_xml(prune=False)
    s.set("/data/n", "3")
    assert s.value("/data/site[3]/nom") == "Annexe"


def test_blank_turns_beyond_a_lowered_count_are_not_kept() -> None:
    s = session(COUNTED)
    s.set("/data/n", "400")
    assert s.turn_count("/data/site") == 400
    s.set("/data/n", "2")
    assert s.turn_count("/data/site") == 2


@pytest.mark.parametrize("count", ["501", "100000", "1e99"])
def test_a_repeat_never_passes_five_hundred_turns(count: str) -> None:
    s = session(COUNTED)
    s.set("/data/n", count)
    assert s.turn_count("/data/site") <= 500


def test_nested_repeats_are_told_apart_by_their_indexes() -> None:
    s = session(
        """
        type         | name | label | calculation
        begin_repeat | out  | Site  |
        begin_repeat | in   | Pain  |
        integer      | kg   | Kilos |
        end_repeat   |      |       |
        calculate    | sum  |       | sum(${kg})
        end_repeat   |      |       |
        """
    )
    s.add_repeat("/data/out")
    assert s.add_repeat("/data/out[2]/in") == "/data/out[2]/in[1]"
    assert s.add_repeat("/data/out[2]/in") == "/data/out[2]/in[2]"
    s.set("/data/out[1]/in[1]/kg", "1")
    s.set("/data/out[2]/in[1]/kg", "10")
    s.set("/data/out[2]/in[2]/kg", "20")
    assert (s.value("/data/out[1]/sum"), s.value("/data/out[2]/sum")) == ("1", "30")


def test_defaults_are_static_or_computed() -> None:
    s = session(
        """
        type | name | label | default
        text | a    | A     | pain
        date | b    | B     | today()
        """
    )
    assert (s.value("/data/a"), s.value("/data/b")) == ("pain", "2026-11-24")


def test_a_default_is_not_computed_again_when_the_draft_is_resumed() -> None:
    f = form("type | name | label | default\ndate | b | B | today()")
    draft = Session(f, now=NOW).to_xml(prune=False)
    later = Session(f, now=datetime(2027, 1, 1, tzinfo=UTC), instance=draft)
    assert later.value("/data/b") == "2026-11-24"


def test_today_is_the_date_in_paris() -> None:
    f = form("type | name | label | calculation\ncalculate | b | | today()")
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert Session(f, now=late).value("/data/b") == "2026-11-25"


def test_once_keeps_its_first_value() -> None:
    f = form("type | name | label | calculation\ncalculate | b | | once(random())")
    first = Session(f, now=NOW, seed=1)
    value = first.value("/data/b")
    again = Session(f, now=NOW, seed=2, instance=first.to_xml(prune=False))
    assert again.value("/data/b") == value
    assert Session(f, now=NOW, seed=2).value("/data/b") != value


def test_draws_do_not_change_from_one_recomputation_to_the_next() -> None:
    f = form("type | name | label | calculation\ncalculate | b | | random()\ntext | c | C |")
    s = Session(f, now=NOW, seed=5)
    value = s.value("/data/b")
    s.set("/data/c", "x")
    assert s.value("/data/b") == value
    assert Session(f, now=NOW, seed=5).value("/data/b") == value


def test_a_trigger_sets_a_value_once_when_its_question_changes() -> None:
    s = session(
        """
        type    | name | label | trigger | calculation
        integer | a    | A     |         |
        integer | b    | B     | ${a}    | ${a} + 1
        """
    )
    s.set("/data/a", "4")
    assert s.value("/data/b") == "5"
    s.set("/data/b", "9")
    s.recompute()
    assert s.value("/data/b") == "9"
    s.set("/data/a", "6")
    assert s.value("/data/b") == "7"


def test_labels_show_the_answers_they_refer_to() -> None:
    s = session(
        """
        type              | name | label                 | calculation
        select_one ouinon | a    | A                     |
        calculate         | nom  |                       | jr:choice-name(${a}, '${a}')
        note              | n    | Vous avez dit ${nom}. |
        """,
        YES_NO,
    )
    s.set("/data/a", "oui")
    assert s.state("/data/n").label == "Vous avez dit Oui."


TWO_LANGUAGES = """
    type | name | label::Français (fr) | label::English (en) | hint::Français (fr)
    text | a    | Le pain              | Bread               | Frais
    text | b    | La farine            |                     |
"""


def test_texts_come_in_the_language_asked_for_or_else_the_default_one() -> None:
    f = form(TWO_LANGUAGES, settings="default_language\nFrançais (fr)")
    s = Session(f, now=NOW, language="English (en)")
    assert s.state("/data/a").label == "Bread"
    assert s.state("/data/b").label == "La farine"
    s.language = "Français (fr)"
    assert (s.state("/data/a").label, s.state("/data/a").hint) == ("Le pain", "Frais")


def test_the_facts_of_an_answer_are_named() -> None:
    f = form(
        """
        type    | name  | label | bind::rq:fact
        decimal | kg    | Kilos | need.kg_per_day
        text    | autre | Autre |
        """,
        settings='form_id | namespaces\nx | rq="https://restanque.org/xforms"',
    )
    assert f.facts == {"/data/kg": "need.kg_per_day"}
    s = Session(f, now=NOW)
    s.set("/data/kg", "12.5")
    assert s.facts() == [("need.kg_per_day", "/data/kg", "12.5")]


def test_a_formula_that_fails_never_stops_the_respondent() -> None:
    s = session(
        """
        type | name | label | constraint
        text | a    | A     | regex(., '^(x+x+)+$')
        """
    )
    s.set("/data/a", "x" * 40 + "!")
    assert s.validate() == [] or s.validate()[0].kind == "constraint"
    s.set("/data/a", "xx")
    assert s.validate() == []


def test_a_session_needs_a_moment_with_its_time_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        Session(form(CANTEEN, YES_NO), now=datetime(2026, 1, 1))  # noqa: DTZ001


def test_two_questions_that_keep_changing_each_other_are_stopped() -> None:
    s = session(
        """
        type    | name | label | trigger | calculation
        integer | a    | A     | ${b}    | ${b} + 1
        integer | b    | B     | ${a}    | ${a} + 1
        """
    )
    s.set("/data/a", "1")
    assert int(s.value("/data/a")) > 1
