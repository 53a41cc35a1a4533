"""Who is there at an item, whose voices count, and what a vote decides. Values only, no table.

A *seat* is that of a member in office who is not a substitute; it is named here by the member's
key. A seat is filled by its member, or by the substitute who sits for them. A proxy fills no seat.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Bench:
    """The members of a body on the day of a sitting, and what is written of them.

    `seats`: keys of those who hold one. `opening`: who is there at the opening. `moves`: for each
    item, in order, who arrives (True) or leaves (False). `replaces`: substitute → the seat they sit
    for. `proxies`: giver → holder.
    """

    seats: frozenset[int]
    opening: frozenset[int]
    moves: tuple[Mapping[int, bool], ...] = ()
    replaces: Mapping[int, int] | None = None
    proxies: Mapping[int, int] | None = None

    def there(self, rank: int) -> frozenset[int]:
        """Persons in the room at the item of this rank (0 for the first): movements add up."""
        present = set(self.opening)
        for move in self.moves[: rank + 1]:
            for person, arrives in move.items():
                (present.add if arrives else present.discard)(person)
        return frozenset(present)

    def at(self, rank: int) -> Floor:
        """The state of the room at the item of this rank."""
        there = self.there(rank)
        by_seat = {seat: seat for seat in self.seats if seat in there}
        for substitute, seat in (self.replaces or {}).items():
            if substitute in there and seat in self.seats and seat not in there:
                by_seat[seat] = substitute
        sitting = frozenset(by_seat.values())
        carried = {
            giver: holder
            for giver, holder in (self.proxies or {}).items()
            if giver in self.seats and giver not in by_seat and holder in sitting
        }
        return Floor(len(self.seats), by_seat, carried)


@dataclass(frozen=True, slots=True)
class Floor:
    """Seats filled (seat → who fills it) and proxies in force (giver → holder) at one item."""

    in_office: int
    filled: Mapping[int, int]
    carried: Mapping[int, int]

    @property
    def present(self) -> int:
        """Members present, in person or by their substitute: what the quorum counts."""
        return len(self.filled)

    @property
    def voices(self) -> int:
        """Voices that may vote: seats filled and proxies carried."""
        return len(self.filled) + len(self.carried)

    @property
    def voting_seats(self) -> frozenset[int]:
        """The seats whose voice may be cast."""
        return frozenset(self.filled) | frozenset(self.carried)


def crowded(proxies: Mapping[int, int], most: int) -> frozenset[int]:
    """Holders who carry more proxies than `most`."""
    holders = list(proxies.values())
    return frozenset(holder for holder in holders if holders.count(holder) > most)


class Outcome(StrEnum):
    """What a vote decides."""

    ADOPTED = "adopted"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        return "adoptée" if self is Outcome.ADOPTED else "rejetée"


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome, and why, in a French sentence."""

    outcome: Outcome
    reason: str

    @property
    def adopted(self) -> bool:
        return self.outcome is Outcome.ADOPTED


def result_of(
    *, votes_for: int, votes_against: int, chair_choice: str = "", secret: bool = False
) -> Result:
    """Absolute majority of the votes cast, abstentions left out; a tie follows the chair's voice.

    In a secret vote, or when the chair cast no vote, a tie adopts nothing.
    """
    cast = votes_for + votes_against
    if not cast:
        return Result(
            Outcome.REJECTED, "Aucun suffrage exprimé : la proposition n’est pas adoptée."
        )
    if votes_for != votes_against:
        outcome = Outcome.ADOPTED if votes_for > votes_against else Outcome.REJECTED
        unanimous = not votes_against
        words = "unanimité" if unanimous else "majorité"
        shown = f"{votes_for} pour, {votes_against} contre, sur {cast} suffrages exprimés"
        if outcome is Outcome.REJECTED:
            return Result(outcome, f"Rejetée : {shown}.")
        return Result(outcome, f"Adoptée à l’{words} : {shown}." if unanimous
                      else f"Adoptée à la {words} : {shown}.")  # fmt: skip
    tie = f"Partage égal, {votes_for} contre {votes_against}"
    if secret:
        return Result(
            Outcome.REJECTED, f"{tie} à bulletin secret : la proposition n’est pas adoptée."
        )
    if chair_choice in ("for", "against"):
        adopted = chair_choice == "for"
        return Result(
            Outcome.ADOPTED if adopted else Outcome.REJECTED,
            f"{tie} : la voix du président de séance l’emporte ; proposition "
            f"{'adoptée' if adopted else 'rejetée'}.",
        )
    return Result(
        Outcome.REJECTED,
        f"{tie} et le président de séance n’a voté ni pour ni contre : la proposition n’est pas "
        "adoptée.",
    )


def tally(choices: Iterable[str]) -> dict[str, int]:
    """How many voices say each thing, in a vote by name."""
    found = {"for": 0, "against": 0, "abstain": 0, "no_part": 0}
    for choice in choices:
        found[choice] += 1
    return found
