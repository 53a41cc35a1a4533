from restanque.engine.forms import Session, convert_xlsform, parse_form
from tests.engine.forms.samples import NOW, YES_NO, form, session

COMMUNES = "name,label,epci\n13055,Marseille,amp\n13001,Aix-en-Provence,amp\n13100,St-Rémy,ccvba\n"
FROM_FILE = """
    type                              | name    | label   | choice_filter  | calculation
    text                              | epci    | EPCI    |                |
    select_one_from_file communes.csv | commune | Commune | epci = ${epci} |
    calculate                         | libelle |         |                | pulldata('communes', 'label', 'name', ${commune})
"""  # noqa: E501


def test_choices_and_values_are_read_in_a_joined_file() -> None:
    s = session(FROM_FILE, communes__csv=COMMUNES.encode())
    s.set("/data/epci", "amp")
    assert [c.label for c in s.choices("/data/commune")] == ["Marseille", "Aix-en-Provence"]
    s.set("/data/commune", "13055")
    assert s.value("/data/libelle") == "Marseille"


def test_a_joined_file_may_come_from_a_french_spreadsheet() -> None:
    data = COMMUNES.replace(",", ";").encode("cp1252")
    s = session(FROM_FILE, communes__csv=data)
    s.set("/data/epci", "ccvba")
    assert [c.label for c in s.choices("/data/commune")] == ["St-Rémy"]


def test_a_file_that_was_not_joined_is_named() -> None:
    f = form(FROM_FILE)
    assert f.missing_media == ("communes.csv",)
    assert "communes.csv" in f.media_names
    s = Session(f, now=NOW)
    s.set("/data/epci", "amp")
    assert s.choices("/data/commune") == ()


def test_a_geojson_file_gives_its_features_as_choices() -> None:
    geojson = """{"type": "FeatureCollection", "features": [
        {"type": "Feature", "id": "mairie", "properties": {"title": "La mairie"},
         "geometry": {"type": "Point", "coordinates": [5.4, 43.3]}}]}"""
    s = session(
        "type | name | label\nselect_one_from_file lieux.geojson | lieu | Lieu",
        lieux__geojson=geojson.encode(),
    )
    assert [(c.value, c.label) for c in s.choices("/data/lieu")] == [("mairie", "La mairie")]


def test_ten_thousand_choices_are_only_a_list() -> None:
    rows = "\n".join(f"c | v{i} | Choix {i}" for i in range(10_000))
    s = session("type | name | label\nselect_one c | a | A", f"list_name | name | label\n{rows}")
    s.set("/data/a", "v9999")
    assert s.validate() == []
    assert len(s.choices("/data/a")) == 10_000
    assert s.display("/data/a") == "Choix 9999"


def test_several_choices_are_shown_by_their_labels() -> None:
    s = session("type | name | label\nselect_multiple ouinon | a | A", YES_NO)
    s.set("/data/a", " oui   non ")
    assert s.value("/data/a") == "oui non"
    assert s.display("/data/a") == "Oui\u00a0; Non"
    assert s.validate() == []
    s.set("/data/a", "oui oui")
    assert [f.kind for f in s.validate()] == ["choice"]


def test_a_rank_must_hold_every_choice_once() -> None:
    s = session("type | name | label\nrank ouinon | a | A", YES_NO)
    s.set("/data/a", "oui")
    assert s.state("/data/a").message == "Classez tous les choix proposés."
    s.set("/data/a", "non oui")
    assert s.state("/data/a").valid


def test_or_other_adds_a_choice_and_its_question() -> None:
    s = session("type | name | label\nselect_one ouinon or_other | a | A", YES_NO)
    assert [c.value for c in s.choices("/data/a")] == ["oui", "non", "other"]
    s.set("/data/a", "other")
    assert s.state("/data/a_other").relevant


def test_shuffled_choices_keep_their_order_for_one_respondent() -> None:
    rows = "\n".join(f"c | v{i} | Choix {i}" for i in range(30))
    choices = f"list_name | name | label\n{rows}"
    f = form("type | name | label | parameters\nselect_one c | a | A | randomize=true", choices)

    def order(seed: int) -> list[str]:
        return [c.value for c in Session(f, now=NOW, seed=seed).choices("/data/a")]

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert sorted(order(1)) == sorted(order(2))


def test_the_answers_of_a_repeat_can_be_choices() -> None:
    s = session(
        """
        type              | name  | label
        begin_repeat      | four  | Fournisseur
        text              | nom   | Nom
        end_repeat        |       |
        select_one ${nom} | choix | Lequel ?
        """
    )
    s.set("/data/four[1]/nom", "Le four")
    s.set(s.add_repeat("/data/four") + "/nom", "La mie")
    assert [c.value for c in s.choices("/data/choix")] == ["Le four", "La mie"]


def test_pictures_of_labels_and_choices_are_named() -> None:
    data = b"""| survey |
| | type         | name | label | image    |
| | select_one c | a    | A     | pain.png |
| choices |
| | list_name | name | label | image       |
| | c         | x    | X     | farine.png  |
"""
    conversion = convert_xlsform(data, filename="essai.md")
    assert conversion.xform is not None
    assert set(conversion.media) == {"pain.png", "farine.png"}
    s = Session(parse_form(conversion.xform), now=NOW)
    assert s.state("/data/a").media == {"image": "pain.png"}
    assert s.choices("/data/a")[0].media == {"image": "farine.png"}
