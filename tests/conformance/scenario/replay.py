"""ODK Web Forms' scenario scripts played on our engine.

A script opens a form, answers, adds and removes turns of repeats, and says what it expects. Each
operation of the recording has a method `op_…` here; each thing that can be expected a method
`expect_…`. What the engine has no notion of (Markdown rendering, CSS classes, file payloads) makes
the script undecided, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from restanque.engine.forms import FormError, NodeState, Session, parse_form

_TURN = re.compile(r"\[\d*\]$")


class Undecided(Exception):
    """The recording asks for something that is no business of this engine."""


class Failed(AssertionError):
    """The engine did not do what the script expects."""


@dataclass
class Mark:
    """What an operation gave back: its kind says which expectations make sense."""

    kind: str
    value: Any = None
    path: str = ""


@dataclass
class Replay:
    case: dict[str, Any]
    session: Session | None = None
    refusal: FormError | None = None
    current: str = ""
    xml: str = ""
    checked: int = 0
    marks: dict[int, Mark] = field(default_factory=dict)

    def run(self) -> str:
        """ "pass", "fail: …", "undecided: …"."""
        try:
            for op in self.case["ops"]:
                self._play(op)
        except Undecided as reason:
            return f"undecided: {reason}"
        except Failed as failure:
            return f"fail: {failure}"
        except FormError as error:
            return f"fail: {error}"
        return "pass" if self.checked else "undecided: nothing expected"

    def _play(self, op: dict[str, Any]) -> None:
        name = op["op"]
        if self.refusal is not None and name != "expect":
            raise Failed(f"form refused: {self.refusal}")
        method: Callable[..., Mark | None] | None = getattr(self, f"op_{name}", None)
        if method is None:
            raise Undecided(f"operation {name}")
        if name in ("init", "expect"):
            method(op)
            return
        result = method(*op.get("args", []))
        if result is not None:
            self.marks[op["id"]] = result

    @property
    def s(self) -> Session:
        if self.session is None:
            raise Undecided("no form")
        return self.session

    # Operations

    def op_init(self, op: dict[str, Any]) -> None:
        if not op.get("xml"):
            raise Undecided("form not recorded")
        if op.get("extra"):
            raise Undecided("joined files not recorded")
        self.xml = op["xml"]
        self.refusal = None
        try:
            self.session = self._open()
        except FormError as error:
            self.refusal = error

    def _open(self, instance: str | None = None) -> Session:
        moment = datetime.fromtimestamp((self.case.get("now") or 1795499793313) / 1000, UTC)
        form = parse_form(self.xml)
        return Session(form, now=moment, timezone=UTC, instance=instance)

    def _again(self, instance: str | None) -> Replay:
        return Replay(self.case, self._open(instance), xml=self.xml)

    def op_next(self, ref: Any = None) -> None:
        if not isinstance(ref, str):
            raise Undecided("next() without its place")
        if ref == "END_OF_FORM":
            self.current = ""
        else:
            self._go(ref)

    op_prev = op_next

    def _go(self, ref: str) -> None:
        """Stand at a place, which must be asked; the one after the last turn is the prompt."""
        try:
            if not self.s.state(ref).relevant:
                raise Failed(f"{ref} is not asked")
        except FormError:
            series = _TURN.sub("", ref)
            found = re.search(r"\[(\d+)\]$", ref)
            if found is not None and int(found[1]) != self.s.turn_count(series) + 1:
                raise
            self.s.form.question(series)
        self.current = ref

    def op_jumpToBeginningOfForm(self) -> None:
        self.current = ""

    def op_answer(self, *args: Any) -> Mark:
        if len(args) == 1:
            ref, value = self.current, args[0]
        else:
            ref, value = args[0], args[1] if len(args) == 2 else list(args[1:])
        try:
            self.s.set(ref, _text(value))
        except FormError as error:
            raise Failed(str(error)) from error
        faults = self.s.validate([ref])
        return Mark("verdict", faults[0].kind if faults else "", ref)

    def op_createNewRepeat(self, ref: Any) -> Mark:
        place = ref["assertCurrentReference"] if isinstance(ref, dict) else ref
        if place == "END_OF_FORM":
            raise Undecided("a turn created where the form ends")
        self.current = self.s.add_repeat(_TURN.sub("", place))
        return Mark("node", path=self.current)

    def op_proposed_addExplicitCreateNewRepeatCallHere(self, ref: Any, how: Any = None) -> None:
        if isinstance(how, dict) and how.get("explicitRepeatCreation") is False:
            return
        if isinstance(ref, str) and not self.s.form.question(ref).has_count:
            self.current = self.s.add_repeat(_TURN.sub("", ref))

    def op_removeRepeat(self, ref: str) -> None:
        self.s.remove_repeat(ref)

    def op_setLanguage(self, language: str) -> None:
        self.s.language = language

    def op_answerOf(self, ref: str) -> Mark:
        return Mark("value", self.s.value(ref), ref)

    def op_getInstanceNode(self, ref: str) -> Mark:
        return Mark("node", path=ref)

    def op_choicesOf(self, ref: str) -> Mark:
        return Mark("choices", [(c.value, c.label) for c in self.s.choices(ref)], ref)

    def op_countRepeatInstancesOf(self, ref: str) -> Mark:
        series = _TURN.sub("", ref)
        return Mark("value", self.s.relevant_turns(series), ref)

    def op_refAtIndex(self) -> Mark:
        return Mark("value", self.current)

    def op_indexOf(self, ref: str) -> Mark:
        return Mark("node", path=ref)

    def op_getQuestionLabel(self, place: Any = None) -> Mark:
        return Mark("value", self._place(place).label)

    op_getQuestionLabelText = op_getQuestionLabel

    def op_getQuestionHint(self, place: Any = None) -> Mark:
        return Mark("value", self._place(place).hint)

    def op_proposed_getTitle(self) -> Mark:
        return Mark("value", self.s.form.title)

    def op_proposed_getAvailableOptionLabels(self, place: Any = None) -> Mark:
        return Mark("value", [choice.label for choice in self._place(place).choices])

    def op_proposed_getSelectedOptionLabelsAsText(self, place: Any = None) -> Mark:
        state = self._place(place)
        chosen = state.value.split()
        return Mark("value", [c.label for c in state.choices if c.value in chosen])

    op_getSelectedOptionLabels = op_proposed_getSelectedOptionLabelsAsText

    def _place(self, place: Any) -> NodeState:
        ref = place.get("assertCurrentReference") if isinstance(place, dict) else self.current
        return self.s.state(ref or self.current)

    def op_editCurrentInstance(self, *_: Any) -> Mark:
        return Mark("scenario", self._again(self.s.to_xml(prune=True)))

    def op_proposed_serializeAndRestoreInstanceState(self, *_: Any) -> Mark:
        return Mark("scenario", self._again(self.s.to_xml(prune=False)))

    op_serializeAndDeserializeInstance = op_proposed_serializeAndRestoreInstanceState

    def op_proposed_serializeInstance(self) -> Mark:
        return Mark("value", self.s.to_xml(prune=True))

    def op_getValidationOutcome(self) -> Mark:
        faults = self.s.validate()
        return Mark("outcome", faults[0] if faults else None)

    def op_getFormDef(self) -> Mark:
        return Mark("form")

    def op_proposed_canCreateOrRemoveRepeat(self, ref: str) -> Mark:
        control = self.s.form.question(ref)
        return Mark("value", not (control.has_count or control.fixed))

    # Expectations

    def op_expect(self, op: dict[str, Any]) -> None:
        of, matcher, args, negated = op["of"], op["matcher"], op["args"], op["neg"]
        if isinstance(of, dict) and of.get("fn"):
            if matcher not in ("toThrow", "toThrowError"):
                raise Undecided(f"a function and {matcher}")
            wrong = self.refusal is not None or bool(self.session and self.session.troubles)
            self._check(wrong, negated, "the form should be refused")
            self.refusal = None
            return
        if self.refusal is not None:
            raise Failed(f"form refused: {self.refusal}")
        if matcher == "toHaveSerializedSubmissionXML":
            self._check(_same_xml(args[0], self.s.to_xml(prune=True)), negated, self._submission())
            return
        if not (isinstance(of, dict) and "mark" in of):
            raise Undecided("expectation on a constant of the test")
        mark = self.marks.get(of["mark"]["id"])
        if mark is None:
            raise Undecided("a result that is not ours")
        path = list(of["mark"].get("path") or [])
        if mark.kind == "scenario":
            self._expect_scenario(mark.value, path, op)
            return
        judge = getattr(self, f"expect_{mark.kind}")
        self._check(judge(mark, path, matcher, args), negated, f"{matcher} {args} {mark}")

    def _submission(self) -> str:
        return self.s.to_xml(prune=True)[:300]

    def _check(self, met: bool, negated: bool, detail: object) -> None:
        self.checked += 1
        if bool(met) == negated:
            raise Failed(f"{'not ' if negated else ''}{detail}"[:300])

    def _expect_scenario(self, other: Replay, path: list[Any], op: dict[str, Any]) -> None:
        """A call on the scenario that was opened again, then an expectation on its result."""
        if len(path) < 2 or not isinstance(path[1], list):
            raise Undecided(f"scenario and {op['matcher']}")
        name, arguments, *rest = path
        if name == "newInstance":
            fresh = Replay(self.case, other._open(), xml=other.xml)
            self._expect_scenario(fresh, rest, op)
            return
        other._play({"op": name, "id": -1, "args": arguments})
        of = {"mark": {"id": -1, "path": rest}}
        other._play({**op, "of": of})
        self.checked += other.checked

    def expect_value(self, mark: Mark, path: list[Any], matcher: str, args: list[Any]) -> bool:
        value = mark.value
        if path not in ([], ["getValue", []], ["getDisplayText", []], ["xpathReference"]):
            if path == ["formatted"] or path[:1] == ["formatted"]:
                raise Undecided("Markdown rendering")
            raise Undecided(f"value and {path}")
        if matcher in ("toBe", "toEqual", "toEqualAnswer", "toEqualTreeReference"):
            return _equal(args[0], value)
        if matcher in ("toBeNull", "toBeUndefined"):
            return not value
        if matcher == "toStartWith":
            return str(value).startswith(args[0])
        if matcher == "toMatch":
            pattern = args[0]["re"] if isinstance(args[0], dict) else args[0]
            return re.search(pattern, str(value)) is not None
        raise Undecided(f"value and {matcher}")

    def expect_verdict(self, mark: Mark, path: list[Any], matcher: str, args: list[Any]) -> bool:
        if path or matcher != "toHaveValidityStatus":
            raise Undecided(f"verdict and {matcher}")
        return {"": "OK", "constraint": "CONSTRAINT_VIOLATED"}.get(
            mark.value, "REQUIRED_VALUE_EMPTY"
        ) == str(args[0])

    def expect_outcome(self, mark: Mark, path: list[Any], matcher: str, args: list[Any]) -> bool:
        fault = mark.value
        if args == [None]:
            raise Undecided("a constant that was not recorded")
        if path == ["outcome"]:
            kind = fault.kind if fault is not None else ""
            name = {
                "": "ANSWER_OK",
                "required": "ANSWER_REQUIRED_BUT_EMPTY",
            }.get(kind, "ANSWER_CONSTRAINT_VIOLATED")
            return str(args[0]) == name
        if path == ["failedPrompt"] and matcher == "toBeNull":
            return fault is None
        if path == ["failedPrompt", "node", "currentState", "reference"]:
            return fault is not None and _plain(fault.path) == _plain(args[0])
        if path[:3] == ["failedPrompt", "node", "validationState"] and path[-1] in (
            "message",
            "asString",
        ):
            return fault is not None and fault.message == args[0]
        raise Undecided(f"outcome and {path}")

    def expect_form(self, mark: Mark, path: list[Any], matcher: str, args: list[Any]) -> bool:
        if path[:1] == ["isRepeatRelevant"] and matcher == "toBe":
            ref = path[1][0].replace("[0]", "[1]")
            return self.s.state(ref).relevant == args[0]
        raise Undecided(f"form and {path}")

    def expect_choices(self, mark: Mark, path: list[Any], matcher: str, args: list[Any]) -> bool:
        found = mark.value
        if path == ["size", []]:
            return len(found) == args[0]
        if path == ["isEmpty", []]:
            return (not found) == args[0]
        if path[:1] == ["get"] and path[2:] == ["getValue", []]:
            return bool(found[path[1][0]][0] == args[0])
        if path:
            raise Undecided(f"choices and {path}")
        listed = args[0] if isinstance(args[0], list) else [args[0]]
        wanted = [_wanted_choice(choice) for choice in listed]
        if matcher == "toContainChoices":
            rest = iter(found)
            return all(any(_same_choice(w, f) for f in rest) for w in wanted)
        if matcher == "toContainChoicesInAnyOrder":
            return all(any(_same_choice(w, f) for f in found) for w in wanted)
        raise Undecided(f"choices and {matcher}")

    def expect_node(self, mark: Mark, path: list[Any], matcher: str, args: list[Any]) -> bool:
        if path == ["currentState", "value"]:
            return _equal(args[0], self.s.value(mark.path))
        if path:
            raise Undecided(f"node and {path}")
        if matcher == "toBeNull":
            try:
                self.s.state(mark.path)
            except FormError:
                return True
            return False
        state = self.s.state(mark.path)
        appearance = state.control.appearance if state.control is not None else frozenset()
        answers: dict[str, Callable[[], bool]] = {
            "toBeRelevant": lambda: state.relevant,
            "toBeNonRelevant": lambda: not state.relevant,
            "toBeReadonly": lambda: state.readonly,
            "toBeEnabled": lambda: not state.readonly,
            "toBeRequired": lambda: state.required,
            "toBeOptional": lambda: not state.required,
            "toHaveAppearance": lambda: args[0] in appearance,
            "notToHaveAppearance": lambda: args[0] not in appearance,
            "toYieldAppearances": lambda: set(args[0]) == set(appearance),
            "toHaveConstraintMessage": lambda: state.message == (args[0] or ""),
            "toHaveRequiredMessage": lambda: state.message == (args[0] or ""),
            "toHaveValidityMessage": lambda: state.message == (args[0] or ""),
        }
        if matcher not in answers:
            raise Undecided(f"node and {matcher}")
        return answers[matcher]()


def _text(value: Any) -> str:
    """A value of the recording as an answer's text."""
    if isinstance(value, dict):
        if "bigint" in value:
            return str(value["bigint"])
        raise Undecided(f"value {value}")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return " ".join(_text(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _equal(expected: Any, value: Any) -> bool:
    if isinstance(expected, dict):
        if "__ans" not in expected:
            if "special" in expected:
                return str(value) in ("", "NaN")
            raise Undecided(f"expected {expected}")
        kind, expected = expected["__ans"], expected.get("value")
        if kind == "null":
            return not value
    if expected is None:
        return not value
    if isinstance(expected, bool):
        return value is expected or (str(value) in ("1", "true", "OK")) == expected
    if isinstance(expected, (int, float)):
        try:
            return abs(float(value) - float(expected)) < 1e-9
        except (TypeError, ValueError):
            return False
    if isinstance(expected, list):
        return list(value) == expected
    if "/" in str(expected)[:1]:
        return _plain(str(expected)) == _plain(str(value))
    try:
        return float(value) == float(expected)
    except (TypeError, ValueError):
        return str(value) == str(expected)


def _plain(ref: str) -> str:
    return ref.replace("[1]", "")


def _wanted_choice(choice: Any) -> tuple[str, str | None]:
    if isinstance(choice, dict) and "value" in choice:
        return _text(choice["value"]), choice.get("label")
    if isinstance(choice, str):
        return choice, None
    raise Undecided(f"choice {choice}")


def _same_choice(wanted: tuple[str, str | None], found: tuple[str, str]) -> bool:
    return wanted[0] == found[0] and wanted[1] in (None, found[1])


def _same_xml(expected: str, found: str) -> bool:
    return _shape(etree.fromstring(expected)) == _shape(etree.fromstring(found))


def _shape(node: etree._Element) -> tuple[Any, ...]:
    """Names, attributes, texts; an identifier is an identifier."""
    name = etree.QName(node).localname
    text = (node.text or "").strip() if not len(node) else ""
    if name == "instanceID":
        text = "…"
    attributes = sorted((etree.QName(k).localname, v) for k, v in node.attrib.items() if v)
    return (name, attributes, text, [_shape(child) for child in node])
