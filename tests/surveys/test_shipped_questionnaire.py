"""The shipped questionnaire answered as mairies would: paths, conversions, length, wording."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from pyxform.xls2xform import convert

from restanque.engine.forms import (
    FACTS,
    Fault,
    Form,
    Item,
    Session,
    convert_xlsform,
    lint,
    parse_form,
)

MAIN = "pain-restauration-collective.xlsx"
EXAMPLE = "exemple-court.xlsx"
TEMPLATE = "modele-vide.xlsx"
NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
LABEL, HINT = "label::Français (fr)", "hint::Français (fr)"
PROSE = (LABEL, HINT, "required_message::Français (fr)", "constraint_message::Français (fr)")

# Seconds to read and answer a question, as the README of the questionnaires states them. Hints and
# notes are counted apart, once each, at four words a second; a question met again (next supplier)
# is not read again.
SECONDS = {
    "radio": 10,
    "checkboxes": 15,
    "integer": 20,
    "decimal": 20,
    "text": 15,
    "date": 15,
    "multiline": 45,
    "file": 60,
    "note": 0,
}
BATTERY_SECONDS = 5
BLANK_SECONDS = 5
KNOWN_SECONDS = 5
WORDS_PER_SECOND = 4


def content(name: str) -> bytes:
    return (resources.files("restanque.surveys") / "questionnaires" / name).read_bytes()


@cache
def form() -> Form:
    conversion = convert_xlsform(content(MAIN), filename=MAIN)
    assert conversion.xform is not None, [str(problem) for problem in conversion.problems]
    return parse_form(conversion.xform)


@cache
def rows(name: str, sheet: str) -> tuple[dict[str, str], ...]:
    table = openpyxl.load_workbook(BytesIO(content(name)), read_only=True)[sheet]
    lines = table.iter_rows(values_only=True)
    header = [str(cell) for cell in next(lines)]
    return tuple(
        {key: str(cell or "") for key, cell in zip(header, line, strict=False)} for line in lines
    )


@dataclass
class Walk:
    """One respondent's way through the form, page by page, as the web page shows it."""

    session: Session
    shown: list[Item] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def questions(self) -> list[Item]:
        return [item for item in self.shown if widget(item) != "note"]

    @property
    def required(self) -> list[str]:
        return [name(item) for item in self.questions if item.state and item.state.required]

    @property
    def names(self) -> set[str]:
        return {name(item) for item in self.shown}

    @property
    def minutes(self) -> float:
        hints = {name(item): reading(item) for item in self.shown}
        return (sum(answering(item) for item in self.shown) + sum(hints.values())) / 60

    def value(self, question: str, turn: int = 1) -> str:
        return self.session.value(path_of(question, turn))

    def facts(self, fact: str) -> list[str]:
        return [value for key, _, value in self.session.facts() if key == fact]


def widget(item: Item) -> str:
    assert item.control is not None
    return item.control.widget


def name(item: Item) -> str:
    assert item.control is not None
    return item.control.name


def answering(item: Item) -> float:
    assert item.control is not None
    assert item.state is not None
    if "likert" in item.control.appearance:
        return BATTERY_SECONDS
    if widget(item) not in ("radio", "checkboxes", "note") and not item.state.value:
        return BLANK_SECONDS
    again = re.search(r"\[([2-9]|\d\d)\]", item.path) is not None
    return SECONDS[widget(item)] - (KNOWN_SECONDS if again and widget(item) != "note" else 0)


def reading(item: Item) -> float:
    text = (item.hint or "") + (item.label if widget(item) == "note" else "")
    return len(re.findall(r"\w+", text)) / WORDS_PER_SECOND


def path_of(question: str, turn: int = 1) -> str:
    [path] = [path for path in form().binds if path.endswith(f"/{question}")]
    return path.replace("/fournisseur/", f"/fournisseur[{turn}]/")


def questions_of(session: Session, index: int) -> list[Item]:
    return [
        item
        for top in session.visible_items(index)
        for item in top.walk()
        if item.kind == "question"
    ]


def walk(answers: Mapping[str, str]) -> Walk:
    """Answer page by page; `four_nom@2` is the second supplier, `four_nom` every other one."""
    session = Session(form(), now=NOW)
    done = Walk(session)
    given: set[str] = set()
    for page in form().pages:
        seen: set[str] = set()
        while fresh := [
            item for item in questions_of(session, page.index) if item.path not in seen
        ]:
            for item in fresh:
                seen.add(item.path)
                turn = re.search(r"fournisseur\[(\d+)\]", item.path)
                keys = [name(item)]
                if turn is not None:
                    keys.insert(0, f"{name(item)}@{turn[1]}")
                key = next((key for key in keys if key in answers), "")
                if key:
                    given.add(key)
                    session.set(item.path, answers[key])
            session.recompute()
        shown = questions_of(session, page.index)
        if shown:
            done.pages.append(page.key)
            done.shown += shown
            done.faults += session.validate([item.path for item in shown])
    assert given == set(answers), f"never asked: {set(answers) - given}"
    return done


NO_CANTEEN = {"a_cantine": "non"}
VILLAGE = {
    "a_cantine": "oui",
    "services": "maternelle elementaire",
    "organisateur": "commune",
    "mode_gestion": "direct",
    "production": "site",
    "acheteur_pain": "commune",
    "nb_sites": "1",
    "repas_connus": "par_public",
    "repas_maternelle": "40",
    "repas_elementaire": "80",
    "jours_semaine": "4",
    "periode": "ecole",
    "types_pain": "courant",
    "signes": "aucun",
    "lou_pan_dici": "non",
    "quantite_mode": "pieces_poids",
    "pieces_jour": "24",
    "poids_piece": "250",
    "service_pain": "libre",
    "gaspillage": "moins_10",
    "nb_fournisseurs": "1",
    "four_nom": "Boulangerie fictive",
    "four_categorie": "artisan",
    "four_dans_commune": "oui",
    "four_farine_connue": "non",
    "four_jours": "lundi mardi jeudi vendredi",
    "four_heure": "9h_11h",
    "four_siret": "123 456 789 00012",
    "four_prix_mode": "piece_ht",
    "four_prix_piece": "0.9",
    "contrat_cadre": "bon_commande",
    "remarques": "Nous aimerions goûter un pain plus complet.",
    "contact_accord": "oui",
    "contact_nom": "Personne fictive",
    "contact_fonction": "Secrétaire de mairie",
    "contact_courriel": "mairie@exemple.fr",
}
TWO_BAKERS = VILLAGE | {
    "nb_fournisseurs": "2",
    "four_part@1": "75",
    "four_nom@2": "Second fournisseur fictif",
    "four_part@2": "25",
    "four_dans_commune@2": "non",
    "four_commune@2": "Commune voisine",
    "four_prix_mode@2": "piece_ttc",
    "four_prix_piece@2": "1",
    "four_poids_piece@2": "300",
}
ORGANIC = TWO_BAKERS | {
    "types_pain": "courant complet",
    "type_principal": "courant",
    "signes": "bio",
    "part_bio": "moins_moitie",
    "preuves": "facture",
}
BY_THE_PIECE = (
    "repas_maternelle",
    "repas_elementaire",
    "pieces_jour",
    "poids_piece",
    "four_prix_piece",
)
LARGE_BUYER = {key: text for key, text in VILLAGE.items() if key not in BY_THE_PIECE} | {
    "repas_connus": "total",
    "repas_total": "50000",
    "periode": "ecole_vacances",
    "jours_an_saisis": "180",
    "quantite_mode": "kg",
    "kg_jour_saisis": "2000",
    "four_prix_mode": "kilo_ht",
    "four_prix_kilo": "2.2",
    "contrat_cadre": "accord_cadre",
    "fin_mode": "date",
    "fin_date": "2027-08-31",
}
CONCESSION = {
    "a_cantine": "oui",
    "services": "maternelle elementaire creche",
    "organisateur": "commune",
    "mode_gestion": "conceded",
    "production": "site_cooked_elsewhere",
    "prestataire_nom": "Entreprise fictive",
    "acheteur_pain": "prestataire",
    "connait_pain": "non_communique",
    "repas_connus": "total",
    "repas_total": "620",
    "jours_semaine": "4",
    "periode": "ecole",
    "types_pain": "non_communique",
    "signes": "non_communique",
    "fin_mode": "date",
    "fin_date": "2028-08-31",
    "contact_accord": "non",
}


# Paths


def test_a_commune_without_canteen_is_done_in_two_clicks() -> None:
    done = walk(NO_CANTEEN)
    assert done.pages == ["restauration"]
    assert done.required == ["a_cantine"]
    assert len(done.questions) == 4
    assert done.faults == []
    assert done.facts("canteen.has_canteen") == ["non"]


def test_a_commune_without_canteen_may_still_leave_a_contact() -> None:
    answers = NO_CANTEEN | {
        "sans_cantine_projet": "etude",
        "sans_cantine_suite": "oui",
        "contact_accord": "oui",
        "contact_courriel": "mairie@exemple.fr",
    }
    done = walk(answers)
    assert done.pages == ["restauration", "coordonnees"]
    assert len(done.required) <= 6
    assert done.faults == []
    assert done.facts("contact.email") == ["mairie@exemple.fr"]


def test_a_village_buying_by_the_piece_gets_kilos_days_and_grams() -> None:
    done = walk(VILLAGE)
    assert done.faults == []
    assert done.value("repas_jour") == "120"
    assert done.value("jours_an") == "144"
    assert float(done.value("kg_jour")) == 6
    assert float(done.value("g_par_repas")) == 50
    assert "g_alerte" not in done.names
    assert "four_prix_alerte" not in done.names
    assert done.facts("need.bread_class") == ["courant"]
    assert [float(value) for value in done.facts("need.price_per_kg")] == [3.6]


def test_two_bakers_priced_by_the_piece_give_two_prices_per_kilo_without_tax() -> None:
    done = walk(TWO_BAKERS)
    assert done.faults == []
    # 0,90 € HT for the 250 g piece of the page before; 1 € TTC for 300 g, at 5,5 % of VAT.
    assert float(done.value("four_prix_kg_ht", 1)) == 3.60
    assert float(done.value("four_prix_kg_ht", 2)) == round(1 * 1000 / 300 / 1.055, 2) == 3.16
    assert done.facts("need.price_basis") == ["ht", "ht"]
    assert done.facts("need.current_supplier") == [
        "Boulangerie fictive",
        "Second fournisseur fictif",
    ]
    notes = [item.label for item in done.shown if name(item) == "four_prix_note"]
    assert [re.sub(r"\s", " ", note) for note in notes] == [
        "Soit 3,6 € HT le kilo.",
        "Soit 3,16 € HT le kilo.",
    ]


def test_organic_bread_is_asked_its_share_and_its_proof() -> None:
    done = walk(ORGANIC)
    assert done.faults == []
    assert done.facts("need.bread_class") == ["courant"]
    assert done.facts("need.bread_classes") == ["courant complet"]
    principal = done.session.state(path_of("type_principal"))
    assert [choice.value for choice in principal.choices] == ["courant", "complet"]
    assert "preuve_fichier" in done.names
    assert not walk(VILLAGE).names & {"part_bio", "preuves", "preuve_fichier", "type_principal"}


def test_a_commune_that_buys_alone_is_not_offered_a_contractor_s_silence() -> None:
    def offered(answers: dict[str, str]) -> set[str]:
        state = walk(answers).session.state(path_of("types_pain"))
        return {choice.value for choice in state.choices}

    assert "non_communique" in offered(CONCESSION)
    assert "non_communique" not in offered(VILLAGE)


def test_a_concession_that_does_not_communicate_is_asked_no_figure() -> None:
    done = walk(CONCESSION)
    assert done.faults == []
    assert "fournisseurs" not in done.pages
    assert not done.names & {"quantite_mode", "pieces_jour", "kg_jour_saisis", "contrat_cadre"}
    assert done.facts("need.contract_type") == ["concession"]
    assert done.facts("canteen.contract_end") == ["2028-08-31"]
    assert done.facts("canteen.management_type") == ["conceded"]
    assert done.facts("need.kg_per_day") == []
    assert done.facts("need.price_per_kg") == []


def test_an_invoice_can_be_attached_instead_of_typing_the_price() -> None:
    typed = {key: text for key, text in VILLAGE.items() if key != "four_prix_piece"}
    assert [fault.path.rsplit("/", 1)[1] for fault in walk(typed).faults] == ["four_prix_piece"]
    attached = typed | {"four_prix_mode": "facture", "four_facture": "facture.pdf"}
    done = walk(attached)
    assert done.faults == []
    assert "four_prix_piece" not in done.names
    assert done.value("four_facture") == "facture.pdf"
    assert done.facts("need.price_per_kg") == []
    # On the telephone nothing can be attached: the answer is still accepted.
    by_phone = {key: text for key, text in attached.items() if key != "four_facture"}
    assert walk(by_phone).faults == []


def test_not_knowing_is_accepted_from_end_to_end_and_is_never_a_zero() -> None:
    unknown = "ne_sait_pas"
    done = walk(
        {
            "a_cantine": "oui",
            "services": "autre",
            "organisateur": unknown,
            "mode_gestion": unknown,
            "acheteur_pain": "commune",
            "repas_connus": unknown,
            "types_pain": unknown,
            "quantite_mode": unknown,
            "nb_fournisseurs": unknown,
        }
    )
    assert done.faults == []
    assert "four_nom" not in done.names
    figures = {fact for fact, _, _ in done.session.facts()} & {
        "canteen.management_type",
        "need.meals_per_day",
        "need.days_per_year",
        "need.kg_per_day",
        "need.portion_g",
        "need.price_per_kg",
    }
    assert figures == set()


def test_a_price_by_the_piece_stays_unknown_without_a_weight() -> None:
    no_weight = {key: text for key, text in VILLAGE.items() if key != "poids_piece"}
    no_weight["quantite_mode"] = "pieces"
    assert walk(no_weight).facts("need.price_per_kg") == []
    assert walk(no_weight).facts("need.kg_per_day") == []
    assert walk(no_weight | {"four_poids_piece": "400"}).facts("need.price_per_kg") == ["2.25"]


def test_a_large_buyer_answers_in_kilos_with_an_approximate_number_of_days() -> None:
    done = walk(LARGE_BUYER)
    assert done.faults == []
    assert done.facts("need.days_per_year") == ["180"]
    assert [float(value) for value in done.facts("need.kg_per_day")] == [2000]
    assert [float(value) for value in done.facts("need.price_per_kg")] == [2.2]
    assert done.facts("need.contract_end") == ["2027-08-31"]
    assert done.facts("canteen.contract_end") == []


# Warnings that do not block, and refusals


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"pieces_jour": "240"}, "g_alerte"),
        ({"pieces_jour": "2"}, "g_alerte"),
        ({"four_prix_piece": "9"}, "four_prix_alerte"),
        ({"four_prix_piece": "0.1"}, "four_prix_alerte"),
    ],
)
def test_an_unusual_figure_is_pointed_out_without_blocking(
    change: dict[str, str], note: str
) -> None:
    done = walk(VILLAGE | change)
    assert note in done.names
    assert done.faults == []


@pytest.mark.parametrize(
    ("question", "text", "accepted"),
    [
        ("four_siret", "12345678900012", True),
        ("four_siret", "123 456 789 00012", True),
        ("four_siret", "123\u00a0456\u00a0789\u00a000012", True),
        ("four_siret", "123456789", False),
        ("contact_telephone", "04 90 00 00 00", True),
        ("contact_telephone", "0490000000", True),
        ("contact_telephone", "+33 4 90 00 00 00", True),
        ("contact_telephone", "90 00 00 00", False),
        ("contact_courriel", "mairie@exemple.fr", True),
        ("contact_courriel", "mairie.exemple.fr", False),
        ("types_pain", "ne_sait_pas", True),
        ("types_pain", "courant ne_sait_pas", False),
        ("signes", "aucun", True),
        ("signes", "bio aucun", False),
        ("freins", "prix temps", True),
        ("freins", "prix aucun", False),
        ("poids_piece", "250", True),
        ("poids_piece", "0.25", False),
        ("four_prix_piece", "0", False),
    ],
)
def test_what_is_typed_is_checked_with_a_french_sentence(
    question: str, text: str, accepted: bool
) -> None:
    base = {key: value for key, value in VILLAGE.items() if key not in ("signes", "type_principal")}
    done = walk(base | {question: text})
    faults = [fault for fault in done.faults if fault.path.endswith(question)]
    assert (faults == []) is accepted
    for fault in faults:
        assert fault.message.endswith(".")


# Length


def fields_and_questions(done: Walk) -> tuple[int, int]:
    """Fields shown, and questions when the rows of a battery count as one."""
    rows = [item for item in done.questions if item.control and "likert" in item.control.appearance]
    batteries = {item.path.split("/")[2] for item in rows}
    return len(done.questions), len(done.questions) - len(rows) + len(batteries)


@pytest.mark.parametrize(
    ("answers", "fields", "questions", "minutes"),
    [
        (NO_CANTEEN, 4, 4, 1.0),
        (CONCESSION, 39, 28, 7.7),
        (VILLAGE, 54, 43, 12.7),
        (LARGE_BUYER, 55, 44, 12.8),
        (TWO_BAKERS, 67, 56, 15.0),
        (ORGANIC, 71, 60, 15.7),
    ],
    ids=["no canteen", "concession", "one baker", "large buyer", "two bakers", "two, organic"],
)
def test_the_length_of_each_path(
    answers: dict[str, str], fields: int, questions: int, minutes: float
) -> None:
    done = walk(answers)
    assert fields_and_questions(done) == (fields, questions)
    assert done.minutes == pytest.approx(minutes, abs=0.05)


# Form and wording


@pytest.mark.parametrize("name", [MAIN, EXAMPLE])
def test_the_linter_has_nothing_to_say(name: str) -> None:
    problems = lint(convert_xlsform(content(name), filename=name))
    assert [str(problem) for problem in problems] == []


def test_the_linter_asks_the_template_for_a_question_and_nothing_else() -> None:
    problems = lint(convert_xlsform(content(TEMPLATE), filename=TEMPLATE))
    assert [problem.code for problem in problems] == ["no-question"]


@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs a Java runtime")
@pytest.mark.parametrize("name", [MAIN, EXAMPLE])
def test_odk_validate_accepts_the_form(name: str) -> None:
    assert convert(BytesIO(content(name)), validate=True, file_type=".xlsx").warnings == []


@pytest.mark.parametrize("workbook", [MAIN, EXAMPLE, TEMPLATE])
def test_the_help_sheet_names_only_facts_that_exist(workbook: str) -> None:
    cells = [next(iter(row.values())) for row in rows(workbook, "Aide")]
    named = {cell for cell in cells if re.fullmatch(r"[a-z]+\.[a-z_]+", cell)}
    assert len(named) > 40
    assert named <= set(FACTS)


def test_at_most_eight_pages() -> None:
    assert len(form().pages) <= 8


def test_the_template_has_the_columns_of_the_questionnaire_and_no_question() -> None:
    for sheet in ("survey", "choices", "settings"):
        template = openpyxl.load_workbook(BytesIO(content(TEMPLATE)))[sheet]
        model = openpyxl.load_workbook(BytesIO(content(MAIN)))[sheet]
        assert [cell.value for cell in template[1]] == [cell.value for cell in model[1]]
    assert rows(TEMPLATE, "survey") == rows(TEMPLATE, "choices") == ()


def test_every_check_has_its_message() -> None:
    for row in rows(MAIN, "survey"):
        assert bool(row["required"]) == bool(row["required_message::Français (fr)"]), row["name"]
        assert bool(row["constraint"]) == bool(row["constraint_message::Français (fr)"]), row[
            "name"
        ]


def test_a_question_that_must_be_answered_lets_one_say_one_does_not_know() -> None:
    lists: dict[str, set[str]] = {}
    for choice in rows(MAIN, "choices"):
        lists.setdefault(choice["list_name"], set()).add(choice["name"])
    for row in rows(MAIN, "survey"):
        kind, _, list_name = row["type"].partition(" ")
        if (
            row["required"]
            and kind.startswith("select")
            and list_name not in ("oui_non", "services")
        ):
            assert "ne_sait_pas" in lists[list_name], row["name"]


def test_a_doubtful_figure_can_be_withheld_by_the_contractor() -> None:
    lists: dict[str, set[str]] = {}
    for choice in rows(MAIN, "choices"):
        lists.setdefault(choice["list_name"], set()).add(choice["name"])
    for list_name in ("connait", "connait_repas", "quantite_mode", "nb_fournisseurs", "prix_mode"):
        assert {"ne_sait_pas", "non_communique"} <= lists[list_name], list_name


@pytest.mark.parametrize("workbook", [MAIN, EXAMPLE])
def test_the_words_follow_french_typography(workbook: str) -> None:
    cells = [
        (sheet, row.get("name", ""), row[column])
        for sheet in ("survey", "choices")
        for row in rows(workbook, sheet)
        for column in PROSE
        if row.get(column)
    ]
    assert cells
    wrong = [cell for cell in cells if re.search(r"'|[^\u00a0][;:?!»](?!\S)|«[^\u00a0]", cell[2])]
    assert wrong == []


def test_the_words_reach_the_page_with_their_typography() -> None:
    shown = [item.label for item in walk(ORGANIC).shown if item.label]
    shown += [item.hint for item in walk(CONCESSION).shown if item.hint]
    assert [text for text in shown if re.search(r"'| [?!:;»]|« ", text)] == []


def test_nothing_calls_the_survey_compulsory() -> None:
    text = " ".join(row[column] for row in rows(MAIN, "survey") for column in PROSE)
    assert not re.search(r"obligatoire|obligation|exig[ée]", text, re.IGNORECASE)
    assert "Répondre est libre" in text
    assert "Ne nommez personne" in text
