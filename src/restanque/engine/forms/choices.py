"""The choices open at a question now, and the label of a chosen value."""

from __future__ import annotations

from lxml import etree

from restanque.engine.forms.evaluator import Evaluator
from restanque.engine.forms.model import WHOLE_LIST, Choice, Control, ItemSet, Steps
from restanque.engine.forms.texts import Texts
from restanque.engine.forms.tree import Tree
from restanque.engine.forms.xpath import Context, Node, XPathError


class Choices:
    def __init__(self, tree: Tree, texts: Texts, evaluator: Evaluator) -> None:
        self.tree = tree
        self.texts = texts
        self.evaluator = evaluator
        self._whole: dict[tuple[Steps, str], tuple[Choice, ...]] = {}
        self._values: dict[Steps, set[str]] = {}

    def of(self, control: Control, node: etree._Element) -> tuple[Choice, ...]:
        """Values, labels and pictures, the cascade applied, in the form's order."""
        itemset = control.itemset
        if itemset is None:
            return tuple(
                Choice(
                    choice.value,
                    self.texts.render(choice.label, node) or choice.value,
                    self.texts.files(choice.label, node),
                )
                for choice in control.choices
            )
        if not self._is_whole_list(itemset):
            return tuple(self._choice(itemset, item, node) for item in self._items(itemset, node))
        key = (control.steps, self.texts.language)
        if key not in self._whole:
            self._whole[key] = tuple(
                self._choice(itemset, item, node) for item in self._items(itemset, node)
            )
        return self._whole[key]

    def _is_whole_list(self, itemset: ItemSet) -> bool:
        """A list of the form without filter: the same in every turn, whatever the answers; unless
        its labels show answers."""
        if WHOLE_LIST.fullmatch(itemset.nodeset.source) is None:
            return False
        return not (itemset.label_is_itext and self.tree.form.choices_vary)

    def _choice(self, itemset: ItemSet, item: Node, node: etree._Element) -> Choice:
        value = self.evaluator.text(itemset.value, item, current=node)
        label = self.evaluator.text(itemset.label, item, current=node)
        if not itemset.label_is_itext:
            return Choice(value, label or value)
        return Choice(
            value, self.texts.itext(label, node) or value, self.texts.itext_files(label, node)
        )

    def _items(self, itemset: ItemSet, node: etree._Element) -> list[Node]:
        try:
            found = self.evaluator.value(itemset.nodeset, node)
        except XPathError as error:
            self.evaluator.note(itemset.nodeset, node, error)
            return []
        return list(found) if isinstance(found, list) else []

    def values(self, control: Control, node: etree._Element) -> set[str]:
        """The values only: what checking an answer needs."""
        itemset = control.itemset
        if itemset is None:
            return {choice.value for choice in control.choices}
        if self._is_whole_list(itemset):
            return self._values.get(control.steps) or self._values.setdefault(
                control.steps, self._read_values(itemset, node)
            )
        return self._read_values(itemset, node)

    def _read_values(self, itemset: ItemSet, node: etree._Element) -> set[str]:
        return {
            self.evaluator.text(itemset.value, item, current=node)
            for item in self._items(itemset, node)
        }

    def label(self, control: Control, node: etree._Element, value: str) -> str:
        """« oui autre » → « Oui ; Autre »: the labels of a stored value."""
        labels = {choice.value: choice.label for choice in self.of(control, node)}
        return "\u00a0; ".join(labels.get(part, part) for part in split(control, value))

    def choice_name(self, context: Context, value: str, path: str) -> str:
        """jr:choice-name(value, '/data/question'): the question nearest to the context; "" for
        what is no choice, as in JavaRosa."""
        start = context.current if isinstance(context.current, etree._Element) else self.tree.root
        steps = self._absolute(path, start)
        control = self.tree.form.by_steps.get(steps)
        node = self._nearest(steps, start)
        if control is None or node is None or not control.has_choices:
            return ""
        labels = {choice.value: choice.label for choice in self.of(control, node)}
        return " ".join(labels[part] for part in split(control, value) if part in labels)

    def _absolute(self, path: str, start: etree._Element) -> Steps:
        steps: Steps = () if path.strip().startswith("/") else self.tree.steps.get(start, ())
        for part in path.strip().split("/"):
            if part == "..":
                steps = steps[:-1]
            elif part not in ("", ".", "current()"):
                steps = (*steps, part.rpartition(":")[2])
        return steps

    def _nearest(self, steps: Steps, start: etree._Element) -> etree._Element | None:
        """Among the nodes at a path, the one that shares the deepest ancestor with `start`."""
        candidates = self.tree.nodes.get(steps, [])
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        above = self.tree.ancestors(start)
        for ancestor in above:
            for candidate in candidates:
                if ancestor in self.tree.ancestors(candidate):
                    return candidate
        return candidates[0]


def split(control: Control, value: str) -> list[str]:
    """The chosen values: one for a single choice, several for the others."""
    return [value] if control.kind == "select1" else value.split()
