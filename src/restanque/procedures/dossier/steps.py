"""Names of steps as people write them in a spreadsheet, found among the steps of a kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from restanque.engine.deadlines import ProcedureKind, Step
from restanque.kit.text import search_key

_LINKING = frozenset({"a", "au", "aux", "d", "de", "du", "des", "en", "et", "l", "la", "le", "les",
                      "par", "pour", "sur", "un", "une"})  # fmt: skip


@dataclass(frozen=True)
class StepNames:
    """The steps of a kind by their words, whatever the accents, the case and the punctuation."""

    kind: ProcedureKind

    @cached_property
    def _exact(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for step in self.kind.steps:
            for words in (step.id, step.label, step.label.partition(" (")[0]):
                found.setdefault(search_key(words), step.id)
        return found

    def find(self, text: str) -> tuple[str, ...]:
        """The steps that a text may name: one when it is sure, none or several otherwise.

        Sure: the identifier or the label itself; else the one label that holds all its words.
        """
        key = search_key(text)
        if key in self._exact:
            return (self._exact[key],)
        words = _words(key)
        if not words:
            return ()
        return tuple(step.id for step in self.kind.steps if words <= _words(_all_words(step)))

    def nearest(self, text: str) -> tuple[str, ...]:
        """Labels that look like the text, to propose them."""
        near = get_close_matches(search_key(text), list(self._exact), n=3, cutoff=0.6)
        return self.labels(dict.fromkeys(self._exact[key] for key in near))

    def labels(self, steps: Iterable[str]) -> tuple[str, ...]:
        """Steps in words."""
        return tuple(self.kind.by_id[step].label for step in steps)


def _all_words(step: Step) -> str:
    return search_key(f"{step.label} {step.id}")


def _words(key: str) -> frozenset[str]:
    return frozenset(key.split()) - _LINKING
