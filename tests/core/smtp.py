"""A local SMTP server that keeps what it receives, and refuses as asked by the address."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

# The server's own lines hold addresses; those of the application must not.
logging.getLogger("mail.log").setLevel(logging.ERROR)


@dataclass
class Catcher:
    """`inconnu@` is refused for good, `plein@` for now, `relais@` by policy, `spam@` at DATA.

    `coupure@` has its connection cut after DATA is accepted, before any answer; `lent@` never
    gets one.
    """

    envelopes: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Accept a recipient, or refuse according to its name."""
        refusals = {
            "inconnu": "550 5.1.1 User unknown",
            "plein": "452 4.2.2 Mailbox full",
            "relais": "554 5.7.1 Relay access denied",
        }
        for name, answer in refusals.items():
            if address.startswith(name):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the message."""
        if envelope.rcpt_tos[0].startswith("spam"):
            return "554 5.6.0 Content refused"
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos, parsed))
        self.raw.append(envelope.content)
        if envelope.rcpt_tos[0].startswith("coupure"):
            server.transport.abort()
        if envelope.rcpt_tos[0].startswith("lent"):
            await asyncio.sleep(600)
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        """Who received something, in order."""
        return [recipient for _, recipients, _ in self.envelopes for recipient in recipients]


class FreePortController(Controller):
    """aiosmtpd's controller, on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def smtp_server(catcher: Catcher, port: int = 0) -> Iterator[int]:
    """The catcher listening on a free port of the loopback, which is given."""
    controller = FreePortController(catcher, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
