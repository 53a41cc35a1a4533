"""From XForm XML to an immutable Form."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from restanque.engine.forms.body import BodyReader, make_pages, read_actions
from restanque.engine.forms.errors import FormError
from restanque.engine.forms.external import file_name, read_external
from restanque.engine.forms.markup import OPENROSA, RESTANQUE, children, jr, local, read_xml
from restanque.engine.forms.model import Action, Bind, Control, Form, Steps, path_text
from restanque.engine.forms.order import find_order
from restanque.engine.forms.reading import ExpressionFault, Reader
from restanque.engine.forms.values import type_fault
from restanque.engine.forms.xpath import Document, Expression

_RULES = ("relevant", "required", "readonly", "constraint", "calculate")
_ITEXT_FORMS_WITH_FILES = ("image", "audio", "video", "big-image")

Itext = dict[str, dict[str, dict[str, tuple[str | Expression, ...]]]]


def parse_form(xform: str | bytes, *, media: Mapping[str, bytes] | None = None) -> Form:
    """The form, ready for sessions.

    `media` gives the files it reads (`communes.csv`), by name. Raises FormError when the XML, an
    expression or the dependencies between questions make the form impossible to run.
    """
    form, faults = read_form(xform, media=media)
    if faults:
        fault = faults[0]
        raise FormError(
            f"Expression illisible pour « {path_text(fault.steps)} » ({fault.attribute}) : "
            f"{fault.message} Expression : {fault.source.strip()}"
        )
    if form.cycles:
        circle = " → ".join(path_text(steps) for steps in form.cycles[0])
        raise FormError(f"Ces questions dépendent les unes des autres en cercle : {circle}.")
    return form


def read_form(
    xform: str | bytes, *, media: Mapping[str, bytes] | None = None
) -> tuple[Form, tuple[ExpressionFault, ...]]:
    """The form and its unreadable expressions (absent from the form): what the linter needs."""
    root = read_xml(xform, "le formulaire")
    model = _model(root)
    secondary = [child for child in model if local(child) == "instance"]
    primary = _primary(secondary)
    reader = Reader(local(primary))
    reader.namespaces.update({k: v for k, v in root.nsmap.items() if k and v})
    skeleton = _Skeleton.read(primary, reader)
    rules = _binds(model, reader)
    bind_ids = {b.get("id", ""): b.get("nodeset", "") for b in model.iterfind("{*}bind")}
    body = next((child for child in root if local(child) == "body"), None)
    controls = (
        BodyReader(reader, rules, bind_ids).controls(body, (reader.root_name,))
        if body is not None
        else ()
    )
    by_steps = {c.steps: c for top in reversed(controls) for c in reversed(list(top.walk()))}
    skeleton.settle_defaults(rules, by_steps, reader)
    instances, names, missing = _secondary_instances(secondary[1:], media or {})
    itext, default_language = _itext(model, reader)
    repeats = {c.steps: c for top in controls for c in top.walk() if c.kind == "repeat"}
    order = find_order((*skeleton.paths, *skeleton.attributes), rules)
    actions = _known_actions(read_actions(model, body, reader, bind_ids), skeleton, reader)
    title = root.find("{*}head/{*}title")
    form = Form(
        form_id=primary.get("id") or etree.QName(primary).namespace or "",
        title=((title.text or "") if title is not None else "").strip(),
        version=primary.get("version") or primary.get(f"{{{OPENROSA}}}version") or "",
        languages=tuple(itext),
        default_language=default_language,
        style=frozenset((body.get("class") or "").split()) if body is not None else frozenset(),
        controls=controls,
        pages=make_pages(controls),
        binds={path_text(steps): bind for steps, bind in rules.items()},
        facts={path_text(steps): bind.fact for steps, bind in rules.items() if bind.fact},
        media_names=tuple(dict.fromkeys([*names, *_media_of(itext)])),
        missing_media=missing,
        warnings=tuple(reader.warnings),
        primary=skeleton.primary,
        instances=instances,
        namespaces=reader.namespaces,
        itext=itext,
        choices_vary=_choices_vary(itext),
        rules=rules,
        by_steps=by_steps,
        repeats=repeats,
        templates=skeleton.templates(repeats),
        inside=_inside(skeleton.paths),
        actions=actions,
        paths=skeleton.paths,
        order=order.order,
        cycles=order.cycles,
        unknown=order.unknown,
        refusals=tuple(reader.refusals),
    )
    return form, tuple(reader.faults)


def _model(root: etree._Element) -> etree._Element:
    head = next((child for child in root if local(child) == "head"), None)
    model = next((c for c in head if local(c) == "model"), None) if head is not None else None
    if model is None:
        raise FormError("Ce document XML n’est pas un XForm : il n’a pas de « model ».")
    return model


def _primary(instances: list[etree._Element]) -> etree._Element:
    root = next(children(instances[0]), None) if instances else None
    if root is None:
        raise FormError("Ce formulaire n’a pas d’instance : aucune réponse ne peut y être rangée.")
    return root


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """The blank answer, without templates; the first node of every path; the templates."""

    primary: etree._Element
    first: Mapping[Steps, etree._Element]
    marked: Mapping[Steps, etree._Element]

    @classmethod
    def read(cls, source: etree._Element, reader: Reader) -> _Skeleton:
        primary = copy.deepcopy(source)
        primary.tail = None
        first: dict[Steps, etree._Element] = {}
        _first_nodes(primary, (reader.root_name,), first)
        marked: dict[Steps, etree._Element] = {}
        _take_templates(primary, (reader.root_name,), marked)
        return cls(primary, first, marked)

    @property
    def paths(self) -> tuple[Steps, ...]:
        """Every definition path, document order."""
        return tuple(self.first)

    @property
    def attributes(self) -> tuple[Steps, ...]:
        """Paths of the attributes, which binds and actions may fill in."""
        return tuple(
            (*steps, "@" + etree.QName(name).localname)
            for steps, node in self.first.items()
            for name in node.attrib
        )

    def settle_defaults(
        self, rules: Mapping[Steps, Bind], controls: Mapping[Steps, Control], reader: Reader
    ) -> None:
        """Static default values that do not fit their type are dropped, as JavaRosa does."""
        roots = [(self.primary, self.paths[0]), *((n, s) for s, n in self.marked.items())]
        for root, start in roots:
            for node, steps in _leaves(root, start):
                control = controls.get(steps)
                if not node.text:
                    continue
                if control is not None and control.kind in ("select", "rank"):
                    node.text = " ".join(node.text.split())
                elif type_fault(rules[steps].type if steps in rules else "string", node.text):
                    reader.warnings.append(
                        f"La valeur par défaut de « {path_text(steps)} » n’est pas de son type : "
                        f"« {node.text} »."
                    )
                    node.text = None

    def templates(self, repeats: Mapping[Steps, Control]) -> dict[Steps, etree._Element]:
        """A blank turn of every repeat."""
        found = {}
        for steps in repeats:
            node = self.marked.get(steps)
            if node is None:
                node = self.first.get(steps)
            if node is None:
                raise FormError(f"Le groupe répété « {path_text(steps)} » n’a pas d’instance.")
            found[steps] = copy.deepcopy(node)
            found[steps].tail = None
        return found


def _take_templates(
    node: etree._Element, steps: Steps, marked: dict[Steps, etree._Element]
) -> None:
    """Take the marked templates out of the tree: they are no turns."""
    node.text = None if len(node) else (node.text or "").strip() or None
    node.tail = None
    for child in list(node):
        _take_templates(child, (*steps, local(child)), marked)
        if child.get(jr("template")) is not None:
            del child.attrib[jr("template")]
            node.remove(child)
            marked.setdefault((*steps, local(child)), child)


def _first_nodes(node: etree._Element, steps: Steps, first: dict[Steps, etree._Element]) -> None:
    first.setdefault(steps, node)
    for child in children(node):
        _first_nodes(child, (*steps, local(child)), first)


def _leaves(node: etree._Element, steps: Steps) -> Iterator[tuple[etree._Element, Steps]]:
    if not len(node):
        yield node, steps
    for child in children(node):
        yield from _leaves(child, (*steps, local(child)))


def _inside(paths: tuple[Steps, ...]) -> dict[Steps, tuple[str, ...]]:
    """Names of the nodes inside each path, in the form's order."""
    found: dict[Steps, list[str]] = {}
    for path in paths:
        found.setdefault(path[:-1], []).append(path[-1])
    return {steps: tuple(names) for steps, names in found.items()}


def _binds(model: etree._Element, reader: Reader) -> dict[Steps, Bind]:
    rules: dict[Steps, Bind] = {}
    for element in model.iterfind("{*}bind"):
        nodeset = element.get("nodeset")
        if not nodeset:
            continue
        steps = reader.steps(nodeset, (reader.root_name,))
        expressions = {rule: reader.compile(element.get(rule), steps, rule) for rule in _RULES}
        rules[steps] = Bind(
            steps=steps,
            type=(element.get("type") or "string").rpartition(":")[2],
            constraint_message=reader.message(
                element.get(jr("constraintMsg")), steps, "constraint_message"
            ),
            required_message=reader.message(
                element.get(jr("requiredMsg")), steps, "required_message"
            ),
            preload=element.get(jr("preload")) or "",
            preload_params=element.get(jr("preloadParams")) or "",
            fact=(element.get(f"{{{RESTANQUE}}}fact") or "").strip(),
            **expressions,
        )
    return rules


def _secondary_instances(
    elements: list[etree._Element], media: Mapping[str, bytes]
) -> tuple[dict[str, Document], tuple[str, ...], tuple[str, ...]]:
    """The lists, the file names they come from, and the names that were not given."""
    instances: dict[str, Document] = {}
    names: list[str] = []
    missing: list[str] = []
    for element in elements:
        identifier = element.get("id") or ""
        source = element.get("src") or ""
        root = next(children(element), None)
        if source:
            name = file_name(source)
            joined = read_external(source, media)
            if name:
                names.append(name)
                missing += [name] if joined is None else []
            # The items written in the form only stand in for the file.
            for candidate in (joined, root, etree.Element("root")):
                if candidate is not None:
                    root = candidate
                    break
        if root is not None and identifier:
            instances[identifier] = Document(_alone(root))
    return instances, tuple(names), tuple(missing)


def _alone(root: etree._Element) -> etree._Element:
    """A tree of its own, so that paths do not climb into the form."""
    if root.getparent() is None:
        return root
    separate = copy.deepcopy(root)
    separate.tail = None
    return separate


def _itext(model: etree._Element, reader: Reader) -> tuple[Itext, str]:
    itext: Itext = {}
    default = ""
    for translation in model.iterfind("{*}itext/{*}translation"):
        language = translation.get("lang") or ""
        texts: dict[str, dict[str, tuple[str | Expression, ...]]] = {}
        for text in translation.iterfind("{*}text"):
            identifier = text.get("id") or ""
            steps = reader.steps(identifier.partition(":")[0], (reader.root_name,))
            texts[identifier] = {
                value.get("form") or "": reader.parts(value, steps, "label")
                for value in text.iterfind("{*}value")
            }
        itext[language] = texts
        if translation.get("default") is not None:
            default = language
    return itext, default or next(iter(itext), "")


def _choices_vary(itext: Itext) -> bool:
    """Texts of questions are named by their path, those of lists are not."""
    return any(
        not isinstance(part, str)
        for texts in itext.values()
        for identifier, variants in texts.items()
        if not identifier.startswith("/")
        for parts in variants.values()
        for part in parts
    )


def _media_of(itext: Itext) -> list[str]:
    """File names of the images and sounds shown beside labels."""
    found: dict[str, None] = {}
    for texts in itext.values():
        for forms in texts.values():
            for form in _ITEXT_FORMS_WITH_FILES:
                for part in forms.get(form, ()):
                    if isinstance(part, str) and part.startswith("jr://"):
                        found[part.rpartition("/")[2]] = None
    return list(found)


def _known_actions(
    actions: tuple[Action, ...], skeleton: _Skeleton, reader: Reader
) -> tuple[Action, ...]:
    known = {*skeleton.first, *skeleton.attributes}
    reader.refusals += [
        f"Une valeur automatique vise « {path_text(action.target)} », qui n’existe pas."
        for action in actions
        if action.target not in known
    ]
    return tuple(action for action in actions if action.target in known)
