"""A working SMTP server for the tests that send."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.core.smtp import Catcher, smtp_server


@pytest.fixture
def catcher(settings: Any) -> Iterator[Catcher]:
    """Delivery configured towards a local server, which keeps what it receives."""
    received = Catcher()
    with smtp_server(received) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_DELIVERY = True
        settings.DEFAULT_FROM_EMAIL = "Restanque <enquetes@exemple.fr>"
        yield received
