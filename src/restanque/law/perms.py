"""Who may read, check and change the law of a workspace."""

from restanque.accounts.models import Membership
from restanque.accounts.perms import can_administer, can_read, can_write


def can_view_law(membership: Membership) -> bool:
    """To read the rules and their evidence, one must be administrator, agent or reader."""
    return can_read(membership)


def can_check_law(membership: Membership) -> bool:
    """To note that one has read a text, one must be administrator or agent: it changes how far the
    rule is proven, never a date."""
    return can_write(membership)


def can_change_law(membership: Membership) -> bool:
    """To put the team's value in place of the shipped one, one must be administrator: the dates of
    every procedure of the workspace may move."""
    return can_administer(membership)
