"""What a respondent's page shows: the engine's items made ready to draw. Reading only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from restanque.engine.forms import Fault, Item, Page, Session, field_id
from restanque.kit.text import plural
from restanque.surveys import markup, places
from restanque.surveys.fields import Field, Marks, field_of
from restanque.surveys.posting import PARTIAL_DATES, questions, widget_of


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a series, one of its turns, or a question, with what is inside."""

    kind: Literal["group", "repeat", "instance", "question"]
    id: str
    path: str
    heading: int
    title: str = ""
    hint: str = ""
    index: int = 0
    count: int = 0
    can_add: bool = False
    can_remove: bool = False
    field: Field | None = None
    blocks: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One page in the stepper. `part` is its rank among those that are asked, from 1."""

    key: str
    title: str
    part: int
    state: Literal["done", "current", "todo"]
    questions: int
    answered: int


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of the error summary: where, what."""

    target: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class PageContent:
    """Everything the template of a page needs of the form."""

    title: str
    blocks: tuple[Block, ...]
    shown: frozenset[str]
    errors: tuple[ErrorLine, ...] = ()
    news: tuple[ErrorLine, ...] = ()
    has_files: bool = False
    conflicts: tuple[ErrorLine, ...] = ()


def page_title(session: Session, page: Page) -> str:
    """A page's own title, or its rank: every page has a name in the stepper."""
    return markup.plain(session.page_title(page)) or f"Partie {page.index + 1}"


def page_content(session: Session, page: Page, marks: Marks | None = None) -> PageContent:
    """Draw a page of a session. The page's own group is its title: not repeated as a heading."""
    marks = marks or Marks()
    items = session.visible_items(page)
    asked = list(questions(items))
    title = page_title(session, page)
    if len(items) == 1 and items[0].kind == "group" and markup.plain(items[0].label) == title:
        items = list(items[0].children)
    return PageContent(
        title=title,
        blocks=tuple(_block(session, item, marks, 2) for item in items),
        shown=frozenset(item.path for item in asked),
        errors=tuple(
            ErrorLine(_target(item), markup.plain(item.label), marks.faults[item.path])
            for item in asked
            if item.path in marks.faults
        ),
        news=tuple(
            ErrorLine(_target(item), markup.plain(item.label), "")
            for item in asked
            if item.path in marks.new
        ),
        has_files=any(item.control.widget == "file" for item in asked),
        conflicts=tuple(
            ErrorLine(_target(item), markup.plain(item.label), "")
            for item in asked
            if item.path in marks.conflicts
        ),
    )


def steps(session: Session, current: str = "") -> list[Step]:
    """The pages that are asked now. A page is done when nothing compulsory is missing and
    something was answered; one without any question is done once it lies behind."""
    found: list[Step] = []
    behind = bool(current)
    for page, progress in zip(session.form.pages, session.progress(), strict=True):
        if not progress.visible:
            continue
        behind = behind and page.key != current
        begun = progress.answered > 0 or (progress.questions == 0 and behind)
        state: Literal["done", "current", "todo"] = "todo"
        if page.key == current:
            state = "current"
        elif begun and progress.complete:
            state = "done"
        found.append(
            Step(
                page.key,
                page_title(session, page),
                len(found) + 1,
                state,
                progress.questions,
                progress.answered,
            )
        )
    return found


def parts(session: Session) -> list[Step]:
    """Every page of the form, asked now or not: what the welcome page announces."""
    return [
        Step(
            page.key,
            page_title(session, page),
            page.index + 1,
            "todo",
            progress.questions,
            progress.answered,
        )
        for page, progress in zip(session.form.pages, session.progress(), strict=True)
    ]


def minutes_left(steps_: Sequence[Step], minutes: int) -> int:
    """Announced duration, in proportion of what is not answered; at least one minute."""
    asked = sum(step.questions for step in steps_)
    left = asked - sum(step.answered for step in steps_)
    return max(1, ceil(minutes * left / asked)) if asked else 1


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to read: question, words, fault if any. `file` names a joined file."""

    target: str
    label: str
    shown: str
    fault: str
    is_file: bool
    inside: str = ""


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """The answers of one page, to read before sending, or after."""

    key: str
    title: str
    answers: tuple[Answer, ...]


def all_answers(session: Session, faults: Iterable[Fault] = ()) -> list[AnswerPage]:
    """Every question asked now, with its answer in words, page by page."""
    by_path = {fault.path: fault.message for fault in faults}
    pages = []
    for page in session.form.pages:
        rows: list[Answer] = []
        for item in session.visible_items(page):
            rows.extend(_answers(session, item, by_path, ""))
        if rows:
            pages.append(AnswerPage(page.key, page_title(session, page), tuple(rows)))
    return pages


def in_words(session: Session, item: Item) -> str:
    """An answer for people: labels of choices, dates as they were asked, places in degrees."""
    shown = session.display(item.path)
    widget = widget_of(item.control)
    if widget == "geopoint":
        return places.point_in_words(shown)
    if widget in ("geotrace", "geoshape") and shown:
        return plural(shown.count(";") + 1, "point")
    if widget in PARTIAL_DATES:
        return shown[-PARTIAL_DATES[widget] :]
    return markup.plain(shown) if item.control.has_choices else shown


def _answers(
    session: Session, item: Item, faults: Mapping[str, str], inside: str
) -> Iterable[Answer]:
    if item.kind == "question":
        if item.control.widget != "note":
            yield Answer(
                target=_target(item),
                label=markup.plain(item.label),
                shown=in_words(session, item),
                fault=faults.get(item.path, ""),
                is_file=item.control.widget == "file",
                inside=inside,
            )
        return
    here = (
        f"{markup.plain(item.label) or 'Ligne'} {item.index}" if item.kind == "instance" else inside
    )
    for child in item.children:
        yield from _answers(session, child, faults, here)


def _block(session: Session, item: Item, marks: Marks, heading: int) -> Block:
    level = min(heading, 6)
    if item.kind == "question":
        drawn = field_of(session, item, marks)
        return Block("question", drawn.id, item.path, level, field=drawn)
    # A series draws no heading of its own when its turns already carry its name.
    inner = heading if item.kind == "repeat" else heading + 1
    return Block(
        kind=item.kind,
        id=field_id(item.path),
        path=item.path,
        heading=level,
        title=markup.plain(item.label),
        hint=markup.plain(item.hint),
        index=item.index,
        count=item.count,
        can_add=item.can_add,
        can_remove=item.can_remove,
        blocks=tuple(_block(session, child, marks, inner) for child in item.children),
    )


def _target(item: Item) -> str:
    return field_id(item.path)
