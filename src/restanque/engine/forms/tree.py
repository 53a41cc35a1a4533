"""The XML of one answer, indexed: which elements stand at a path, which path an element has."""

from __future__ import annotations

import copy
import re

from lxml import etree

from restanque.engine.forms.errors import FormError
from restanque.engine.forms.markup import children, local
from restanque.engine.forms.model import Control, Form, Steps
from restanque.engine.forms.xpath import Attribute

MAX_TURNS = 500
"""Turns of one repeat that are ever created or read."""

DEPRECATED_ID = "deprecatedID"
"""In an answer's metadata: the identifier of the version that it replaces (ODK Metadata)."""

MAX_NODES = 50_000
"""Nodes of one answer, all turns together: repeats in repeats multiply."""

_INDEXED = re.compile(r"(?:[^/\[\]:]+:)?([^/\[\]:]+)(?:\[(\d{1,9})\])?")


class Tree:
    """`rebuild` after every change of structure; elements stay the same objects.

    The index holds every element, which keeps lxml's objects alive: they can be keys of sets.
    """

    def __init__(self, root: etree._Element, form: Form) -> None:
        self.root = root
        self.form = form
        self.nodes: dict[Steps, list[etree._Element]] = {}
        self.steps: dict[etree._Element, Steps] = {}
        self.path: dict[etree._Element, str] = {}
        self.at: dict[str, etree._Element] = {}
        self.leaves: list[etree._Element] = []
        self.rebuild()

    def rebuild(self) -> None:
        self.nodes = {}
        self.steps = {}
        self.path = {}
        self.at = {}
        self.leaves = []
        name = local(self.root)
        self._index(self.root, (name,), f"/{name}")

    def _index(self, node: etree._Element, steps: Steps, path: str) -> None:
        self.nodes.setdefault(steps, []).append(node)
        self.steps[node] = steps
        self.path[node] = path
        self.at[path] = node
        if steps not in self.form.inside:
            self.leaves.append(node)
        turns: dict[Steps, int] = {}
        for child in children(node):
            below = (*steps, local(child))
            turn = turns[below] = turns.get(below, 0) + 1
            # Only repeats are numbered; namesakes that are no repeat must still be told apart.
            numbered = turn > 1 or below in self.form.repeats
            self._index(child, below, f"{path}/{below[-1]}" + (f"[{turn}]" if numbered else ""))

    def is_leaf(self, node: etree._Element) -> bool:
        """Can it hold an answer? A group stays a group when its repeats have no turn."""
        return self.steps[node] not in self.form.inside

    def find(self, path: str) -> etree._Element | None:
        """The element at a path as people write it: prefixes dropped, a missing index means 1."""
        found = self.at.get(path)
        return found if found is not None else self.at.get(self.canonical(path))

    def canonical(self, path: str) -> str:
        """`/data/rep/x` → `/data/rep[1]/x`. What is no path at all comes back as it is."""
        steps: Steps = ()
        out = ""
        for part in path.strip().strip("/").split("/"):
            match = _INDEXED.fullmatch(part)
            if match is None:
                return path
            steps = (*steps, match[1])
            index = int(match[2] or 1)
            repeated = steps in self.form.repeats
            if not repeated and index != 1:
                return path
            out += f"/{match[1]}[{index}]" if repeated else f"/{match[1]}"
        return out

    def series(self, path: str) -> tuple[etree._Element, Control]:
        """The parent element and the repeat that `/data/rep` or `/data/outer[2]/rep` names."""
        text = path.strip().rstrip("/")
        text = re.sub(r"\[\d*\]$", "", text)
        parent_path, _, name = text.rpartition("/")
        parent = self.find(parent_path) if parent_path else None
        steps = (*self.steps[parent], name.rpartition(":")[2]) if parent is not None else ()
        control = self.form.repeats.get(steps)
        if parent is None or control is None:
            raise FormError(f"« {path} » n’est pas un groupe répété de ce formulaire.")
        return parent, control

    def turns(self, parent: etree._Element, steps: Steps) -> list[etree._Element]:
        """The instances of a repeat below one parent."""
        return list(children(parent, steps[-1]))

    def below(self, scope: etree._Element, steps: Steps) -> list[etree._Element]:
        """The elements at a path that are `scope` or inside it; all of them when the path does
        not go through `scope`."""
        start = self.steps[scope]
        if steps[: len(start)] != start:
            return self.nodes.get(steps, [])
        found = [scope]
        for name in steps[len(start) :]:
            found = [child for node in found for child in children(node, name)]
        return found

    def insert(self, parent: etree._Element, steps: Steps) -> etree._Element:
        """A blank turn after the last one. The caller rebuilds."""
        new = copy.deepcopy(self.form.templates[steps])
        existing = self.turns(parent, steps)
        if existing:
            existing[-1].addnext(new)
            return new
        order = self.form.inside[steps[:-1]]
        rank = order.index(steps[-1])
        before = [c for c in children(parent) if order.index(local(c)) < rank]
        if before:
            before[-1].addnext(new)
        else:
            parent.insert(0, new)
        return new

    def room(self, steps: Steps) -> int:
        """How many more turns of this repeat the answer may hold (`MAX_NODES`)."""
        return max(0, MAX_NODES - len(self.steps)) // _size(self.form.templates[steps])

    def ancestors(self, node: etree._Element) -> list[etree._Element]:
        """The node and everything above it, the root last."""
        return [node, *node.iterancestors()]


def _size(template: etree._Element) -> int:
    return sum(1 for _ in template.iter())


def check_size(given: etree._Element, form: Form) -> None:
    """FormError when the turns of a stored answer would make more than `MAX_NODES`."""
    sizes = {steps: _size(template) for steps, template in form.templates.items()}
    total = 0
    pending: list[tuple[etree._Element, Steps]] = [(given, (local(given),))]
    while pending:
        node, steps = pending.pop()
        total += sizes.get(steps, 0)
        if total > MAX_NODES:
            raise FormError(f"Cette réponse est trop longue : plus de {MAX_NODES} cases.")
        if steps in form.inside:
            pending += [(child, (*steps, local(child))) for child in children(node)]


def fill(blank: etree._Element, given: etree._Element, steps: Steps, form: Form) -> None:
    """Pour a stored answer into a blank one: structure from the form, values from the answer.

    What the answer lacks (irrelevant parts are left out of submissions) keeps its blank value;
    what the form does not know is dropped.
    """
    for name, value in given.attrib.items():
        # The root has those of the tools that carried the answer.
        if len(steps) == 1 or name in blank.attrib:
            blank.set(name, value)
    names = form.inside.get(steps)
    if names is None:
        blank.text = given.text
        return
    filled: list[etree._Element] = []
    for name in names:
        below = (*steps, name)
        sources = list(children(given, name))
        if below in form.repeats:
            if len(sources) > MAX_TURNS:
                raise FormError(f"Cette réponse répète « {name} » plus de {MAX_TURNS} fois.")
            targets = [copy.deepcopy(form.templates[below]) for _ in sources]
        else:
            targets = list(children(blank, name))
        for target, source in zip(targets, sources, strict=False):
            fill(target, source, below, form)
        filled += targets
    if steps[1:] == ("meta",):
        # A client adds it to an answer that replaces another; no form declares it.
        filled += [copy.deepcopy(old) for old in children(given, DEPRECATED_ID)]
    blank[:] = filled


def attribute_of(node: etree._Element, step: str) -> Attribute | None:
    """The attribute that the step « @name » names, whatever its namespace; None if it has none."""
    for name, value in node.attrib.items() if step.startswith("@") else ():
        if etree.QName(name).localname == step[1:]:
            return Attribute(node, str(name), str(value))
    return None
