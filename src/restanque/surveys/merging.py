"""Two people on one answer: keep what each changed alone, show what both changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from restanque.engine.forms import FormError, Session
from restanque.surveys.models import ResponseRevision
from restanque.surveys.posting import Reading

# Further back than this, a change is attributed to the latest saving.
_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class Conflict:
    """One question answered in two ways. `mine` and `theirs` are stored texts, `*_shown` are
    for people; `by` says who saved theirs, `at` when (None when it is not known)."""

    path: str
    label: str
    mine: str
    mine_shown: str
    theirs: str
    theirs_shown: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Since:
    """What happened after the page was made: the state it showed, the savings that followed
    (oldest first), and how to read one. `author` is who posts now ("" when not known)."""

    base: Session
    revisions: Sequence[ResponseRevision]
    read: Callable[[ResponseRevision], Session]
    author: str

    def last_change(self, path: str) -> ResponseRevision | None:
        """The saving that gave this question its present value."""
        recent = list(self.revisions)[-_LOOKED_AT:]
        if not recent:
            return None
        value = _value(self.read(recent[-1]), path)
        for later, earlier in zip(reversed(recent), reversed(recent[:-1]), strict=False):
            if _value(self.read(earlier), path) != value:
                return later
        return recent[0] if len(recent) == len(self.revisions) else recent[-1]

    def is_own_change(self, path: str) -> bool:
        """Whether the person who posts is the one who gave it (an older page, a slow network)."""
        change = self.last_change(path)
        return bool(self.author) and change is not None and change.author == self.author


@dataclass(frozen=True, slots=True)
class Merged:
    """`values` to write, `conflicts` to show, `set_aside` to keep in the revision."""

    reading: Reading
    values: Mapping[str, str]
    conflicts: tuple[Conflict, ...] = ()
    set_aside: Mapping[str, str] = field(default_factory=dict)


def merge(
    session: Session,
    read: Callable[[Session], Reading],
    since: Since | None,
    last: Callable[[], ResponseRevision | None],
) -> Merged:
    """Bring what was posted into the session's state.

    A value that the person did not touch never overwrites; a value that only they touched is
    taken; a value both touched is a conflict, left as saved until the person chooses. `since` is
    None when nothing was saved after the page was made; `last` gives the latest saving.
    """
    reading = read(session)
    values = dict(reading.values)
    disputed = dict(reading.undecided)
    set_aside = dict(reading.declined)
    if since is not None:
        late = _compare(session, reading, read(since.base), since)
        for path in {*late.untouched, *late.disputed}:
            del values[path]
        disputed |= late.disputed
        set_aside |= late.unasked
    disputed = {path: mine for path, mine in disputed.items() if mine != _value(session, path)}
    set_aside |= disputed
    conflicts = []
    for path, mine in disputed.items():
        change = since.last_change(path) if since is not None else last()
        conflicts.append(_conflict(session, path, mine, change))
    return Merged(reading, values, tuple(conflicts), set_aside)


@dataclass(frozen=True, slots=True)
class _Late:
    """A late page's answers: not touched by the person, disputed, or no longer asked."""

    untouched: frozenset[str]
    disputed: Mapping[str, str]
    unasked: Mapping[str, str]


def _compare(session: Session, reading: Reading, seen: Reading, since: Since) -> _Late:
    untouched, disputed, unasked = set(), {}, {}
    for path, mine in seen.values.items():
        before, now = _value(since.base, path), _value(session, path)
        if path not in reading.values:
            if mine != before:
                unasked[path] = mine
        elif mine == before:
            untouched.add(path)
        elif now not in (before, mine) and not since.is_own_change(path):
            disputed[path] = mine
    return _Late(frozenset(untouched), disputed, unasked)


def _conflict(session: Session, path: str, mine: str, change: ResponseRevision | None) -> Conflict:
    theirs, theirs_shown = session.value(path), session.display(path)
    label = session.state(path).label
    session.set(path, mine)
    mine_shown = session.display(path)
    session.set(path, theirs)
    return Conflict(
        path=path,
        label=label,
        mine=mine,
        mine_shown=mine_shown,
        theirs=theirs,
        theirs_shown=theirs_shown,
        by=_author(change),
        at=change.at if change is not None else None,
    )


def _author(change: ResponseRevision | None) -> str:
    if change is None:
        return ""
    if change.by is not None:
        return f"{change.by.display_name}, {change.get_channel_display()}"
    return f"une autre personne, {change.get_channel_display()}"


def _value(session: Session, path: str) -> str:
    try:
        return session.value(path)
    except FormError:
        return ""
