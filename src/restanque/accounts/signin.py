"""A one-time link to enter, printed by the command line before any SMTP server is configured."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from restanque.accounts.models import User

SALT = "restanque.accounts.signin"
MAX_AGE_SECONDS = 15 * 60


def sign_in_url(user: User) -> str:
    """An absolute address that lets this user in once, within fifteen minutes."""
    token = signing.dumps({"user": user.pk, "last": _mark(user)}, salt=SALT)
    return f"{settings.BASE_URL}{reverse('accounts:sign_in', args=[token])}"


def user_from_token(token: str) -> User | None:
    """The user the link was made for, or None when it is forged, too old or already used."""
    try:
        data = signing.loads(token, salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=data["user"], is_active=True).first()
    return user if user is not None and _mark(user) == data["last"] else None


def _mark(user: User) -> str:
    # Signing in changes last_login, which spends the link.
    return user.last_login.isoformat() if user.last_login else "never"
