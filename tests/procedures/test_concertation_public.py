"""The public page, to anybody: what it shows, what it takes, what it refuses."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from restanque.accounts.models import Membership, Workspace
from restanque.procedures.concertation import gate
from restanque.procedures.concertation.nomenclature import MeansKind, ModerationState, Way
from restanque.procedures.concertation.services import (
    answers,
    contributions,
    ledger,
    pages,
    participations,
)
from restanque.procedures.models import Contribution, Procedure, PublicPage
from restanque.procedures.services import procedures
from restanque.territories.models import Territory
from restanque.territories.services import create_territory
from tests.conftest import StrictClient, client_of
from tests.questions import PDF
from tests.visits import read

SAID = "Il manque une piste cyclable entre les deux gares."


@pytest.fixture(autouse=True)
def _apart(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(gate, "QUICKEST", 0)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def page(revision: Procedure) -> PublicPage:
    """Open, with two themes."""
    today = timezone.localdate()
    made = pages.prepare_page(
        procedure=revision,
        slug="revision",
        title="Révision du SCoT",
        intro="Ce que nous proposons.",
        contact_email="scot@example.org",
        purge_on=today + timedelta(days=300),
    )
    pages.set_themes(procedure=revision, names=["Mobilités", "Eau"])
    return pages.open_page(page=made, on=today)


def words(response: Any) -> str:
    text: str = response.content.decode()
    return re.sub(r"\s+", " ", text)


def form_url(page: PublicPage) -> str:
    return reverse("concertation:contribute", args=[page.slug])


def token_of(client: Client, page: PublicPage) -> str:
    soup = BeautifulSoup(client.get(form_url(page)).content, "html.parser")
    field = soup.find("input", {"name": "jeton"})
    assert field is not None
    return str(field["value"])


def send(client: Client, page: PublicPage, **data: Any) -> Any:
    typed = {"text": SAID, "jeton": token_of(client, page), gate.TRAP: ""} | data
    return client.post(form_url(page), typed)


# What is shown -----------------------------------------------------------------------------------


def test_a_page_never_opened_is_unknown_and_a_closed_one_says_so(
    client: Client, page: PublicPage
) -> None:
    addresses = [
        page.get_absolute_url(),
        form_url(page),
        f"{page.get_absolute_url()}contributions/",
    ]
    token = token_of(client, page)
    pages.close_page(page=page, on=timezone.localdate())
    for url in addresses:
        assert client.get(url).status_code == 410
    late = client.post(form_url(page), {"text": SAID, "jeton": token})
    assert late.status_code == 410
    PublicPage.objects.filter(pk=page.pk).update(opened_on=None)
    for url in addresses:
        assert client.get(url).status_code == 404
    assert not Contribution.objects.exists()


def test_only_what_the_team_chose_is_shown(
    client: Client, page: PublicPage, revision: Procedure
) -> None:
    today = timezone.localdate()
    for what, shown in (("Réunion montrée", True), ("Réunion gardée", False)):
        ledger.carry_out(
            procedure=revision,
            kind=MeansKind.MEETING,
            what=what,
            note="Remarque interne",
            started_on=today + timedelta(days=9),
            published=shown,
        )
    procedures.set_target(procedure=revision, step="arret", wished_on=today + timedelta(days=100))
    procedures.set_target(
        procedure=revision, step="approbation", wished_on=today + timedelta(days=700)
    )
    pages.change_page(page=page, steps=["arret"])
    old = pages.put_online(
        page=page, title="Ancien", upload=SimpleUploadedFile("a.pdf", PDF), on=today
    )
    pages.withdraw(document=old, on=today)
    pages.put_online(page=page, title="Carte", upload=SimpleUploadedFile("b.pdf", PDF), on=today)
    said = words(client.get(page.get_absolute_url()))
    assert "Réunion montrée" in said
    assert "Arrêt du projet" in said
    assert "Carte" in said
    for kept in ("Réunion gardée", "Remarque interne", "Approbation", "Ancien"):
        assert kept not in said
    assert client.get(reverse("concertation:document", args=[page.slug, old.pk])).status_code == 404


def test_a_day_to_confirm_is_not_published_as_sure(
    client: Client, page: PublicPage, revision: Procedure
) -> None:
    pages.change_page(page=page, steps=["prescription"])
    assert "20 juin 2023" in words(client.get(page.get_absolute_url())).replace("\u00a0", " ")
    procedures.update_procedure(procedure=revision, to_confirm=True)
    said = words(client.get(page.get_absolute_url()))
    assert "date à confirmer" in said
    assert "2023" not in said


def test_a_contribution_appears_once_read_without_its_author(
    client: Client, page: PublicPage, revision: Procedure, bob: Membership
) -> None:
    send(
        client, page, text="Camille, rue Haute : plus de bus.", person_name="Camille Dupont",
        person_email="camille@example.org",
    )  # fmt: skip
    one = Contribution.objects.get()
    url = page.get_absolute_url()
    assert "plus de bus" not in words(client.get(url))
    contributions.moderate(
        contribution=one, state=ModerationState.PUBLISHED, shown="[…] : plus de bus.", by=bob.user
    )
    answers.answer(
        procedure=revision, contributions=[one], text="Secret d’équipe.", public=False,
        on=one.received_on,
    )  # fmt: skip
    for address in (url, f"{url}contributions/"):
        said = words(client.get(address))
        assert "[…] : plus de bus." in said.replace("\u00a0", " ")
        for kept in ("Camille", "Dupont", "camille@", "rue Haute", "Secret d’équipe"):
            assert kept not in said
    contributions.moderate(
        contribution=one, state=ModerationState.HIDDEN, reason="Hors sujet", shown=one.shown
    )
    said = words(client.get(url))
    assert "plus de bus" not in said
    assert "Hors sujet" not in said
    assert "1 contribution reçue" in said.replace("\u202f", " ")


def test_a_public_answer_is_shown_with_what_it_answers(
    client: Client, page: PublicPage, revision: Procedure
) -> None:
    one = contributions.record(
        procedure=revision, way=Way.PAPER, received_on=timezone.localdate(), text=SAID
    )
    contributions.moderate(contribution=one, state=ModerationState.PUBLISHED, shown=SAID)
    answers.answer(
        procedure=revision, contributions=[one], text="Une piste est étudiée.", public=True,
        on=timezone.localdate(),
    )  # fmt: skip
    assert "Une piste est étudiée." in words(client.get(page.get_absolute_url()))
    pages.change_page(page=page, shows_contributions=False)
    said = words(client.get(page.get_absolute_url()))
    assert "Une piste est étudiée." not in said
    assert SAID not in said


# What is taken -----------------------------------------------------------------------------------


def test_a_contribution_needs_neither_account_nor_cookie(
    page: PublicPage, revision: Procedure
) -> None:
    strict = Client(enforce_csrf_checks=True)
    token = token_of(strict, page)
    theme = revision.themes.get(name="Eau")
    bare = Client(enforce_csrf_checks=True)
    response = bare.post(form_url(page), {"text": SAID, "jeton": token, "themes": [theme.pk]})
    one = Contribution.objects.get()
    assert response.status_code == 302
    receipt = bare.get(response["Location"])
    assert f"Elle porte le numéro {one.number}" in words(receipt)
    assert SAID in words(receipt)
    assert (one.text, one.way, one.state) == (SAID, "web", "waiting")
    assert list(one.themes.all()) == [theme]
    assert one.participation is None


def test_the_notice_says_who_why_how_long_and_which_rights(
    client: Client, page: PublicPage
) -> None:
    said = words(client.get(form_url(page)))
    for part in ("Responsable du traitement", "Finalité", "Base légale", "Conservation",
                 "Vos droits", "CNIL", page.contact_email):  # fmt: skip
        assert part in said


def test_the_same_press_twice_is_one_contribution_and_the_same_words_of_another_are_two(
    client: Client, page: PublicPage
) -> None:
    first, second = send(client, page), send(client, page)
    assert Contribution.objects.count() == 1
    receipts = [BeautifulSoup(client.get(r["Location"]).content, "html.parser") for r in
                (first, second)]  # fmt: skip
    assert receipts[0].h1 == receipts[1].h1
    elsewhere = StrictClient(REMOTE_ADDR="192.0.2.7")
    send(elsewhere, page)
    assert Contribution.objects.count() == 2


def test_two_people_of_one_place_may_say_the_same_words(client: Client, page: PublicPage) -> None:
    """A town hall, a household, a meeting share one address: nobody's voice is lost."""
    send(client, page, person_name="Une voisine fictive", person_email="une@example.org")
    send(client, page, person_name="Un voisin fictif", person_email="un@example.org")
    names = Contribution.objects.order_by("number").values_list("person_name", flat=True)
    assert list(names) == ["Une voisine fictive", "Un voisin fictif"]


def test_who_sends_again_to_join_a_forgotten_file_is_heard(
    client: Client, page: PublicPage
) -> None:
    send(client, page)
    send(client, page, attachment=SimpleUploadedFile("plan.pdf", PDF, "application/pdf"))
    assert Contribution.objects.exclude(attachment="").count() == 1


def test_a_joined_file_reaches_the_team_and_never_the_public(
    client: Client, page: PublicPage, bob: Membership, remi: Membership
) -> None:
    send(client, page, attachment=SimpleUploadedFile("plan.pdf", PDF, "application/pdf"))
    one = Contribution.objects.get()
    assert one.attachment_name == "plan.pdf"
    url = reverse("procedures:contribution-file", args=[one.pk])
    assert read(client_of(bob).get(url)).body == PDF
    assert client_of(remi).get(url).status_code == 403
    assert client.get(url).status_code == 302


def test_during_an_online_participation_it_belongs_to_it(
    client: Client, territory: Territory
) -> None:
    today = timezone.localdate()
    recent = procedures.create_procedure(
        territory=territory, kind="scot-aec-revision", name="Récente", prescribed_on=today
    )
    page = pages.prepare_page(
        procedure=recent, slug="recente", title="PPVE", contact_email="scot@example.org",
        takes_contributions=False, purge_on=today + timedelta(days=300),
    )  # fmt: skip
    pages.open_page(page=page, on=today)
    assert "ne sont plus reçues" in words(client.get(form_url(page)))
    one = participations.prepare(procedure=recent, way="ppve", today=today)
    participations.plan(
        participation=one,
        days={"ouverture-ppve": today, "cloture-ppve": today + timedelta(days=30)},
    )
    send(client, page)
    assert Contribution.objects.get().participation == one


# What is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    [
        "",
        "forged",
        "\0",
        signing.dumps(0, salt="restanque.concertation.autre-page"),
        signing.dumps("x", salt="restanque.concertation.revision"),
        signing.dumps([1], salt="restanque.concertation.revision"),
        signing.dumps(1, salt="restanque.concertation.revision"),
    ],
    # Signed on the day: no part of the name of a test.
    ids=["empty", "unsigned", "null", "another-page", "word", "list", "1970"],
)
def test_a_forged_or_old_moment_is_refused_and_the_text_kept(
    client: Client, page: PublicPage, token: str
) -> None:
    response = send(client, page, jeton=token)
    assert response.status_code == 422
    assert SAID in words(response)
    assert not Contribution.objects.exists()


def test_too_quick_is_asked_again(
    client: Client, page: PublicPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "QUICKEST", 3600)
    response = send(client, page)
    assert response.status_code == 422
    assert SAID in words(response)
    assert not Contribution.objects.exists()


def test_the_field_that_nobody_sees_catches_programs(client: Client, page: PublicPage) -> None:
    assert send(client, page, **{gate.TRAP: "https://example.org"}).status_code == 422
    assert not Contribution.objects.exists()


def test_one_address_cannot_flood_the_page(
    client: Client, page: PublicPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "MOST_OF_ADDRESS", 2)
    for number in (1, 2):
        assert send(client, page, text=f"Texte {number}").status_code == 302
    refused = send(client, page, text="Texte 3")
    assert refused.status_code == 429
    assert "Texte 3" in words(refused)
    elsewhere = StrictClient(REMOTE_ADDR="192.0.2.7")
    assert send(elsewhere, page, text="Texte 4").status_code == 302
    monkeypatch.setattr(gate, "MOST_OF_PAGE", 3)
    another = StrictClient(REMOTE_ADDR="192.0.2.8")
    assert send(another, page, text="Texte 5").status_code == 429
    assert Contribution.objects.count() == 3


def test_files_cannot_fill_the_disk(
    client: Client, page: PublicPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "MOST_FILES", 1)
    for rank, status in ((1, 302), (2, 429)):
        joined = SimpleUploadedFile("plan.pdf", PDF, "application/pdf")
        assert send(client, page, text=f"Texte {rank}", attachment=joined).status_code == status
    assert send(client, page, text="Texte 3").status_code == 302


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("archive.zip", b"PK\x03\x04" + b"0" * 100),
        ("plan.pdf", b"PK\x03\x04" + b"0" * 100),
        ("plan.pdf", b""),
        ("page.html", b"<script>alert(1)</script>"),
        ("photo.svg", b"<svg onload='alert(1)'/>"),
        ("lourd.pdf", PDF + b"0" * (5 * 1024 * 1024)),
        ("../../plan.exe", b"MZ"),
    ],
)
def test_a_file_that_is_not_a_pdf_nor_a_picture_is_refused(
    client: Client, page: PublicPage, name: str, data: bytes
) -> None:
    response = send(client, page, attachment=SimpleUploadedFile(name, data))
    assert response.status_code == 422
    assert SAID in words(response)
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"text": ""},
        {"text": " \n\u200b"},
        {"text": "a\0b"},
        {"text": "x" * 10_001},
        {"person_email": "pas une adresse"},
        {"person_name": "x" * 200},
        {"themes": ["999999"]},
        {"themes": ["abc"]},
    ],
)
def test_a_faulty_form_comes_back(client: Client, page: PublicPage, data: dict[str, Any]) -> None:
    assert send(client, page, **data).status_code == 422
    assert not Contribution.objects.exists()


def test_markup_is_shown_as_words_everywhere(
    client: Client, page: PublicPage, revision: Procedure, bob: Membership
) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)> & « fin »"
    send(client, page, text=attack, person_name="<b>Nom</b>")
    one = Contribution.objects.get()
    contributions.moderate(contribution=one, state=ModerationState.PUBLISHED, shown=attack)
    inside = client_of(bob)
    answers.answer(
        procedure=revision, contributions=[one], text=attack, public=True, on=one.received_on
    )
    seen = [
        client.get(page.get_absolute_url()),
        client.get(f"{page.get_absolute_url()}contributions/"),
        inside.get(one.get_absolute_url()),
        inside.get(reverse("procedures:contributions", args=[revision.pk])),
    ]
    for response in seen:
        assert "&lt;script&gt;alert(1)" in words(response)
        soup = BeautifulSoup(response.content, "html.parser")
        main = soup.main
        assert main is not None
        assert not main.find_all(["script", "b"])
        assert not main.find_all("img", src="x")


def test_after_the_last_day_nothing_is_taken(client: Client, page: PublicPage) -> None:
    token = token_of(client, page)
    pages.change_page(page=page, contributions_until=timezone.localdate() - timedelta(days=1))
    assert client.get(form_url(page)).status_code == 200
    late = client.post(form_url(page), {"text": SAID, "jeton": token})
    assert late.status_code == 410
    assert not Contribution.objects.exists()


def test_an_address_gives_nothing_of_another_page(
    client: Client, page: PublicPage, other_workspace: Workspace, charlie: Membership
) -> None:
    today = timezone.localdate()
    theirs = procedures.create_procedure(
        territory=create_territory(
            workspace=other_workspace, name="Ailleurs", kind="scot", valid_from=today,
            commune_codes=["13004"],
        ),
        kind="pcaet",
        name="PCAET d’ailleurs",
        prescribed_on=today,
    )  # fmt: skip
    other = pages.prepare_page(
        procedure=theirs, slug="ailleurs", title="Ailleurs", contact_email="e@example.org",
        purge_on=today + timedelta(days=9),
    )  # fmt: skip
    pages.open_page(page=other, on=today)
    document = pages.put_online(
        page=page, title="Carte", upload=SimpleUploadedFile("b.pdf", PDF), on=today
    )
    assert (
        client.get(reverse("concertation:document", args=["ailleurs", document.pk])).status_code
        == 404
    )
    receipt = send(client, page)["Location"]
    assert client.get(receipt).status_code == 200
    assert client.get(receipt.replace("/revision/", "/ailleurs/")).status_code == 404
    forged = reverse("concertation:receipt", args=["revision", "1:forged"])
    assert client.get(forged).status_code == 404
    own = client_of(charlie)
    one = Contribution.objects.get()
    assert own.get(one.get_absolute_url()).status_code == 404
    theme = page.procedure.themes.first()
    assert theme is not None
    assert send(StrictClient(), other, themes=[theme.pk]).status_code in (302, 422)
    assert not theme.contributions.exclude(procedure=page.procedure).exists()


def test_the_receipt_stays_readable_and_is_masked_in_the_logs(
    client: Client, page: PublicPage
) -> None:
    from restanque.config.logs import mask

    receipt = send(client, page)["Location"]
    pages.close_page(page=page, on=timezone.localdate())
    assert client.get(receipt).status_code == 200
    token = receipt.rstrip("/").rpartition("/")[2]
    assert token not in mask(f"Not Found: {receipt}")


def test_nothing_personal_goes_to_the_logs(
    client: Client, page: PublicPage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="restanque"):
        send(client, page, person_name="Camille Dupont", person_email="camille@example.org")
        send(client, page, text="Autre", jeton="forged", person_name="Camille Dupont")
    assert Contribution.objects.count() == 1
    for word in ("Camille", "camille@", "127.0.0.1", "piste cyclable"):
        assert word not in caplog.text


def test_reading_the_page_writes_nothing_and_costs_a_fixed_number_of_queries(
    client: Client, page: PublicPage, revision: Procedure, count_queries: Any
) -> None:
    today = timezone.localdate()

    def fill(start: int, number: int) -> None:
        for rank in range(start, start + number):
            one = contributions.record(
                procedure=revision, way=Way.PAPER, received_on=today, text=f"Texte {rank}",
                themes=revision.themes.all(),
            )  # fmt: skip
            contributions.moderate(
                contribution=one, state=ModerationState.PUBLISHED, shown=one.text
            )
            ledger.carry_out(
                procedure=revision, kind=MeansKind.MEETING, what=f"Réunion {rank}",
                started_on=today, published=True,
            )  # fmt: skip

    addresses = [page.get_absolute_url(), f"{page.get_absolute_url()}contributions/"]
    fill(0, 3)
    before = []
    for url in addresses:
        with count_queries() as found:
            client.get(url)
        before.append(len(found))
    fill(3, 12)
    after = []
    for url in addresses:
        with count_queries() as found:
            client.get(url)
        after.append(len(found))
    assert after == before
    assert max(after) <= 12
