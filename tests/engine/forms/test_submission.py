import pytest
from lxml import etree

from restanque.engine.forms import FormError, Session
from tests.engine.forms.samples import CANTEEN, NOW, YES_NO, form, session


def answered() -> Session:
    s = session(CANTEEN, YES_NO)
    for path, value in (("a", "oui"), ("repas", "100"), ("kg", "5")):
        s.set(f"/data/cantine/{path}", value)
    s.set("/data/remarque", "Bon pain & bonne farine <3")
    return s


def test_a_draft_read_again_gives_the_same_answers() -> None:
    s = answered()
    s.set("/data/cantine/a", "non")
    again = Session(s.form, now=NOW, instance=s.to_xml(prune=False))
    assert again.flat() == s.flat()
    again.set("/data/cantine/a", "oui")
    assert again.value("/data/cantine/kg") == "5"


def test_a_submission_holds_only_what_is_relevant() -> None:
    s = answered()
    s.set("/data/cantine/a", "non")
    root = etree.fromstring(s.to_xml(prune=True))
    names = [etree.QName(node).localname for node in root.iter()]
    assert "repas" not in names
    assert "remarque" in names
    assert root.get("id") == "essai"


def test_a_submission_read_again_can_show_its_hidden_questions() -> None:
    s = answered()
    s.set("/data/cantine/a", "non")
    again = Session(s.form, now=NOW, instance=s.to_xml(prune=True))
    assert not again.state("/data/cantine/kg").relevant
    again.set("/data/cantine/a", "oui")
    again.set("/data/cantine/kg", "7")
    assert again.value("/data/cantine/kg") == "7"


def test_an_answer_to_another_form_is_refused() -> None:
    f = form(CANTEEN, YES_NO)
    with pytest.raises(FormError, match="autre"):
        Session(f, now=NOW, instance='<data id="autre"><x/></data>')
    with pytest.raises(FormError, match="appartient"):
        Session(f, now=NOW, instance='<autre id="essai"/>')


def test_questions_that_the_form_no_longer_has_are_left_out() -> None:
    f = form(CANTEEN, YES_NO)
    s = Session(
        f, now=NOW, instance='<data id="essai"><vieux>1</vieux><remarque>ici</remarque></data>'
    )
    assert s.value("/data/remarque") == "ici"
    assert "vieux" not in s.to_xml(prune=False)


def test_the_instance_id_is_given_kept_or_made_from_the_seed() -> None:
    f = form(CANTEEN, YES_NO)
    s = Session(f, now=NOW, instance_id="uuid:donné")
    assert s.instance_id == "uuid:donné"
    again = Session(f, now=NOW, instance=s.to_xml(prune=False), instance_id="uuid:autre")
    assert again.instance_id == "uuid:donné"
    made = Session(f, now=NOW, seed=3).instance_id
    assert made.startswith("uuid:")
    assert made == Session(f, now=NOW, seed=3).instance_id != Session(f, now=NOW).instance_id


def test_start_and_end_are_written_as_moments_in_paris() -> None:
    s = session("type | name | label\nstart | debut |\nend | fin |\ntext | a | A")
    root = etree.fromstring(s.to_xml(prune=True))
    texts = {etree.QName(node).localname: node.text for node in root}
    assert texts["debut"] == "2026-11-24T10:00:00.000+01:00"
    assert texts["fin"] == "2026-11-24T10:00:00.000+01:00"


def test_repeats_are_flattened_with_their_index() -> None:
    s = session(
        """
        type         | name | label
        begin_repeat | four | Fournisseur
        text         | nom  | Nom
        end_repeat   |      |
        """
    )
    s.set("/data/four[1]/nom", "A")
    s.set(s.add_repeat("/data/four") + "/nom", "B")
    flat = s.flat()
    assert flat["/data/four[1]/nom"] == "A"
    assert flat["/data/four[2]/nom"] == "B"
    again = Session(s.form, now=NOW, instance=s.to_xml(prune=True))
    assert again.flat() == flat


def test_a_repeat_emptied_by_the_respondent_stays_empty_when_resumed() -> None:
    s = session(
        """
        type         | name | label
        begin_repeat | four | Fournisseur
        text         | nom  | Nom
        end_repeat   |      |
        """
    )
    s.remove_repeat("/data/four[1]")
    again = Session(s.form, now=NOW, instance=s.to_xml(prune=False))
    assert again.turn_count("/data/four") == 0
    assert again.add_repeat("/data/four") == "/data/four[1]"


def test_control_characters_are_dropped_and_line_ends_are_one() -> None:
    s = session(CANTEEN, YES_NO)
    s.set("/data/remarque", "un\r\ndeux\x00\x0b trois\ud800")
    assert s.value("/data/remarque") == "un\ndeux trois"
