"""Values of the law to JSON and back: what the database keeps of an override."""

from datetime import date
from typing import Any

from restanque.engine.law import (
    Candidate,
    Confidence,
    Criterion,
    Evidence,
    LawError,
    Period,
    Start,
    Status,
    Unit,
)


def to_json(changes: dict[str, Any]) -> dict[str, Any]:
    """Field → JSON value."""
    return {name: _written(value) for name, value in changes.items()}


def from_json(kept: dict[str, Any]) -> dict[str, Any]:
    """Field → value of `engine.law`; LawError when what was kept can no longer be read."""
    try:
        return {name: _read(name, value) for name, value in kept.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise LawError(f"Valeur enregistrée illisible : {error}") from error


def _written(value: Any) -> Any:
    if isinstance(value, Period):
        return {"amount": value.amount, "unit": value.unit.value}
    if isinstance(value, Evidence):
        return {
            "status": value.status.value,
            "confidence": value.confidence.value,
            "source": value.source,
            "checked_on": _written(value.checked_on),
            "verify": value.verify,
        }
    if isinstance(value, Candidate):
        return {"period": _written(value.period), "evidence": _written(value.evidence)}
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _read(name: str, kept: Any) -> Any:
    if isinstance(kept, list):
        return tuple(
            Candidate(_read("period", one["period"]), _read("evidence", one["evidence"]))
            for one in kept
        )
    if isinstance(kept, dict):
        if "day" in kept:
            return date.fromisoformat(kept["day"])
        if "amount" in kept:
            return Period(kept["amount"], Unit(kept["unit"]))
        return Evidence(
            Status(kept["status"]),
            Confidence(kept["confidence"]),
            kept["source"],
            _read("checked_on", kept["checked_on"]),
            kept["verify"],
        )
    if name in _ENUMS and isinstance(kept, str):
        return _ENUMS[name](kept)
    return kept


_ENUMS = {"criterion": Criterion, "start": Start}
