"""Personal links: derived from the invitation, stored nowhere, revoked by a new generation."""

import base64
import hashlib
import hmac
import re

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from restanque.surveys.models import Invitation, QuestionnaireVersion

TOKEN_BYTES = 16  # 128 bits: out of reach of guessing, and short enough to be typed from paper
_HEAVY = (
    *(
        f"{owner}__version__{field}"
        for owner in ("campaign", "response")
        for field in QuestionnaireVersion.HEAVY_FIELDS
    ),
    "response__submitted_xml",
    "response__flat",
)
_SLUG = re.compile(r"([0-9]{1,18})-([A-Za-z0-9_-]{22})")


def token_of(*, pk: int, generation: int) -> str:
    """The token of an invitation's link, 22 characters safe in a URL.

    HMAC-SHA256 cut to 128 bits, under a key derived from SECRET_KEY for this use alone.
    """
    key = hashlib.sha256(b"restanque.surveys.links:" + settings.SECRET_KEY.encode()).digest()
    mac = hmac.new(key, f"{pk}:{generation}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:TOKEN_BYTES]).rstrip(b"=").decode()


def slug_of(invitation: Invitation) -> str:
    """`<pk>-<token>`: the changing part of every respondent's URL."""
    return f"{invitation.pk}-{token_of(pk=invitation.pk, generation=invitation.generation)}"


def find_invitation(slug: str) -> Invitation | None:
    """The invitation a link opens, with what its pages show; None for any other text.

    One query whether the number exists or not; the token is compared in constant time.
    """
    match = _SLUG.fullmatch(slug)
    if match is None:
        return None
    invitation = (
        Invitation.objects.select_related(
            "campaign__territory", "campaign__version", "organisation", "response__version"
        )
        .defer(*_HEAVY)
        .filter(pk=int(match[1]))
        .first()
    )
    expected = token_of(
        pk=int(match[1]), generation=invitation.generation if invitation is not None else 0
    )
    if not constant_time_compare(expected, match[2]) or invitation is None:
        return None
    return invitation


def personal_path(invitation: Invitation) -> str:
    """Path of the respondent's first page."""
    return reverse("respondent:welcome", args=[slug_of(invitation)])


def personal_url(invitation: Invitation) -> str:
    """Absolute personal link: for e-mails, letters and QR codes."""
    return f"{settings.BASE_URL}{personal_path(invitation)}"


def unsubscribe_url(invitation: Invitation) -> str:
    """Absolute address of « ne plus me relancer »; also answers the one-click POST of RFC 8058."""
    path = reverse("respondent:no-reminder", args=[slug_of(invitation)])
    return f"{settings.BASE_URL}{path}"


def marks_for(subject_key: str) -> dict[str, str]:
    """What ⟦lien⟧ and ⟦refus⟧ stand for in a message about `invitation:<pk>` (see core.mail)."""
    pk = subject_key.rpartition(":")[2]
    invitation = Invitation.objects.filter(pk=int(pk)).first() if pk.isdigit() else None
    if invitation is None:
        return {}
    return {"lien": personal_url(invitation), "refus": unsubscribe_url(invitation)}


def recipient_marks(subject_key: str) -> dict[str, str]:
    """Marks of a message to one address, `invitation-to:<pk>:<address key>`.

    ⟦desinscription⟧ is the one-click address: it names the recipient, as the links do not.
    """
    _, pk, key = subject_key.split(":")
    invitation = Invitation.objects.filter(pk=int(pk)).first()
    if invitation is None:
        return {}
    one_click = reverse("respondent:one-click", args=[slug_of(invitation), key])
    return {
        **marks_for(f"invitation:{pk}"),
        "desinscription": settings.BASE_URL + one_click,
    }
