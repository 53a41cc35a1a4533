"""Is a sitting validly convened: the last day, the proof, the verdict."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from restanque.accounts.models import Workspace
from restanque.core.models import MessageStatus, OutgoingMessage
from restanque.governance.convening import Verdict, second_sitting
from restanque.governance.documents.letters import message_text
from restanque.governance.models import Body, Sitting
from restanque.governance.nomenclature import BodyKind, ConvenedAs, SentBy
from restanque.governance.reading import SittingReading
from restanque.governance.services import attendance, bodies, dispatching, sittings
from restanque.governance.services.bodies import purge_addresses
from restanque.law.current import law_of
from restanque.territories.models import Territory
from tests.governance.conftest import at, member, open_with
from tests.questions import PDF

THURSDAY = date(2027, 1, 21)  # the last day to send is the Friday before, 15 January


def read(sitting: Sitting, today: date = date(2027, 1, 4)) -> SittingReading:
    return SittingReading(Sitting.objects.to_read().get(pk=sitting.pk), today)


@pytest.fixture
def coming(council: Body) -> Sitting:
    return sittings.create_sitting(body=council, starts_at=at(THURSDAY))


def sent(sitting: Sitting, day: date, **fields: Any) -> None:
    sittings.record_dispatch(sitting=sitting, sent_on=day, sent_by=SentBy.PLATFORM, **fields)


def test_the_last_day_is_five_clear_days_before_and_says_why(coming: Sitting) -> None:
    found = read(coming).convocation
    assert found.last_dispatch == date(2027, 1, 15)
    assert found.verdict is Verdict.TO_SEND
    assert found.left == 11
    assert found.found is not None
    derivation = found.found.derivation
    assert derivation.rule.id == "seance.convocation"
    assert "L2121-12" in derivation.article
    assert derivation.rule.evidence.to_verify
    assert "5 jours francs" in derivation.computation


def test_an_urgent_sitting_has_one_clear_day_and_a_reason(council: Body) -> None:
    with pytest.raises(ValidationError, match="urgence"):
        sittings.create_sitting(body=council, starts_at=at(THURSDAY), convened_as=ConvenedAs.URGENT)
    urgent = sittings.create_sitting(
        body=council,
        starts_at=at(THURSDAY),
        convened_as=ConvenedAs.URGENT,
        urgency_reason="péril",
    )
    assert read(urgent).convocation.last_dispatch == date(2027, 1, 19)


def test_a_body_that_does_not_deliberate_has_no_legal_time(territory: Territory) -> None:
    body = bodies.create_body(territory=territory, kind=BodyKind.STEERING, name="COPIL")
    one = sittings.create_sitting(body=body, starts_at=at(THURSDAY))
    found = read(one).convocation
    assert found.verdict is Verdict.FREE
    assert found.last_dispatch is None
    assert "ne délibère pas" in read(one).quorum_words(read(one).opening)


def test_sent_in_time_and_proven_it_is_valid(coming: Sitting) -> None:
    sent(coming, date(2027, 1, 15), proof_reference="journal de la plateforme")
    found = read(coming).convocation
    assert found.verdict is Verdict.VALID
    assert found.found is not None
    assert found.found.derivation.proof == "journal de la plateforme"
    coming.refresh_from_db()
    assert coming.law_version == law_of(coming.workspace).version


def test_sent_in_time_without_proof_it_is_not_proven(coming: Sitting) -> None:
    sent(coming, date(2027, 1, 14))
    assert read(coming).convocation.verdict is Verdict.UNPROVEN


def test_a_file_proves_too(coming: Sitting) -> None:
    sent(coming, date(2027, 1, 14), proof=SimpleUploadedFile("depot.pdf", PDF))
    assert read(coming).convocation.verdict is Verdict.VALID


def test_a_day_late_is_late_however_well_proven(coming: Sitting) -> None:
    sent(coming, date(2027, 1, 16), proof_reference="cachet")
    found = read(coming).convocation
    assert found.verdict is Verdict.LATE
    assert "4 jours francs" in found.sentence.replace("\u00a0", " ")


def test_the_latest_of_several_sendings_decides_unless_it_is_a_reminder(coming: Sitting) -> None:
    sent(coming, date(2027, 1, 12), proof_reference="a")
    sent(coming, date(2027, 1, 18), proof_reference="b", counts=False)
    assert read(coming).convocation.verdict is Verdict.VALID
    sent(coming, date(2027, 1, 18), proof_reference="c")
    assert read(coming).convocation.verdict is Verdict.LATE


def test_a_sending_that_leaves_members_out_is_not_proven_for_all(coming: Sitting) -> None:
    sent(coming, date(2027, 1, 12), proof_reference="a", recipients=5)
    found = read(coming).convocation
    assert found.verdict is Verdict.UNPROVEN
    assert "5 membres convoqués sur 7" in found.sentence.replace("\u00a0", " ")
    sent(coming, date(2027, 1, 13), proof_reference="b", recipients=2)
    assert read(coming).convocation.verdict is Verdict.VALID


def test_once_the_last_day_is_past_it_is_too_late(coming: Sitting) -> None:
    assert read(coming, date(2027, 1, 15)).convocation.verdict is Verdict.TO_SEND
    assert read(coming, date(2027, 1, 16)).convocation.verdict is Verdict.LATE
    assert read(coming, date(2027, 2, 1)).convocation.verdict is Verdict.UNPROVEN


def test_nothing_is_sent_after_the_sitting(coming: Sitting) -> None:
    with pytest.raises(ValidationError, match="avant la séance"):
        sent(coming, date(2027, 1, 22))


# Messages ------------------------------------------------------------------------------------


@pytest.fixture
def soon(council: Body) -> Sitting:
    """A sitting in three weeks, one item, two members with an address."""
    for name in ("Aline", "Hugo"):
        bodies.update_member(mandate=member(council, name), email=f"{name.lower()}@example.org")
    one = sittings.create_sitting(
        body=council, starts_at=at(timezone.localdate() + timedelta(days=21))
    )
    sittings.add_item(sitting=one, title="Débat", summary="Ce qu’il faut savoir.")
    return one


def test_who_has_an_address_is_written_to_and_the_sending_is_of_the_day(soon: Sitting) -> None:
    today = timezone.localdate()
    people = dispatching.recipients_of(read(soon, today))
    assert [one.full_name for one in people.reached] == ["Aline", "Hugo"]
    made = dispatching.send_convocation(sitting=soon, today=today)
    assert (made.sent_on, made.by_mail, made.recipients) == (today, True, 1)
    messages = OutgoingMessage.objects.order_by("pk")
    assert [one.to_email for one in messages] == ["aline@example.org", "hugo@example.org"]
    assert "Ce qu’il faut savoir." in messages[0].text
    with pytest.raises(ValidationError, match="déjà partie"):
        dispatching.send_convocation(sitting=soon, today=today)


def _leave(message: OutgoingMessage) -> None:
    """As the deliverer says that a message has left."""
    OutgoingMessage.objects.filter(pk=message.pk).update(
        status=MessageStatus.SENT, sent_at=timezone.now()
    )


def test_messages_prove_nothing_until_all_have_left(soon: Sitting) -> None:
    today = timezone.localdate()
    made = dispatching.send_convocation(sitting=soon, today=today)
    sittings.update_dispatch(dispatch=made, recipients=7)
    assert read(soon, today).convocation.verdict is Verdict.UNPROVEN
    first, second = OutgoingMessage.objects.order_by("pk")
    _leave(first)
    assert read(soon, today).convocation.verdict is Verdict.UNPROVEN
    _leave(second)
    assert read(soon, today).convocation.verdict is Verdict.VALID


def test_a_demonstration_writes_to_nobody(soon: Sitting, workspace: Workspace) -> None:
    Workspace.objects.filter(pk=workspace.pk).update(fictitious=True)
    today = timezone.localdate()
    dispatching.send_convocation(sitting=soon, today=today)
    assert set(OutgoingMessage.objects.values_list("status", flat=True)) == {MessageStatus.HELD}
    assert read(soon, today).convocation.verdict is Verdict.UNPROVEN


def test_an_empty_agenda_or_nobody_to_write_to_is_refused(soon: Sitting, council: Body) -> None:
    today = timezone.localdate()
    item = soon.items.get()
    sittings.withdraw_item(item=item, withdrawn=True)
    with pytest.raises(ValidationError, match="ordre du jour est vide"):
        dispatching.send_convocation(sitting=soon, today=today)
    sittings.withdraw_item(item=item, withdrawn=False)
    for name in ("Aline", "Hugo"):
        bodies.update_member(mandate=member(council, name), email="")
    with pytest.raises(ValidationError, match="Aucun membre"):
        dispatching.send_convocation(sitting=soon, today=today)


def test_the_message_tells_a_member_about_powers_not_a_substitute(soon: Sitting) -> None:
    reading = read(soon)
    people = {one.full_name: one for one in reading.members}
    assert "pouvoir" in message_text(reading, people["Aline"])
    assert "pouvoir" not in message_text(reading, people["Hugo"])


def test_addresses_are_erased_on_their_day(council: Body) -> None:
    one = bodies.update_member(mandate=member(council, "Denis"), email="denis@example.org")
    bodies.update_member(mandate=one, end_on=date(2026, 1, 31))
    one.refresh_from_db()
    assert one.purge_on == date(2027, 1, 31)
    assert purge_addresses(date(2027, 1, 30)) == 0
    assert purge_addresses(date(2027, 1, 31)) == 1
    one.refresh_from_db()
    assert not one.email


# For want of quorum --------------------------------------------------------------------------


def test_a_second_sitting_waits_three_clear_days_and_needs_no_quorum(
    sitting: Sitting, council: Body
) -> None:
    law = law_of(sitting.workspace)
    found = second_sitting(law, date(2027, 1, 21))
    assert found.date == date(2027, 1, 25)
    sittings.add_item(sitting=sitting, title="Un point", subject_label="x", subject_path="/x/")
    with pytest.raises(ValidationError, match="notez d’abord"):
        sittings.convene_again(sitting=sitting, starts_at=at(THURSDAY))
    open_with(sitting, "Aline", "Bruno")
    second = sittings.convene_again(sitting=sitting, starts_at=at(THURSDAY))
    assert second.convened_as == ConvenedAs.SECOND
    assert [one.subject_path for one in second.items.all()] == ["/x/"]
    reading = read(second)
    assert reading.convocation.last_dispatch == date(2027, 1, 17)
    open_with(second, "Aline")
    row = read(second).rows[0]
    assert row.has_quorum
    assert "sans condition de quorum" in row.quorum_words


def test_a_second_sitting_takes_the_items_whose_quorum_was_lost(
    sitting: Sitting, council: Body
) -> None:
    sittings.add_item(sitting=sitting, title="Point 1")
    second = sittings.add_item(sitting=sitting, title="Point 2")
    open_with(sitting, "Aline", "Bruno", "Chloé", "Denis")
    attendance.note_presence(
        item=second, present=[member(council, name) for name in ("Aline", "Bruno")]
    )
    found = read(sitting)
    assert [row.has_quorum for row in found.rows] == [True, False]
    assert found.shortage_words.startswith("Au point 2")
    again = sittings.convene_again(sitting=sitting, starts_at=at(THURSDAY))
    assert [one.title for one in again.items.all()] == [second.title]


def test_an_urgency_that_the_body_does_not_admit_is_told(council: Body) -> None:
    urgent = sittings.create_sitting(
        body=council,
        starts_at=at(THURSDAY),
        convened_as=ConvenedAs.URGENT,
        urgency_reason="une raison",
    )
    sittings.record_dispatch(
        sitting=urgent, sent_on=date(2027, 1, 18), sent_by="platform", proof_reference="journal"
    )
    for admitted, verdict in (
        (None, Verdict.UNPROVEN),
        (True, Verdict.VALID),
        (False, Verdict.LATE),
    ):
        sittings.update_sitting(sitting=urgent, urgency_ratified=admitted)
        fresh = SittingReading(Sitting.objects.to_read().get(pk=urgent.pk), THURSDAY)
        assert fresh.convocation.verdict is verdict


def test_a_second_sitting_follows_a_missing_quorum_only(sitting: Sitting) -> None:
    open_with(sitting, "Aline", "Bruno", "Chloé", "Denis")
    with pytest.raises(ValidationError, match="que si le quorum a manqué"):
        sittings.convene_again(sitting=sitting, starts_at=at(THURSDAY))
