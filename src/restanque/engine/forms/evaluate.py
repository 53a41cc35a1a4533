"""`form eval`: apply answers one by one and say what became of every node.

This is the interface through which others check the engine; it is documented in README §4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypedDict

from restanque.engine.forms.errors import FormError
from restanque.engine.forms.model import Form
from restanque.engine.forms.session import Session

_TURN = re.compile(r"(.*)\[(\d{1,9})\]")


class NodeReport(TypedDict):
    path: str
    relevant: bool
    value: str
    required: bool
    valid: bool
    message: str


def evaluate_answers(
    form: Form,
    answers: Mapping[str, str] | Sequence[tuple[str, str]],
    *,
    now: datetime,
    seed: int = 0,
) -> list[NodeReport]:
    """Every node after these answers, in document order. FormError for an unknown path.

    Answers are applied in order, everything recomputed after each. A path inside the turn that
    follows the last one of a repeat adds that turn.
    """
    session = Session(form, now=now, seed=seed)
    pairs = answers.items() if isinstance(answers, Mapping) else answers
    for path, text in pairs:
        _open_turns(session, path)
        session.set(path, text)
        session.recompute()
    return [
        NodeReport(
            path=state.path,
            relevant=state.relevant,
            value=state.value,
            required=state.required,
            valid=state.valid,
            message=state.message,
        )
        for state in session.walk()
    ]


def _open_turns(session: Session, path: str) -> None:
    """Add the turns of repeats that a path goes through, as long as each is the next one."""
    parts = path.strip().strip("/").split("/")
    for length in range(2, len(parts) + 1):
        match = _TURN.fullmatch("/" + "/".join(parts[:length]))
        if match is None:
            continue
        series, index = match[1], int(match[2])
        try:
            count = session.turn_count(series)
        except FormError:
            return
        if index == count + 1:
            session.add_repeat(series)
