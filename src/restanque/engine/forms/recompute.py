"""Bringing an answer up to date: relevance, calculations, repeat counts, automatic values.

Everything is recomputed each time, in dependency order: it costs less than the bookkeeping that
would avoid it, and leaves no state that could go stale.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from restanque.engine.forms.choices import Choices, split
from restanque.engine.forms.evaluator import Evaluator
from restanque.engine.forms.markup import xml_text
from restanque.engine.forms.model import Action, Form, Steps, is_attribute
from restanque.engine.forms.order import is_within
from restanque.engine.forms.tree import MAX_TURNS, Tree, attribute_of
from restanque.engine.forms.xpath import Attribute, Expression, Node, XPathError, to_number

MAX_ROUNDS = 30
"""Rounds of counts and triggers before giving up (two questions that keep changing each other)."""


class Recomputer:
    """`hidden` holds the irrelevant nodes; `surplus` the repeat turns beyond a lowered count."""

    def __init__(
        self,
        form: Form,
        tree: Tree,
        evaluator: Evaluator,
        hidden: set[Node],
        choices: Choices,
    ) -> None:
        self.form = form
        self.tree = tree
        self.evaluator = evaluator
        self.hidden = hidden
        self.choices = choices
        self.surplus: set[etree._Element] = set()
        self.changed: list[etree._Element] = []
        rules = form.rules
        self._program = [(steps, rules.get(steps), is_attribute(steps)) for steps in form.order]
        self._counted = [control for control in form.repeats.values() if control.count is not None]
        self._cascading = [
            control
            for control in form.by_steps.values()
            if control.itemset is not None and "[" in control.itemset.nodeset.source
        ]
        self._on_change: dict[Steps, list[Action]] = {}
        for action in form.actions:
            if "xforms-value-changed" in action.events and action.source is not None:
                self._on_change.setdefault(action.source, []).append(action)

    def run(self) -> None:
        for _ in range(MAX_ROUNDS):
            self._pass()
            if self._apply_counts() or self._drop_closed_choices():
                continue
            changed, self.changed = self.changed, []
            if not self._run_triggers(changed):
                return

    def _pass(self) -> None:
        """Relevance and calculations. A hidden node keeps its text: no expression sees it."""
        hidden, surplus, evaluator = self.hidden, self.surplus, self.evaluator
        nodes, inside = self.tree.nodes, self.form.inside
        for steps, bind, attribute in self._program:
            if attribute:
                if bind is not None and bind.calculate is not None:
                    self._compute_attributes(steps, bind.calculate, bind.type)
                continue
            for node in nodes.get(steps, ()):
                if node.getparent() in hidden or node in surplus:
                    hidden.add(node)
                    continue
                if bind is None:
                    hidden.discard(node)
                    continue
                if bind.relevant is not None and not evaluator.boolean(
                    bind.relevant, node, fallback=True
                ):
                    hidden.add(node)
                    continue
                hidden.discard(node)
                if bind.calculate is not None and steps not in inside:
                    write(node, evaluator.stored(bind.calculate, node, bind.type))

    def _compute_attributes(self, steps: Steps, calculate: Expression, type_: str) -> None:
        """Attributes have no relevance of their own, as in JavaRosa."""
        for node in self.tree.nodes.get(steps[:-1], ()):
            found = attribute_of(node, steps[-1])
            if found is not None and node not in self.hidden:
                node.set(found.name, xml_text(self.evaluator.stored(calculate, found, type_)))

    def _drop_closed_choices(self) -> bool:
        """A choice that the cascade no longer offers is taken back, as in ODK Collect."""
        dropped = False
        for control in self._cascading:
            for node in self.tree.nodes.get(control.steps, ()):
                if not node.text or node in self.hidden:
                    continue
                chosen = split(control, node.text)
                offered = self.choices.values(control, node)
                kept = [value for value in chosen if value in offered]
                if len(kept) != len(chosen):
                    write(node, " ".join(kept))
                    self.changed.append(node)
                    dropped = True
        return dropped

    def _apply_counts(self) -> bool:
        """Create the turns that counts ask for; put aside those that they no longer want."""
        changed = False
        for control in self._counted:
            steps = control.steps
            added: list[etree._Element] = []
            for parent in self.tree.nodes.get(steps[:-1], []):
                if parent in self.hidden:
                    continue
                turns = self.tree.turns(parent, steps)
                wanted = self._wanted(steps, turns[0] if turns else parent)
                missing = min(wanted - len(turns), self.tree.room(steps) - len(added))
                added += [self.tree.insert(parent, steps) for _ in range(missing)]
                if len(turns) >= wanted:
                    changed |= self._put_aside(steps, parent, turns, wanted)
            if added:
                changed = True
                self.tree.rebuild()
                for turn in added:
                    self.greet(turn)
        return changed

    def _put_aside(
        self, steps: Steps, parent: etree._Element, turns: list[etree._Element], wanted: int
    ) -> bool:
        """Turns beyond the count: the blank ones go, the others are kept out of sight."""
        removed = False
        while len(turns) > wanted and self._is_blank(turns[-1], steps):
            self.surplus.discard(turns[-1])
            parent.remove(turns.pop())
            removed = True
        if removed:
            self.tree.rebuild()
            self.hidden.intersection_update(self.tree.steps)
        aside = {turn for turn in turns[:wanted] if turn in self.surplus}
        beyond = {turn for turn in turns[wanted:] if turn not in self.surplus}
        self.surplus.difference_update(aside)
        self.surplus.update(beyond)
        return removed or bool(aside or beyond)

    def _wanted(self, steps: Steps, node: etree._Element) -> int:
        count = self.form.repeats[steps].count
        if count is None:
            return 0
        try:
            # A count is written from the repeat's own place in the form.
            number = to_number(self.evaluator.value(count, node), self.evaluator.environment)
        except XPathError as error:
            self.evaluator.note(count, node, error)
            return 0
        return int(min(number, MAX_TURNS)) if number > 0 else 0

    def _is_blank(self, turn: etree._Element, steps: Steps) -> bool:
        """Nothing was put in this turn that a new one would not hold."""
        blank = {node.text or "" for node in self.form.templates[steps].iter() if not len(node)}
        rules = self.form.rules
        for node in turn.iter():
            if len(node) or not node.text or node.text in blank:
                continue
            bind = rules.get(self.tree.steps.get(node, ()))
            if bind is None or bind.calculate is None:
                return False
        return True

    def would_be_relevant(self, steps: Steps, parent: etree._Element) -> bool:
        """Would a new turn of this repeat be shown? Asked of a turn put in for the question."""
        bind = self.form.rules.get(steps)
        if bind is None or bind.relevant is None:
            return True
        turn = self.tree.insert(parent, steps)
        try:
            return self.evaluator.boolean(bind.relevant, turn, fallback=True)
        finally:
            parent.remove(turn)

    def greet(self, turn: etree._Element) -> None:
        """What the form does when a turn is created, in it and in the turns inside it."""
        self.fire("odk-new-repeat", turn)

    def fire(self, event: str, scope: etree._Element) -> None:
        """Run the actions of an event: all for the root, for a turn those written inside it."""
        place = self.tree.steps[scope]
        for action in self.form.actions:
            if event not in action.events:
                continue
            if scope is self.tree.root or is_within(action.source or (), place):
                self._act(action, scope, [scope])

    def _run_triggers(self, changed: Iterable[etree._Element]) -> bool:
        ran = False
        for node in dict.fromkeys(changed):
            steps = self.tree.steps.get(node)
            for action in self._on_change.get(steps, ()) if steps is not None else ():
                ran = True
                self._act(action, self._common_turn(node, action.target), [node])
        return ran

    def _common_turn(self, node: etree._Element, target: Steps) -> etree._Element:
        """The innermost ancestor of `node` that a target path also goes through."""
        for ancestor in self.tree.ancestors(node):
            steps = self.tree.steps[ancestor]
            if target[: len(steps)] == steps:
                return ancestor
        return self.tree.root

    def _act(self, action: Action, scope: etree._Element, origin: list[etree._Element]) -> None:
        for target in self._targets(action, scope, origin):
            attribute = attribute_of(target, action.target[-1])
            if attribute is not None:
                target.set(attribute.name, xml_text(self._value_of(action, attribute)))
                continue
            value = self._value_of(action, target)
            if self.tree.is_leaf(target) and (target.text or "") != value:
                write(target, value)
                self.changed.append(target)

    def _value_of(self, action: Action, target: Node) -> str:
        if action.value is None:
            return action.literal
        bind = self.form.rules.get(action.target)
        return self.evaluator.stored(action.value, target, bind.type if bind else "string")

    def _targets(
        self, action: Action, scope: etree._Element, origin: list[etree._Element]
    ) -> list[etree._Element]:
        """The elements to fill in, or whose attribute is."""
        if action.filtered is not None:
            try:
                found = self.evaluator.value(action.filtered, origin[0])
            except XPathError as error:
                self.evaluator.note(action.filtered, origin[0], error)
                return []
            nodes = found if isinstance(found, list) else []
            elements = [n.parent if isinstance(n, Attribute) else n for n in nodes]
            return [n for n in elements if isinstance(n, etree._Element) and n in self.tree.steps]
        target = action.target
        return self.tree.below(scope, target[:-1] if is_attribute(target) else target)


def write(node: etree._Element, value: str) -> None:
    """Put a text in a leaf, without what XML cannot carry."""
    try:
        node.text = value or None
    except ValueError:
        node.text = xml_text(value) or None
