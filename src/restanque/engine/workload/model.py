"""What the engine is given: pieces of work, and the people who do them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class CircleError(ValueError):
    """Pieces of work that wait for each other in a circle; `keys` in order, the first repeated."""

    def __init__(self, keys: Sequence[int]) -> None:
        super().__init__(f"circle: {' -> '.join(map(str, keys))}")
        self.keys = tuple(keys)


@dataclass(frozen=True, slots=True)
class Pattern:
    """From a day on, so many days a week, spread evenly over these weekdays (0 is Monday)."""

    valid_from: date
    days_per_week: Decimal
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works. Without a pattern in force, the time they have is unknown, and they are
    taken to come from Monday to Friday. `absences` are ranges, both ends included."""

    key: int
    patterns: tuple[Pattern, ...] = ()
    absences: tuple[tuple[date, date], ...] = ()

    def pattern_on(self, day: date) -> Pattern | None:
        """The last pattern that has begun; None before the first."""
        begun = [one for one in self.patterns if one.valid_from <= day]
        return max(begun, key=lambda one: one.valid_from) if begun else None

    def is_away(self, day: date) -> bool:
        """Whether an absence covers that day."""
        return any(first <= day <= last for first, last in self.absences)


@dataclass(frozen=True, slots=True)
class Work:
    """Something to do.

    `effort`: days of work, None when not estimated. `shares`: person → percentage of it; what is
    missing to 100 is nobody's. `after`: keys of what must end before it starts. `done_on`: the day
    it ended, None while it is open.
    """

    key: int
    starts_on: date | None = None
    due_on: date | None = None
    effort: Decimal | None = None
    shares: tuple[tuple[int, int], ...] = ()
    after: tuple[int, ...] = ()
    done_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse what no plan could mean."""
        if self.starts_on and self.due_on and self.due_on < self.starts_on:
            raise ValueError(f"work {self.key} is due before it starts")
        if self.effort is not None and self.effort < 0:
            raise ValueError(f"work {self.key} has a negative effort")
        if any(not 0 <= percent <= 100 for _, percent in self.shares) or self.given > 100:
            raise ValueError(f"work {self.key} is shared beyond 100 %")

    @property
    def given(self) -> int:
        """Percentage that somebody bears."""
        return sum(percent for _, percent in self.shares)


def in_order(works: Mapping[int, Work]) -> list[int]:
    """Keys so that each comes after all it waits for; equal ones by key. CircleError else.

    Predecessors that are not in `works` are left out: who may not see them plans without them.
    """
    waits = {key: {one for one in work.after if one in works} for key, work in works.items()}
    followers: dict[int, list[int]] = {key: [] for key in works}
    for key, befores in waits.items():
        for before in befores:
            followers[before].append(key)
    ready = sorted((key for key, befores in waits.items() if not befores), reverse=True)
    found: list[int] = []
    while ready:
        key = ready.pop()
        found.append(key)
        freed = []
        for follower in followers[key]:
            waits[follower].discard(key)
            if not waits[follower]:
                freed.append(follower)
        ready += sorted(freed, reverse=True)
    if len(found) < len(works):
        raise CircleError(_circle({key: waits[key] for key in works if waits[key]}))
    return found


def find_circle(links: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """The keys of a circle among (before, after) links, the first repeated; () without one."""
    befores: dict[int, list[int]] = {}
    for before, after in links:
        befores.setdefault(after, []).append(before)
        befores.setdefault(before, [])
    works = {key: Work(key, after=tuple(found)) for key, found in befores.items()}
    try:
        in_order(works)
    except CircleError as error:
        return error.keys
    return ()


def _circle(waits: Mapping[int, set[int]]) -> list[int]:
    """One circle among keys that all wait for another of them, or for what waits for one."""
    path: list[int] = []
    seen: dict[int, int] = {}
    key = min(waits)
    while key not in seen:
        seen[key] = len(path)
        path.append(key)
        key = min(one for one in waits[key] if one in waits)
    circle = path[seen[key] :]
    circle.reverse()
    return [*circle, circle[0]]
