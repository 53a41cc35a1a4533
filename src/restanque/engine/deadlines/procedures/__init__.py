"""Kinds of procedures, as data."""

from __future__ import annotations

from difflib import get_close_matches

from restanque.engine.deadlines.errors import UnknownKindError
from restanque.engine.deadlines.procedures import plu, scot, scot_modification, sectors
from restanque.engine.deadlines.steps import ProcedureKind

_KINDS = {
    kind.id: kind for kind in (*scot.KINDS, *scot_modification.KINDS, *plu.KINDS, *sectors.KINDS)
}


def kinds() -> tuple[ProcedureKind, ...]:
    """Every kind of procedure, in the order shown to people."""
    return tuple(_KINDS.values())


def kind_named(name: str) -> ProcedureKind:
    """The kind of this name; UnknownKindError, with the nearest name, if there is none."""
    if name not in _KINDS:
        near = get_close_matches(name, _KINDS, n=1)
        hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
        raise UnknownKindError(f"Aucune procédure ne porte le nom « {name} ».{hint}")
    return _KINDS[name]
