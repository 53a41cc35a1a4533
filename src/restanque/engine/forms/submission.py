"""An answer in and out: reading a stored one, writing a draft or a submission."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping, Set
from random import Random

from lxml import etree

from restanque.engine.forms.errors import FormError
from restanque.engine.forms.evaluator import Evaluator
from restanque.engine.forms.markup import children, local, read_xml
from restanque.engine.forms.model import Form
from restanque.engine.forms.recompute import write
from restanque.engine.forms.tree import Tree, check_size, fill
from restanque.engine.forms.xpath import Node, compile_expression

_DATE = compile_expression("today()")
_MOMENT = compile_expression("now()")
_PROPERTIES = {
    "deviceid",
    "email",
    "phonenumber",
    "simserial",
    "subscriberid",
    "username",
}


def open_instance(form: Form, instance: str | bytes | None) -> etree._Element:
    """The root of a new answer, or of a stored one brought into the form's shape."""
    root = copy.deepcopy(form.primary)
    if instance is None:
        return root
    given = read_xml(instance, "la réponse")
    identifier = given.get("id") or etree.QName(given).namespace or ""
    if local(given) != local(root) or (identifier and form.form_id not in ("", identifier)):
        raise FormError(
            f"Cette réponse appartient au formulaire « {identifier or local(given)} », "
            f"non à « {form.form_id} »."
        )
    check_size(given, form)
    fill(root, given, (local(root),), form)
    return root


def preload(
    form: Form,
    tree: Tree,
    evaluator: Evaluator,
    *,
    parameters: Mapping[str, str],
    instance_id: str,
) -> None:
    """Write what the form asks of its surroundings: identifier, date, user…"""
    for steps, bind in form.rules.items():
        if not bind.preload:
            continue
        for node in tree.nodes.get(steps, []):
            if bind.preload == "uid":
                write(node, instance_id)
            elif bind.preload == "timestamp" and bind.preload_params == "start":
                write(node, evaluator.text(_MOMENT, node))
            elif bind.preload == "date" and bind.preload_params == "today":
                write(node, evaluator.text(_DATE, node))
            elif bind.preload == "property" or bind.preload_params in _PROPERTIES:
                write(node, parameters.get(bind.preload_params, ""))


def make_instance_id(seed: int) -> str:
    """An identifier from a seed, for whoever gives none: same seed, same identifier."""
    bits = Random(f"instance/{seed}").getrandbits(128)  # noqa: S311  (no secret)
    return f"uuid:{uuid.UUID(int=bits, version=4)}"


def to_xml(form: Form, tree: Tree, evaluator: Evaluator, hidden: Set[Node], *, prune: bool) -> str:
    """`prune`: the submission, irrelevant nodes left out and the end time written, as JavaRosa
    does. Otherwise the draft: every value, so that what is hidden comes back when shown again."""
    if not prune:
        return str(etree.tostring(tree.root, encoding="unicode"))
    copied = _pruned(tree.root, hidden)
    for steps, bind in form.rules.items():
        if bind.preload == "timestamp" and bind.preload_params == "end":
            node = _descend(copied, steps[1:])
            if node is not None:
                write(node, evaluator.text(_MOMENT, tree.root))
    return str(etree.tostring(copied, encoding="unicode"))


def _pruned(root: etree._Element, hidden: Set[Node]) -> etree._Element:
    copied = copy.deepcopy(root)
    pairs = zip(root.iter(), copied.iter(), strict=True)
    for twin in [twin for node, twin in pairs if node in hidden]:
        parent = twin.getparent()
        if parent is not None:
            parent.remove(twin)
    return copied


def _descend(node: etree._Element | None, names: tuple[str, ...]) -> etree._Element | None:
    for name in names:
        if node is None:
            return None
        node = next(children(node, name), None)
    return node
