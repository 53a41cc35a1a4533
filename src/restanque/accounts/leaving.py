"""What must be done when somebody leaves a workspace: rooms register it, `services` does it.

    leaving.register("work.tasks", release_member)

in `AppConfig.ready`. It runs in the transaction that ends the membership.
"""

from collections.abc import Callable

from restanque.accounts.models import Membership

_duties: dict[str, Callable[[Membership], None]] = {}


def register(name: str, duty: Callable[[Membership], None]) -> None:
    """Add a duty; it must be safe to run twice."""
    _duties[name] = duty


def run(membership: Membership) -> None:
    """Do them all, in the order of their names; one that fails keeps the membership open."""
    for name in sorted(_duties):
        _duties[name](membership)
