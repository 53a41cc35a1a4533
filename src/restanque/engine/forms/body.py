"""The body of an XForm: questions, groups and repeats, and the actions nested in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from lxml import etree

from restanque.engine.forms.markup import jr, local
from restanque.engine.forms.model import (
    Action,
    Bind,
    Control,
    ControlKind,
    ItemSet,
    Page,
    StaticChoice,
    Steps,
)
from restanque.engine.forms.reading import Reader
from restanque.engine.forms.xpath import Expression, compile_expression

_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_LEAVES = frozenset(get_args(ControlKind)) - {"group", "repeat"}
_TEXT_WIDGETS = {
    "int": "integer",
    "long": "integer",
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    "dateTime": "datetime",
    "geopoint": "geopoint",
    "geotrace": "geotrace",
    "geoshape": "geoshape",
    "barcode": "barcode",
}
_WIDGETS = {
    "select": "checkboxes",
    "rank": "rank",
    "range": "range",
    "upload": "file",
    "trigger": "acknowledge",
}


class BodyReader:
    """Reads controls from body elements; `bind_ids` maps a bind's id to its nodeset."""

    def __init__(
        self, reader: Reader, rules: Mapping[Steps, Bind], bind_ids: Mapping[str, str]
    ) -> None:
        self.reader = reader
        self.rules = rules
        self.bind_ids = bind_ids

    def controls(self, element: etree._Element, base: Steps) -> tuple[Control, ...]:
        found = []
        for child in element:
            kind = local(child)
            if kind in ("group", "repeat") or kind in _LEAVES:
                found.append(self._control(child, kind, base))
        return tuple(found)

    def _control(self, element: etree._Element, kind: str, base: Steps) -> Control:
        reference = element.get("ref") or element.get("nodeset")
        if not reference and element.get("bind"):
            reference = self.bind_ids.get(element.get("bind", ""))
        steps = self.reader.steps(reference, base)
        bind = self.rules.get(steps)
        control = Control(
            kind=kind,  # type: ignore[arg-type]  # checked by the caller
            steps=steps,
            type=bind.type if bind else "string",
            appearance=_appearance(element.get("appearance") or ""),
            label=self.reader.text(element.find("{*}label"), steps, "label"),
            hint=self.reader.text(element.find("{*}hint"), steps, "hint"),
            fact=bind.fact if bind else "",
        )
        if kind == "group":
            return _folded(replace(control, children=self.controls(element, steps)))
        if kind == "repeat":
            return replace(
                control,
                children=self.controls(element, steps),
                count=self.reader.compile(element.get(jr("count")), steps, "repeat_count"),
                fixed=(element.get(jr("noAddRemove")) or "").strip().startswith("true"),
            )
        return self._leaf(element, control, bind)

    def _leaf(self, element: etree._Element, control: Control, bind: Bind | None) -> Control:
        choices = self._static_choices(element, control.steps)
        if control.has_choices and not choices and element.find("{*}itemset") is None:
            self.reader.refusals.append(f"La question « {control.path} » n’a aucun choix.")
        for bound in ("start", "end", "step") if control.kind == "range" else ():
            if not _DECIMAL.fullmatch(element.get(bound) or "0"):
                self.reader.refusals.append(
                    f"La question « {control.path} » (range) a une borne qui n’est pas un nombre : "
                    f"{bound} = « {element.get(bound)} »."
                )
        return replace(
            control,
            widget=_widget(control, bind),
            choices=choices,
            itemset=self._itemset(element, control.steps),
            media_type=element.get("mediatype") or "",
            range_start=element.get("start") or "",
            range_end=element.get("end") or "",
            range_step=element.get("step") or "",
        )

    def _static_choices(self, element: etree._Element, steps: Steps) -> tuple[StaticChoice, ...]:
        found = []
        for item in element.iterfind("{*}item"):
            label = self.reader.text(item.find("{*}label"), steps, "label")
            found.append(StaticChoice((item.findtext("{*}value") or "").strip(), label))
        return tuple(found)

    def _itemset(self, element: etree._Element, steps: Steps) -> ItemSet | None:
        itemset = element.find("{*}itemset")
        if itemset is None:
            return None
        value, label = itemset.find("{*}value"), itemset.find("{*}label")
        value_source = (value.get("ref") if value is not None else None) or "name"
        label_source = (label.get("ref") if label is not None else None) or value_source
        itext = self.reader.itext_reference(label_source, steps, "choice_filter")
        nodeset = self.reader.compile(itemset.get("nodeset"), steps, "choice_filter")
        value_of = self.reader.compile(value_source, steps, "choice_filter")
        if itext is None:
            label_of = self.reader.compile(label_source, steps, "choice_filter")
        else:
            label_of = itext[1] or _literal(itext[0])
        if nodeset is None or value_of is None or label_of is None:
            return None
        return ItemSet(nodeset, value_of, label_of, itext is not None)


def _appearance(text: str) -> frozenset[str]:
    """The hints; « search » is the old name of « autocomplete »."""
    tokens = text.split()
    return frozenset([*tokens, "autocomplete"] if "search" in tokens else tokens)


def _literal(text: str) -> Expression:
    return compile_expression(f"'{text}'")


def _folded(group: Control) -> Control:
    """pyxform wraps a repeat in a group of the same path that carries its label: make them one."""
    if len(group.children) == 1:
        (child,) = group.children
        if child.kind == "repeat" and child.steps == group.steps:
            return replace(child, label=group.label, hint=group.hint, appearance=group.appearance)
    return group


def _widget(control: Control, bind: Bind | None) -> str:
    if control.kind in _WIDGETS:
        return _WIDGETS[control.kind]
    if control.kind == "select1":
        quick = {"minimal", "autocomplete"} & control.appearance
        return "dropdown" if quick else "radio"
    fixed = bind is not None and bind.readonly is not None
    if fixed and bind.readonly.source.strip() == "true()" and control.type == "string":  # type: ignore[union-attr]
        return "note"
    if control.type == "string" and "multiline" in control.appearance:
        return "multiline"
    return _TEXT_WIDGETS.get(control.type, "text")


_EVENTS = {
    "odk-instance-first-load",
    "odk-instance-load",
    "odk-new-repeat",
    "xforms-value-changed",
    # Known to JavaRosa too; the last two never happen.
    "xforms-ready",
    "xforms-revalidate",
    "jr-insert",
}
_PHONE_ACTIONS = {
    "setgeopoint": "la position du téléphone",
    "recordaudio": "l’enregistrement du son",
}


def read_actions(
    model: etree._Element,
    body: etree._Element | None,
    reader: Reader,
    bind_ids: Mapping[str, str],
) -> tuple[Action, ...]:
    """Every `setvalue`, of the model and of the controls, in document order."""
    root: Steps = (reader.root_name,)
    nested = [] if body is None else list(body.iter("{*}setvalue", "{*}setgeopoint"))
    found = []
    for element in [*model, *nested]:
        kind = local(element)
        if kind != "setvalue" and kind not in _PHONE_ACTIONS:
            continue
        source = None if element.getparent() is model else _owner(element, root, reader)
        _check_events(element, source, reader)
        if kind == "setvalue":
            found.append(_action(element, source, source or root, reader, bind_ids))
        else:
            reader.warnings.append(
                f"Ce formulaire demande {_PHONE_ACTIONS[kind]} ({kind}) : seul ODK Collect le "
                "fait, la page web l’ignore."
            )
    return tuple(found)


def _check_events(element: etree._Element, source: Steps | None, reader: Reader) -> None:
    """JavaRosa opens no form whose actions wait for an event that it does not know."""
    events = (element.get("event") or "").split()
    unknown = [event for event in events if event not in _EVENTS]
    if unknown or not events:
        names = ", ".join(f"« {event} »" for event in unknown) or "aucun"
        reader.refusals.append(f"Une valeur automatique attend un événement inconnu : {names}.")
    if "odk-new-repeat" in events and source is None:
        reader.refusals.append(
            "Une valeur automatique attend l’ajout d’un tour (odk-new-repeat) hors de tout groupe "
            "répété."
        )


def _owner(element: etree._Element, root: Steps, reader: Reader) -> Steps | None:
    """Path of the control in which an action is nested, resolved through its ancestors."""
    steps: Steps = root
    owner: Steps | None = None
    for ancestor in reversed(list(element.iterancestors())):
        reference = ancestor.get("ref") or ancestor.get("nodeset")
        if reference and local(ancestor) in _LEAVES | {"group", "repeat"}:
            steps = owner = reader.steps(reference, steps)
    return owner


def _action(
    element: etree._Element,
    source: Steps | None,
    base: Steps,
    reader: Reader,
    bind_ids: Mapping[str, str],
) -> Action:
    reference = element.get("ref") or bind_ids.get(element.get("bind") or "") or ""
    target = reader.steps(reference, base)
    events = frozenset((element.get("event") or "").split())
    if "xforms-ready" in events:
        events |= {"odk-instance-first-load"}
    return Action(
        events=events,
        target=target,
        filtered=(reader.compile(reference, base, "trigger") if "[" in reference else None),
        source=source,
        value=reader.compile(element.get("value"), target, "calculation"),
        literal=(element.text or "").strip(),
    )


def make_pages(controls: tuple[Control, ...]) -> tuple[Page, ...]:
    """One page per top-level group or repeat; loose questions in a row share one."""
    runs: list[list[Control]] = []
    loose = False
    for control in controls:
        if control.is_leaf and loose:
            runs[-1].append(control)
        else:
            runs.append([control])
        loose = control.is_leaf
    pages: list[Page] = []
    keys: set[str] = set()
    for index, run in enumerate(runs):
        alone = run[0] if not run[0].is_leaf else None
        key = alone.name if alone is not None else f"page-{index + 1}"
        if key in keys:
            key = f"{key}-{index + 1}"
        keys.add(key)
        pages.append(Page(index, key, tuple(run), alone.label if alone is not None else None))
    return tuple(pages)
