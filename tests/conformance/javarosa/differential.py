"""Random answers given to both engines, every node compared (issue: agreement with Collect).

One `Trial` is one form with one seed. Both engines open the form and receive the same answers,
chosen at random among what the question accepts; relevance, required, value and constraint
verdict of every node are compared on the way, choices of the questions met, and at the end the
submission that JavaRosa writes, read back by our engine and compared with ours.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path

from lxml import etree

from restanque.engine.forms import Control, Form, FormError, Session
from tests.conformance.javarosa.driver import JavaRosa, JavaRosaError, Leaf, plain

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

# Written by the surroundings (clock, device, identity), different by nature.
SURROUNDINGS = re.compile(
    r"(instanceID|deprecatedID|deviceid|username|phonenumber|simserial|subscriberid|uuid|email"
    r"|start|end|today|start_time|end_time|imei|my_device_id|entity\[1\]/@id)(\[\d+\])?$"
)
_INDEX = re.compile(r"\[\d+\]")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(E-?\d+)?")


class _Stubbed(dict[str, str]):
    """Every property of the device is « found », as JavaRosa's stub says."""

    def get(self, key: str, default: str | None = None) -> str:  # type: ignore[override]
        return "found"


@dataclass
class Outcome:
    """`status`: agree, differ, or why the form cannot be compared."""

    form: str
    seed: int
    status: str
    detail: str = ""
    partial: bool = False
    nodes: int = 0
    verdicts: int = 0
    choices: int = 0


@dataclass
class Trial:
    name: str
    form: Form
    path: Path
    media: Path
    oracle: JavaRosa
    seed: int
    steps: int = 30
    outcome: Outcome = field(init=False)

    def __post_init__(self) -> None:
        self.outcome = Outcome(self.name, self.seed, "agree")
        self.random = random.Random(self.seed)
        self.stopped = False

    def run(self) -> Outcome:
        try:
            self.oracle.open(self.path, self.media)
        except JavaRosaError as error:
            self.outcome.status, self.outcome.detail = "refused by JavaRosa", str(error)[:200]
            return self.outcome
        self.session = self._session()
        try:
            self._compare("start")
            for step in range(self.steps):
                if self.outcome.status != "agree" or self.stopped:
                    break
                self._answer(step)
            if self.outcome.status == "agree" and not self.stopped:
                self._compare("end")
            if self.outcome.status == "agree" and not self.stopped:
                self._submission()
        except JavaRosaError as error:
            self.outcome.status, self.outcome.detail = "JavaRosa failed", str(error)[:200]
        return self.outcome

    def _session(self, instance: str | None = None) -> Session:
        return Session(self.form, now=NOW, timezone=UTC, instance=instance, parameters=_Stubbed())

    def _differ(self, detail: str) -> None:
        self.outcome.status, self.outcome.detail = "differ", detail

    # One answer

    def _answer(self, step: int) -> None:
        if self.random.random() < 0.1 and self._add_repeat():
            return
        asked = [state for state in self.session.states() if state.relevant and state.control]
        asked = [state for state in asked if not state.readonly]
        if not asked:
            return
        state = self.random.choice(asked)
        control = state.control
        assert control is not None
        ref = self.reference(state.path)
        if control.has_choices and not self._same_choices(ref, state.path):
            return
        value = self._value(control, state.path)
        if value is None:
            return
        verdict = self.oracle.set(ref, value)
        if verdict in ("not asked", "bad type"):
            return
        # On a copy: JavaRosa never keeps a value that it refuses.
        trial = self._session(self.session.to_xml(prune=False))
        trial.set(state.path, value)
        kind = next((fault.kind for fault in trial.validate([state.path])), "ok")
        self.outcome.verdicts += 1
        if (kind == "ok") != (verdict == "ok"):
            self._differ(f"verdict of {state.path}={value!r}: JavaRosa {verdict}, ours {kind}")
            return
        if verdict == "ok":
            self.session.set(state.path, value)
        if step % 3 == 0:
            self._compare(f"after {state.path}={value!r}")

    def _add_repeat(self) -> bool:
        open_series = [
            item
            for page in self.form.pages
            for top in self.session.visible_items(page)
            for item in top.walk()
            if item.kind == "repeat" and item.can_add
        ]
        if not open_series:
            return False
        item = self.random.choice(open_series)
        ref = f"{self.reference(item.path)}[{item.count + 1}]"
        if self.oracle.repeat(ref):
            self.session.add_repeat(item.path)
        return True

    def _same_choices(self, ref: str, path: str) -> bool:
        theirs = self.oracle.choices(ref)
        ours = [(choice.value, choice.label) for choice in self.session.choices(path)]
        self.outcome.choices += len(theirs)
        control = self.form.question(path)
        shuffled = control.itemset is not None and "random" in control.itemset.nodeset.source
        arrange = sorted if shuffled else list
        if arrange(v for v, _ in theirs) != arrange(v for v, _ in ours):
            self._differ(f"choices of {path}: JavaRosa {theirs[:4]}, ours {ours[:4]}")
            return False
        return True

    def _value(self, control: Control, path: str) -> str | None:
        draw = self.random
        if control.has_choices:
            values = [choice.value for choice in self.session.choices(path)]
            if not values:
                return None
            if control.kind == "select1":
                return draw.choice(values)
            if control.kind == "rank":
                return " ".join(draw.sample(values, len(values)))
            return " ".join(value for value in values if draw.random() < 0.4)
        if control.kind == "input" and draw.random() < 0.05:
            return ""
        if control.kind == "trigger":
            return draw.choice(["OK", ""])
        if control.kind == "range":
            low, high = sorted((float(control.range_start), float(control.range_end)))
            number = draw.choice([low, high, (low + high) // 2])
            return f"{number:g}" if control.type == "int" else str(number)
        by_type = {
            "int": ["0", "1", "2", "3", "5", "18", "42", "100"],
            "decimal": ["0.5", "2.25", "10.0", "37.5"],
            "date": ["2020-02-29", "1990-07-14", "2026-01-01"],
            "geopoint": ["43.3 5.4 0 0", "45.75 4.85 120 5"],
        }
        if control.type in by_type:
            return draw.choice(by_type[control.type])
        if control.type == "string" and control.kind == "input":
            return draw.choice(["a", "Figeac", "0565000000", "x y", "é"])
        return None

    # Comparisons

    def reference(self, path: str) -> str:
        """Our path as JavaRosa writes it: every step but the first has an index."""
        first, *rest = path.strip("/").split("/")
        return "/" + "/".join([first, *(p if p.endswith("]") else f"{p}[1]" for p in rest)])

    def _compare(self, when: str) -> None:
        theirs = self.oracle.dump()
        ours = {
            self.reference(state.path): Leaf(
                state.relevant, state.required, state.readonly, state.value
            )
            for state in self.session.states()
        }
        for ref in sorted(set(theirs) | set(ours)):
            if self._is_surroundings(ref):
                continue
            self.outcome.nodes += 1
            detail = self._difference(ref, theirs.get(ref), ours.get(ref))
            turn = self._turn_beyond_count(ref) if detail else 0
            if turn > 1:
                # The count was lowered: from now on the answers are not the same (listed).
                self.stopped = self.outcome.partial = True
            elif detail and not turn:
                self._differ(f"{when}: {ref} {detail}")
                return

    def _is_surroundings(self, ref: str) -> bool:
        if SURROUNDINGS.search(ref):
            return True
        bind = self.form.binds.get(_INDEX.sub("", ref))
        return bind is not None and bind.preload in ("timestamp", "date", "uid")

    def _turn_beyond_count(self, ref: str) -> int:
        """The turn, if the node is in one that the count does not want: JavaRosa keeps the first
        turn of a count of 0, and those of a count that was lowered (both listed); 0 otherwise."""
        path = ""
        for part in ref.strip("/").split("/"):
            path = f"{path}/{part}"
            steps = tuple(_INDEX.sub("", path).strip("/").split("/"))
            control = self.form.repeats.get(steps)
            if control is not None and control.count is not None:
                series, _, index = path.rpartition("[")
                try:
                    kept = self.session.relevant_turns(series)
                except FormError:
                    return 1
                if int(index[:-1]) > kept:
                    return int(index[:-1])
        return 0

    def _is_calculated(self, ref: str) -> bool:
        """A calculation is read-only for us, as in the XForms specification; not in JavaRosa."""
        bind = self.form.binds.get(_INDEX.sub("", ref))
        return bind is not None and bind.calculate is not None

    def _difference(self, ref: str, theirs: Leaf | None, ours: Leaf | None) -> str:
        if theirs is None or ours is None:
            leaf = theirs or ours
            assert leaf is not None
            # A node without value is the same as no node.
            only = "JavaRosa" if theirs else "ours"
            return f"only {only}: {leaf}" if leaf.value and leaf.relevant else ""
        if theirs.relevant != ours.relevant:
            return f"relevant: JavaRosa {theirs.relevant}, ours {ours.relevant}"
        if not theirs.relevant:
            return ""
        if theirs.readonly != ours.readonly and not self._is_calculated(ref):
            return f"readonly: JavaRosa {theirs.readonly}, ours {ours.readonly}"
        if theirs.required != ours.required:
            return f"required: JavaRosa {theirs.required}, ours {ours.required}"
        if not same_value(theirs.value, ours.value):
            return f"value: JavaRosa {theirs.value!r}, ours {ours.value!r}"
        return ""

    def _submission(self) -> None:
        """What Collect would send, read by our engine: the same answers, nothing lost."""
        xml = self.oracle.submission()
        theirs = dict(_answers(xml))
        ours = dict(_answers(self.session.to_xml(prune=True)))
        for path in sorted(set(theirs) | set(ours)):
            if self._is_surroundings(path) or self._turn_beyond_count(path):
                continue
            if not same_value(theirs.get(path, ""), ours.get(path, "")):
                self._differ(
                    f"submission {path}: JavaRosa {theirs.get(path)!r}, ours {ours.get(path)!r}"
                )
                return
        again = self._session(xml).flat()
        first = self.session.flat()
        for path in sorted(set(first) | set(again)):
            if not self._is_surroundings(path) and not same_value(
                first.get(path, ""), again.get(path, "")
            ):
                self._differ(f"read back {path}: {again.get(path)!r}, ours {first.get(path)!r}")
                return


def same_value(theirs: str, ours: str) -> bool:
    """Equal as answers: numbers by value, moments whatever the second they were taken at."""
    theirs, ours = theirs.strip(), ours.strip()
    if theirs == ours:
        return True
    if _NUMBER.fullmatch(theirs) and _NUMBER.fullmatch(ours):
        return abs(float(theirs) - float(ours)) < 1e-6 * max(1.0, abs(float(theirs)))
    if _MOMENT.match(theirs) and _MOMENT.match(ours):
        return True
    if _MOMENT.match(theirs) and theirs[:10] == ours:
        # JavaRosa's uncast text of a date keeps a time that its submission does not have.
        return True
    if "no client implementation" in (theirs, ours):
        return True
    if theirs.startswith("[itext:") and not ours:
        return True
    return (_clock(theirs) is not None and _clock(theirs) == _clock(ours)) or _points(
        theirs
    ) == _points(ours) != []


def _clock(text: str) -> time | None:
    """A time of day, in UTC."""
    try:
        return datetime.fromisoformat(f"2026-01-15T{text}").astimezone(UTC).timetz()
    except ValueError:
        return None


def _points(text: str) -> list[float]:
    """The numbers of a geopoint, trace or shape."""
    try:
        numbers = [float(number) for number in text.replace(";", " ").split()]
    except ValueError:
        return []
    return numbers if len(numbers) > 1 else []


def _answers(xml: str) -> Iterator[tuple[str, str]]:
    """(path, text) of the filled leaves and attributes of a submission (those of the root are the
    client's), every step indexed among its namesakes."""

    def walk(node: etree._Element, path: str) -> Iterator[tuple[str, str]]:
        if not len(node) and node.text and node.text.strip():
            yield path, node.text
        for name, value in node.attrib.items() if path.count("/") > 1 else ():
            yield f"{path}/@{etree.QName(name).localname}", value
        seen: dict[str, int] = {}
        for child in node:
            name = etree.QName(child).localname
            seen[name] = seen.get(name, 0) + 1
            yield from walk(child, f"{path}/{name}[{seen[name]}]")

    root = etree.fromstring(xml.encode())
    yield from walk(root, "/" + plain(etree.QName(root).localname))
