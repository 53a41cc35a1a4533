"""Where the recorded cases of other engines lie, and how they are read.

They are other projects' work and are never committed: a folder beside the checkout holds them.
"""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).resolve().parents[2]
#: What is known to pass: a lower score fails, a higher one is written here by hand.
LEDGER = Path(__file__).parent / "ledger.json"
_DEFAULT = _ROOT.parent / "shared" / "data" / "conformance"


def load_cases(name: str) -> list[dict[str, Any]]:
    """The cases of one file; skips the test, with the reason, where they are absent."""
    folder = Path(os.environ.get("RESTANQUE_CONFORMANCE", _DEFAULT))
    path = folder / name
    if not path.is_file():
        pytest.skip(f"no recorded cases: {name} not in RESTANQUE_CONFORMANCE ({folder})")
    raw = path.read_bytes()
    cases: list[dict[str, Any]] = json.loads(gzip.decompress(raw) if name.endswith(".gz") else raw)
    return cases
