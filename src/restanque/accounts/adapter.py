"""How allauth behaves here: no open registration, messages through the outbox."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are created by an administrator; anyone else may only ask for a code."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers by themselves: a workspace invites its members."""
        return False
