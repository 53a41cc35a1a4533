"""Writes on when people work: days a week, absences, and their purge."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from restanque.accounts.models import Membership
from restanque.work.models import Absence, WorkingTime
from restanque.work.services.saving import save

#: An absence that ended so long ago serves no plan any more.
KEPT = timedelta(days=365)


@transaction.atomic
def set_working_time(
    *,
    membership: Membership,
    valid_from: date,
    days_per_week: Decimal,
    weekdays: Iterable[int] = range(5),
) -> WorkingTime:
    """What a member gives to the team's work from a day on; said again for that day, it replaces.

    `days_per_week` (0 to 5) are spread evenly over `weekdays` (0 is Monday).
    """
    found = WorkingTime.objects.filter(membership=membership, valid_from=valid_from).first()
    found = found or WorkingTime(membership=membership, valid_from=valid_from)
    found.days_per_week = days_per_week
    found.weekdays = list(weekdays)
    return save(found)


@transaction.atomic
def remove_working_time(*, working_time: WorkingTime) -> None:
    """The time before it holds again, or none is known."""
    working_time.delete()


@transaction.atomic
def add_absence(*, membership: Membership, starts_on: date, ends_on: date) -> Absence:
    """Days away, the last one included; why is not asked."""
    return save(Absence(membership=membership, starts_on=starts_on, ends_on=ends_on))


@transaction.atomic
def remove_absence(*, absence: Absence) -> None:
    """The member comes after all."""
    absence.delete()


def purge_absences(today: date) -> int:
    """Erase the absences that ended over a year ago; how many."""
    erased, _ = Absence.objects.ended_before(today - KEPT).delete()
    return erased
