"""Sign-in without password, for the demo on this very machine and nowhere else."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

from restanque.accounts.models import Membership

# What proxies add, whichever they are: one of these is enough to doubt where a request comes from.
FORWARDED = ("FORWARDED", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PROTO", "X_REAL_IP",
             "VIA")  # fmt: skip


def demo_allowed(request: HttpRequest) -> bool:
    """Demo sign-ins exist only with the demo flag and for a request from the loopback.

    A proxy in front would make every request look local: a forwarded request is refused.
    """
    if not settings.DEMO or any(f"HTTP_{name}" in request.META for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def demo_memberships() -> list[Membership]:
    """The fictitious people who can be impersonated, one button each."""
    return list(
        Membership.objects.active()
        .filter(user__fictitious=True, workspace__fictitious=True)
        .select_related("user", "workspace")
        .order_by("pk")
    )
