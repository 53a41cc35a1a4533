"""What a sitting is today: its convocation, and each item with its quorum, voices and result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from restanque.engine.deadlines import Quorum, quorum
from restanque.engine.law import RuleSet
from restanque.governance import convening
from restanque.governance.counting import Bench, Floor, Result, result_of
from restanque.governance.models import (
    AgendaItem,
    Attendance,
    Body,
    Deliberation,
    Dispatch,
    Mandate,
    Proxy,
    Sitting,
    Vote,
)
from restanque.governance.nomenclature import (
    AttendanceStatus,
    ConvenedAs,
    ItemKind,
    MemberRole,
    VoteMode,
)
from restanque.kit.text import plural
from restanque.law.current import law_of

_RANK = {role: rank for rank, role in enumerate(MemberRole.values)}


def members_on(body: Body, day: date) -> list[Mandate]:
    """The members in office that day, by rank then name, substitutes last."""
    found = body.mandates.in_office(day).select_related("represents", "contact", "substitute_of")
    return sorted(found, key=lambda one: (_RANK[one.role], one.name_key, one.pk))


def scan(sitting: Sitting, today: date) -> SittingReading:
    """A sitting of a list (`to_scan`), read without query: its convocation only."""
    day = sitting.day
    members = [one for one in sitting.body.mandates.all() if one.in_office(day)]
    return SittingReading(sitting, today, members=members)


@dataclass(frozen=True)
class ItemReading:
    """One item of the agenda: who is there, is there a quorum, what was voted.

    `quorum` is None where none is asked: a body that does not deliberate, a second convocation.
    """

    item: AgendaItem
    floor: Floor
    quorum: Quorum | None
    quorum_words: str
    vote: Vote | None
    result: Result | None
    act: Deliberation | None
    known: bool

    @property
    def has_quorum(self) -> bool:
        """May the body deliberate on it? True where no quorum is asked."""
        return self.quorum is None or self.quorum.met

    @property
    def status(self) -> tuple[str, str]:
        """(words, badge) of where the item stands."""
        if self.item.withdrawn:
            return "retiré", "attente"
        if self.act is not None:
            return f"délibération n° {self.act.number}", "fait"
        if self.result is not None:
            return self.result.outcome.label, "fait" if self.result.adopted else "retard"
        if self.item.debated:
            return "débat tenu", "fait"
        if self.item.kind == ItemKind.INFORMATION:
            return "pour information", "attente"
        if self.known and not self.has_quorum:
            return "sans quorum", "retard"
        return "à traiter", "attente"

    @property
    def may_become_act(self) -> bool:
        """Adopted, or debated, with the quorum, and not numbered yet."""
        if self.act is not None or self.item.withdrawn or not self.has_quorum:
            return False
        return self.item.debated or (self.result is not None and self.result.adopted)


class SittingReading:
    """A sitting read today. `law` and `members` may be given, to read several at once."""

    def __init__(
        self,
        sitting: Sitting,
        today: date,
        *,
        law: RuleSet | None = None,
        members: list[Mandate] | None = None,
    ) -> None:
        self.sitting, self.today = sitting, today
        self.law = law or law_of(sitting.workspace)
        self.members = members_on(sitting.body, sitting.day) if members is None else members

    @cached_property
    def seats(self) -> list[Mandate]:
        """Members in office who hold a seat."""
        return [one for one in self.members if one.holds_seat]

    @cached_property
    def by_key(self) -> dict[int, Mandate]:
        """Members in office by key."""
        return {one.pk: one for one in self.members}

    @cached_property
    def dispatches(self) -> list[Dispatch]:
        """What was sent, oldest first."""
        found = list(self.sitting.dispatches.all())
        for one in found:
            one.sitting = self.sitting
        return found

    @cached_property
    def proofs(self) -> dict[int, str]:
        """What proves each dispatch."""
        return convening.proofs_of(self.dispatches)

    @cached_property
    def convocation(self) -> convening.Reading:
        """The last legal day of dispatch, and the verdict."""
        return convening.read(
            self.sitting,
            self.law,
            self.today,
            dispatches=self.dispatches,
            proofs=self.proofs,
            seats=len(self.seats),
        )

    @cached_property
    def attendances(self) -> dict[int, Attendance]:
        """How each member was at the opening."""
        return {one.mandate_id: one for one in self.sitting.attendances.all()}

    @cached_property
    def proxies(self) -> list[Proxy]:
        """The powers received."""
        return list(self.sitting.proxies.all())

    @cached_property
    def items(self) -> list[AgendaItem]:
        """The agenda, in order."""
        return sorted(self.sitting.items.all(), key=lambda one: one.position)

    @cached_property
    def is_known(self) -> bool:
        """Was the attendance noted?"""
        return bool(self.attendances)

    @cached_property
    def bench(self) -> Bench:
        """Members and movements, as `counting` reads them."""
        there = [m for m, one in self.attendances.items() if one.status == AttendanceStatus.PRESENT]
        return Bench(
            seats=frozenset(one.pk for one in self.seats),
            opening=frozenset(there) & frozenset(self.by_key),
            moves=tuple(
                {move.mandate_id: move.present for move in item.movements.all()}
                for item in self.items
            ),
            replaces={
                one.mandate_id: one.replaces_id
                for one in self.attendances.values()
                if one.replaces_id is not None
            },
            proxies={one.giver_id: one.holder_id for one in self.proxies},
        )

    @cached_property
    def needs_quorum(self) -> bool:
        """A body that deliberates needs one, except after a second convocation."""
        body = self.sitting.body
        return body.deliberates and self.sitting.convened_as != ConvenedAs.SECOND

    @cached_property
    def rows(self) -> list[ItemReading]:
        """Each item, in order."""
        return [self._row(rank, item) for rank, item in enumerate(self.items)]

    def row_of(self, item: AgendaItem) -> ItemReading:
        """One of the items."""
        return next(row for row in self.rows if row.item.pk == item.pk)

    def there(self, item: AgendaItem) -> frozenset[int]:
        """Persons in the room at an item."""
        return self.bench.there(self.items.index(item))

    @cached_property
    def opening(self) -> Floor:
        """The room at the opening, before any movement."""
        return Bench(
            self.bench.seats, self.bench.opening, (), self.bench.replaces, self.bench.proxies
        ).at(0)

    @cached_property
    def lacked_quorum(self) -> bool:
        """Was the quorum missing, so that a second convocation may follow?"""
        if self.decisions:
            return bool(self.unmet)
        found = self.quorum_at(self.opening)
        return self.is_known and found is not None and not found.met

    @cached_property
    def unmet(self) -> list[ItemReading]:
        """The items to decide that wait for want of quorum: it is read at each of them."""
        return [
            row
            for row in self.decisions
            if not row.has_quorum and row.vote is None and not row.item.debated
        ]

    @property
    def shortage_words(self) -> str:
        """Where the quorum was missing."""
        if not self.unmet:
            return self.quorum_words(self.opening)
        first = self.unmet[0]
        return f"Au point {first.item.position} : {first.quorum_words}"

    def quorum_at(self, floor: Floor) -> Quorum | None:
        """The quorum of a floor; None where none is asked."""
        if not self.needs_quorum or not floor.in_office:
            return None
        return quorum(self.law, in_office=floor.in_office, present=floor.present)

    def quorum_words(self, floor: Floor) -> str:
        """Why there is a quorum, or not, or why none is asked."""
        if not self.sitting.body.deliberates:
            return "Cette instance ne délibère pas : aucun quorum légal."
        if self.sitting.convened_as == ConvenedAs.SECOND:
            return "Seconde convocation : l’instance délibère sans condition de quorum."
        if not floor.in_office:
            return "Aucun membre en exercice n’est enregistré : le quorum ne se calcule pas."
        if not self.is_known:
            found = quorum(self.law, in_office=floor.in_office, present=0)
            return (
                f"Quorum à {found.needed} présents, pour "
                f"{plural(floor.in_office, 'membre en exercice', 'membres en exercice')}. "
                "Les présences ne sont pas encore notées."
            )
        found = quorum(self.law, in_office=floor.in_office, present=floor.present)
        carried = len(floor.carried)
        apart = (
            f" ; {plural(carried, 'pouvoir')}, qui ne compte{'nt' if carried > 1 else ''} pas"
            if carried
            else ""
        )
        verdict = "Quorum atteint" if found.met else "Quorum non atteint"
        return (
            f"{verdict} : {plural(floor.present, 'présent')} pour {found.needed} nécessaires, "
            f"sur {plural(floor.in_office, 'membre en exercice', 'membres en exercice')}{apart}."
        )

    def _row(self, rank: int, item: AgendaItem) -> ItemReading:
        floor = self.bench.at(rank)
        vote = getattr(item, "vote", None)
        result = None
        if vote is not None:
            result = result_of(
                votes_for=vote.votes_for,
                votes_against=vote.votes_against,
                chair_choice=vote.chair_choice,
                secret=vote.mode == VoteMode.SECRET,
            )
        return ItemReading(
            item=item,
            floor=floor,
            quorum=self.quorum_at(floor) if self.is_known else None,
            quorum_words=self.quorum_words(floor),
            vote=vote,
            result=result,
            act=getattr(item, "act", None),
            known=self.is_known,
        )

    @cached_property
    def decisions(self) -> list[ItemReading]:
        """The items that the body decides or debates, not withdrawn."""
        return [
            row
            for row in self.rows
            if not row.item.withdrawn and row.item.kind != ItemKind.INFORMATION
        ]

    @cached_property
    def is_fictitious(self) -> bool:
        """The workspace's, the body's, the sitting's, or one of its items'."""
        sitting = self.sitting
        return (
            sitting.workspace.fictitious
            or sitting.body.fictitious
            or sitting.fictitious
            or any(item.fictitious for item in self.items)
        )
