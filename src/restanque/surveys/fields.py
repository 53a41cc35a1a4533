"""One question made ready to draw: which element, what it holds, what explains it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from restanque.engine.forms import FACTS, Choice, Control, Item, Session, field_id
from restanque.surveys import places
from restanque.surveys.attaching import accepted_files
from restanque.surveys.merging import Conflict
from restanque.surveys.posting import PARTIAL_DATES, RANK, widget_of

# Above this number of choices, a list to open is quicker to read than buttons.
MANY_CHOICES = 12
# Up to this number of steps, a range is a scale of buttons: quicker, and nothing to misread.
SCALE_STEPS = 11
# Choices side by side or in columns: how the author wants them laid out, where there is room.
_LAYOUTS = {
    "likert": "echelle",
    "horizontal": "echelle",
    "quickcompact": "colonnes",
    "compact": "colonnes",
    "columns": "colonnes",
    "columns-pack": "colonnes",
}
_TYPED = ("text", "multiline", "integer", "decimal", "range", "date", "time", "datetime", "barcode",
          "geopoint", "year", "month")  # fmt: skip
# RGAA 11.13: fields about the person say so to the browser.
_AUTOCOMPLETE = {
    "contact.name": "name",
    "contact.role": "organization-title",
    "contact.email": "email",
    "contact.phone": "tel",
}
_INPUT = {"date": "date", "time": "time", "datetime": "datetime-local", "month": "month"}
_TEMPLATES = {
    "radio": "choices",
    "checkboxes": "choices",
    "scale": "choices",
    "acknowledge": "acknowledge",
    "dropdown": "dropdown",
    "multiline": "multiline",
    "file": "file",
    "note": "note",
    "rank": "rank",
    "geopoint": "point",
    "geotrace": "line",
    "geoshape": "line",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as drawn; `rank` is its place in a ranking ("" when not ranked)."""

    id: str
    value: str
    label: str
    checked: bool
    rank: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question as drawn. `name` is its path, `value` what its input holds.

    `layout` is "" (one below the other), "echelle" or "colonnes"; `point` is what the two fields
    of a place hold; `picture` and `large_picture` are addresses ("" without).
    """

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
    help: str = ""
    layout: str = ""
    picture: str = ""
    large_picture: str = ""
    point: tuple[str, str] = ("", "")
    accept: str = ""

    @property
    def template(self) -> str:
        """The template that draws it."""
        if self.conflict is not None:
            return "surveys/respond/field_conflict.html"
        kind = "note" if self.readonly else _TEMPLATES.get(self.widget, "input")
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
        modes = {"integer": "numeric", "decimal": "decimal", "range": "decimal", "year": "numeric"}
        return modes.get(self.widget, "")

    @property
    def described_by(self) -> str:
        """Ids of what explains the field: hint, help, then error."""
        parts = (
            f"{self.id}-aide" if self.hint else "",
            f"{self.id}-mode" if self.help else "",
            f"{self.id}-erreur" if self.error else "",
        )
        return " ".join(part for part in parts if part)

    @property
    def is_short(self) -> bool:
        """Numbers, dates and hours take a short input."""
        return self.widget in ("integer", "decimal", "range", "date", "time", "year", "month")

    @property
    def places(self) -> range:
        """The ranks that may be given."""
        return range(1, len(self.options) + 1)

    @property
    def ranking(self) -> list[Option]:
        """The ranked choices, in their order."""
        return sorted((one for one in self.options if one.rank), key=lambda one: int(one.rank))


@dataclass(frozen=True, slots=True)
class Marks:
    """What is to be brought forward in a page, and the addresses of its pictures."""

    faults: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    new: frozenset[str] = frozenset()
    pictures: Mapping[str, str] = field(default_factory=dict)


def field_of(session: Session, item: Item, marks: Marks) -> Field:
    """A question of a page, with its answer."""
    state = item.state
    assert state is not None  # noqa: S101  (questions have a state; for the type checker)
    control = item.control
    identifier = field_id(item.path)
    widget = drawn_widget(control, len(state.choices))
    fact = FACTS.get(control.fact)
    options = (
        _scale(identifier, control, state.value)
        if control.kind == "range"
        else _options(identifier, state.choices, state.value, control.kind, marks.pictures)
    )
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
        options=options,
        error=_error(widget, state.value, marks.faults.get(item.path, "")),
        unit=fact.unit if fact is not None else "",
        conflict=marks.conflicts.get(item.path),
        is_new=item.path in marks.new,
        autocomplete=_AUTOCOMPLETE.get(control.fact, ""),
        help=_help(control, widget),
        layout=_layout(control, widget),
        picture=marks.pictures.get(state.media.get("image", ""), ""),
        large_picture=marks.pictures.get(state.media.get("big-image", ""), ""),
        point=places.split_fields(state.value) if widget == "geopoint" else ("", ""),
        accept=accepted_files(control).accept if widget == "file" else "",
    )


def drawn_widget(control: Control, choices: int) -> str:
    """What is drawn: the engine's widget, or a handier one for many choices and short ranges."""
    widget = widget_of(control)
    if widget == "radio" and choices > MANY_CHOICES and "likert" not in control.appearance:
        return "dropdown"
    if widget == "range" and _steps(control):
        return "dropdown" if "picker" in control.appearance else "scale"
    return widget


def as_typed(widget: str, value: str) -> str:
    """A stored value as its input holds it: decimal comma, hours and minutes."""
    if widget in ("decimal", "range") and value.replace(".", "", 1).lstrip("-").isdigit():
        return value.replace(".", ",")
    if widget == "time" and value[2:3] == ":":
        return value[:5]
    if widget == "datetime" and value[10:11] == "T":
        return value[:16]
    if widget in PARTIAL_DATES and value[4:5] == "-" and len(value) == 10:
        return value[: PARTIAL_DATES[widget]]
    if widget in ("geotrace", "geoshape"):
        return places.line_as_typed(value)
    return value


def _options(
    identifier: str,
    choices: Sequence[Choice],
    value: str,
    kind: str,
    pictures: Mapping[str, str],
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
            picture=pictures.get(choice.media.get("image", ""), ""),
        )
        for rank, choice in enumerate(choices, 1)
    )


def _scale(identifier: str, control: Control, value: str) -> tuple[Option, ...]:
    return tuple(
        Option(f"{identifier}--{rank}", step, step.replace(".", ","), step == value)
        for rank, step in enumerate(_steps(control), 1)
    )


def _steps(control: Control) -> list[str]:
    """The values of a short range, as XForms writes them; none when there are too many."""
    try:
        start, end, step = (
            float(text) for text in (control.range_start, control.range_end, control.range_step)
        )
    except ValueError:
        return []
    if not step or (end - start) / step < 0:
        step = -step
    if not step:
        return []
    count = round((end - start) / step) + 1
    if not 2 <= count <= SCALE_STEPS:
        return []
    return [f"{round(start + rank * step, 9):g}" for rank in range(count)]


def _help(control: Control, widget: str) -> str:
    """How to fill what is not obvious, in a sentence."""
    if widget == "range" and control.range_start and control.range_end:
        low, high = control.range_start.replace(".", ","), control.range_end.replace(".", ",")
        return f"Un nombre de {low} à {high}."
    if widget == "year":
        return "L’année, par exemple 2026."
    if widget == "file":
        return accepted_files(control).words
    if widget == "rank":
        return "Donnez un rang à chaque ligne\u00a0: 1 pour la première. Les autres se décalent."
    if widget == "geopoint":
        return "En degrés, par exemple 43,6766 et 4,6278."
    if widget in ("geotrace", "geoshape"):
        what = "un contour" if widget == "geoshape" else "un tracé"
        return (
            f"Il est plus simple de relever {what} sur place avec l’application ODK Collect. "
            "Sinon, un point par ligne\u00a0: latitude puis longitude."
        )
    return ""


def _layout(control: Control, widget: str) -> str:
    if widget == "scale":
        return "echelle"
    for token in control.appearance:
        if token in _LAYOUTS:
            return _LAYOUTS[token]
        if token.startswith("columns-"):
            return "colonnes"
    return ""


def _error(widget: str, value: str, message: str) -> str:
    """The fault's sentence, with what was typed when it helps to find it again."""
    if not message or not value or widget not in _TYPED or len(value) > 60:
        return message
    return f"{message} Vous avez écrit «\u00a0{as_typed(widget, value)}\u00a0»."


__all__ = ["RANK", "Field", "Marks", "Option", "as_typed", "drawn_widget", "field_of"]
