"""What must be erased on its date: rooms register, one passage a day does it."""

import logging
from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

logger = logging.getLogger(__name__)

# Erases what passed its date on that day, and says how many.
Purger = Callable[[date], int]
_purgers: dict[str, Purger] = {}

EVERY = timedelta(days=1)


def register(name: str, purger: Purger) -> None:
    """Add a purger; it must be safe to run twice."""
    _purgers[name] = purger


def run_purgers(today: date | None = None) -> dict[str, int]:
    """Run them all; how many were erased by each. One that fails does not stop the others."""
    today = today or timezone.localdate()
    erased = {}
    for name in sorted(_purgers):
        try:
            erased[name] = _purgers[name](today)
        except Exception:
            logger.exception("purge: %s failed", name)
        else:
            logger.info("purge: %s erased %s", name, erased[name])
    return erased
