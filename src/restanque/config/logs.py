"""Structured logs: one JSON object a line, without personal data."""

import json
import logging
import re
from datetime import UTC, datetime

_EMAIL = re.compile(r"[^\s\"'<>@]+@[^\s\"'<>@]+\.[^\s\"'<>@]+")
# Personal links, one-time sign-in links, calendars and receipts carry their token in their path.
_TOKEN = re.compile(r"(/r/|/entrer/|/procedures/calendrier/|/equipe/agenda/|/recu/)[^/\s\"']+")


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message and, if any, the exception; addresses and tokens masked."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON for a record."""
        entry = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(record.getMessage()),
        }
        if record.exc_info:
            entry["exception"] = mask(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


def mask(text: str) -> str:
    """The text without e-mail addresses and respondents' tokens."""
    return _TOKEN.sub(r"\1…", _EMAIL.sub("<adresse>", text))
