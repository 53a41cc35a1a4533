"""The blank questionnaire, for paper: every question numbered, conditions in words."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from restanque.engine.forms import FACTS, Control, Form
from restanque.engine.forms.model import Steps
from restanque.surveys import markup
from restanque.surveys.conditions import Named, in_words

# What the engine writes where a label quotes another answer.
_QUOTED = "…"
UNSAID = "selon vos réponses précédentes"


@dataclass(frozen=True, slots=True)
class BlankQuestion:
    """One thing to print. `kind`: heading, note, choices, lines, short, file. `lines` is the
    height to write in, `condition` is words with their « si » ("" = asked of everybody)."""

    kind: str
    label: str
    number: int = 0
    hint: str = ""
    condition: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False
    unit: str = ""
    required: bool = False
    lines: int = 1
    level: int = 0


@dataclass(frozen=True, slots=True)
class BlankPage:
    """One part of the questionnaire. `repeated` names what must be copied as many times."""

    title: str
    condition: str = ""
    questions: tuple[BlankQuestion, ...] = field(default=())


def blank_pages(form: Form) -> list[BlankPage]:
    """The whole form without any answer, in its order and default language."""
    printer = _Printer(form)
    pages = []
    for page in form.pages:
        alone = (
            page.controls[0] if len(page.controls) == 1 and not page.controls[0].is_leaf else None
        )
        title = markup.plain(form.text(page.label)) or f"Partie {page.index + 1}"
        condition = printer.condition(alone.steps) if alone is not None else ""
        inside = alone.children if alone is not None and alone.kind == "group" else page.controls
        rows = [row for control in inside for row in printer.rows(control, 0)]
        if rows:
            pages.append(BlankPage(title, condition, tuple(rows)))
    return pages


class _Printer:
    def __init__(self, form: Form) -> None:
        self.form = form
        asked = [control for control in form.questions if control.widget != "note"]
        self.numbers: dict[Steps, int] = {
            control.steps: rank for rank, control in enumerate(asked, 1)
        }
        self.named = Named(self._question_name, self._choice_name)

    def rows(self, control: Control, level: int) -> Iterator[BlankQuestion]:
        label = markup.plain(self.form.text(control.label))
        if control.is_leaf:
            yield from self._question(control, label, level)
            return
        if control.kind == "repeat":
            name = label or control.name
            label = f"{name} (à recopier autant de fois que nécessaire)"
        if label:
            hint = markup.plain(self.form.text(control.hint))
            yield BlankQuestion(
                "heading", label, hint=hint, condition=self.condition(control.steps), level=level
            )
        for child in control.children:
            yield from self.rows(child, level + 1 if label else level)

    def _question(self, control: Control, label: str, level: int) -> Iterator[BlankQuestion]:
        hint = markup.plain(self.form.text(control.hint))
        condition = self.condition(control.steps)
        if control.widget == "note":
            # A note that quotes answers, or depends on a computation, says nothing on paper.
            if _QUOTED not in label and UNSAID not in condition:
                yield BlankQuestion("note", label, hint=hint, condition=condition, level=level)
            return
        bind = self.form.binds.get(control.path)
        fact = FACTS.get(control.fact)
        yield BlankQuestion(
            kind=_kind(control),
            label=label or control.name,
            number=self.numbers[control.steps],
            hint=hint,
            condition=condition,
            choices=tuple(
                markup.plain(choice.label) for choice in self.form.all_choices(control.path)
            ),
            several=control.kind in ("select", "rank"),
            unit=fact.unit if fact is not None else "",
            required=bind is not None and bind.required is not None,
            lines=5 if control.widget == "multiline" else 1,
            level=level,
        )

    def condition(self, steps: Steps) -> str:
        """The node's own condition in words; its groups' are said at their titles."""
        bind = self.form.rules.get(steps)
        if bind is None or bind.relevant is None:
            return ""
        words = in_words(bind.relevant.source, steps, self.named)
        return f"si {words}" if words else UNSAID

    def _question_name(self, steps: Steps) -> str | None:
        number = self.numbers.get(steps)
        return f"question {number}" if number is not None else None

    def _choice_name(self, steps: Steps, value: str) -> str | None:
        control = self.form.by_steps.get(steps)
        if control is None or not control.has_choices:
            return value
        choices = self.form.all_choices(control.path)
        return next((markup.plain(one.label) for one in choices if one.value == value), None)


def _kind(control: Control) -> str:
    if control.has_choices:
        return "choices"
    if control.widget == "file":
        return "file"
    if control.widget == "acknowledge":
        return "acknowledge"
    return "lines" if control.widget in ("text", "multiline", "barcode") else "short"
