"""What a page shows now: headings, groups, repeats and questions, as a tree to draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from restanque.engine.forms.model import Choice, Control


@dataclass(frozen=True, slots=True)
class NodeState:
    """Everything about one node now. Irrelevant: no value, valid. `media`: image, audio, video
    shown with the label (file names). `control` is None for a node without a question."""

    path: str
    relevant: bool
    value: str
    required: bool
    readonly: bool
    valid: bool
    message: str
    label: str
    hint: str
    guidance: str
    choices: tuple[Choice, ...]
    media: dict[str, str]
    control: Control | None


ItemKind = Literal["group", "repeat", "instance", "question"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to draw, with what is inside it (see README §3)."""

    kind: ItemKind
    path: str
    level: int
    control: Control
    label: str = ""
    hint: str = ""
    state: NodeState | None = None
    children: tuple[Item, ...] = field(default=())
    index: int = 0
    count: int = 0
    can_add: bool = False
    can_remove: bool = False

    def walk(self) -> Iterator[Item]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class PageProgress:
    """How far a page is: visible questions that can be answered, and those that must be."""

    index: int
    title: str
    visible: bool
    questions: int
    answered: int
    required: int
    required_answered: int

    @property
    def complete(self) -> bool:
        return self.required_answered == self.required


def field_id(path: str) -> str:
    """An HTML id for a node path: `/data/rep[2]/q` → `q-data-rep-2-q`, unique in the form."""
    parts = path.strip("/").replace("[", "/").replace("]", "").split("/")
    # Doubling the hyphens that names may hold keeps « a-b » apart from « a/b ».
    return "q-" + "-".join(part.replace("-", "--") for part in parts)
