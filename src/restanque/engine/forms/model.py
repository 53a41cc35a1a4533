"""The definition of a form: immutable, without any answer. `parse.parse_form` builds it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from restanque.engine.forms.errors import FormError
from restanque.engine.forms.xpath import Document, Expression

Steps = tuple[str, ...]
"""A definition path as local names from the root: ("data", "group", "question")."""

ControlKind = Literal[
    "group",
    "repeat",
    "input",
    "select1",
    "select",
    "rank",
    "range",
    "upload",
    "trigger",
    "secret",
]

WHOLE_LIST = re.compile(r"\s*instance\(\s*['\"][^'\"]+['\"]\s*\)\s*/\s*root\s*/\s*item\s*")
_LIST = re.compile(r"instance\(\s*['\"]([^'\"]+)['\"]\s*\)\s*/\s*root\s*/\s*item")
_INDEX = re.compile(r"\[\d+\]")


def path_text(steps: Steps) -> str:
    return "/" + "/".join(steps)


def is_attribute(steps: Steps) -> bool:
    """Is it the path of an attribute: ("data", "group", "@version")?"""
    return steps[-1].startswith("@")


@dataclass(frozen=True, slots=True)
class Text:
    """A label, hint or message before any answer: translated, written in place, or computed.

    Exactly one is set. `itext` names a translation, `itext_of` computes its name; `parts` mixes
    literal text with expressions whose value is shown in the sentence.
    """

    itext: str = ""
    itext_of: Expression | None = None
    parts: tuple[str | Expression, ...] = ()
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Bind:
    """The rules of one node. An absent rule is None."""

    steps: Steps
    type: str = "string"
    relevant: Expression | None = None
    required: Expression | None = None
    readonly: Expression | None = None
    constraint: Expression | None = None
    calculate: Expression | None = None
    constraint_message: Text | None = None
    required_message: Text | None = None
    preload: str = ""
    preload_params: str = ""
    fact: str = ""

    @property
    def path(self) -> str:
        return path_text(self.steps)


@dataclass(frozen=True, slots=True)
class ItemSet:
    """Choices read from a node-set: `nodeset` evaluated at the question, the rest at each item."""

    nodeset: Expression
    value: Expression
    label: Expression
    label_is_itext: bool


@dataclass(frozen=True, slots=True)
class StaticChoice:
    value: str
    label: Text | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice as shown: `media` maps `image`, `audio`, `video` to file names."""

    value: str
    label: str
    media: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """A question, group or repeat of the form's body."""

    kind: ControlKind
    steps: Steps
    type: str = "string"
    widget: str = ""
    appearance: frozenset[str] = frozenset()
    label: Text | None = None
    hint: Text | None = None
    guidance: Text | None = None
    children: tuple[Control, ...] = ()
    choices: tuple[StaticChoice, ...] = ()
    itemset: ItemSet | None = None
    count: Expression | None = None
    fixed: bool = False
    media_type: str = ""
    range_start: str = ""
    range_end: str = ""
    range_step: str = ""
    fact: str = ""

    @property
    def path(self) -> str:
        return path_text(self.steps)

    @property
    def name(self) -> str:
        return self.steps[-1]

    @property
    def has_count(self) -> bool:
        return self.count is not None

    @property
    def is_leaf(self) -> bool:
        return self.kind not in ("group", "repeat")

    @property
    def has_choices(self) -> bool:
        return self.kind in ("select1", "select", "rank")

    def walk(self) -> Iterator[Control]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Action:
    """A `setvalue`: at these events, put the value of an expression (or a literal) at a target.

    `source` is the question whose change triggers it, or the repeat whose creation does; None for
    the events of the form itself.
    """

    events: frozenset[str]
    target: Steps
    source: Steps | None
    filtered: Expression | None
    value: Expression | None
    literal: str


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One screen: a top-level group or repeat, or the loose questions between two of them."""

    index: int
    key: str
    controls: tuple[Control, ...]
    label: Text | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A parsed XForm. Shareable: a session copies what it changes."""

    form_id: str
    title: str
    version: str
    languages: tuple[str, ...]
    default_language: str
    style: frozenset[str]
    controls: tuple[Control, ...]
    pages: tuple[Page, ...]
    binds: Mapping[str, Bind]
    facts: Mapping[str, str]
    media_names: tuple[str, ...]
    missing_media: tuple[str, ...]
    warnings: tuple[str, ...]
    # What the session needs; not part of the public interface.
    primary: etree._Element
    instances: Mapping[str, Document]
    namespaces: Mapping[str, str]
    itext: Mapping[str, Mapping[str, Mapping[str, tuple[str | Expression, ...]]]]
    # Does the label of a choice of a list show an answer?
    choices_vary: bool
    rules: Mapping[Steps, Bind]
    by_steps: Mapping[Steps, Control]
    repeats: Mapping[Steps, Control]
    templates: Mapping[Steps, etree._Element]
    inside: Mapping[Steps, tuple[str, ...]]
    actions: tuple[Action, ...]
    paths: tuple[Steps, ...]
    order: tuple[Steps, ...]
    cycles: tuple[tuple[Steps, ...], ...]
    unknown: tuple[tuple[Steps, str, Steps], ...]
    # What ODK Collect refuses to open, though it could be run: errors of the linter.
    refusals: tuple[str, ...]

    @property
    def questions(self) -> tuple[Control, ...]:
        return tuple(leaf for top in self.controls for leaf in top.walk() if leaf.is_leaf)

    def text(self, text: Text | None, language: str | None = None, form: str = "") -> str:
        """A label without any answer: references read as « … ». `form`: "", "guidance"…"""
        if text is None:
            return ""
        if not text.itext:
            return "" if form else _joined(text.parts)
        return _joined(self.translation(text.itext, language or self.default_language, form))

    def translation(
        self, identifier: str, language: str, form: str = ""
    ) -> tuple[str | Expression, ...]:
        """A text in a language, else the default one, else any that has it."""
        for lang in dict.fromkeys((language, self.default_language, *self.itext)):
            variants = self.itext.get(lang, {}).get(identifier, {})
            parts = variants.get(form) or (
                variants.get("long") or variants.get("short") if not form else None
            )
            # pyxform writes « - » where a translation is missing.
            if parts and parts != ("-",):
                return parts
        return ()

    def all_choices(self, path: str, language: str | None = None) -> tuple[Choice, ...]:
        """Every choice of a question, the cascade not applied: for codebooks and paper.

        A computed list (a repeat's answers) has none before there is an answer.
        """
        control = self.question(path)
        itemset = control.itemset
        if itemset is None:
            return tuple(
                Choice(choice.value, self.text(choice.label, language) or choice.value)
                for choice in control.choices
            )
        match = _LIST.search(itemset.nodeset.source)
        document = self.instances.get(match[1]) if match else None
        if document is None:
            return ()
        value, label = itemset.value.source.strip(), itemset.label.source.strip()
        found = []
        for item in document.root:
            chosen = _child_text(item, value)
            named = _child_text(item, label)
            if itemset.label_is_itext:
                named = self.text(Text(itext=named), language)
            found.append(Choice(chosen, named or chosen))
        return tuple(found)

    def question(self, path: str) -> Control:
        """The control at `path` (indexes ignored). Raises FormError when there is none."""
        steps = tuple(_INDEX.sub("", path).strip("/").split("/"))
        control = self.by_steps.get(steps)
        if control is None:
            raise FormError(f"Aucune question ne porte le chemin « {path} » dans ce formulaire.")
        return control


def _joined(parts: tuple[str | Expression, ...]) -> str:
    return "".join(part if isinstance(part, str) else "…" for part in parts).strip()


def _child_text(item: etree._Element, name: str) -> str:
    child = next(item.iterchildren("{*}" + name), None) if name else None
    return (child.text or "") if child is not None else ""
