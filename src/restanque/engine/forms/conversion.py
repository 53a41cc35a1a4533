"""An XLSForm as read: its rows, the XForm that came out of it, and what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from restanque.engine.forms.errors import Problem

_INDEX = re.compile(r"\[\d+\]")

_ALIASES = {
    "relevance": "relevant",
    "read_only": "readonly",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "caption": "label",
    "command": "type",
    "tag": "name",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "bind::relevant": "relevant",
    "bind::required": "required",
    "bind::constraint": "constraint",
    "bind::calculate": "calculation",
    "bind::readonly": "readonly",
    "bind::jr:constraintmsg": "constraint_message",
    "bind::jr:requiredmsg": "required_message",
    "control::appearance": "appearance",
    "body::appearance": "appearance",
    "list name": "list_name",
    "form_id": "form_id",
    "id_string": "form_id",
    "set_form_id": "form_id",
    "title": "form_title",
    "set_form_title": "form_title",
}


def canonical_column(header: str) -> str:
    """« Constraint message::Français (fr) » → constraint_message: the column without language."""
    snake = "_".join(header.split()).lower()
    if snake.startswith(("bind::", "control::", "body::", "instance::")):
        return _ALIASES.get(snake, snake)
    if snake.startswith("bind:") and snake.count(":") >= 2:
        return snake.replace("bind:", "bind::", 1)
    head = snake.partition("::")[0]
    if head == snake and not snake.startswith("jr:"):
        head = snake.partition(":")[0]
    return _ALIASES.get(head, head)


def column_language(header: str) -> str:
    """« label::Français (fr) » → « Français (fr) »; "" for a column without language."""
    return header.partition("::")[2].rpartition("::")[2].strip()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`number` is the row Excel shows; `cells` maps the header as written to the text."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The first filled cell of a column, under any of its names or languages."""
        for header, text in self.cells.items():
            if canonical_column(header) == column and text.strip():
                return text.strip()
        return ""

    def header(self, column: str) -> str:
        """The header as written of the filled cell of a column (for messages)."""
        for header, text in self.cells.items():
            if canonical_column(header) == column and text.strip():
                return header
        return column


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]

    def languages(self, column: str) -> tuple[str, ...]:
        """Languages in which a column is given; "" stands for the column without language."""
        found = [column_language(c) for c in self.columns if canonical_column(c) == column]
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A row of the survey sheet understood: `kind` is question, begin_group, begin_repeat, end_*…

    `type` is the question type in its usual spelling, `list_name` that of a choice question,
    `path` where the node stands in the form.
    """

    row: SheetRow
    kind: str
    type: str
    list_name: str
    or_other: bool
    name: str
    path: str

    @property
    def number(self) -> int:
        return self.row.number


@dataclass(frozen=True)
class Conversion:
    """What `convert_xlsform` found (README §1). `xform` is None when the file is refused."""

    filename: str
    xform: str | None = None
    form_id: str = ""
    title: str = ""
    version: str = ""
    default_language: str = ""
    languages: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    readable: bool = True
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    root_name: str = "data"
    itemsets: str | None = None
    media: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.xform is not None and not any(problem.is_error for problem in self.problems)

    @cached_property
    def survey(self) -> tuple[SurveyRow, ...]:
        """The rows of the survey sheet that say something, in order."""
        sheet = self.sheets.get("survey")
        return tuple(_survey_rows(sheet, self.root_name)) if sheet is not None else ()

    @cached_property
    def _rows_by_path(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for row in self.survey:
            if row.path:
                found.setdefault(row.path, row.number)
        return found

    @cached_property
    def _rows_by_name(self) -> Mapping[str, int | None]:
        """Row of a name used once; None for one used several times."""
        found: dict[str, int | None] = {}
        for row in self.survey:
            if row.name and row.path:
                found[row.name] = None if row.name in found else row.number
        return found

    def row_of(self, path: str) -> int | None:
        """Excel row of the node at a path (indexes ignored), None when no row made it."""
        plain = _INDEX.sub("", path)
        row = self._rows_by_path.get(plain)
        if row is None:
            name = plain.rpartition("/")[2]
            row = self._rows_by_name.get(name)
            if row is None and name.endswith("_other"):
                row = self._rows_by_path.get(plain.removesuffix("_other"))
            if row is None and name.endswith("_count"):
                row = self._rows_by_path.get(plain.removesuffix("_count"))
        return row


_BEGIN = re.compile(r"begin[\s_]+(group|repeat|loop|lgroup|looped group)\b.*", re.I)
_END = re.compile(r"end[\s_]+(group|repeat|loop|lgroup|looped group)\b.*", re.I)
_SELECT = re.compile(
    r"(?P<command>select[\s_]one[\s_]from[\s_]file|select[\s_]multiple[\s_]from[\s_]file"
    r"|select[\s_]one[\s_]external|select[\s_]one(?:\s+from)?|select1"
    r"|select[\s_]multiple|select\s+all\s+that\s+apply(?:\s+from)?|rank"
    r"|add\s+select\s+one\s+prompt\s+using|add\s+select\s+multiple\s+prompt\s+using)"
    r"\s+(?P<list>\S+)(?P<other>\s+(?:or[\s_]other|or\s+specify\s+other))?\s*",
    re.I,
)
_TYPES = {
    "int": "integer",
    "string": "text",
    "select1": "select_one",
    "photo": "image",
    "trigger": "acknowledge",
    "location": "geopoint",
    "gps": "geopoint",
    "q_string": "text",
}


def _survey_rows(sheet: Sheet, root_name: str) -> Iterator[SurveyRow]:
    stack = [f"/{root_name}"]
    for row in sheet.rows:
        written = " ".join(row.get("type").split())
        if not written:
            continue
        name = row.get("name")
        begin, end = _BEGIN.fullmatch(written), _END.fullmatch(written)
        if end is not None:
            if len(stack) > 1:
                stack.pop()
            yield SurveyRow(row, f"end_{_container(end[1])}", "", "", False, name, "")
            continue
        if begin is None and written == "note" and not name:
            name = f"generated_note_name_{row.number}"
        path = f"{stack[-1]}/{name}" if name else ""
        if begin is not None:
            stack.append(path or stack[-1])
            kind = f"begin_{_container(begin[1])}"
            yield SurveyRow(row, kind, "", "", False, name, path)
            continue
        type_, list_name, other = _question_type(written)
        yield SurveyRow(row, "question", type_, list_name, other, name, path)


def _container(word: str) -> str:
    lowered = word.lower()
    return "repeat" if lowered in ("repeat", "lgroup", "looped group") else lowered


def _question_type(written: str) -> tuple[str, str, bool]:
    match = _SELECT.fullmatch(written)
    if match is None:
        snake = "_".join(written.split()).lower()
        return _TYPES.get(snake, snake), "", False
    command = "_".join(match["command"].lower().split())
    if "file" in command:
        type_ = command
    elif "external" in command:
        type_ = "select_one_external"
    elif "multiple" in command or "all_that" in command:
        type_ = "select_multiple"
    elif command == "rank":
        type_ = "rank"
    else:
        type_ = "select_one"
    return type_, match["list"], match["other"] is not None
