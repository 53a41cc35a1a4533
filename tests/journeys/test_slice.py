"""From an empty workspace to a workbook of answers: the whole way, as people walk it."""

import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from restanque.accounts.models import Membership
from restanque.territories.models import Territory
from tests.journeys.answering import (
    BREAD,
    CANTEEN,
    CONTACT,
    CONTRACT,
    MEALS,
    SUPPLIERS,
    VILLAGE,
    WISHES,
    answer_pages,
    answer_shown,
    field,
)
from tests.journeys.conftest import Visitor, plain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMUNE = "Eyragues"
# Of the 121 town halls, those whose address is published.
WITH_ADDRESS = 114
NUMBER = re.compile(r"[+-]?\d+(,\d+)?")


def test_from_the_code_received_to_the_workbook_of_answers(
    visitor: Callable[..., Visitor],
    pat: Territory,
    alice: Membership,
    mailbox: Callable[[], list[str]],
) -> None:
    office = visitor()
    sign_in(office, mailbox)
    install_questionnaire(office)
    prepare_campaign(office)
    link = personal_link(office)
    board = office.page.url
    assert state_on_map(office) == "Sans réponse"

    answer_from_two_computers(visitor, link)

    office.open(board)
    assert "1 pierre posée sur 121" in office.text
    assert state_on_map(office) == "Reçue, à valider"
    validate(office)
    office.open(board)
    assert state_on_map(office) == "Validée"

    office.press("Voir les résultats")
    check_workbook(office.download("Excel"))
    assert office.console == []


def sign_in(office: Visitor, mailbox: Callable[[], list[str]]) -> None:
    """The address, then the code received."""
    office.open("/")
    office.page.get_by_label("E-mail").fill("alice@example.org")
    office.press("Recevoir un code")
    code = re.search(r"Restanque : (\S+)", plain(mailbox()[-1]))
    assert code is not None
    office.page.get_by_label("Code").fill(code[1])
    office.press("Entrer")
    assert office.page.get_by_role("navigation", name="Navigation principale").is_visible()


def install_questionnaire(office: Visitor) -> None:
    """From the list of campaigns, through what is missing."""
    office.press("Enquêtes")
    office.press("Nouvelle campagne")
    assert "Il faut un questionnaire publié" in office.text
    office.press("Questionnaires", inside=office.page.locator("main"))
    office.press("Nouveau questionnaire")
    office.press("Installer ce questionnaire")
    assert "installé et publié" in office.text


def prepare_campaign(office: Visitor) -> None:
    """Frame, recipients, messages, opening: the four steps."""
    office.press("Enquêtes")
    office.press("Nouvelle campagne")
    page = office.page
    page.get_by_label("Nom de la campagne").fill("Le pain de nos cantines")
    page.get_by_label("Conservation jusqu’au").fill("2020-01-01")
    office.press("Continuer")
    assert "La conservation doit aller au-delà de la clôture." in office.text
    page.get_by_label("Conservation jusqu’au").fill(f"{date.today().year + 2}-12-31")  # noqa: DTZ011
    office.press("Continuer")
    assert "121 dont 121 à ajouter" in office.text
    office.press("Ajouter les organismes cochés")
    assert "121 organismes ajoutés à la campagne. Rien n’est envoyé" in office.text
    office.press("Continuer : les messages")
    office.press("Continuer : ouverture et envoi")
    office.press("Ouvrir la campagne")
    assert "La campagne est ouverte. Rien n’est envoyé" in office.text


def personal_link(office: Visitor) -> str:
    """The team has no mail server: it takes the file for Outlook, and says that it has left."""
    office.press("Inviter par publipostage")
    office.press(f"Préparer pour {WITH_ADDRESS} organismes")
    rows = rows_of(office.download("Excel"), "Publipostage")
    assert len(rows) == WITH_ADDRESS
    assert len({row["Lien personnel"] for row in rows}) == WITH_ADDRESS
    [link] = [row["Lien personnel"] for row in rows if row["Commune"] == COMMUNE]
    office.press(f"C’est parti : marquer {WITH_ADDRESS} organismes comme invités")
    assert f"{WITH_ADDRESS} organismes marqués comme invités" in office.text
    office.press("Tableau de bord")
    assert "0 pierre posée sur 121" in office.text
    return str(link)


def answer_from_two_computers(visitor: Callable[..., Visitor], link: str) -> None:
    """Without scripts: an omission, a pause, another computer, two suppliers, a wrong address."""
    first = visitor(scripts=False)
    first.open(link)
    assert COMMUNE in first.text
    first.press("Commencer")
    first.press("Continuer")
    summary = first.page.get_by_role("alert")
    assert "Une réponse est à revoir" in plain(summary.inner_text())
    assert first.window_title.startswith("Erreur : ")
    with first.page.expect_navigation(url=re.compile("#")):
        summary.get_by_role("link").first.click()
    answer_pages(first, CANTEEN | MEALS, until="Le pain servi")
    left = answer_shown(first.page, BREAD)
    first.press("Enregistrer et finir plus tard")
    assert "Vos réponses sont enregistrées" in first.title
    kept = first.page.get_by_label("Votre lien personnel").input_value()
    first.close()

    second = visitor(scripts=False)
    second.open(kept)
    second.press("Reprendre")
    assert second.title == "Le pain servi"
    assert field(second.page, "quantite_mode").locator("xpath=self::*[@checked]").count() == 1
    answer_pages(second, left | SUPPLIERS | CONTRACT | WISHES, until="Pour finir")
    answer_pages(second, CONTACT | {"contact_courriel": "secretariat@"}, until="Pour finir")
    send(second)


def send(second: Visitor) -> None:
    """What is wrong is said with the way to it; then the answer leaves."""
    summary = plain(second.page.get_by_role("alert").inner_text())
    assert "elle ressemble à mairie@exemple.fr" in summary
    second.press("Revoir ces réponses")
    assert second.title == "Il reste 1 réponse à donner"
    assert second.page.get_by_role("button", name="Envoyer mes réponses").count() == 0
    with second.page.expect_navigation():
        second.page.get_by_role("alert").get_by_role("link").click()
    mended = {"contact_courriel": CONTACT["contact_courriel"]}
    answer_pages(second, mended, until="Tout est prêt")
    assert "Fournil « Le Grand Mas » & fils" in second.text
    second.press("Envoyer mes réponses")
    assert second.title == "Merci, votre réponse est envoyée"
    assert second.download("Garder une copie en PDF").startswith(b"%PDF")


def state_on_map(office: Visitor) -> str:
    """What the map says of the commune, in its words and by its class."""
    shape = office.page.locator(f'.rq-leaflet path[aria-label^="{COMMUNE}"]')
    shape.wait_for(state="attached")
    state = plain(shape.get_attribute("aria-label")).split(" : ")[1]
    drawn = str(shape.get_attribute("class")).split()
    assert ("c-fait" in drawn) == (state == "Validée")
    return state


def validate(office: Visitor) -> None:
    """The validation queue, from the board."""
    office.press("Relire la réponse reçue")
    assert f"Mairie d’{COMMUNE}" in office.text
    office.press("Commencer")
    office.press("Valider")
    assert "réponse validée" in office.text


def rows_of(data: bytes, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet, by header."""
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(sheet).to_python()
    headers = [str(cell) for cell in rows[0]]
    return [dict(zip(headers, row, strict=True)) for row in rows[1:]]


def check_workbook(data: bytes) -> None:
    """Every cell equals what was typed, and the contact details are not there."""
    sheets = CalamineWorkbook.from_filelike(BytesIO(data)).sheet_names
    [answer] = rows_of(data, "Réponses (codes)")
    [series] = [name for name in sheets if name.startswith("Fournisseur") and "codes" in name]
    turns = rows_of(data, series)
    assert answer["Commune"] == COMMUNE
    assert isinstance(answer["Envoyée le"], datetime)
    found = {key.rpartition(".")[2]: value for key, value in answer.items()}
    for row in turns:
        found |= {f"{key.rpartition('.')[2]}@{row['Rang']:g}": row[key] for key in row}
    assert [row["Rang"] for row in turns] == [1, 2]
    for key, typed in VILLAGE.items():
        if key.startswith("contact_") and key != "contact_accord":
            assert key not in found
            continue
        assert same(found[key], typed), (key, found[key], typed)
    assert "secretariat@example.org" not in str(rows_of(data, "Réponses"))


def same(cell: Any, typed: str) -> bool:
    """A number typed « 0,90 » is the number 0.9; a text is the same to the letter."""
    if NUMBER.fullmatch(typed):
        return float(cell) == float(typed.replace(",", "."))
    return str(cell) == typed
