"""What scripts expect, judged on our engine: one function per kind of result."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lxml import etree

from restanque.engine.forms import FormError, Session
from restanque.engine.forms.checks import CONSTRAINT, REQUIRED, Fault
from tests.conformance.scenario.marks import (
    Failed,
    Mark,
    Undecided,
    equal,
    plain,
    same_choice,
    same_xml,
    wanted_choice,
)

if TYPE_CHECKING:
    from tests.conformance.scenario.replay import Replay

NOT_RECORDED = "a constant was not recorded"
CALLBACK = "the callback was not recorded"


def expect(replay: Replay, op: dict[str, Any]) -> None:
    of, matcher, negated = op["of"], op["matcher"], op["neg"]
    if (isinstance(of, dict) and of.get("fn")) or _is_caught_error(replay, op):
        if not replay.opened or not (replay.is_refused or negated):
            raise Undecided(CALLBACK)
        _check(replay, replay.is_refused, negated, "the form should be refused")
        replay.refusal = None
        return
    if replay.refusal is not None:
        raise Failed(f"form refused: {replay.refusal}")
    if of is None and matcher == "toBeNull":
        # No error was caught while the form was opened: it is not refused.
        _check(replay, True, negated, "the form opens")
        return
    mark, path = _subject(replay, of), []
    if isinstance(of, dict) and "mark" in of:
        path = list(of["mark"].get("path") or [])
    mark, path = _follow(replay, mark, path)
    args = [_argument(replay, argument) for argument in op["args"]]
    if mark.kind == "nothing":
        raise Undecided(NOT_RECORDED)
    met = _JUDGES[mark.kind](
        mark.value if mark.kind == "scenario" else replay, mark, path, op, args
    )
    detail = f"{matcher} {args} {mark.kind} {mark.path} {mark.value!r}"
    _check(replay, met, negated, detail)


def _is_caught_error(replay: Replay, op: dict[str, Any]) -> bool:
    """`expect(caught).toBeInstanceOf(Error)`, just after a form was opened."""
    return (
        op["of"] is None
        and op["matcher"] == "toBeInstanceOf"
        and not replay.marks
        and replay.opened == 1
    )


def _check(replay: Replay, met: object, negated: bool, detail: object) -> None:
    replay.checked += 1
    if bool(met) == negated:
        raise Failed(f"{'not ' if negated else ''}{detail}"[:300])


def _subject(replay: Replay, of: Any) -> Mark:
    if of == {}:
        return Mark("scenario", replay)
    if isinstance(of, dict) and "mark" in of:
        mark = replay.marks.get(of["mark"]["id"])
        if mark is not None:
            return mark
    raise Undecided(NOT_RECORDED)


def _follow(replay: Replay, mark: Mark, path: list[Any]) -> tuple[Mark, list[Any]]:
    """Calls on a scenario that was opened again: `["answerOf", ["/data/a"], …]`."""
    while mark.kind == "scenario" and len(path) >= 2 and isinstance(path[1], list):
        inner: Replay = mark.value
        called = inner.call(path[0], path[1])
        path = path[2:]
        if called.kind in ("node", "verdict"):
            # Judged on the scenario where it stands.
            called = Mark("elsewhere", (inner, called))
        mark = called
    return mark, path


def _argument(replay: Replay, argument: Any) -> Any:
    if not (isinstance(argument, dict) and "mark" in argument):
        return argument
    mark = replay.marks.get(argument["mark"]["id"])
    if mark is None:
        raise Undecided(NOT_RECORDED)
    if argument["mark"].get("path") == ["currentState", "value"]:
        return replay.s.value(mark.path)
    return mark


def _elsewhere(
    replay: Replay, mark: Mark, path: list[Any], op: dict[str, Any], args: list[Any]
) -> bool:
    inner, called = mark.value
    return _JUDGES[called.kind](inner, called, path, op, args)


def _scenario(
    replay: Replay, mark: Mark, path: list[Any], op: dict[str, Any], args: list[Any]
) -> bool:
    matcher = op["matcher"]
    if matcher == "toHaveSerializedSubmissionXML":
        return same_xml(args[0], replay.s.to_xml(prune=True))
    if matcher == "toHaveComputedPreloadInstanceID":
        return replay.s.instance_id.startswith("uuid:")
    if replay.source is None:
        # The recording does not say which scenario this one is.
        raise Undecided(NOT_RECORDED)
    if matcher == "toHaveDeprecatedIDFromSource":
        root = etree.fromstring(replay.s.to_xml(prune=True))
        name = f"{{{args[0]['metaNamespaceURI']}}}deprecatedID"
        return replay.source.instance_id in [node.text for node in root.iter(name)]
    if matcher == "toHaveEditedPreloadInstanceID":
        identifier = replay.s.instance_id
        return identifier.startswith("uuid:") and identifier != replay.source.instance_id
    raise Undecided(f"scenario and {matcher}")


def _value(
    replay: Replay, mark: Mark, path: list[Any], op: dict[str, Any], args: list[Any]
) -> bool:
    value, matcher = mark.value, op["matcher"]
    if "formatted" in path:
        raise Undecided("rendering of Markdown, which is the page's business")
    if path == ["length"]:
        value = len(value)
    elif path not in ([], ["getValue", []], ["getDisplayText", []], ["xpathReference"]):
        raise Undecided(f"value and {path}")
    if matcher in ("toBe", "toEqual", "toEqualAnswer", "toEqualTreeReference"):
        return equal(args[0], value)
    if matcher in ("toBeNull", "toBeUndefined"):
        return not value
    if matcher in ("toStartWith", "toContain"):
        return str(value).startswith(args[0]) if matcher == "toStartWith" else args[0] in value
    if matcher == "toMatch":
        pattern = args[0]["re"] if isinstance(args[0], dict) else args[0]
        return re.search(pattern, str(value)) is not None
    if matcher in _STATES:
        return _STATES[matcher](_Live(replay, mark.path), args)
    raise Undecided(f"value and {matcher}")


def _verdict(
    replay: Replay, mark: Mark, path: list[Any], op: dict[str, Any], args: list[Any]
) -> bool:
    if path or op["matcher"] not in _STATES:
        raise Undecided(f"verdict and {op['matcher']}")
    return _STATES[op["matcher"]](_Live(replay, mark.path), args)


def _outcome(
    replay: Replay, mark: Mark, path: list[Any], op: dict[str, Any], args: list[Any]
) -> bool:
    fault: Fault | None = mark.value
    if path == ["outcome"]:
        if args == [None]:
            raise Undecided(NOT_RECORDED)
        kind = fault.kind if fault is not None else ""
        names = {"": "ANSWER_OK", "required": "ANSWER_REQUIRED_BUT_EMPTY"}
        return str(args[0]) == names.get(kind, "ANSWER_CONSTRAINT_VIOLATED")
    if path == ["failedPrompt"]:
        if op["matcher"] == "toBeNull":
            return fault is None
        return fault is not None and plain(fault.path) == plain(args[0].path)
    if path == ["failedPrompt", "node", "currentState", "reference"]:
        return fault is not None and plain(fault.path) == plain(args[0])
    if path[:3] == ["failedPrompt", "node", "validationState"] and path[-1] in (
        "message",
        "asString",
    ):
        return fault is not None and fault.message == args[0]
    raise Undecided(f"outcome and {path}")


def _form(replay: Replay, mark: Mark, path: list[Any], op: dict[str, Any], args: list[Any]) -> bool:
    if path[:1] == ["isRepeatRelevant"] and op["matcher"] == "toBe":
        return replay.s.state(path[1][0].replace("[0]", "[1]")).relevant == args[0]
    if op["matcher"] == "toBeValid":
        return not replay.s.validate()
    raise Undecided(f"form and {path}")


def _submission(
    replay: Replay, mark: Mark, path: list[Any], op: dict[str, Any], args: list[Any]
) -> bool:
    if path:
        raise Undecided("the address where a form is sent is the server's business")
    if op["matcher"] == "toHavePreparedSubmissionXML":
        return same_xml(args[0], mark.value)
    valid = not replay.s.validate()
    return (
        valid
        == {"toBeReadyForSubmission": True, "toBePendingSubmissionWithViolations": False}[
            op["matcher"]
        ]
    )


def _choices(
    replay: Replay, mark: Mark, path: list[Any], op: dict[str, Any], args: list[Any]
) -> bool:
    found, matcher = mark.value, op["matcher"]
    if path == ["size", []]:
        return len(found) == args[0]
    if path == ["isEmpty", []]:
        return (not found) == args[0]
    if path[:1] == ["get"] and path[2:] == ["getValue", []]:
        return bool(found[path[1][0]][0] == args[0])
    if path:
        raise Undecided(f"choices and {path}")
    if matcher == "toBe" and isinstance(args[0], Mark):
        return found is args[0].value
    listed = args[0] if isinstance(args[0], list) else [args[0]]
    wanted = [wanted_choice(choice) for choice in listed]
    if matcher == "toContainChoices":
        rest = iter(found)
        return all(any(same_choice(w, f) for f in rest) for w in wanted)
    if matcher == "toContainChoicesInAnyOrder":
        return all(any(same_choice(w, f) for f in found) for w in wanted)
    raise Undecided(f"choices and {matcher}")


def _event(
    replay: Replay, mark: Mark, path: list[Any], op: dict[str, Any], args: list[Any]
) -> bool:
    if path != ["eventType"]:
        raise Undecided(f"event and {path}")
    return bool(mark.value == args[0])


def _index(
    replay: Replay, mark: Mark, path: list[Any], op: dict[str, Any], args: list[Any]
) -> bool:
    if path == ["isEndOfFormIndex", []]:
        return (mark.path == "END_OF_FORM") == args[0]
    return _node(replay, mark, path, op, args)


def _node(replay: Replay, mark: Mark, path: list[Any], op: dict[str, Any], args: list[Any]) -> bool:
    matcher = op["matcher"]
    if path == ["currentState", "value"]:
        value = replay.s.value(mark.path)
        if matcher == "toMatch":
            return re.search(args[0]["re"], value) is not None
        return equal(args[0], value)
    if path == ["nodeOptions", "media"]:
        return args[0] == _media(replay.s.state(mark.path).control.media_type)  # type: ignore[union-attr]
    if path:
        raise Undecided(f"node and {path}")
    if matcher == "toBeNull":
        try:
            replay.s.state(mark.path)
        except FormError:
            return True
        return False
    if matcher in ("toBe", "toMatchObject") and isinstance(args[0], dict):
        control = replay.s.state(mark.path).control
        return control is not None and args[0] == {"nodeType": control.kind}
    if matcher == "toBe" and isinstance(args[0], Mark):
        return plain(mark.path) == plain(args[0].path)
    if matcher in _STATES:
        return _STATES[matcher](_Live(replay, mark.path), args)
    raise Undecided(f"node and {matcher}")


class _Live:
    """A node as it is now."""

    def __init__(self, replay: Replay, path: str) -> None:
        self.state = replay.s.state(path)
        self.style = replay.s.form.style
        control = self.state.control
        self.appearance = control.appearance if control is not None else frozenset()
        faults = replay.s.validate([path])
        self.kind = faults[0].kind if faults else ""
        self.message = faults[0].message if faults else ""

    def message_of(self, *kinds: str) -> str:
        return self.message if self.kind in kinds else ""

    @property
    def status(self) -> str:
        return {"": "OK", "required": "REQUIRED_BUT_EMPTY"}.get(self.kind, "CONSTRAINT_VIOLATED")


_REFUSED = ("constraint", "type", "choice")
_STATES: dict[str, Callable[[_Live, list[Any]], bool]] = {
    "toBeRelevant": lambda node, args: node.state.relevant,
    "toBeNonRelevant": lambda node, args: not node.state.relevant,
    "toBeReadonly": lambda node, args: node.state.readonly,
    "toBeEnabled": lambda node, args: not node.state.readonly,
    "toBeRequired": lambda node, args: node.state.required,
    "toBeOptional": lambda node, args: not node.state.required,
    "toHaveAppearance": lambda node, args: args[0] in node.appearance,
    "notToHaveAppearance": lambda node, args: args[0] not in node.appearance,
    "toYieldAppearances": lambda node, args: set(args[0]) == set(node.appearance),
    "toHaveClass": lambda node, args: args[0] in node.style,
    "notToHaveClass": lambda node, args: args[0] not in node.style,
    "toYieldClasses": lambda node, args: set(args[0]) == set(node.style),
    "toHaveConstraintMessage": lambda node, args: node.message_of(*_REFUSED) == (args[0] or ""),
    "toHaveRequiredMessage": lambda node, args: node.message_of("required") == (args[0] or ""),
    "toHaveValidityMessage": lambda node, args: node.message == (args[0] or ""),
    "toHaveDefaultConstraintMessage": lambda node, args: node.message_of(*_REFUSED) == CONSTRAINT,
    "toHaveDefaultRequiredMessage": lambda node, args: node.message_of("required") == REQUIRED,
    "toHaveValidityStatus": lambda node, args: node.status == str(args[0]),
}


def _media(accept: str) -> dict[str, str | None]:
    """`image/*` as the script describes it; nothing said is anything."""
    kind, _, subtype = accept.partition("/")
    known = bool(subtype)
    return {
        "accept": accept or "*",
        "type": kind if known else None,
        "subtype": subtype if known else None,
    }


def attribute(session: Session, ref: str, name: str) -> str:
    """An attribute of the answer as it is written."""
    node = etree.fromstring(session.to_xml(prune=False))
    for step in ref.strip("/").split("/")[1:]:
        local, _, index = step.partition("[")
        node = node.findall("{*}" + local)[int(index[:-1] or 1) - 1 if index else 0]
    return node.get(name) or ""


_JUDGES: dict[str, Callable[[Replay, Mark, list[Any], dict[str, Any], list[Any]], bool]] = {
    "scenario": _scenario,
    "elsewhere": _elsewhere,
    "value": _value,
    "verdict": _verdict,
    "outcome": _outcome,
    "form": _form,
    "submission": _submission,
    "choices": _choices,
    "event": _event,
    "index": _index,
    "node": _node,
}
