"""What a respondent's page shows: the engine's items made ready to draw. Reading only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Literal

from restanque.engine.forms import FACTS, Choice, Fault, Item, Page, Session, field_id
from restanque.surveys.merging import Conflict
from restanque.surveys.posting import questions

# Above this number of choices, a list to open is quicker to read than buttons.
MANY_CHOICES = 12
_TYPED = ("text", "multiline", "integer", "decimal", "range", "date", "time", "datetime", "barcode")
# RGAA 11.13: fields about the person say so to the browser.
_AUTOCOMPLETE = {
    "contact.name": "name",
    "contact.role": "organization-title",
    "contact.email": "email",
    "contact.phone": "tel",
}
_INPUT = {"date": "date", "time": "time", "datetime": "datetime-local"}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as drawn; `rank` is its place in a ranking ("" when not ranked)."""

    id: str
    value: str
    label: str
    checked: bool
    rank: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question as drawn. `name` is its path, `value` what its input holds."""

    id: str
    name: str
    label: str
    hint: str
    guidance: str
    widget: str
    value: str
    shown: str
    required: bool
    readonly: bool
    options: tuple[Option, ...] = ()
    error: str = ""
    unit: str = ""
    conflict: Conflict | None = None
    is_new: bool = False
    autocomplete: str = ""
    minimum: str = ""
    maximum: str = ""

    @property
    def template(self) -> str:
        """The template that draws it."""
        if self.conflict is not None:
            return "surveys/respond/field_conflict.html"
        family = {
            "radio": "choices",
            "checkboxes": "choices",
            "acknowledge": "acknowledge",
            "dropdown": "dropdown",
            "multiline": "multiline",
            "file": "file",
            "note": "note",
            "rank": "rank",
        }
        kind = "note" if self.readonly else family.get(self.widget, "input")
        return f"surveys/respond/field_{kind}.html"

    @property
    def input_type(self) -> str:
        """Type of the input element; numbers are texts, so that a comma can be typed."""
        by_token = {"email": "email", "tel": "tel"}
        return by_token.get(self.autocomplete, _INPUT.get(self.widget, "text"))

    @property
    def box_type(self) -> str:
        """Type of the choices' boxes."""
        return "checkbox" if self.widget == "checkboxes" else "radio"

    @property
    def input_mode(self) -> str:
        """Keyboard of a telephone."""
        return {"integer": "numeric", "decimal": "decimal", "range": "decimal"}.get(self.widget, "")

    @property
    def described_by(self) -> str:
        """Ids of what explains the field: hint, then error."""
        parts = (f"{self.id}-aide" if self.hint else "", f"{self.id}-erreur" if self.error else "")
        return " ".join(part for part in parts if part)

    @property
    def is_short(self) -> bool:
        """Numbers, dates and hours take a short input."""
        return self.widget in ("integer", "decimal", "range", "date", "time")


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


@dataclass(frozen=True, slots=True)
class Highlights:
    """What a page must bring forward: faults, conflicts, newly revealed questions."""

    faults: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    new: frozenset[str] = frozenset()


def page_title(session: Session, page: Page) -> str:
    """A page's own title, or its rank: every page has a name in the stepper."""
    return session.page_title(page) or f"Partie {page.index + 1}"


def page_content(session: Session, page: Page, highlights: Highlights | None = None) -> PageContent:
    """Draw a page of a session. The page's own group is its title: not repeated as a heading."""
    marks = highlights or Highlights()
    items = session.visible_items(page)
    asked = list(questions(items))
    title = page_title(session, page)
    if len(items) == 1 and items[0].kind == "group" and items[0].label == title:
        items = list(items[0].children)
    return PageContent(
        title=title,
        blocks=tuple(_block(session, item, marks, 2) for item in items),
        shown=frozenset(item.path for item in asked),
        errors=tuple(
            ErrorLine(_target(item), item.label, marks.faults[item.path])
            for item in asked
            if item.path in marks.faults
        ),
        news=tuple(
            ErrorLine(_target(item), item.label, "") for item in asked if item.path in marks.new
        ),
        has_files=any(item.control.widget == "file" for item in asked),
        conflicts=tuple(
            ErrorLine(_target(item), item.label, "")
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


def _answers(
    session: Session, item: Item, faults: Mapping[str, str], inside: str
) -> Iterable[Answer]:
    if item.kind == "question":
        if item.control.widget != "note":
            yield Answer(
                target=_target(item),
                label=item.label,
                shown=session.display(item.path),
                fault=faults.get(item.path, ""),
                is_file=item.control.widget == "file",
                inside=inside,
            )
        return
    here = f"{item.label or 'Ligne'} {item.index}" if item.kind == "instance" else inside
    for child in item.children:
        yield from _answers(session, child, faults, here)


def _block(session: Session, item: Item, marks: Highlights, heading: int) -> Block:
    level = min(heading, 6)
    if item.kind == "question":
        drawn = _field(session, item, marks)
        return Block("question", drawn.id, item.path, level, field=drawn)
    # A series draws no heading of its own when its turns already carry its name.
    inner = heading if item.kind == "repeat" else heading + 1
    return Block(
        kind=item.kind,
        id=field_id(item.path),
        path=item.path,
        heading=level,
        title=item.label,
        hint=item.hint,
        index=item.index,
        count=item.count,
        can_add=item.can_add,
        can_remove=item.can_remove,
        blocks=tuple(_block(session, child, marks, inner) for child in item.children),
    )


def _field(session: Session, item: Item, marks: Highlights) -> Field:
    state = item.state
    assert state is not None  # noqa: S101  (questions have a state; for the type checker)
    control = item.control
    identifier = field_id(item.path)
    widget = control.widget
    if widget == "radio" and len(state.choices) > MANY_CHOICES:
        widget = "dropdown"
    fact = FACTS.get(control.fact)
    return Field(
        id=identifier,
        name=item.path,
        label=state.label or control.name,
        hint=state.hint,
        guidance=state.guidance,
        widget=widget,
        value=as_typed(widget, state.value),
        shown=session.display(item.path) if state.readonly or widget == "note" else "",
        required=state.required,
        readonly=state.readonly,
        options=_options(identifier, state.choices, state.value, control.kind),
        error=_error(widget, state.value, marks.faults.get(item.path, "")),
        unit=fact.unit if fact is not None else "",
        conflict=marks.conflicts.get(item.path),
        is_new=item.path in marks.new,
        autocomplete=_AUTOCOMPLETE.get(control.fact, ""),
        minimum=control.range_start,
        maximum=control.range_end,
    )


def as_typed(widget: str, value: str) -> str:
    """A stored value as its input holds it: decimal comma, hours and minutes."""
    if widget in ("decimal", "range") and value.replace(".", "", 1).lstrip("-").isdigit():
        return value.replace(".", ",")
    if widget == "time" and value[2:3] == ":":
        return value[:5]
    if widget == "datetime" and value[10:11] == "T":
        return value[:16]
    return value


def _options(
    identifier: str, choices: Sequence[Choice], value: str, kind: str
) -> tuple[Option, ...]:
    chosen = [value] if kind == "select1" else value.split()
    return tuple(
        Option(
            id=f"{identifier}--{rank}",
            value=choice.value,
            label=choice.label,
            checked=choice.value in chosen,
            rank=str(chosen.index(choice.value) + 1)
            if kind == "rank" and choice.value in chosen
            else "",
        )
        for rank, choice in enumerate(choices, 1)
    )


def _error(widget: str, value: str, message: str) -> str:
    """The fault's sentence, with what was typed when it helps to find it again."""
    if not message or not value or widget not in _TYPED or len(value) > 60:
        return message
    return f"{message} Vous avez écrit «\u00a0{as_typed(widget, value)}\u00a0»."


def _target(item: Item) -> str:
    return field_id(item.path)
