"""Messages to the outside: queued here, held, delivered by job, never by accident."""

from restanque.core.mail.addresses import address_problem
from restanque.core.mail.bounces import record_bounce
from restanque.core.mail.marks import register_marks
from restanque.core.mail.rules import DeliveryState, delivery_state, is_suppressed
from restanque.core.mail.services import (
    cancel,
    lift_suppression,
    messages_for,
    queue_message,
    release,
    send_again,
    suppress_address,
)

__all__ = [
    "DeliveryState",
    "address_problem",
    "cancel",
    "delivery_state",
    "is_suppressed",
    "lift_suppression",
    "messages_for",
    "queue_message",
    "record_bounce",
    "register_marks",
    "release",
    "send_again",
    "suppress_address",
]
