"""ODK Web Forms' scenario scripts played on our engine.

A script opens a form, answers, adds and removes turns of repeats, and says what it expects. Each
operation of the recording has a method `op_…` here; what is expected is judged in `judge.py`.
An expectation that the recording does not hold whole (a constant, a callback) is left out, and
counted with its reason.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from restanque.engine.forms import (
    Control,
    FormError,
    NodeState,
    Session,
    convert_xlsform,
    lint,
    parse_form,
)
from tests.conformance.scenario import judge
from tests.conformance.scenario.marks import Failed, Mark, Undecided, text_of

_TURN = re.compile(r"\[\d*\]$")
END = "END_OF_FORM"


@dataclass
class Replay:
    case: dict[str, Any]
    session: Session | None = None
    source: Session | None = None
    refusal: FormError | None = None
    current: str = ""
    xml: str = ""
    checked: int = 0
    left_out: list[str] = field(default_factory=list)
    opened: int = 0
    marks: dict[int, Mark] = field(default_factory=dict)

    def run(self) -> str:
        """ "pass", "fail: …", "undecided: …"; `left_out` says what a pass did not check."""
        try:
            for op in self.case["ops"]:
                self.play(op)
        except Undecided as reason:
            return f"undecided: {reason}"
        except Failed as failure:
            return f"fail: {failure}"
        except FormError as error:
            return f"fail: {error}"
        if self.refusal is not None and not any(op["op"] == "expect" for op in self.case["ops"]):
            return f"fail: form refused: {self.refusal}"
        if self.checked or (self.opened and not self.left_out and self.refusal is None):
            # A script that expects nothing wants its steps to be possible.
            return "pass"
        return f"undecided: {next(iter(self.left_out), 'nothing is expected')}"

    def play(self, op: dict[str, Any]) -> None:
        name = op["op"]
        if name == "expect":
            try:
                judge.expect(self, op)
            except Undecided as reason:
                self.left_out.append(str(reason))
            return
        if self.refusal is not None:
            raise Failed(f"form refused: {self.refusal}")
        if name == "init":
            self.op_init(op)
            return
        self.marks[op["id"]] = self.call(name, op.get("args", []))

    def call(self, name: str, arguments: list[Any]) -> Mark:
        method: Callable[..., Mark | None] | None = getattr(self, f"op_{name}", None)
        if method is None:
            raise Undecided(f"operation {name}")
        return method(*arguments) or Mark("nothing")

    @property
    def s(self) -> Session:
        if self.session is None:
            raise Undecided("no form")
        return self.session

    @property
    def is_refused(self) -> bool:
        """Never published: either it cannot be run, or the linter says an error."""
        if self.refusal is not None or (self.session is not None and self.session.troubles):
            return True
        conversion = convert_xlsform(self.xml.encode(), filename="form.xml")
        return any(problem.is_error for problem in lint(conversion))

    # Operations: opening

    def op_init(self, op: dict[str, Any]) -> None:
        if not op.get("xml"):
            raise Undecided("the form was not recorded")
        self.xml = op["xml"]
        if op.get("extra") and not op["xml"].count("prepare-for-submission"):
            raise Undecided("the answer to edit was not recorded")
        self.refusal = None
        self.opened += 1
        try:
            self.session = self._open()
        except FormError as error:
            self.refusal = error

    def _open(self, instance: str | None = None) -> Session:
        moment = datetime.fromtimestamp((self.case.get("now") or 1795499793313) / 1000, UTC)
        form = parse_form(self.xml)
        return Session(form, now=moment, timezone=UTC, instance=instance)

    def _again(self, session: Session) -> Mark:
        return Mark("scenario", Replay(self.case, session, source=self.s, xml=self.xml))

    def op_newInstance(self) -> Mark:
        return Mark("scenario", Replay(self.case, self._open(), source=self.s, xml=self.xml))

    def op_editCurrentInstance(self, *_: Any) -> Mark:
        session = self._open(self.s.to_xml(prune=True))
        if self.s.instance_id:
            session.supersede(f"uuid:{uuid.uuid4()}")
        return self._again(session)

    def op_proposed_serializeAndRestoreInstanceState(self, *_: Any) -> Mark:
        return self._again(self._open(self.s.to_xml(prune=False)))

    op_serializeAndDeserializeInstance = op_proposed_serializeAndRestoreInstanceState

    def op_toJSON(self, *_: Any) -> None:
        """How the recorder wrote an argument: nothing to do."""

    # Operations: going through the form

    def op_next(self, ref: Any = None) -> Mark:
        """The place after the current one: it must be the one the script names."""
        if not isinstance(ref, str):
            raise Undecided("next() without its place")
        places = self.places()
        at = places.index(self.current) if self.current in places else -1
        wanted = self._canonical(ref)
        # Where a turn is added follows the questions of the turns, wherever the body puts them.
        follows = wanted in places[at + 1 :] or self.current.startswith(f"{wanted}[")
        if at >= 0 and not follows:
            raise Failed(f"{ref} does not follow {self.current}: {places[at + 1 : at + 4]}")
        if wanted not in places:
            raise Failed(f"{ref} is not asked")
        if ref == END and at >= 0:
            asked = [place for place in places[at + 1 : -1] if self._is_question(place)]
            if asked:
                raise Failed(f"{asked} are still to be asked")
        self.current = wanted
        return Mark("event", ref)

    def op_prev(self, ref: str) -> Mark:
        self.current = self._canonical(ref)
        return Mark("event", ref)

    def _canonical(self, ref: str) -> str:
        if ref == END:
            return END
        if self.s.form.by_steps.get(_steps(ref)) in self.s.form.repeats.values():
            # The turn that follows the last one is the place where one is added.
            series, index = _TURN.sub("", ref), re.search(r"\[(\d+)\]$", ref)
            if index is None or int(index[1]) > self.s.turn_count(series):
                return f"{self.s.state(series.rpartition('/')[0]).path}/{_steps(ref)[-1]}"
        return self.s.state(ref).path

    def _is_question(self, place: str) -> bool:
        return self.s.form.by_steps[_steps(place)].is_leaf

    def places(self) -> list[str]:
        """Everything that is asked now, in order: groups, turns, questions, additions of a turn."""
        root = self.s.form.paths[0][0]
        return [*self._below(self.s.form.controls, f"/{root}"), END]

    def _below(self, controls: tuple[Control, ...], above: str) -> list[str]:
        found = []
        for control in controls:
            path = above + "/" + "/".join(control.steps[len(_steps(above)) :])
            if control.kind == "repeat":
                for turn in range(1, self.s.turn_count(path) + 1):
                    found += self._inside(control, f"{path}[{turn}]")
                if not (control.has_count or control.fixed) and self._may_add(control, path):
                    found.append(path)
            elif control.steps == _steps(above):
                found += self._below(control.children, above)
            else:
                found += self._inside(control, path)
        return found

    def _inside(self, control: Control, path: str) -> list[str]:
        state = self.s.state(path)
        return [state.path, *self._below(control.children, state.path)] if state.relevant else []

    def _may_add(self, control: Control, path: str) -> bool:
        items = [
            item
            for page in self.s.form.pages
            for top in self.s.visible_items(page)
            for item in top.walk()
        ]
        shown = any(item.kind == "repeat" and item.path == path for item in items)
        # A repeat whose questions stand elsewhere in the body shows nothing by itself.
        return shown or not control.children

    def op_jumpToBeginningOfForm(self) -> None:
        self.current = ""

    def op_atTheEndOfForm(self) -> Mark:
        return Mark("value", self.current == END)

    def op_getCurrentIndex(self) -> Mark:
        return Mark("index", path=self.current)

    def op_refAtIndex(self) -> Mark:
        return Mark("value", self.current)

    def op_indexOf(self, ref: str) -> Mark:
        return Mark("node", path=ref)

    # Operations: answering

    def op_answer(self, *args: Any) -> Mark:
        if len(args) == 1:
            if not self.current:
                raise Undecided("a step of the script was not recorded")
            ref, value = self.current, args[0]
        else:
            ref, value = args[0], args[1] if len(args) == 2 else list(args[1:])
        try:
            self.s.set(ref, text_of(value))
        except FormError as error:
            raise Failed(str(error)) from error
        self.current = self.s.state(ref).path
        faults = self.s.validate([ref])
        return Mark("verdict", faults[0].kind if faults else "", ref)

    def op_createNewRepeat(self, ref: Any) -> Mark:
        place = ref["assertCurrentReference"] if isinstance(ref, dict) else ref
        if place == END:
            # The script stands on the last addition of a turn that the form offers.
            additions = [p for p in self.places() if p != END and self._is_addition(p)]
            if not additions:
                raise Failed("no turn can be added")
            place = additions[-1]
        self.current = self.s.add_repeat(_TURN.sub("", place))
        return Mark("node", path=self.current)

    def _is_addition(self, place: str) -> bool:
        return _steps(place) in self.s.form.repeats and not place.endswith("]")

    def op_proposed_addExplicitCreateNewRepeatCallHere(self, ref: Any, how: Any = None) -> None:
        if isinstance(how, dict) and how.get("explicitRepeatCreation") is False:
            return
        if isinstance(ref, str) and not self.s.form.question(ref).has_count:
            self.current = self.s.add_repeat(_TURN.sub("", ref))

    def op_removeRepeat(self, ref: str) -> None:
        self.s.remove_repeat(ref)

    def op_setLanguage(self, language: str) -> None:
        self.s.language = language

    # Operations: asking

    def op_answerOf(self, ref: str) -> Mark:
        return Mark("value", self.s.value(ref), ref)

    def op_attributeOf(self, ref: str, name: str) -> Mark:
        return Mark("value", judge.attribute(self.s, ref, name))

    def op_getInstanceNode(self, ref: str) -> Mark:
        return Mark("node", path=ref)

    def op_choicesOf(self, ref: str) -> Mark:
        return Mark("choices", [(c.value, c.label) for c in self.s.choices(ref)], ref)

    def op_countRepeatInstancesOf(self, ref: str) -> Mark:
        return Mark("value", self.s.relevant_turns(_TURN.sub("", ref)), ref)

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

    def op_proposed_serializeInstance(self) -> Mark:
        return Mark("value", self.s.to_xml(prune=True))

    def op_prepareWebFormsInstancePayload(self, *_: Any) -> Mark:
        return Mark("submission", self.s.to_xml(prune=True))

    def op_getValidationOutcome(self) -> Mark:
        faults = self.s.validate()
        return Mark("outcome", faults[0] if faults else None)

    def op_getFormDef(self) -> Mark:
        return Mark("form")

    def op_proposed_canCreateOrRemoveRepeat(self, ref: str) -> Mark:
        control = self.s.form.question(ref)
        return Mark("value", not (control.has_count or control.fixed))

    def op_canCreateRepeat(self, ref: str) -> Mark:
        return self.op_proposed_canCreateOrRemoveRepeat(ref)


def _steps(ref: str) -> tuple[str, ...]:
    return tuple(re.sub(r"\[\d*\]", "", part) for part in ref.strip("/").split("/"))
