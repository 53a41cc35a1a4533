"""The questions of a form as results show them: one entry each, with what can be counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from restanque.engine.forms import FACTS, Control, Form

# Answers that are answers, yet say nothing of the subject: counted apart, out of percentages.
DO_NOT_KNOW = ("ne_sait_pas", "non_communique")
GRAMS_PER_MEAL = "derive.grammes-par-repas"
KILOS_PER_YEAR = "derive.kilos-par-an"


class Kind(StrEnum):
    """How a question is counted."""

    ONE = "one"
    MANY = "many"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the results. `key` names it in addresses; `choices` are (code, label).

    `repeat` is the series it belongs to ("" otherwise): its unit is then a turn of that series.
    """

    key: str
    path: str
    label: str
    kind: Kind
    page: str
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    repeat: str = ""
    repeat_label: str = ""
    fact: str = ""
    calculated: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether it holds somebody's name or address: never in results."""
        return self.fact.startswith("contact.") and self.fact != "contact.consent"

    @property
    def is_open(self) -> bool:
        """A text that may name somebody or a supplier: for the team alone."""
        return self.kind == Kind.TEXT


def catalogue(form: Form) -> list[Question]:
    """Every question that can be counted, in the order of the questionnaire."""
    found: list[Question] = []
    seen: set[str] = set()
    for page in form.pages:
        title = form.text(page.label) or f"Partie {page.index + 1}"
        for control in page.controls:
            for question in _questions(form, control, title, "", ""):
                found.append(question)
                seen.add(question.path)
    found += _calculated(form, seen)
    found += _derived(set(form.facts.values()))
    return [question for question in found if not question.is_personal]


def _derived(facts: set[str]) -> Iterator[Question]:
    """Amounts made here of two facts, where the form does not compute them itself."""
    if {"need.kg_per_day", "need.days_per_year"} <= facts and "need.kg_per_year" not in facts:
        fact = FACTS["need.kg_per_year"]
        yield Question(KILOS_PER_YEAR, "", fact.label, Kind.NUMBER, "Calculs", unit=fact.unit,
                       fact=fact.name, calculated=True)  # fmt: skip
    if {"need.kg_per_day", "need.meals_per_day"} <= facts:
        yield Question(GRAMS_PER_MEAL, "", "Pain acheté par repas", Kind.NUMBER, "Calculs",
                       unit="g", calculated=True)  # fmt: skip


def _questions(
    form: Form, control: Control, page: str, repeat: str, repeat_label: str
) -> Iterator[Question]:
    if not control.is_leaf:
        inside, label = repeat, repeat_label
        if control.kind == "repeat":
            inside, label = control.path, form.text(control.label) or control.name
        for child in control.children:
            yield from _questions(form, child, page, inside, label)
        return
    kind = _kind(control)
    if kind is None:
        return
    fact = FACTS.get(control.fact)
    yield Question(
        key=key_of(control.path),
        path=control.path,
        label=form.text(control.label) or control.name,
        kind=kind,
        page=page,
        choices=tuple((c.value, c.label) for c in form.all_choices(control.path))
        if control.has_choices
        else (),
        unit=fact.unit if fact is not None else "",
        repeat=repeat,
        repeat_label=repeat_label,
        fact=control.fact,
    )


def _calculated(form: Form, seen: set[str]) -> Iterator[Question]:
    """Numbers that the form computes and declares as facts (price per kilo, kilos per day…)."""
    repeats = [control.path for control in _repeats(form.controls)]
    for path, name in form.facts.items():
        fact = FACTS.get(name)
        if path in seen or fact is None or fact.kind not in ("number", "whole"):
            continue
        repeat = next((one for one in repeats if path.startswith(f"{one}/")), "")
        label = form.text(form.question(repeat).label) if repeat else ""
        yield Question(
            key_of(path), path, fact.label, Kind.NUMBER, "Calculs", unit=fact.unit,
            repeat=repeat, repeat_label=label, fact=name, calculated=True,
        )  # fmt: skip


def _repeats(controls: tuple[Control, ...]) -> Iterator[Control]:
    for control in controls:
        if control.kind == "repeat":
            yield control
        yield from _repeats(control.children)


def _kind(control: Control) -> Kind | None:
    if control.widget == "note" or control.kind in ("upload", "trigger", "secret", "rank"):
        return None
    if control.kind == "select1":
        return Kind.ONE
    if control.kind == "select":
        return Kind.MANY
    if control.type in ("int", "decimal"):
        return Kind.NUMBER
    if control.type in ("date", "dateTime"):
        return Kind.DATE
    return Kind.TEXT if control.type == "string" else None


def key_of(path: str) -> str:
    """`/data/pain/types_pain` → `pain.types_pain`."""
    return ".".join(path.strip("/").split("/")[1:])
