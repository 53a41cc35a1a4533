"""The team's pages of the concertation: what they answer, to whom, at what cost; the documents."""

import io
import time
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from restanque.accounts.models import Membership
from restanque.governance.nomenclature import BodyKind
from restanque.governance.services import bodies, sittings
from restanque.governance.services.acts import record_past_act
from restanque.procedures.concertation.nomenclature import (
    MeansKind,
    MeansProof,
    ModerationState,
    Way,
)
from restanque.procedures.concertation.services import (
    answers,
    contributions,
    ledger,
    pages,
    participations,
)
from restanque.procedures.concertation.services.contributions import fingerprint
from restanque.procedures.models import Contribution, Procedure
from restanque.procedures.services import acts, facts, procedures
from restanque.territories.models import Territory
from tests.conftest import client_of
from tests.procedures.test_pages import text_of
from tests.questions import PDF


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def told(revision: Procedure) -> Contribution:
    """Said on the page by somebody who gave a name and a file; its text names a neighbour."""
    today = timezone.localdate()
    pages.prepare_page(
        procedure=revision,
        slug="revision",
        title="Révision",
        contact_email="scot@example.org",
        purge_on=today + timedelta(days=300),
    )
    theme = pages.set_themes(procedure=revision, names=["Mobilités"])[0]
    return contributions.record(
        procedure=revision,
        way=Way.WEB,
        received_on=today,
        text="Mon voisin Untel se gare mal : plus de bus.",
        themes=[theme],
        person_name="Camille Dupont",
        person_email="camille@example.org",
        attachment=SimpleUploadedFile("plan.pdf", PDF, "application/pdf"),
    )


def home(procedure: Procedure) -> str:
    return reverse("procedures:concertation", args=[procedure.pk])


def test_from_an_announcement_to_a_gap_then_to_its_proof(
    revision: Procedure, bob: Membership
) -> None:
    client = client_of(bob)
    client.post(
        reverse("procedures:modality-add", args=[revision.pk]),
        {"text": "Une réunion publique", "kind": "meeting", "quantity": "1"},
    )
    words = text_of(client.get(home(revision)))
    assert "« Une réunion publique » n’est pas encore réalisé." in words
    assert "Annulation possible si les modalités annoncées n’ont pas été suivies." in words
    assert "L103-2" in words
    assert "à vérifier" in words
    modality = revision.modalities.get()
    url = reverse("procedures:means-add", args=[revision.pk])
    form = client.get(url, {"modalite": modality.pk}).context["form"]
    assert form["kind"].value() == "meeting"
    day = (timezone.localdate() - timedelta(days=2)).strftime("%d/%m/%Y")
    typed = {
        "what": "Réunion d’Arles",
        "kind": "meeting",
        "started_on": day,
        "count": "1",
        "modalities": [modality.pk],
    }
    client.post(url, typed)
    assert "rien ne prouve qu’il a eu lieu" in text_of(client.get(home(revision)))
    means = revision.means.get()
    proof = SimpleUploadedFile("cr.pdf", PDF, "application/pdf")
    client.post(
        reverse("procedures:means-edit", args=[means.pk]),
        typed | {"proof_kind": "minutes", "proof": proof},
    )
    words = text_of(client.get(home(revision)))
    assert "Tout ce qui est annoncé est fait à ce jour, et prouvé." in words
    assert "compte rendu" in words


def test_the_procedure_page_shows_the_gaps(revision: Procedure, bob: Membership) -> None:
    ledger.announce(procedure=revision, kind=MeansKind.REGISTER, text="Un registre")
    words = text_of(client_of(bob).get(revision.get_absolute_url()))
    assert "Concertation et participation du public" in words
    assert "« Un registre » n’est pas encore réalisé." in words


def test_the_week_says_what_waits_to_be_read(
    told: Contribution, bob: Membership, remi: Membership, charlie: Membership
) -> None:
    said = "Contributions du public à relire"
    assert said in text_of(client_of(bob).get("/"))
    for other in (remi, charlie):
        assert said not in text_of(client_of(other).get("/"))
    contributions.moderate(
        contribution=told, state=ModerationState.PUBLISHED, shown=told.text, by=bob.user
    )
    assert said not in text_of(client_of(bob).get("/"))


def test_a_reader_sees_the_words_that_may_be_read_and_not_who_wrote_them(
    told: Contribution, bob: Membership, remi: Membership
) -> None:
    contributions.moderate(
        contribution=told, state=ModerationState.PUBLISHED, shown="Mon voisin […] : plus de bus."
    )
    seen = text_of(client_of(remi).get(told.get_absolute_url()))
    assert "Mon voisin […] : plus de bus." in seen
    for kept in ("Untel", "Camille", "camille@", "plan.pdf"):
        assert kept not in seen
    refused = client_of(remi).post(told.get_absolute_url(), {"state": "hidden", "reason": "x"})
    assert refused.status_code == 404
    whole = text_of(client_of(bob).get(told.get_absolute_url()))
    for shown in ("Untel", "Camille Dupont", "camille@example.org", "plan.pdf"):
        assert shown in whole


def test_reading_again_masks_sorts_and_says_why(
    told: Contribution, revision: Procedure, bob: Membership
) -> None:
    client = client_of(bob)
    url = told.get_absolute_url()
    assert client.post(url, {"state": "hidden", "shown": told.text}).status_code == 422
    assert client.post(url, {"state": "published", "shown": " "}).status_code == 422
    theme = revision.themes.get()
    done = client.post(url, {"state": "published", "shown": "[…]", "themes": [theme.pk]})
    assert done.status_code == 302
    told.refresh_from_db()
    assert (told.words, told.state, told.moderated_by) == ("[…]", "published", bob.user)
    assert list(told.themes.all()) == [theme]


def test_several_contributions_are_answered_together(
    told: Contribution, revision: Procedure, bob: Membership
) -> None:
    client = client_of(bob)
    other = contributions.record(
        procedure=revision, way=Way.ORAL, received_on=timezone.localdate(), text="Plus de bus."
    )
    url = reverse("procedures:contributions", args=[revision.pk])
    asked = client.post(url, {"action": "answer", "selected": [told.pk, other.pk]})
    assert asked.status_code == 302
    page = text_of(client.get(asked["Location"]))
    assert "2 contributions : n° 1, 2." in page
    client.post(asked["Location"], {"n": "1,2", "text": "Une ligne est étudiée.", "public": "on"})
    told.refresh_from_db()
    other.refresh_from_db()
    assert told.answer is not None
    assert told.answer == other.answer
    assert told.answer.public
    nothing = client.get(reverse("procedures:answer-add", args=[revision.pk]), {"n": "99"})
    assert nothing.status_code == 302


def test_the_list_filters_searches_and_exports_without_names(
    told: Contribution, revision: Procedure, bob: Membership
) -> None:
    contributions.record(
        procedure=revision, way=Way.ORAL, received_on=timezone.localdate(), text="Économies d’eau"
    )
    client = client_of(bob)
    url = reverse("procedures:contributions", args=[revision.pk])
    theme = revision.themes.get()
    for query, numbers in (
        ({"q": "economies"}, [2]),
        ({"way": "web"}, [1]),
        ({"theme": theme.pk}, [1]),
        ({"answered": "non"}, [2, 1]),
        ({"answered": "publique"}, []),
        ({"state": "waiting", "during": "concertation"}, [2, 1]),
    ):
        rows = client.get(url, query).context["table"].data
        assert [row.number for row in rows] == numbers, query
    data = client.get(url, {"export": "xlsx"}).content
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    cells = " ".join(str(cell) for row in sheet.values for cell in row)
    assert "Économies d’eau" in cells
    assert "Camille" not in cells
    assert "camille@" not in cells


def test_a_thousand_contributions_cost_the_same_queries(
    revision: Procedure, bob: Membership, count_queries: Any
) -> None:
    themes = pages.set_themes(procedure=revision, names=["Mobilités", "Eau", "Énergie"])
    client = client_of(bob)
    url = reverse("procedures:contributions", args=[revision.pk])

    def fill(start: int, number: int) -> None:
        made = Contribution.objects.bulk_create(
            Contribution(
                procedure=revision,
                number=rank,
                way=Way.PAPER,
                received_on=date(2026, 3, 1),
                text=f"Texte {rank % 700} sur le projet. " * 10,
                text_key=f"texte {rank % 700}",
                fingerprint=fingerprint(f"Texte {rank % 700}"),
            )
            for rank in range(start, start + number)
        )
        for one in made:
            one.themes.add(themes[one.number % 3])

    fill(1, 60)
    client.get(url)
    with count_queries() as few:
        client.get(url)
    fill(61, 940)
    with count_queries() as many:
        begun = time.perf_counter()
        page = client.get(url)
        spent = time.perf_counter() - begun
    assert "1 000 contributions" in text_of(page)
    assert len(many) == len(few)
    assert len(many) <= 22
    assert spent < 5, f"{spent:.2f} s"


def test_the_cost_of_the_ledger_does_not_grow(
    revision: Procedure, bob: Membership, count_queries: Any
) -> None:
    client = client_of(bob)

    def fill(number: int) -> None:
        for rank in range(number):
            modality = ledger.announce(
                procedure=revision, kind=MeansKind.MEETING, text=f"Réunion {rank}", quantity=2
            )
            ledger.carry_out(
                procedure=revision,
                modalities=[modality],
                kind=MeansKind.MEETING,
                what=f"Réunion {rank}",
                started_on=date(2025, 3, 1),
            )

    fill(2)
    client.get(home(revision))
    with count_queries() as few:
        client.get(home(revision))
    fill(8)
    with count_queries() as many:
        client.get(home(revision))
    assert len(many) == len(few)
    assert len(many) <= 22


def test_the_item_of_the_bilan_says_what_is_to_be_settled_and_its_act_is_cited(
    revision: Procedure, territory: Territory, bob: Membership
) -> None:
    council = bodies.create_body(
        territory=territory, kind=BodyKind.COUNCIL, name="Conseil syndical"
    )
    sitting = sittings.create_sitting(body=council, starts_at=timezone.now() + timedelta(days=20))
    act = record_past_act(
        body=council, voted_on=revision.prescribed_on, number="2023-12", title="Prescription"
    )
    fact = acts.record_act(procedure=revision, step="prescription", act=act)
    ledger.announce(procedure=revision, kind=MeansKind.PRESS, text="Un article", act=fact)
    item = acts.put_on_agenda(procedure=revision, step="bilan-concertation", sitting=sitting)
    words = text_of(client_of(bob).get(item.get_absolute_url()))
    assert "à régler avant le bilan" in words
    assert "1 écart entre l’annoncé et le réalisé" in words
    other = acts.put_on_agenda(procedure=revision, step="debat-pas", sitting=sitting)
    words = text_of(client_of(bob).get(other.get_absolute_url()))
    assert "à régler avant le bilan" not in words
    assert "2023-12" in text_of(client_of(bob).get(home(revision)))
    assert "au registre des délibérations" in download(bob, "concertation-bilan", revision)


# The documents -----------------------------------------------------------------------------------


def said_by(data: bytes) -> str:
    """Every word of a Word document, its tables' too, with plain spaces."""
    document = docx.Document(io.BytesIO(data))
    parts = [paragraph.text for paragraph in document.paragraphs]
    parts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(parts).replace("\u00a0", " ").replace("\u202f", " ")


def download(member: Membership, name: str, procedure: Procedure) -> str:
    response = client_of(member).get(reverse(f"procedures:{name}", args=[procedure.pk]))
    assert response.status_code == 200
    data = b"".join(response) if response.streaming else response.content
    return said_by(data)


def test_the_bilan_says_what_was_done_and_claims_nothing_else(
    told: Contribution, revision: Procedure, bob: Membership
) -> None:
    modality = ledger.announce(
        procedure=revision, kind=MeansKind.MEETING, text="Trois réunions publiques", quantity=3
    )
    ledger.carry_out(
        procedure=revision,
        modalities=[modality],
        kind=MeansKind.MEETING,
        what="Réunion d’Arles",
        place="Salle des fêtes",
        started_on=date(2025, 3, 4),
        attendance=42,
        proof_kind=MeansProof.MINUTES,
        proof=SimpleUploadedFile("cr.pdf", PDF, "application/pdf"),
    )
    ledger.carry_out(
        procedure=revision,
        kind=MeansKind.PRESS,
        what="Article de journal",
        started_on=date(2025, 4, 4),
    )
    given = answers.answer(
        procedure=revision,
        contributions=[told],
        text="Une ligne est étudiée.",
        public=True,
        on=timezone.localdate(),
    )
    hidden = contributions.record(
        procedure=revision, way=Way.ORAL, received_on=timezone.localdate(), text="Autre."
    )
    answers.answer(
        procedure=revision, contributions=[hidden], text="Entre nous.", public=False,
        on=timezone.localdate(),
    )  # fmt: skip
    words = download(bob, "concertation-bilan", revision)
    for part in (
        "Trois réunions publiques",
        "au moins 3",
        "Réunion d’Arles, Salle des fêtes",
        "42 au total, comptés pour 1 moyen sur 2",
        "En plus des modalités annoncées",
        "2 contributions du",
        given.text,
        "La contribution n° 1".lower(),
        "cr.pdf",
        "Référence à vérifier sur Légifrance",
        "ce document n’affirme pas que les modalités annoncées ont été suivies",
    ):
        assert part.lower() in words.lower(), part
    for kept in ("Entre nous.", "Camille", "camille@", "Untel", "est mise en œuvre et la preuve"):
        assert kept not in words
    note = download(bob, "concertation-note", revision)
    for part in (
        "3 au moins annoncés, 1 réalisé",
        "Annulation possible",
        "à ne pas joindre au bilan",
        "1 moyen sans nombre de participants",
    ):
        assert part in note, part


def test_only_a_ledger_without_gap_lets_the_bilan_say_so(
    revision: Procedure, bob: Membership
) -> None:
    modality = ledger.announce(procedure=revision, kind=MeansKind.PRESS, text="Un article")
    sure = "chacune des modalités annoncées est mise en œuvre"
    assert sure not in download(bob, "concertation-bilan", revision)
    ledger.carry_out(
        procedure=revision,
        modalities=[modality],
        kind=MeansKind.PRESS,
        what="Article",
        started_on=date(2025, 4, 4),
        proof_kind=MeansProof.PRESS,
    )
    assert sure in download(bob, "concertation-bilan", revision)


def test_an_empty_concertation_still_has_its_documents(
    revision: Procedure, bob: Membership
) -> None:
    assert "À rédiger par l’équipe" in download(bob, "concertation-bilan", revision)
    assert "Aucun écart n’est relevé." in download(bob, "concertation-note", revision)


# Consulting the public ---------------------------------------------------------------------------


def test_an_old_procedure_is_offered_the_inquiry_only(revision: Procedure, bob: Membership) -> None:
    client = client_of(bob)
    url = reverse("procedures:participation", args=[revision.pk])
    words = text_of(client.get(url))
    assert "Participation du public par voie électronique" in words
    assert "non ouverte" in words
    refused = client.post(
        reverse("procedures:participation-add", args=[revision.pk]), {"way": "ppve"}
    )
    assert refused.status_code == 422
    client.post(reverse("procedures:participation-add", args=[revision.pk]), {"way": "enquete"})
    words = text_of(client.get(url))
    for part in ("R123-11", "quinze jours", "trente jours", "à vérifier"):
        assert part in words


def test_dates_are_checked_then_recorded_with_their_proof(
    territory: Territory, bob: Membership
) -> None:
    today = timezone.localdate()
    recent = procedures.create_procedure(
        territory=territory, kind="scot-aec-revision", name="Récente", prescribed_on=today
    )
    one = participations.prepare(procedure=recent, way="ppve", today=today)
    client = client_of(bob)
    url = reverse("procedures:participation", args=[recent.pk])
    far = today + timedelta(days=900)
    client.post(
        reverse("procedures:participation-plan", args=[one.pk]),
        {
            "avis-ppve": far.isoformat(),
            "ouverture-ppve": (far + timedelta(days=3)).isoformat(),
            "cloture-ppve": "",
        },
    )
    assert recent.targets.count() == 2
    page = client.get(url)
    (item,) = page.context["prepared"]
    notes = {note.step.id: note for note in item["steps"]}
    assert notes["ouverture-ppve"].risks
    assert "seul l’ordre compte" in text_of(page)
    done = client.post(
        reverse("procedures:participation-record", args=[one.pk, "avis-ppve"]),
        {
            "happened_on": today.isoformat(),
            "proof_kind": "publication",
            "proof": SimpleUploadedFile("avis.pdf", PDF, "application/pdf"),
        },
    )
    assert done.status_code == 302
    fact = recent.facts.get(step="avis-ppve")
    assert (fact.happened_on, fact.proof_kind, fact.recorded_by) == (
        today, "publication", bob.user,
    )  # fmt: skip
    unknown = reverse("procedures:participation-record", args=[one.pk, "arret"])
    assert client.get(unknown).status_code == 404


def test_the_arret_makes_a_late_means_fall_outside(revision: Procedure, bob: Membership) -> None:
    facts.record_fact(procedure=revision, step="arret", happened_on=date(2026, 1, 5))
    ledger.carry_out(
        procedure=revision, kind=MeansKind.MEETING, what="Réunion", started_on=date(2026, 2, 5)
    )
    assert "a eu lieu après l’arrêt du projet" in text_of(client_of(bob).get(home(revision)))
