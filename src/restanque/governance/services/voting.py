"""Writes on votes: counted, by name, taken back."""

from collections.abc import Mapping
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction

from restanque.governance.counting import tally
from restanque.governance.models import AgendaItem, Ballot, Mandate, Sitting, Vote
from restanque.governance.nomenclature import Choice, ItemKind, VoteMode
from restanque.governance.reading import ItemReading, SittingReading
from restanque.governance.services.saving import save
from restanque.governance.services.sittings import check_quorum
from restanque.kit.text import plural


class Count(TypedDict, total=False):
    """What the voices said."""

    votes_for: int
    votes_against: int
    abstentions: int
    no_part: int


@transaction.atomic
def record_vote(
    *, item: AgendaItem, mode: str, chair_choice: str = "", **count: Unpack[Count]
) -> Vote:
    """Count a vote by show of hands, or a secret one; a former count is replaced.

    The sum must be that of the voices in the room, proxies included. ValidationError without
    quorum, for another sum, for an item that is not a decision, or whose act is numbered. At a tie
    of a public vote, `chair_choice` decides.
    """
    row, _ = _ready(item)
    vote = _vote(item, mode)
    vote.votes_for = count.get("votes_for", 0)
    vote.votes_against = count.get("votes_against", 0)
    vote.abstentions = count.get("abstentions", 0)
    vote.no_part = count.get("no_part", 0)
    vote.chair_choice = chair_choice
    if vote.voices != row.floor.voices:
        present, carried = row.floor.present, len(row.floor.carried)
        raise ValidationError(
            f"{plural(vote.voices, 'voix comptée', 'voix comptées')} pour "
            f"{plural(row.floor.voices, 'voix possible', 'voix possibles')} : "
            f"{plural(present, 'membre présent', 'membres présents')} et "
            f"{plural(carried, 'pouvoir')}. Corrigez le compte ou les présences à ce point."
        )
    if chair_choice in (Choice.FOR, Choice.AGAINST):
        counted = vote.votes_for if chair_choice == Choice.FOR else vote.votes_against
        if not counted:
            raise ValidationError(
                {"chair_choice": "La voix du président n’est pas dans le compte."}
            )
    vote = save(vote, reason="vote compté")
    vote.ballots.all().delete()
    return vote


@transaction.atomic
def record_named_vote(*, item: AgendaItem, choices: Mapping[Mandate, str]) -> Vote:
    """A vote by name: one choice for each voice, that of a proxy by its giver's name.

    ValidationError when a voice is missing, or belongs to nobody in the room.
    """
    row, reading = _ready(item)
    wanted, given = row.floor.voting_seats, {one.pk for one in choices}
    if wanted - given:
        missing = sorted(str(reading.by_key[pk]) for pk in wanted - given)
        raise ValidationError(f"Il manque la voix de : {', '.join(missing)}.")
    if given - wanted:
        strangers = sorted(str(one) for one in choices if one.pk not in wanted)
        raise ValidationError(f"N’ont pas de voix à ce point : {', '.join(strangers)}.")
    count = tally(choices.values())
    vote = _vote(item, VoteMode.NAMED)
    vote.votes_for, vote.votes_against = count["for"], count["against"]
    vote.abstentions, vote.no_part = count["abstain"], count["no_part"]
    chair = reading.sitting.chair_id
    vote.chair_choice = next((choice for one, choice in choices.items() if one.pk == chair), "")
    vote = save(vote, reason="vote par noms")
    vote.ballots.all().delete()
    for member, choice in choices.items():
        save(Ballot(vote=vote, mandate=member, choice=choice))
    return vote


@transaction.atomic
def cancel_vote(*, item: AgendaItem) -> None:
    """Take a count back, to correct it. ValidationError once its act is numbered."""
    if hasattr(item, "act"):
        raise ValidationError("La délibération est numérotée : son vote ne change plus.")
    vote = Vote.objects.filter(item=item).first()
    if vote is not None:
        vote._change_reason = "retiré"  # type: ignore[attr-defined]
        vote.delete()


def _ready(item: AgendaItem) -> tuple[ItemReading, SittingReading]:
    """The item read, when it may be put to the vote."""
    Sitting.objects.select_for_update().get(pk=item.sitting_id)
    if item.kind != ItemKind.DECISION:
        raise ValidationError("Seule une décision se met aux voix.")
    if hasattr(item, "act"):
        raise ValidationError("La délibération est numérotée : son vote ne change plus.")
    reading = check_quorum(item)
    return reading.row_of(item), reading


def _vote(item: AgendaItem, mode: str) -> Vote:
    vote = Vote.objects.filter(item=item).first() or Vote(item=item)
    vote.mode = mode
    return vote
