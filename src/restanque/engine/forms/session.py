"""One answer to a form: what is asked, what was said, whether it can be accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from lxml import etree

from restanque.engine.forms.checks import Checks, Fault, Verdict
from restanque.engine.forms.choices import Choices
from restanque.engine.forms.errors import FormError
from restanque.engine.forms.evaluator import Evaluator
from restanque.engine.forms.items import Item, NodeState, PageProgress
from restanque.engine.forms.layout import Layout
from restanque.engine.forms.markup import children
from restanque.engine.forms.model import Bind, Choice, Control, Form, Page
from restanque.engine.forms.recompute import Recomputer, write
from restanque.engine.forms.submission import make_instance_id, open_instance, preload, to_xml
from restanque.engine.forms.texts import Texts
from restanque.engine.forms.tree import DEPRECATED_ID, MAX_TURNS, Tree
from restanque.engine.forms.values import shown
from restanque.engine.forms.xpath import Node

PARIS = ZoneInfo("Europe/Paris")


class Session:
    """The state of one answer. Not thread-safe; cheap to make (README §3 for every method)."""

    def __init__(
        self,
        form: Form,
        *,
        now: datetime,
        instance: str | bytes | None = None,
        language: str | None = None,
        seed: int = 0,
        instance_id: str | None = None,
        parameters: Mapping[str, str] | None = None,
        timezone: tzinfo = PARIS,
    ) -> None:
        self.form = form
        self._tree = Tree(open_instance(form, instance), form)
        self._hidden: set[Node] = set()
        properties = {} if parameters is None else parameters
        self._evaluator = Evaluator(
            form,
            self._tree,
            self._hidden,
            now=now,
            timezone=timezone,
            seed=seed,
            parameters=properties,
            itext=lambda identifier: self._texts.itext(identifier, self._tree.root),
            choice_label=lambda *args: self._choices.choice_name(*args),
        )
        self._texts = Texts(form, self._evaluator, language or form.default_language)
        self._choices = Choices(self._tree, self._texts, self._evaluator)
        self._checks = Checks(form, self._evaluator, self._texts, self._choices)
        self._recomputer = Recomputer(
            form, self._tree, self._evaluator, self._hidden, self._choices
        )
        self._layout = Layout(
            self._tree,
            self._hidden,
            self._texts,
            self._checks,
            self._recomputer,
            self._state,
        )
        self._stale = True
        if instance is None:
            self._open_fixed_repeats()
            identifier = instance_id or make_instance_id(seed)
            preload(
                form,
                self._tree,
                self._evaluator,
                parameters=properties,
                instance_id=identifier,
            )
            self._recomputer.fire("odk-instance-first-load", self._tree.root)
        elif instance_id and not self.instance_id:
            self._put_instance_id(instance_id)
        self._recomputer.fire("odk-instance-load", self._tree.root)
        self._recomputer.changed.clear()
        self.recompute()

    def _open_fixed_repeats(self) -> None:
        """A repeat that people cannot add to has a turn, though the form gives only a template."""
        for steps, control in self.form.repeats.items():
            if control.fixed and not control.has_count:
                for parent in self._tree.nodes.get(steps[:-1], []):
                    if not self._tree.turns(parent, steps):
                        self._tree.insert(parent, steps)
                        self._tree.rebuild()

    # Identity and language

    @property
    def language(self) -> str:
        return self._texts.language

    @language.setter
    def language(self, language: str) -> None:
        self._texts.language = language
        self._stale = True

    @property
    def instance_id(self) -> str:
        node = self._instance_id_node()
        return (node.text or "") if node is not None else ""

    def _instance_id_node(self) -> etree._Element | None:
        meta = next(children(self._tree.root, "meta"), None)
        return next(children(meta, "instanceID"), None) if meta is not None else None

    def _put_instance_id(self, identifier: str) -> None:
        node = self._instance_id_node()
        if node is not None:
            write(node, identifier)

    def supersede(self, instance_id: str) -> None:
        """Make this answer a new version of the one that was read: `instance_id` becomes its
        identifier, the former one is kept as `deprecatedID` (ODK Metadata)."""
        node = self._instance_id_node()
        meta = node.getparent() if node is not None else None
        if node is None or meta is None:
            raise FormError("Ce formulaire n’a pas d’identifiant de réponse (meta/instanceID).")
        former = next(children(meta, DEPRECATED_ID), None)
        if former is None:
            name = etree.QName(etree.QName(node).namespace, DEPRECATED_ID)
            former = etree.SubElement(meta, name)
            self._tree.rebuild()
        write(former, node.text or "")
        write(node, instance_id)
        self._stale = True

    @property
    def troubles(self) -> tuple[str, ...]:
        """Expressions that failed on this answer, for the form's author (French)."""
        return tuple(self._evaluator.troubles)

    # Answers

    def set(self, path: str, text: str) -> None:
        """Put an answer at a leaf; "" empties it. Raises FormError for an unknown path."""
        node = self._node(path)
        if not self._tree.is_leaf(node):
            raise FormError(f"« {path} » est un groupe : on répond aux questions qu’il contient.")
        value = text.replace("\r\n", "\n").replace("\r", "\n")
        _, control = self._rules(node)
        if control is not None and control.kind in ("select", "rank"):
            value = " ".join(value.split())
        if (node.text or "") != value:
            write(node, value)
            self._recomputer.changed.append(node)
            self._stale = True

    def recompute(self) -> None:
        """Bring relevance, calculations, triggers and repeat counts up to date."""
        self._recomputer.run()
        self._stale = False

    def add_repeat(self, path: str) -> str:
        """Add a turn after the last one of `/data/rep`; its path. FormError when not allowed."""
        self._fresh()
        parent, control = self._tree.series(path)
        turns = self._tree.turns(parent, control.steps)
        if control.has_count or control.fixed:
            raise FormError(f"Le nombre de « {control.name} » est fixé par le formulaire.")
        if len(turns) >= MAX_TURNS:
            raise FormError(f"Au plus {MAX_TURNS} « {control.name} » sont possibles.")
        if not self._tree.room(control.steps):
            raise FormError("Cette réponse est trop longue : aucun tour ne peut y être ajouté.")
        turn = self._tree.insert(parent, control.steps)
        self._tree.rebuild()
        # New questions must know whether they are asked before their first values are found.
        self._recomputer.run()
        self._recomputer.greet(turn)
        self._stale = True
        return self._tree.path[turn]

    def turn_count(self, path: str) -> int:
        """How many turns `/data/rep` has now, relevant or not."""
        return len(self._turns(path))

    def relevant_turns(self, path: str) -> int:
        """How many turns of `/data/rep` are asked now."""
        return sum(1 for turn in self._turns(path) if turn not in self._hidden)

    def _turns(self, path: str) -> list[etree._Element]:
        self._fresh()
        parent, control = self._tree.series(path)
        return self._tree.turns(parent, control.steps)

    def remove_repeat(self, path: str) -> None:
        """Remove the turn `/data/rep[2]` with its answers. FormError when not allowed."""
        node = self._node(path)
        control = self.form.repeats.get(self._tree.steps[node])
        if control is None:
            raise FormError(f"« {path} » n’est pas une partie répétée.")
        if control.has_count or control.fixed:
            raise FormError(f"Le nombre de « {control.name} » est fixé par le formulaire.")
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
        self._tree.rebuild()
        self._hidden.intersection_update(self._tree.steps)
        self._stale = True

    # Questions about one node

    def state(self, path: str) -> NodeState:
        return self._state(self._node(path))

    def states(self) -> list[NodeState]:
        """Every leaf, document order."""
        self._fresh()
        return [self._state(node) for node in self._tree.leaves]

    def value(self, path: str) -> str:
        self._fresh()
        node = self._node(path)
        return "" if node in self._hidden or not self._tree.is_leaf(node) else node.text or ""

    def display(self, path: str) -> str:
        """The value as people read it: labels of choices, French dates and numbers."""
        node = self._node(path)
        value = self.value(path)
        bind, control = self._rules(node)
        if not value:
            return ""
        if control is not None and control.has_choices:
            return self._choices.label(control, node, value)
        if control is not None and control.kind == "trigger":
            return "Oui" if value == "OK" else value
        return shown(bind.type if bind is not None else "string", value)

    def choices(self, path: str) -> tuple[Choice, ...]:
        """The choices open now; empty for what is no choice question."""
        self._fresh()
        node = self._node(path)
        _, control = self._rules(node)
        if control is None or not control.has_choices:
            return ()
        return self._choices.of(control, node)

    def validate(self, paths: Iterable[str] | None = None) -> list[Fault]:
        """Faults of relevant leaves, all or those named, document order."""
        self._fresh()
        wanted = None if paths is None else {self._node(path) for path in paths}
        faults = []
        for node in self._tree.leaves:
            if wanted is not None and node not in wanted:
                continue
            verdict = self._verdict(node)
            if verdict.kind is not None:
                _, control = self._rules(node)
                label = self._texts.render(control.label, node) if control is not None else ""
                place = self._tree.path[node]
                faults.append(Fault(place, label, verdict.message, verdict.kind))
        return faults

    # Pages

    def visible_items(self, page: Page | int) -> list[Item]:
        """What a page shows now, in display order (a tree: see Item.children, Item.walk)."""
        self._fresh()
        return self._layout.items(self._page(page))

    def page_title(self, page: Page | int) -> str:
        self._fresh()
        return self._texts.render(self._page(page).label, self._tree.root)

    def progress(self) -> list[PageProgress]:
        self._fresh()
        return [self._layout.progress(page) for page in self.form.pages]

    def page_of(self, path: str) -> int | None:
        """Index of the page where the question stands; None for what no page shows."""
        steps = self._tree.steps[self._node(path)]
        for page in self.form.pages:
            for control in page.controls:
                if any(steps == inner.steps for inner in control.walk()):
                    return page.index
        return None

    def _page(self, page: Page | int) -> Page:
        if isinstance(page, Page):
            return page
        if not 0 <= page < len(self.form.pages):
            raise FormError(f"Ce formulaire n’a pas de page {page + 1}.")
        return self.form.pages[page]

    # Whole answers

    def to_xml(self, *, prune: bool) -> str:
        """The submission (prune=True) or the draft (prune=False)."""
        self._fresh()
        return to_xml(self.form, self._tree, self._evaluator, self._hidden, prune=prune)

    def flat(self) -> dict[str, str]:
        """Path → value of every answered relevant leaf, document order."""
        self._fresh()
        return {
            self._tree.path[node]: node.text or ""
            for node in self._tree.leaves
            if node.text and node not in self._hidden
        }

    def facts(self) -> list[tuple[str, str, str]]:
        """(fact name, node path, value) of answered relevant leaves that declare a fact."""
        self._fresh()
        return [
            (bind.fact, self._tree.path[node], node.text)
            for node, bind in self._ruled_leaves()
            if bind.fact and node.text and node not in self._hidden
        ]

    def walk(self) -> Iterator[NodeState]:
        """Every node, groups and turns included, document order."""
        self._fresh()
        for node in self._tree.root.iter():
            if node in self._tree.path:
                yield self._state(node)

    # Inside

    def _ruled_leaves(self) -> Iterator[tuple[etree._Element, Bind]]:
        for node in self._tree.leaves:
            bind = self.form.rules.get(self._tree.steps[node])
            if bind is not None:
                yield node, bind

    def _fresh(self) -> None:
        if self._stale:
            self.recompute()

    def _node(self, path: str) -> etree._Element:
        node = self._tree.find(path)
        if node is None:
            # An answer given just before may open the turn of a repeat that this one names.
            self._fresh()
            node = self._tree.find(path)
        if node is None:
            raise FormError(f"Le chemin « {path} » n’existe pas dans cette réponse.")
        return node

    def _rules(self, node: etree._Element) -> tuple[Bind | None, Control | None]:
        steps = self._tree.steps[node]
        return self.form.rules.get(steps), self.form.by_steps.get(steps)

    def _verdict(self, node: etree._Element) -> Verdict:
        if node in self._hidden or not self._tree.is_leaf(node):
            return Verdict()
        bind, control = self._rules(node)
        return self._checks.verdict(bind, control, node)

    def _state(self, node: etree._Element) -> NodeState:
        self._fresh()
        bind, control = self._rules(node)
        relevant = node not in self._hidden
        verdict = self._verdict(node)
        is_leaf = self._tree.is_leaf(node)
        label = control.label if control is not None else None
        hint = control.hint if control is not None else None
        open_choices = control is not None and control.has_choices and relevant
        return NodeState(
            path=self._tree.path[node],
            relevant=relevant,
            value=(node.text or "") if relevant and is_leaf else "",
            required=relevant and is_leaf and self._checks.required(bind, node),
            readonly=any(
                self._checks.readonly(self.form.rules.get(self._tree.steps[above]), above)
                for above in self._tree.ancestors(node)
            ),
            valid=verdict.kind is None,
            message=verdict.message,
            label=self._texts.render(label, node),
            hint=self._texts.render(hint, node),
            guidance=self._texts.render(hint, node, "guidance"),
            choices=self._choices.of(control, node) if open_choices and control else (),
            media=self._texts.files(label, node),
            control=control,
        )
