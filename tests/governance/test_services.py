"""Members over time, agenda, attendance, votes, acts: what the services refuse, and why."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from restanque.directory.nomenclature import Kind
from restanque.directory.services import add_contact, create_organisation
from restanque.engine.law import Override, merge, shipped
from restanque.governance.acts import executory_of
from restanque.governance.models import AgendaItem, Body, Deliberation, Mandate, Movement, Sitting
from restanque.governance.nomenclature import (
    AttendanceStatus,
    BodyKind,
    Choice,
    ItemKind,
    MemberRole,
    SittingState,
    VoteMode,
)
from restanque.governance.reading import ItemReading, SittingReading
from restanque.governance.services import acts, attendance, bodies, sittings, voting
from restanque.law.current import law_of
from restanque.territories.models import Territory
from tests.governance.conftest import NAMES, SINCE, at, member, open_with
from tests.questions import PDF


def row_of(item: AgendaItem) -> ItemReading:
    sitting = Sitting.objects.to_read().get(pk=item.sitting_id)
    return SittingReading(sitting, timezone.localdate()).row_of(item)


def again(item: AgendaItem) -> AgendaItem:
    return AgendaItem.objects.get(pk=item.pk)


def adopt(item: AgendaItem) -> Deliberation:
    voices = row_of(item).floor.voices
    voting.record_vote(item=again(item), mode=VoteMode.PUBLIC, votes_for=voices)
    return acts.number_act(item=again(item))


# Bodies and members --------------------------------------------------------------------------


def test_the_kind_says_whether_a_body_deliberates_unless_its_rules_do(
    territory: Territory,
) -> None:
    council = bodies.create_body(territory=territory, kind=BodyKind.COUNCIL, name="Conseil")
    bureau = bodies.create_body(
        territory=territory, kind=BodyKind.BUREAU, name="Bureau", deliberates=False
    )
    commission = bodies.create_body(
        territory=territory, kind=BodyKind.COMMISSION, name="Commission 1"
    )
    other = bodies.create_body(territory=territory, kind=BodyKind.COMMISSION, name="Commission 2")
    assert (council.deliberates, bureau.deliberates, commission.deliberates) == (True, False, False)
    assert (council.code, commission.code, other.code) == ("CS", "COM", "COM2")


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        (date(2021, 1, 1), None, True),
        (date(2019, 1, 1), date(2020, 9, 1), True),
        (date(2019, 1, 1), date(2020, 8, 31), False),
    ],
)
def test_a_person_has_one_mandate_at_a_time_in_a_body(
    council: Body, start: date, end: date | None, refused: bool
) -> None:
    def again() -> Mandate:
        return bodies.add_member(body=council, full_name="ALINE", start_on=start, end_on=end)

    if refused:
        with pytest.raises(ValidationError, match="a déjà un mandat"):
            again()
    else:
        assert again().pk


def test_two_namesakes_are_told_apart_by_the_directory(council: Body) -> None:
    town = create_organisation(workspace=council.workspace, kind=Kind.MAIRIE, name="Mairie d’Arles")
    contacts = [
        add_contact(organisation=town, full_name="Dominique Roux", email=email, is_personal=False)
        for email in ("un@example.org", "deux@example.org")
    ]
    made = [bodies.add_member(body=council, contact=one, start_on=SINCE) for one in contacts]
    assert {one.full_name for one in made} == {"Dominique Roux"}
    assert made[0].represents == town
    assert made[0].address == "un@example.org"
    with pytest.raises(ValidationError, match="a déjà un mandat"):
        bodies.add_member(body=council, contact=contacts[0], start_on=date(2025, 1, 1))


def test_only_a_substitute_replaces_and_only_a_member_of_the_body(
    council: Body, territory: Territory
) -> None:
    other = bodies.create_body(territory=territory, kind=BodyKind.BUREAU, name="Bureau")
    stranger = bodies.add_member(body=other, full_name="Zoé", start_on=SINCE)
    with pytest.raises(ValidationError, match="même instance"):
        bodies.add_member(
            body=council,
            full_name="Yves",
            role=MemberRole.SUBSTITUTE,
            substitute_of=stranger,
            start_on=SINCE,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=stranger.pk).update(substitute_of=member(council, "Aline"))


def test_an_address_without_a_day_to_erase_it_is_refused_by_the_database(council: Body) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(full_name="Aline").update(email="a@example.org")


def test_a_member_who_sat_is_ended_not_erased(sitting: Sitting, council: Body) -> None:
    open_with(sitting, "Aline")
    with pytest.raises(ValidationError, match="donnez une fin"):
        bodies.remove_member(mandate=member(council, "Aline"))
    made = bodies.add_member(body=council, full_name="Erreur", start_on=timezone.localdate())
    bodies.remove_member(mandate=made)
    assert not council.mandates.filter(full_name="Erreur").exists()


def test_members_in_office_are_those_of_the_day_of_the_sitting(
    sitting: Sitting, item: AgendaItem, council: Body
) -> None:
    bodies.update_member(mandate=member(council, "Gaëlle"), end_on=sitting.day - timedelta(days=1))
    open_with_those = [name for name in NAMES if name != "Gaëlle"][:4]
    lines = {
        member(council, name): attendance.Line(AttendanceStatus.PRESENT) for name in open_with_those
    }
    attendance.note_attendance(sitting=sitting, lines=lines)
    found = row_of(item).quorum
    assert found is not None
    assert (found.in_office, found.needed, found.present) == (6, 4, 4)


# Agenda --------------------------------------------------------------------------------------


def test_items_follow_one_another_and_change_places(sitting: Sitting) -> None:
    items = [sittings.add_item(sitting=sitting, title=f"Point {n}") for n in (1, 2, 3)]
    sittings.move_item(item=items[2], up=True)
    sittings.move_item(item=items[0], up=True)
    titles = [one.title for one in sitting.items.order_by("position")]
    assert titles == ["Point 1", "Point 3", "Point 2"]
    assert [one.position for one in sitting.items.order_by("position")] == [1, 2, 3]


def test_a_matter_is_once_on_an_agenda(sitting: Sitting) -> None:
    sittings.add_item(sitting=sitting, title="Arrêt", subject_label="SCoT", subject_path="/p/1/")
    with pytest.raises(ValidationError, match="déjà à l’ordre du jour"):
        sittings.add_item(
            sitting=sitting, title="Encore", subject_label="SCoT", subject_path="/p/1/"
        )
    for path in ("https://ailleurs.example/", "//ailleurs.example/"):
        with pytest.raises(ValidationError, match="page de l’application"):
            sittings.add_item(sitting=sitting, title="x", subject_label="x", subject_path=path)


def test_a_sitting_that_voted_is_neither_moved_nor_cancelled(
    sitting: Sitting, item: AgendaItem
) -> None:
    open_with(sitting, *NAMES)
    adopt(item)
    sitting.refresh_from_db()
    with pytest.raises(ValidationError, match="ne peut plus être annulée"):
        sittings.set_state(sitting=sitting, state=SittingState.CANCELLED)
    with pytest.raises(ValidationError, match="la date ne change plus"):
        sittings.update_sitting(sitting=sitting, starts_at=at(date(2027, 3, 1)))


# Attendance and quorum -------------------------------------------------------------------------


def test_proxies_vote_but_do_not_make_the_quorum(sitting: Sitting, item: AgendaItem) -> None:
    open_with(sitting, "Aline", "Bruno", "Chloé")
    attendance.give_proxy(
        sitting=sitting,
        giver=member(sitting.body, "Denis"),
        holder=member(sitting.body, "Aline"),
    )
    row = row_of(item)
    assert row.floor.voices == 4
    assert not row.has_quorum
    assert "Quorum non atteint" in row.quorum_words
    assert "ne compte pas" in row.quorum_words
    with pytest.raises(ValidationError, match="Quorum non atteint"):
        voting.record_vote(item=item, mode=VoteMode.PUBLIC, votes_for=4)


def test_a_substitute_counts_for_the_quorum(sitting: Sitting, item: AgendaItem) -> None:
    open_with(sitting, "Aline", "Denis", "Élise", Hugo="Bruno")
    assert row_of(item).has_quorum


def test_a_substitute_sits_for_an_absent_member_and_for_one_only(sitting: Sitting) -> None:
    with pytest.raises(ValidationError, match="seul un titulaire absent"):
        open_with(sitting, "Aline", "Bruno", Hugo="Bruno")
    alone = {member(sitting.body, "Hugo"): attendance.Line(AttendanceStatus.PRESENT)}
    with pytest.raises(ValidationError, match="dites pour qui"):
        attendance.note_attendance(sitting=sitting, lines=alone)
    with pytest.raises(ValidationError, match="même titulaire"):
        open_with(sitting, "Aline", Hugo="Bruno", Inès="Bruno")


def test_a_member_carries_one_proxy_as_the_law_base_says(
    sitting: Sitting, council: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_with(sitting, "Aline", "Bruno")

    def give(giver: str) -> None:
        attendance.give_proxy(
            sitting=sitting, giver=member(council, giver), holder=member(council, "Aline")
        )

    give("Denis")
    with pytest.raises(ValidationError, match="pas plus de 1"):
        give("Élise")
    two = merge(
        shipped(),
        [
            Override(
                "parameters", "seance.pouvoirs", {"value": 2}, "règle essayée", date(2026, 1, 1)
            )
        ],
    )
    monkeypatch.setattr(attendance, "law_of", lambda workspace: two)
    give("Élise")
    assert sitting.proxies.count() == 2


def test_presence_changes_item_by_item(sitting: Sitting, council: Body) -> None:
    items = [sittings.add_item(sitting=sitting, title=f"Point {n}") for n in (1, 2, 3)]
    open_with(sitting, "Aline", "Bruno", "Chloé", "Denis")
    three = [member(council, name) for name in ("Aline", "Bruno", "Chloé")]
    attendance.note_presence(item=items[1], present=three)
    attendance.note_presence(item=items[2], present=[*three, member(council, "Farid")])
    assert Movement.objects.count() == 2
    assert [row_of(one).has_quorum for one in items] == [True, False, True]


def test_what_was_voted_on_no_longer_moves(sitting: Sitting, item: AgendaItem) -> None:
    open_with(sitting, *NAMES)
    voting.record_vote(item=again(item), mode=VoteMode.PUBLIC, votes_for=7)
    with pytest.raises(ValidationError, match="Des votes ont été comptés"):
        open_with(sitting, *NAMES[:5])
    open_with(sitting, *NAMES)
    with pytest.raises(ValidationError, match="Un vote a été compté"):
        attendance.note_presence(item=item, present=[])


def test_a_member_who_leaves_may_give_a_power_that_changes_no_vote_counted(
    sitting: Sitting, item: AgendaItem
) -> None:
    body = sitting.body
    later = sittings.add_item(sitting=sitting, title="Un autre point")
    open_with(sitting, *NAMES[:5])
    voting.record_vote(item=again(item), mode=VoteMode.PUBLIC, votes_for=5)
    bruno = member(body, "Bruno")
    with pytest.raises(ValidationError, match="absent à un vote déjà compté"):
        attendance.give_proxy(sitting=sitting, giver=member(body, "Farid"), holder=bruno)
    attendance.give_proxy(sitting=sitting, giver=member(body, "Aline"), holder=bruno)
    stay = [member(body, name) for name in NAMES[1:5]]
    attendance.note_presence(item=again(later), present=stay)
    assert (row_of(item).floor.voices, row_of(later).floor.voices) == (5, 5)
    assert row_of(later).floor.present == 4


# Votes ---------------------------------------------------------------------------------------


def test_a_vote_is_counted_once_the_presence_is_known(item: AgendaItem) -> None:
    with pytest.raises(ValidationError, match="Notez d’abord"):
        voting.record_vote(item=item, mode=VoteMode.PUBLIC, votes_for=4)


def test_the_sum_is_that_of_the_voices_in_the_room(sitting: Sitting, item: AgendaItem) -> None:
    open_with(sitting, *NAMES[:5])
    with pytest.raises(ValidationError, match="membres présents et 0"):
        voting.record_vote(item=item, mode=VoteMode.PUBLIC, votes_for=4)
    vote = voting.record_vote(
        item=item, mode=VoteMode.PUBLIC, votes_for=3, abstentions=1, no_part=1
    )
    assert vote.voices == 5


def test_the_chair_decides_a_tie(sitting: Sitting, item: AgendaItem) -> None:
    open_with(sitting, *NAMES[:4])
    halves: Any = {"votes_for": 2, "votes_against": 2}
    voting.record_vote(item=item, mode=VoteMode.PUBLIC, chair_choice=Choice.FOR, **halves)
    result = row_of(item).result
    assert result is not None
    assert result.adopted
    with pytest.raises(ValidationError, match="bulletin secret"):
        voting.record_vote(item=item, mode=VoteMode.SECRET, chair_choice=Choice.FOR, **halves)
    voting.record_vote(item=item, mode=VoteMode.SECRET, **halves)
    result = row_of(item).result
    assert result is not None
    assert not result.adopted


def test_the_chair_s_voice_is_one_of_those_counted(sitting: Sitting, item: AgendaItem) -> None:
    open_with(sitting, *NAMES[:4])
    with pytest.raises(ValidationError, match="n’est pas dans le compte"):
        voting.record_vote(
            item=item, mode=VoteMode.PUBLIC, votes_for=4, chair_choice=Choice.AGAINST
        )


def test_a_vote_by_name_takes_each_voice_once(sitting: Sitting, item: AgendaItem) -> None:
    body = sitting.body
    open_with(sitting, "Aline", "Chloé", "Denis", Hugo="Bruno")
    attendance.give_proxy(
        sitting=sitting, giver=member(body, "Élise"), holder=member(body, "Aline")
    )
    names = ("Aline", "Bruno", "Chloé", "Denis", "Élise")
    said = {member(body, name): Choice.FOR.value for name in names[:3]}
    with pytest.raises(ValidationError, match="Denis, Élise"):
        voting.record_named_vote(item=item, choices=said)
    said |= {member(body, name): Choice.AGAINST.value for name in names[3:]}
    with pytest.raises(ValidationError, match="Farid"):
        voting.record_named_vote(
            item=item, choices={**said, member(body, "Farid"): Choice.FOR.value}
        )
    vote = voting.record_named_vote(item=item, choices=said)
    assert (vote.votes_for, vote.votes_against) == (3, 2)
    assert vote.chair_choice == Choice.FOR  # Aline presides
    assert vote.ballots.count() == 5


def test_an_information_is_not_voted(sitting: Sitting) -> None:
    told = sittings.add_item(sitting=sitting, title="Info", kind=ItemKind.INFORMATION)
    open_with(sitting, *NAMES)
    with pytest.raises(ValidationError, match="Seule une décision"):
        voting.record_vote(item=told, mode=VoteMode.PUBLIC, votes_for=7)


# Acts ----------------------------------------------------------------------------------------


def test_acts_are_numbered_in_the_body_s_year(sitting: Sitting) -> None:
    items = [sittings.add_item(sitting=sitting, title=f"Point {n}") for n in (1, 2)]
    open_with(sitting, *NAMES)
    made = [adopt(one) for one in items]
    year = sitting.day.year
    assert [one.number for one in made] == [f"CS-{year}-001", f"CS-{year}-002"]
    assert made[0].voted_on == sitting.day
    with pytest.raises(ValidationError, match="a déjà sa délibération"):
        acts.number_act(item=again(items[0]))
    bodies.update_body(body=sitting.body, code="XX")
    made[0].refresh_from_db()
    assert made[0].number == f"CS-{year}-001"


def test_a_rejected_item_gives_no_act_and_a_debate_gives_one(sitting: Sitting) -> None:
    lost = sittings.add_item(sitting=sitting, title="Refusé")
    debate = sittings.add_item(sitting=sitting, title="Débat", kind=ItemKind.DEBATE)
    open_with(sitting, *NAMES)
    voting.record_vote(item=lost, mode=VoteMode.PUBLIC, votes_against=7)
    with pytest.raises(ValidationError, match="n’a rien décidé"):
        acts.number_act(item=again(lost))
    with pytest.raises(ValidationError, match="n’a rien décidé"):
        acts.number_act(item=again(debate))
    sittings.set_debated(item=again(debate), debated=True)
    assert acts.number_act(item=again(debate)).pk
    with pytest.raises(ValidationError, match="Un acte constate"):
        sittings.set_debated(item=again(debate), debated=False)


def test_the_executory_date_is_the_later_of_two_and_says_its_rule(
    sitting: Sitting, item: AgendaItem
) -> None:
    open_with(sitting, *NAMES)
    act = adopt(item)
    law = law_of(act.workspace)
    found = executory_of(act, law)
    assert found.day is None
    assert "transmission" in found.sentence
    today = timezone.localdate()
    act = acts.follow_act(
        act=act, transmitted_on=today, transmission_reference="AR 1", published_on=sitting.day
    )
    found = executory_of(act, law)
    assert found.day == today
    assert found.status[0] == "exécutoire, non prouvé"
    assert "L2131-1" in found.found.article
    act = acts.follow_act(act=act, publication_reference="site du syndicat")
    assert executory_of(act, law).status[0] == "exécutoire"


@pytest.mark.parametrize("field", ["transmitted_on", "published_on"])
def test_nothing_happens_to_an_act_before_its_vote_nor_tomorrow(
    sitting: Sitting, item: AgendaItem, field: str
) -> None:
    open_with(sitting, *NAMES)
    act = adopt(item)
    before: Any = {field: sitting.day - timedelta(days=1)}
    with pytest.raises(ValidationError, match="après son vote"):
        acts.follow_act(act=act, **before)
    tomorrow: Any = {field: timezone.localdate() + timedelta(days=1)}
    act.refresh_from_db()
    with pytest.raises(ValidationError, match="à venir"):
        acts.follow_act(act=act, **tomorrow)


def test_the_signed_file_is_kept_and_checked(sitting: Sitting, item: AgendaItem) -> None:
    open_with(sitting, *NAMES)
    act = adopt(item)
    with pytest.raises(ValidationError):
        acts.follow_act(act=act, signed=SimpleUploadedFile("acte.pdf", b"not a pdf"))
    act.refresh_from_db()
    act = acts.follow_act(act=act, signed=SimpleUploadedFile("acte.pdf", PDF))
    assert act.signed_name == "acte.pdf"


def test_only_the_last_act_not_sent_is_taken_back(sitting: Sitting) -> None:
    items = [sittings.add_item(sitting=sitting, title=f"Point {n}") for n in (1, 2)]
    open_with(sitting, *NAMES)
    first, second = (adopt(one) for one in items)
    with pytest.raises(ValidationError, match="dernière délibération"):
        acts.remove_act(act=first)
    acts.remove_act(act=second)
    acts.follow_act(act=first, transmitted_on=timezone.localdate())
    with pytest.raises(ValidationError, match="ne se retire pas"):
        acts.remove_act(act=first)


def test_an_act_known_from_before_keeps_its_number_and_may_be_corrected(council: Body) -> None:
    act = acts.record_past_act(
        body=council, voted_on=date(2023, 6, 20), number="2023-12", title="Prescription"
    )
    assert (act.year, act.sequence, act.number) == (2023, 1, "2023-12")
    act = acts.correct_act(act=act, voted_on=date(2022, 12, 1))
    assert act.year == 2022
    with pytest.raises(ValidationError, match="date passée"):
        acts.record_past_act(
            body=council, voted_on=timezone.localdate() + timedelta(days=1), title="x"
        )


def test_the_day_of_a_voted_act_is_its_sitting_s(sitting: Sitting, item: AgendaItem) -> None:
    open_with(sitting, *NAMES)
    act = adopt(item)
    with pytest.raises(ValidationError, match="celle de la séance"):
        acts.correct_act(act=act, voted_on=date(2026, 1, 1))


def test_a_body_that_does_not_deliberate_numbers_nothing(territory: Territory) -> None:
    body = bodies.create_body(territory=territory, kind=BodyKind.STEERING, name="COPIL")
    with pytest.raises(ValidationError, match="ne prend pas de délibérations"):
        acts.record_past_act(body=body, voted_on=date(2024, 1, 1), title="x")


def test_the_address_of_a_member_goes_a_while_after_the_mandate_whenever_it_ends(
    council: Body,
) -> None:
    one = bodies.add_member(
        body=council, full_name="Zoé", email="zoe@example.org", start_on=date(2024, 1, 1)
    )
    open_until = one.purge_on
    bodies.update_member(mandate=one, end_on=date(2025, 1, 31))
    assert open_until is not None
    assert one.purge_on == date(2025, 1, 31) + bodies.KEPT_AFTER < open_until
    assert bodies.purge_addresses(one.purge_on) == 1
    one.refresh_from_db()
    assert (one.email, one.purge_on, one.full_name) == ("", None, "Zoé")
