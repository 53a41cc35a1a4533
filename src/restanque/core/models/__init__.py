"""Tables of the room, split by meaning."""

from restanque.core.models.imports import ImportRow, ImportRun, RowAction, RunStatus
from restanque.core.models.jobs import Job, JobStatus, PeriodicRun
from restanque.core.models.mail import (
    MailSuppression,
    MessageStatus,
    OutgoingMessage,
    Purpose,
    SuppressionReason,
)
from restanque.core.models.personal import Notification, SavedView

__all__ = [
    "ImportRow",
    "ImportRun",
    "Job",
    "JobStatus",
    "MailSuppression",
    "MessageStatus",
    "Notification",
    "OutgoingMessage",
    "PeriodicRun",
    "Purpose",
    "RowAction",
    "RunStatus",
    "SavedView",
    "SuppressionReason",
]
