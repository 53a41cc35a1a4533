"""One door to the outside: nothing but core.mail.delivery can reach an SMTP server."""

import re
from pathlib import Path

from django.conf import settings

import restanque

SOURCE = Path(restanque.__file__).parent
DOOR = Path("core/mail/delivery.py")
_SENDING = re.compile(
    r"smtplib|backends\.(smtp|console|filebased)|\bsend_mail\(|\bsend_mass_mail\(|"
    r"\bmail_admins\(|\bmail_managers\(|\bget_connection\(|\.email_user\("
)


def test_only_the_door_speaks_to_a_mail_server() -> None:
    speaking = {
        path.relative_to(SOURCE)
        for path in SOURCE.rglob("*.py")
        if _SENDING.search(path.read_text("utf-8"))
    }

    # The settings name the scheme they accept; they send nothing.
    assert speaking - {Path("config/settings.py")} == {DOOR}


def test_django_itself_writes_to_the_outbox() -> None:
    from restanque.config import settings as shipped

    assert shipped.EMAIL_BACKEND == "restanque.core.mail.backend.OutboxBackend"
    assert settings.EMAIL_DELIVERY is False
