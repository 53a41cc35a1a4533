"""The items of a page, drawn from the controls and what is relevant now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set

from lxml import etree

from restanque.engine.forms.checks import Checks
from restanque.engine.forms.items import Item, NodeState, PageProgress
from restanque.engine.forms.model import Control, Page
from restanque.engine.forms.recompute import Recomputer
from restanque.engine.forms.texts import Texts
from restanque.engine.forms.tree import MAX_TURNS, Tree
from restanque.engine.forms.xpath import Node


class Layout:
    """Reads an up-to-date session, writes nothing. `state` gives the state of an element."""

    def __init__(
        self,
        tree: Tree,
        hidden: Set[Node],
        texts: Texts,
        checks: Checks,
        recomputer: Recomputer,
        state: Callable[[etree._Element], NodeState],
    ) -> None:
        self.tree = tree
        self.hidden = hidden
        self.texts = texts
        self.checks = checks
        self.recomputer = recomputer
        self.state = state

    def items(self, page: Page) -> list[Item]:
        return [item for c in page.controls for item in self._items(c, self.tree.root, 0)]

    def progress(self, page: Page) -> PageProgress:
        questions = answered = required = required_answered = 0
        shown = False
        for control in (leaf for top in page.controls for leaf in top.walk() if leaf.is_leaf):
            for node in self._relevant(control.steps, self.tree.root):
                shown = True
                bind = self.tree.form.rules.get(control.steps)
                if control.widget == "note" or self.checks.readonly(bind, node):
                    continue
                needed = self.checks.required(bind, node)
                questions += 1
                answered += bool(node.text)
                required += needed
                required_answered += needed and bool(node.text)
        return PageProgress(
            index=page.index,
            title=self.texts.render(page.label, self.tree.root),
            visible=shown or any(control.kind == "repeat" for control in page.controls),
            questions=questions,
            answered=answered,
            required=required,
            required_answered=required_answered,
        )

    def _relevant(self, steps: tuple[str, ...], scope: etree._Element) -> list[etree._Element]:
        return [node for node in self.tree.below(scope, steps) if node not in self.hidden]

    def _items(self, control: Control, scope: etree._Element, level: int) -> Iterator[Item]:
        if control.kind == "repeat":
            for parent in self._relevant(control.steps[:-1], scope):
                yield from self._series(control, parent, level)
        elif control.kind == "group":
            yield from self._group(control, scope, level)
        else:
            for node in self._relevant(control.steps, scope):
                state = self.state(node)
                yield Item("question", state.path, level, control, state.label, state.hint, state)

    def _group(self, control: Control, scope: etree._Element, level: int) -> Iterator[Item]:
        """A labelled group is an item; one without label is dissolved; an empty one left out."""
        nodes = self._relevant(control.steps, scope)
        if not nodes and control.steps in self.tree.nodes:
            return
        # A group without a node of its own only gathers questions: they keep their scope.
        inner = nodes[0] if nodes else scope
        label = self.texts.render(control.label, inner)
        below = level + 1 if label else level
        found = [item for child in control.children for item in self._items(child, inner, below)]
        if label and found:
            hint = self.texts.render(control.hint, inner)
            path = self.tree.path[inner]
            yield Item("group", path, level, control, label, hint, children=tuple(found))
        else:
            yield from found

    def _series(self, control: Control, parent: etree._Element, level: int) -> Iterator[Item]:
        """The turns of a repeat below one parent, with whether one may be added or removed."""
        every = self.tree.turns(parent, control.steps)
        turns = [turn for turn in every if turn not in self.hidden]
        by_hand = not (control.has_count or control.fixed)
        if not turns and not (
            by_hand and not every and self.recomputer.would_be_relevant(control.steps, parent)
        ):
            return
        label = self.texts.render(control.label, parent)
        yield Item(
            "repeat",
            f"{self.tree.path[parent]}/{control.name}",
            level,
            control,
            label,
            self.texts.render(control.hint, parent),
            children=tuple(
                self._turn(control, turn, index, level + 1, removable=by_hand)
                for index, turn in enumerate(turns, 1)
            ),
            count=len(turns),
            can_add=by_hand and len(every) < MAX_TURNS,
        )

    def _turn(
        self, control: Control, turn: etree._Element, index: int, level: int, *, removable: bool
    ) -> Item:
        inside = (
            item for child in control.children for item in self._items(child, turn, level + 1)
        )
        return Item(
            "instance",
            self.tree.path[turn],
            level,
            control,
            self.texts.render(control.label, turn),
            children=tuple(inside),
            index=index,
            can_remove=removable,
        )
