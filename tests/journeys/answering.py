"""Filling the shipped questionnaire in a browser, as a town hall would, and what must come back.

An answer's key is the question's name; `four_nom@2` is that of the second supplier. Numbers are
typed the French way.
"""

from typing import Any

from tests.journeys.conftest import Visitor

NEXT = "#questions button.btn-primary[value=next]"

NO_CANTEEN = {"a_cantine": "non"}
CANTEEN = {
    "a_cantine": "oui",
    "services": "maternelle elementaire",
    "organisateur": "commune",
    "mode_gestion": "direct",
    "production": "site",
    "acheteur_pain": "commune",
}
MEALS = {
    "nb_sites": "1",
    "repas_connus": "par_public",
    "repas_maternelle": "40",
    "repas_elementaire": "80",
    "jours_semaine": "4",
    "periode": "ecole",
}
BREAD = {
    "types_pain": "courant complet",
    "type_principal": "courant",
    "signes": "aucun",
    "lou_pan_dici": "non",
    "quantite_mode": "pieces_poids",
    "pieces_jour": "24",
    "poids_piece": "250",
    "service_pain": "libre",
    "gaspillage": "moins_10",
}
SUPPLIERS = {
    "nb_fournisseurs": "2",
    "four_nom@1": "Boulangerie de l’Épi d’été",
    "four_categorie@1": "artisan",
    "four_dans_commune@1": "oui",
    "four_part@1": "75",
    "four_jours@1": "lundi mardi jeudi vendredi",
    "four_prix_mode@1": "piece_ht",
    "four_prix_piece@1": "0,90",
    "four_nom@2": "Fournil « Le Grand Mas » & fils",
    "four_categorie@2": "artisan",
    "four_dans_commune@2": "non",
    "four_commune@2": "Noves",
    "four_part@2": "25",
    "four_prix_mode@2": "piece_ttc",
    "four_prix_piece@2": "1,00",
    "four_poids_piece@2": "300",
}
CONTRACT = {"contrat_cadre": "bon_commande"}
WISHES = {"remarques": "Nous aimerions goûter un pain plus complet.\n=2+3, à l’œil."}
CONTACT = {
    "contact_accord": "oui",
    "contact_nom": "Personne fictive",
    "contact_courriel": "secretariat@example.org",
}
# Title of each page → its answers. « Votre satisfaction » is left blank: it is optional.
PAGES = {
    "Votre restauration collective": CANTEEN,
    "Les repas et les convives": MEALS,
    "Le pain servi": BREAD,
    "Les fournisseurs et les prix": SUPPLIERS,
    "Le contrat et les preuves": CONTRACT,
    "Votre satisfaction": {},
    "Vos souhaits pour la suite": WISHES,
    "Pour finir": CONTACT,
}
VILLAGE = {key: value for page in PAGES.values() for key, value in page.items()}


def field(page: Any, key: str) -> Any:
    """The field, or the fields, of a question."""
    name, _, turn = key.partition("@")
    ending = f"[{turn}]/{name}" if turn else f"/{name}"
    return page.locator(f'#questions [name$="{ending}"]:visible')


def answer(page: Any, key: str, value: str) -> None:
    """Answer one question that the page shows: type, choose or tick."""
    found = field(page, key)
    if found.first.get_attribute("type") in ("radio", "checkbox"):
        for choice in value.split():
            found.locator(f'xpath=self::*[@value="{choice}"]').check()
    else:
        found.first.fill(value)


def answer_shown(page: Any, answers: dict[str, str]) -> dict[str, str]:
    """Answer those of the questions that the page shows; the others are given back."""
    left = {}
    for key, value in answers.items():
        if field(page, key).count():
            answer(page, key, value)
        else:
            left[key] = value
    return left


def answer_pages(person: Visitor, answers: dict[str, str], *, until: str) -> None:
    """Answer page after page, until all is answered and the page of that title is shown."""
    left = answers
    while left or person.title != until:
        before = (person.title, person.text)
        left = answer_shown(person.page, left)
        go_on(person)
        assert (person.title, person.text) != before, f"never asked here: {left}\n{person.text}"


def go_on(person: Visitor) -> None:
    """Press the main button of the page, once what it saves by itself is saved."""
    if person.scripts:
        person.page.locator("h1").click()
        settle(person)
    with person.page.expect_navigation():
        person.page.locator(NEXT).click()
    person.inspect()


def settle(person: Visitor) -> None:
    """Wait until nothing is left to save by itself."""
    if person.scripts:
        person.page.locator("html:not(.rq-saving)").wait_for(state="attached")
