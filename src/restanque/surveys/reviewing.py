"""An answer as the reviewer reads it: every question asked, its value, its flags. Reading only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from restanque.engine.forms import FACTS, Choice, Item, Session, field_id
from restanque.kit.text import NO_BREAK_SPACE
from restanque.surveys import markup
from restanque.surveys.fields import as_typed
from restanque.surveys.models import Flag
from restanque.surveys.posting import widget_of
from restanque.surveys.presenting import in_words, page_title

_EDITABLE = ("input", "select1", "select")
# Several points do not hold on a line: whoever drew them corrects them.
_DRAWN = ("geotrace", "geoshape")


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One question: label, answer in words, flags; `opened` when its value is being corrected."""

    id: str
    path: str
    label: str
    inside: str
    shown: str
    flags: tuple[Flag, ...]
    editable: bool
    opened: bool
    kind: str
    value: str
    chosen: tuple[str, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The questions of one part."""

    title: str
    rows: tuple[ReviewRow, ...]


def review_pages(
    session: Session, flags: Sequence[Flag], *, opened: str = "", typed: str | None = None
) -> list[ReviewPage]:
    """Part by part, what was asked and answered; computed facts stand with their flags."""
    by_path: dict[str, list[Flag]] = {}
    for flag in flags:
        by_path.setdefault(flag.path, []).append(flag)
    pages = []
    for page in session.form.pages:
        rows = [
            _row(session, item, inside, by_path.pop(item.path, ()), opened, typed)
            for item, inside in _questions(session.visible_items(page), "")
        ]
        if rows:
            pages.append(ReviewPage(page_title(session, page), tuple(rows)))
    computed = [_computed(session, path, found) for path, found in by_path.items()]
    if computed:
        pages.insert(0, ReviewPage("Valeurs calculées à vérifier", tuple(computed)))
    return pages


def _computed(session: Session, path: str, flags: Sequence[Flag]) -> ReviewRow:
    """A value that nobody typed: shown under the name of its fact."""
    bare = "/".join(step.partition("[")[0] for step in path.split("/"))
    fact = FACTS.get(session.form.facts.get(bare, ""))
    label = fact.label if fact is not None else path.rpartition("/")[2]
    unit = f"{NO_BREAK_SPACE}{fact.unit}" if fact is not None and fact.unit else ""
    return ReviewRow(
        id=field_id(path), path=path, label=label, inside="", flags=tuple(flags),
        shown=f"{session.value(path).replace('.', ',')}{unit}", editable=False, opened=False,
        kind="", value="", chosen=(), choices=(),
    )  # fmt: skip


def _row(
    session: Session,
    item: Item,
    inside: str,
    flags: Iterable[Flag],
    opened: str,
    typed: str | None,
) -> ReviewRow:
    state, control = item.state, item.control
    value = state.value if state is not None else ""
    is_open = item.path == opened
    if is_open and typed is not None:
        value = typed
    return ReviewRow(
        id=field_id(item.path),
        path=item.path,
        label=markup.plain(item.label),
        inside=inside,
        shown=in_words(session, item),
        flags=tuple(flags),
        editable=control.kind in _EDITABLE
        and control.widget not in _DRAWN
        and state is not None
        and not state.readonly,
        opened=is_open,
        kind=control.kind,
        value=as_typed(widget_of(control), value),
        chosen=tuple(value.split()) if control.kind == "select" else (value,),
        choices=state.choices if state is not None else (),
    )


def _questions(items: Iterable[Item], inside: str) -> Iterator[tuple[Item, str]]:
    for item in items:
        if item.kind == "question":
            if item.control.widget != "note":
                yield item, inside
            continue
        here = f"{item.label or 'Ligne'} {item.index}" if item.kind == "instance" else inside
        yield from _questions(item.children, here)
