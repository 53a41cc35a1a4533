"""What the pages answer, to whom, and at what cost."""

import io
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from restanque.accounts.models import Membership
from restanque.directory.nomenclature import Kind
from restanque.directory.services import create_organisation
from restanque.governance.models import AgendaItem, Body, Deliberation, Sitting
from restanque.governance.nomenclature import AttendanceStatus, ItemKind, MemberRole, VoteMode
from restanque.governance.services import acts, attendance, bodies, sittings, voting
from restanque.kit.documents import default_template
from restanque.surveys.services.reports import set_template
from restanque.work.calendars import dates_of
from tests.conftest import client_of
from tests.governance.conftest import NAMES, at, member, open_with
from tests.questions import PDF


def text_of(response: Any) -> str:
    """The page with plain spaces."""
    words: str = response.content.decode()
    return words.replace("\u00a0", " ").replace("\u202f", " ")


def queries(client: Any, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def adopt(item: AgendaItem, voices: int) -> Deliberation:
    voting.record_vote(item=item, mode=VoteMode.PUBLIC, votes_for=voices)
    return acts.number_act(item=AgendaItem.objects.get(pk=item.pk))


@pytest.fixture
def soon(council: Body) -> Sitting:
    """A sitting in ten days, to convene within four."""
    return sittings.create_sitting(
        body=council, starts_at=at(timezone.localdate() + timedelta(days=10))
    )


def test_the_sitting_says_when_to_convene_at_the_latest_and_why(
    soon: Sitting, bob: Membership
) -> None:
    words = text_of(client_of(bob).get(soon.get_absolute_url()))
    assert "à envoyer" in words
    assert "À envoyer au plus tard le" in words
    assert "L2121-12" in words
    assert "Si elle n’est pas respectée" in words
    words = text_of(client_of(bob).get(reverse("governance:convocation", args=[soon.pk])))
    assert "Dernier jour légal d’envoi" in words
    assert "7 par courrier" not in words  # nine members, substitutes included
    assert "9 par courrier" in words


def test_the_whole_way_from_the_agenda_to_an_executory_act(
    soon: Sitting, council: Body, bob: Membership
) -> None:
    client = client_of(bob)

    def post(name: str, pk: int, **data: Any) -> Any:
        answer = client.post(reverse(f"governance:{name}", args=[pk]), data)
        assert answer.status_code == 302, text_of(answer)
        return answer

    post("item-add", soon.pk, title="Budget", kind="decision", draft="Décide.")
    item = AgendaItem.objects.get()
    people = list(council.mandates.order_by("pk"))
    here = {f"presence-{one.pk}": "present" for one in people[:5]}
    away = {f"presence-{one.pk}": "excused" for one in people[5:]}
    post("present", soon.pk, **here, **away)
    post("proxy-add", soon.pk, giver=people[5].pk, holder=people[0].pk)
    page = text_of(client.get(item.get_absolute_url()))
    assert "Quorum atteint : 5 présents pour 4 nécessaires, sur 7 membres en exercice" in page
    wrong = client.post(
        reverse("governance:vote", args=[item.pk]),
        {"mode": "public", "votes_for": 7, "votes_against": 0, "abstentions": 0, "no_part": 0},
    )
    assert wrong.status_code == 422
    assert "6 voix possibles" in text_of(wrong)
    post("vote", item.pk, mode="public", votes_for=5, votes_against=1, abstentions=0, no_part=0)
    post("act-number", item.pk)
    act = Deliberation.objects.get()
    assert act.text == "Décide."
    assert "Il manque la transmission" in text_of(client.get(act.get_absolute_url()))
    Deliberation.objects.filter(pk=act.pk).update(voted_on=timezone.localdate())
    AgendaItem.objects.filter(pk=item.pk).update()
    Sitting.objects.filter(pk=soon.pk).update(starts_at=at(timezone.localdate()))
    today = timezone.localdate().isoformat()
    post(
        "act-follow",
        act.pk,
        transmitted_on=today,
        transmission_reference="AR 12",
        published_on=today,
        publication_reference="site",
        signed=SimpleUploadedFile("acte.pdf", PDF),
    )
    words = text_of(client.get(act.get_absolute_url()))
    assert "exécutoire à la plus tardive des deux dates" in words
    assert "acte.pdf" in words
    signed = client.get(reverse("governance:act-signed", args=[act.pk]))
    assert b"".join(signed.streaming_content) == PDF  # type: ignore[attr-defined]


def test_a_sitting_to_come_lacks_no_quorum_yet(
    sitting: Sitting, item: AgendaItem, bob: Membership
) -> None:
    Sitting.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() + timedelta(days=10))
    open_with(sitting, "Aline", "Bruno")
    assert "Le quorum manque." not in text_of(client_of(bob).get(sitting.get_absolute_url()))


def test_for_want_of_quorum_the_page_proposes_a_second_convocation(
    sitting: Sitting, item: AgendaItem, bob: Membership
) -> None:
    client = client_of(bob)
    url = reverse("governance:sitting-second", args=[sitting.pk])
    assert client.get(url).status_code == 302
    open_with(sitting, "Aline", "Bruno")
    words = text_of(client.get(sitting.get_absolute_url()))
    assert "Le quorum manque." in words
    assert "Convoquer une seconde fois" in words
    page = text_of(client.get(url))
    assert "3 jours francs" in page
    day = timezone.localdate() + timedelta(days=4)
    client.post(url, {"day": day.isoformat(), "hour": "18:00"})
    second = Sitting.objects.get(lacked_quorum=sitting)
    assert second.day == day
    assert [one.title for one in second.items.all()] == [item.title]
    assert "Convoquer une seconde fois" not in text_of(client.get(sitting.get_absolute_url()))


def test_a_vote_by_name_from_the_page(sitting: Sitting, item: AgendaItem, bob: Membership) -> None:
    open_with(sitting, *NAMES[:4])
    client = client_of(bob)
    url = reverse("governance:vote-named", args=[item.pk])
    assert "Aline" in text_of(client.get(url))
    voices = {f"voix-{member(sitting.body, name).pk}": "for" for name in NAMES[:4]}
    voices[f"voix-{member(sitting.body, 'Aline').pk}"] = "against"
    client.post(url, voices)
    words = text_of(client.get(item.get_absolute_url()))
    assert "nom par nom" in words
    assert "3 pour, 1 contre" in words


def test_arrivals_are_noted_at_an_item(sitting: Sitting, item: AgendaItem, bob: Membership) -> None:
    open_with(sitting, *NAMES[:4])
    url = reverse("governance:item-presence", args=[item.pk])
    client = client_of(bob)
    assert "Farid" in text_of(client.get(url))
    chosen = [member(sitting.body, name).pk for name in ("Aline", "Farid")]
    client.post(url, {"present": chosen})
    assert "Quorum non atteint : 2 présents" in text_of(client.get(item.get_absolute_url()))
    assert "Compter le vote" not in text_of(client.get(item.get_absolute_url()))


def test_the_register_is_searched_filtered_and_exported(
    sitting: Sitting, item: AgendaItem, bob: Membership
) -> None:
    open_with(sitting, *NAMES)
    act = adopt(item, 7)
    acts.record_past_act(
        body=sitting.body, voted_on=date(2023, 6, 20), number="2023-7", title="Prescription"
    )
    client, url = client_of(bob), reverse("governance:acts")
    assert act.number in text_of(client.get(url))
    found = text_of(client.get(url, {"q": "prescrip"}))
    assert "2023-7" in found
    assert act.number not in found
    assert "2023-7" not in text_of(client.get(url, {"year": str(act.year)}))
    assert act.number in text_of(
        client.get(url, {"state": "transmit", "body": str(sitting.body_id)})
    )
    assert act.number not in text_of(client.get(url, {"state": "executory"}))
    book = load_workbook(io.BytesIO(client.get(url, {"export": "xlsx"}).content))
    cells = {
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    }
    assert {act.number, "2023-7"} <= cells


# Cost ----------------------------------------------------------------------------------------


def test_the_cost_of_the_lists_does_not_grow(
    sitting: Sitting, council: Body, bob: Membership
) -> None:
    client = client_of(bob)
    urls = [reverse(f"governance:{name}") for name in ("list", "bodies", "acts")]
    acts.record_past_act(body=council, voted_on=date(2023, 6, 20), title="Acte")
    sittings.record_dispatch(sitting=sitting, sent_on=sitting.day, sent_by="email", by_mail=True)
    few = [queries(client, url) for url in urls]
    for rank in range(5):
        other = bodies.create_body(
            territory=council.territory, kind="commission", name=f"Commission {rank}"
        )
        bodies.add_member(body=other, full_name="Aline", start_on=date(2024, 1, 1))
        one = sittings.create_sitting(body=council, starts_at=at(date(2026, 3, 2 + rank)))
        sittings.add_item(sitting=one, title="Point")
        sittings.record_dispatch(
            sitting=one, sent_on=date(2026, 2, 2), sent_by="email", by_mail=True
        )
        acts.record_past_act(body=council, voted_on=date(2023, 7, 1 + rank), title=f"Acte {rank}")
    assert [queries(client, url) for url in urls] == few
    assert max(few) <= 20


def test_the_cost_of_a_sitting_does_not_grow(
    sitting: Sitting, item: AgendaItem, bob: Membership
) -> None:
    client = client_of(bob)
    open_with(sitting, *NAMES[:5])
    adopt(item, 5)
    few = queries(client, sitting.get_absolute_url())
    for rank in range(4):
        other = sittings.add_item(sitting=sitting, title=f"Point {rank}")
        adopt(other, 5)
    assert queries(client, sitting.get_absolute_url()) == few
    assert few <= 40


# Panels and calendars ------------------------------------------------------------------------


def test_the_week_shows_the_sitting_to_convene(soon: Sitting, bob: Membership) -> None:
    words = text_of(client_of(bob).get(reverse("portal:home")))
    assert "Séances à convoquer" in words
    assert "4</strong> jour" in words
    assert "L2121-12" in words


def test_a_far_sitting_is_not_of_this_week(council: Body, bob: Membership) -> None:
    far = timezone.localdate() + timedelta(days=60)
    sittings.create_sitting(body=council, starts_at=at(far))
    assert "Séances à convoquer" not in text_of(client_of(bob).get(reverse("portal:home")))


def test_an_organisation_says_who_represents_it(
    council: Body, bob: Membership, paula: Membership
) -> None:
    place = create_organisation(
        workspace=council.workspace, kind=Kind.EPCI, name="Communauté d’essai"
    )
    bodies.update_member(mandate=member(council, "Denis"), represents=place)
    words = text_of(client_of(bob).get(place.get_absolute_url()))
    assert "Dans les instances" in words
    assert "Denis" in words
    bodies.update_member(
        mandate=member(council, "Denis"), end_on=timezone.localdate() - timedelta(days=1)
    )
    assert "Dans les instances" not in text_of(client_of(bob).get(place.get_absolute_url()))


def test_sittings_enter_a_member_s_calendar(
    soon: Sitting, bob: Membership, paula: Membership
) -> None:
    today = timezone.localdate()
    mine = {one.uid: one for one in dates_of(bob, today)}
    assert mine[f"sitting/{soon.pk}"].starts_at == soon.starts_at
    assert mine[f"sitting/{soon.pk}/dispatch"].day == today + timedelta(days=4)
    assert not any(one.uid.startswith("sitting/") for one in dates_of(paula, today))


# Documents -----------------------------------------------------------------------------------


def words_of(response: Any) -> str:
    assert response.status_code == 200
    document = docx.Document(io.BytesIO(response.content))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    lines = [one.text for one in document.paragraphs] + cells
    return "\n".join(lines).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def held(sitting: Sitting, item: AgendaItem) -> Sitting:
    """One item adopted and numbered, one debate, one told; a proxy, a substitute."""
    sittings.update_item(item=item, summary="Pourquoi arrêter.", minutes="Chloé interroge.")
    debate = sittings.add_item(sitting=sitting, title="Débat du PAS", kind=ItemKind.DEBATE)
    sittings.add_item(sitting=sitting, title="Actualités", kind=ItemKind.INFORMATION)
    open_with(sitting, "Aline", "Chloé", "Denis", Hugo="Bruno")
    attendance.give_proxy(
        sitting=sitting, giver=member(sitting.body, "Farid"), holder=member(sitting.body, "Aline")
    )
    adopt(item, 5)
    sittings.set_debated(item=debate, debated=True)
    return sitting


def document(held: Sitting, kind: str, bob: Membership) -> str:
    return words_of(client_of(bob).get(reverse("governance:document", args=[held.pk, kind])))


def test_the_letters_are_one_a_member_with_a_power_for_who_has_a_voice(
    held: Sitting, bob: Membership
) -> None:
    words = document(held, "convocation", bob)
    assert words.count("Convocation\n") == 9
    assert words.count("donne pouvoir à") == 7
    assert "1. Arrêt du projet (décision)" in words


def test_the_note_tells_each_item(held: Sitting, bob: Membership) -> None:
    words = document(held, "note-de-synthese", bob)
    assert "Pourquoi arrêter." in words
    assert "Projet de délibération" in words


def test_the_minutes_tell_who_was_there_and_what_was_voted(held: Sitting, bob: Membership) -> None:
    words = document(held, "proces-verbal", bob)
    assert "Hugo (suppléant de Bruno)" in words
    assert "Farid à Aline" in words
    assert "Quorum atteint : 4 présents pour 4 nécessaires" in words
    assert "Adoptée à l’unanimité : 5 pour, 0 contre" in words
    assert "Le débat a eu lieu, sans vote." in words
    assert "Chloé interroge." in words
    assert "Information donnée, sans vote." in words


def test_the_record_of_decisions_is_one_table(held: Sitting, bob: Membership) -> None:
    words = document(held, "releve-de-decisions", bob)
    assert f"Délibération n° CS-{held.day.year}-001." in words
    assert "Débat tenu, sans vote." in words
    unknown = reverse("governance:document", args=[held.pk, "roman"])
    assert client_of(bob).get(unknown).status_code == 404


def test_the_act_is_ready_to_sign(held: Sitting, bob: Membership) -> None:
    act = Deliberation.objects.get()
    words = words_of(client_of(bob).get(reverse("governance:act-document", args=[act.pk])))
    assert "Objet : Arrêt du projet" in words
    assert "Membres en exercice : 7" in words
    assert "Décide d’arrêter." in words
    assert "Le président de séance : Aline" in words


def test_the_team_s_own_template_dresses_the_documents(held: Sitting, bob: Membership) -> None:
    own = docx.Document(io.BytesIO(default_template()))
    own.sections[0].header.paragraphs[0].text = "Syndicat d’essai"
    data = io.BytesIO()
    own.save(data)
    set_template(
        workspace=held.workspace, data=data.getvalue(), filename="modele.docx", by=bob.user
    )
    response = client_of(bob).get(reverse("governance:document", args=[held.pk, "convocation"]))
    made = docx.Document(io.BytesIO(response.content))
    assert made.sections[0].header.paragraphs[0].text == "Syndicat d’essai"


def test_a_member_who_left_since_stays_in_the_minutes(held: Sitting, bob: Membership) -> None:
    bodies.update_member(mandate=member(held.body, "Denis"), end_on=held.day)
    assert "Denis" in document(held, "proces-verbal", bob)
    assert AttendanceStatus.PRESENT in set(held.attendances.values_list("status", flat=True))


def test_a_reader_reads_and_does_not_see_addresses(council: Body, remi: Membership) -> None:
    bodies.update_member(
        mandate=member(council, "Aline"), email="aline@example.org", role=MemberRole.PRESIDENT
    )
    words = text_of(client_of(remi).get(council.get_absolute_url()))
    assert "Aline" in words
    assert "aline@example.org" not in words
