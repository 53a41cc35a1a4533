"""From rows to the engine and back: the plan of tasks, the workload of a team."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from restanque.accounts.models import Membership, Role
from restanque.engine import workload as engine
from restanque.kit.text import format_date
from restanque.work.models import Absence, Task, TaskLink, WorkingTime

CALENDAR = engine.Calendar()
#: Weeks that the workload shows, from this one.
WEEKS = 12
_WORDS = {
    engine.ContradictionKind.DUE_FIRST: "échéance le {day}, avant la fin de « {other} » ({end})",
    engine.ContradictionKind.STARTS_FIRST: "début le {day}, avant la fin de « {other} » ({end})",
    engine.ContradictionKind.UNREACHABLE: "échéance le {day}, mais après « {other} » elle ne peut "
    "finir que le {end}",
    engine.ContradictionKind.TOO_MUCH: "plus de jours de charge que de jours ouvrés du {day} au "
    "{end}, pour une seule personne",
}


def as_work(task: Task, after: Sequence[int]) -> engine.Work:
    """A task as the engine takes it: contributors bear their percentage, the pilot the rest."""
    shares = [(one.membership_id, one.percent) for one in task.contributions.all()]
    if task.pilot_id is not None:
        shares.append((task.pilot_id, 100 - sum(percent for _, percent in shares)))
    return engine.Work(
        key=task.pk,
        starts_on=task.starts_on,
        due_on=task.due_on,
        effort=task.effort_days,
        shares=tuple(shares),
        after=tuple(after),
        done_on=task.done_on,
    )


def works_of(tasks: Iterable[Task]) -> list[engine.Work]:
    """Tasks with their dependencies among themselves; dropped ones are left out. Two queries,
    besides that of the tasks."""
    kept = {task.pk: task for task in tasks if task.state != "dropped"}
    befores: dict[int, list[int]] = {}
    for before, after in TaskLink.objects.filter(after__in=list(kept)).values_list(
        "before", "after"
    ):
        befores.setdefault(after, []).append(before)
    return [as_work(task, befores.get(key, ())) for key, task in kept.items()]


@dataclass(frozen=True, slots=True)
class Line:
    """A task on the plan: the days drawn, what the engine says of it."""

    task: Task
    first: date | None
    last: date | None
    late: bool
    critical: bool
    earliest: date
    slack: int | None
    after: tuple[str, ...]
    after_keys: tuple[int, ...]


class Plan:
    """The tasks of some rows in time, as of a day. Rows must prefetch their contributions."""

    def __init__(self, tasks: Iterable[Task], today: date) -> None:
        self.today = today
        self.tasks = {task.pk: task for task in tasks if task.state != "dropped"}

    @cached_property
    def works(self) -> dict[int, engine.Work]:
        """As the engine takes them."""
        return {work.key: work for work in works_of(self.tasks.values())}

    @cached_property
    def schedule(self) -> engine.Schedule:
        """Earliest dates, slack, critical chain."""
        return engine.schedule(self.works.values(), CALENDAR, today=self.today)

    @cached_property
    def lines(self) -> list[Line]:
        """One a task, in the order in which they can start, then end."""
        chain = set(self.schedule.chain) if len(self.schedule.chain) > 1 else set()
        found = [self._line(key, chain) for key in self.tasks]
        return sorted(
            found,
            key=lambda one: (one.first or date.max, one.last or date.max, one.task.pk),
        )

    def _line(self, key: int, chain: set[int]) -> Line:
        task, span = self.tasks[key], self.schedule.spans[key]
        first, last = self.drawn(key)
        befores = tuple(one for one in self.works[key].after if one in self.tasks)
        return Line(
            task=task,
            first=first,
            last=last,
            late=task.is_late(self.today),
            critical=key in chain,
            earliest=span.finish,
            slack=span.slack,
            after=tuple(self.tasks[one].title for one in befores),
            after_keys=befores,
        )

    def drawn(self, key: int) -> tuple[date | None, date | None]:
        """The days between which a task is drawn: its own, done ones to the day they ended.

        A task without date that waits for another is drawn where it can be; else nowhere.
        """
        work = self.works[key]
        days = engine.window(work, CALENDAR)
        if work.done_on is not None:
            return min(days[0] if days else work.done_on, work.done_on), work.done_on
        if days is None and work.after:
            span = self.schedule.spans[key]
            return (span.start, span.finish) if span.driver is not None else (None, None)
        return days or (None, None)

    @cached_property
    def contradictions(self) -> list[tuple[Task, str]]:
        """(task, what is wrong in words), what cannot be kept."""
        found = engine.contradictions(self.works.values(), self.schedule, CALENDAR)
        return [(self.tasks[one.work], self._words(one)) for one in found]

    def _words(self, one: engine.Contradiction) -> str:
        other = self.tasks[one.other].title if one.other in self.tasks else ""
        return _WORDS[one.kind].format(
            day=format_date(one.day), end=format_date(one.other_day), other=other
        )


@dataclass(frozen=True, slots=True)
class Week:
    """A week of somebody: days planned and available, and what makes it."""

    monday: date
    planned: float
    available: float | None
    parts: tuple[tuple[Task, float], ...]

    @property
    def is_over(self) -> bool:
        """More planned than available, known to be so."""
        return self.available is not None and self.planned > self.available + 1e-9


@dataclass(frozen=True, slots=True)
class Row:
    """A person (None: nobody yet) and their weeks; `before` and `undated` are outside them."""

    member: Membership | None
    before: float
    undated: float
    weeks: tuple[Week, ...]

    @property
    def name(self) -> str:
        """Who."""
        return self.member.user.display_name if self.member else "Sans pilote"


class Workload:
    """The open tasks of a workspace over the coming weeks, person by person."""

    def __init__(
        self, members: Sequence[Membership], tasks: Iterable[Task], today: date, weeks: int = WEEKS
    ) -> None:
        self.members = members
        self.tasks = {task.pk: task for task in tasks if task.is_open}
        self.first = engine.monday_of(today)
        self.mondays = [self.first + timedelta(weeks=n) for n in range(weeks)]

    @cached_property
    def people(self) -> dict[int, engine.Person]:
        """The members with their time, as the engine takes them. Two queries."""
        keys = [member.pk for member in self.members]
        patterns: dict[int, list[engine.Pattern]] = {}
        for time in WorkingTime.objects.filter(membership__in=keys):
            patterns.setdefault(time.membership_id, []).append(
                engine.Pattern(time.valid_from, time.days_per_week, frozenset(time.weekdays))
            )
        absences: dict[int, list[tuple[date, date]]] = {}
        for one in Absence.objects.filter(membership__in=keys):
            absences.setdefault(one.membership_id, []).append((one.starts_on, one.ends_on))
        return {
            key: engine.Person(key, tuple(patterns.get(key, ())), tuple(absences.get(key, ())))
            for key in keys
        }

    @cached_property
    def load(self) -> engine.Load:
        """The effort by person and week."""
        return engine.spread(works_of(self.tasks.values()), self.people.values(), CALENDAR)

    @cached_property
    def rows(self) -> list[Row]:
        """One a member who works for the team or has tasks, nobody's last when there are any."""
        busy = {key for key, _ in self.load.cells} | set(self.load.undated)
        rows = [
            self._row(member)
            for member in self.members
            if member.pk in busy or member.role in (Role.ADMINISTRATOR, Role.AGENT)
        ]
        return [*rows, self._row(None)] if None in busy else rows

    def _row(self, member: Membership | None) -> Row:
        key = member.pk if member else None
        before = sum(
            (
                cell.planned
                for (who, week), cell in self.load.cells.items()
                if who == key and week < self.first
            ),
            start=Fraction(0),
        )
        return Row(
            member,
            float(before),
            float(self.load.undated.get(key, 0)),
            tuple(self._week(key, monday) for monday in self.mondays),
        )

    def _week(self, key: int | None, monday: date) -> Week:
        cell = self.load.cells.get((key, monday))
        available = cell.available if cell else None
        if cell is None and key is not None:
            available = engine.capacity(self.people[key], monday, CALENDAR)
        parts = sorted(cell.parts.items(), key=lambda pair: -pair[1]) if cell else []
        return Week(
            monday,
            float(cell.planned) if cell else 0.0,
            None if available is None else float(available),
            tuple((self.tasks[work], float(part)) for work, part in parts),
        )

    @property
    def overloads(self) -> list[tuple[Row, Week]]:
        """The weeks where somebody has more than they can do, in time."""
        found = [(row, week) for row in self.rows for week in row.weeks if week.is_over]
        return sorted(found, key=lambda pair: (pair[1].monday, pair[0].name))

    @property
    def misplaced(self) -> list[tuple[Task, str]]:
        """(task, who) whose effort falls on days when nobody could work."""
        names = {member.pk: member.user.display_name for member in self.members}
        return [
            (self.tasks[one.work], names.get(one.person or 0, "personne"))
            for one in self.load.misplaced
        ]

    @property
    def unestimated(self) -> list[Task]:
        """Open tasks whose effort nobody has given: the picture leaves them out."""
        return [self.tasks[key] for key in self.load.unestimated]
