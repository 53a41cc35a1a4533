"""Reading the fields of a JSON object, with a pointer and a French sentence for each fault."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from restanque.engine.supply.arrays import Faults, FloatArray

Object = dict[str, Any]
#: No quantity, price or distance of this matter comes near it; products stay finite.
LARGEST = 1e12


def kind(value: Any) -> str:
    """What a JSON value is, in French."""
    names = {dict: "un objet", list: "une liste", str: "un texte", bool: "vrai ou faux"}
    return "null" if value is None else names.get(type(value), f"le nombre {value}")


class Row:
    """One object of a table: `row.number("capacity_kg")`, faults going to the reader."""

    def __init__(self, faults: Faults, notes: list[str], pointer: str, value: Any) -> None:
        self.faults, self.notes, self.pointer = faults, notes, pointer
        self.asked: set[str] = set()
        self.value: Object = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.fault("", f"un objet est attendu, pas {kind(value)}.")

    def fault(self, key: str, message: str) -> None:
        """One more thing to mend, at this field."""
        self.faults.add(f"{self.pointer}/{key}" if key else self.pointer or "/", message)

    def get(self, key: str) -> Any:
        """The value as it is; null and absent are the same."""
        self.asked.add(key)
        return self.value.get(key)

    def number(self, key: str, default: float | None = None, *, signed: bool = False) -> float:
        """A finite number, positive or zero unless `signed`; without default it is required."""
        value = self.get(key)
        if value is None:
            if default is None:
                self.fault(key, "ce nombre manque.")
                return 0.0
            return default
        return self.finite(escaped(key), value, signed=signed)

    def finite(self, key: str, value: Any, *, signed: bool = False) -> float:
        """The value as a number no larger than LARGEST, positive or zero unless `signed`."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(key, f"un nombre est attendu, pas {kind(value)}.")
            return 0.0
        try:
            made = float(value)
        except OverflowError:
            made = math.inf
        if not abs(made) <= LARGEST:
            self.fault(key, "ce nombre est trop grand.")
            return 0.0
        if made < 0 and not signed:
            self.fault(key, f"un nombre positif ou nul est attendu, pas {value}.")
            return 0.0
        return made

    def name(self, key: str, *, required: bool = True) -> str | None:
        """An identifier: a text, or a whole number taken as text."""
        value = self.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is not None:
            self.fault(key, f"un identifiant (texte) est attendu, pas {kind(value)}.")
        elif required:
            self.fault(key, "cet identifiant manque.")
        return "" if required else None

    def names(self, key: str) -> list[str] | None:
        """A list of identifiers, or one alone; None when absent."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, str):
            return [value]
        if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            return list(value)
        self.fault(key, "une liste de textes est attendue.")
        return []

    def by_class(
        self, key: str, classes: dict[str, int], default: float, *, absent: float | None = None
    ) -> FloatArray:
        """One number for all classes, or an object class → number.

        `default`: value when the field is absent; `absent`: value of the classes an object leaves
        out (default: `default`)."""
        value = self.get(key)
        made = np.full(len(classes), default)
        if value is None:
            return made
        if not isinstance(value, dict):
            made[:] = self.finite(key, value)
            return made
        made[:] = default if absent is None else absent
        for name, item in value.items():
            made[classes[name]] = self.finite(f"{key}/{escaped(name)}", item)
        return made

    def names_in(self, key: str) -> Iterable[str]:
        """Class names used as keys by a field, if it is an object."""
        value = self.value.get(key)
        return [str(name) for name in value] if isinstance(value, dict) else []

    def done(self) -> None:
        """Say which keys were not read."""
        ignored = sorted(set(self.value) - self.asked)
        if ignored:
            shown = ", ".join(f"« {key} »" for key in ignored[:5])
            self.notes.append(f"{self.pointer or '/'} : clés inconnues, non lues : {shown}.")


def escaped(name: str) -> str:
    """A key as a step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def table(root: Row, key: str) -> list[Row]:
    """The rows of a list of objects; absent is empty."""
    value = root.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        root.fault(key, f"une liste est attendue, pas {kind(value)}.")
        return []
    return [
        Row(root.faults, root.notes, f"{root.pointer}/{key}/{row}", item)
        for row, item in enumerate(value)
    ]
