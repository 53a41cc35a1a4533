"""Writes on who is there: at the opening, at each item, and by proxy."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from restanque.governance.counting import crowded
from restanque.governance.models import AgendaItem, Attendance, Mandate, Movement, Proxy, Sitting
from restanque.governance.nomenclature import AttendanceStatus, SittingState
from restanque.governance.reading import SittingReading
from restanque.governance.services.saving import save
from restanque.law.current import law_of

PROXIES = "seance.pouvoirs"


@dataclass(frozen=True, slots=True)
class Line:
    """How one member is at the opening; `replaces`: for whom a substitute sits."""

    status: AttendanceStatus
    replaces: Mandate | None = None


@transaction.atomic
def note_attendance(*, sitting: Sitting, lines: Mapping[Mandate, Line]) -> None:
    """Who is there at the opening; replaces what was noted before.

    ValidationError for somebody out of office that day, a substitute who sits for a member present
    or for nobody, or a change once votes were counted on it.
    """
    _check_writable(sitting)
    here = {m.pk for m, line in lines.items() if line.status == AttendanceStatus.PRESENT}
    for member, line in lines.items():
        if member.body_id != sitting.body_id or not member.in_office(sitting.day):
            raise ValidationError(f"{member} n’est pas membre en exercice ce jour-là.")
        _check_substitute(member, line, here)
    known = {one.mandate_id: one for one in sitting.attendances.all()}
    if sitting.items.filter(vote__isnull=False).exists() and _changes(known, lines):
        raise ValidationError(
            "Des votes ont été comptés sur ces présences : notez les arrivées et les départs au "
            "point où ils ont eu lieu."
        )
    # Those who change give their seat back first: two may not sit for the same member.
    sitting.attendances.exclude(replaces__isnull=True).update(replaces=None)
    for member, line in lines.items():
        one = known.get(member.pk) or Attendance(sitting=sitting, mandate=member)
        one.status, one.replaces = line.status, line.replaces
        save(one)


def _check_substitute(member: Mandate, line: Line, here: set[int]) -> None:
    if line.status != AttendanceStatus.PRESENT:
        return
    if member.holds_seat:
        if line.replaces is not None:
            raise ValidationError(f"{member} siège en son nom.")
        return
    if line.replaces is None:
        raise ValidationError(f"{member} est suppléant : dites pour qui il siège.")
    if not line.replaces.holds_seat or line.replaces.pk in here:
        raise ValidationError(
            f"{member} ne peut siéger pour {line.replaces} : seul un titulaire absent est suppléé."
        )


def _changes(known: dict[int, Attendance], lines: Mapping[Mandate, Line]) -> bool:
    before = {pk: (one.status, one.replaces_id) for pk, one in known.items()}
    after = {
        m.pk: (line.status, line.replaces.pk if line.replaces else None)
        for m, line in lines.items()
    }
    return any(before.get(pk) != value for pk, value in after.items())


@transaction.atomic
def note_presence(*, item: AgendaItem, present: Collection[Mandate]) -> None:
    """Who is in the room at an item: only what differs from the item before is kept.

    ValidationError once a vote was counted at this item or after.
    """
    sitting = Sitting.objects.to_read().get(pk=item.sitting_id)
    _check_writable(sitting)
    reading = SittingReading(sitting, timezone.localdate())
    if not reading.is_known:
        raise ValidationError("Notez d’abord qui est présent à l’ouverture.")
    rank = [one.pk for one in reading.items].index(item.pk)
    if any(row.vote is not None for row in reading.rows[rank:]):
        raise ValidationError("Un vote a été compté à ce point ou après : retirez-le d’abord.")
    before = reading.bench.there(rank - 1) if rank else reading.bench.opening
    wanted = {one.pk for one in present}
    if unknown := wanted - set(reading.by_key):
        raise ValidationError(f"{len(unknown)} personne(s) hors de l’instance ce jour-là.")
    Movement.objects.filter(item=item).delete()
    for member in sorted(before ^ frozenset(wanted)):
        save(Movement(item=item, mandate=reading.by_key[member], present=member in wanted))


@transaction.atomic
def give_proxy(
    *, sitting: Sitting, giver: Mandate, holder: Mandate, received_on: date | None = None
) -> Proxy:
    """A written power for the sitting, which a member may still give as they leave it.

    ValidationError above what one member may carry, or when it would change a vote counted: the
    giver's seat was empty then.
    """
    _check_writable(sitting)
    Sitting.objects.select_for_update().get(pk=sitting.pk)
    reading = SittingReading(Sitting.objects.to_read().get(pk=sitting.pk), timezone.localdate())
    if any(row.vote is not None and giver.pk not in row.floor.filled for row in reading.rows):
        raise ValidationError(
            f"{giver} était absent à un vote déjà compté : ce pouvoir le changerait."
        )
    proxy = save(Proxy(sitting=sitting, giver=giver, holder=holder, received_on=received_on))
    most = int(law_of(sitting.workspace).parameter(PROXIES).value)  # type: ignore[arg-type]
    pairs = {one.giver_id: one.holder_id for one in sitting.proxies.all()}
    if crowded(pairs, most):
        raise ValidationError(
            {"holder": f"{holder} porte déjà un pouvoir : un membre n’en porte pas plus de {most}."}
        )
    return proxy


@transaction.atomic
def withdraw_proxy(*, proxy: Proxy) -> None:
    """The power is taken back, as it may be at any time before the vote."""
    if _voted(proxy.sitting):
        raise ValidationError("La séance a voté : les pouvoirs ne changent plus.")
    proxy._change_reason = "retiré"  # type: ignore[attr-defined]
    proxy.delete()


def _voted(sitting: Sitting) -> bool:
    return sitting.items.filter(vote__isnull=False).exists()


def _check_writable(sitting: Sitting) -> None:
    if sitting.state == SittingState.CANCELLED:
        raise ValidationError("Cette séance est annulée.")
