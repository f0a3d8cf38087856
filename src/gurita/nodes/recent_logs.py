"""The newest lines of this process's log, kept in memory for who looks after the server."""

from __future__ import annotations

import logging
from collections import deque
from datetime import UTC, datetime

from gurita.kernel.clock import iso
from gurita.nodes.resources import ServerLogLine

__all__ = ["RecentLogs", "recent"]

_LONGEST = 4000
_WORDS = {"DEBUG": "Verbose", "INFO": "Info", "WARNING": "Warning", "ERROR": "Error", "CRITICAL": "Fatal"}


class RecentLogs(logging.Handler):
    """Keeps so many lines. Tracebacks stay in the log itself, since they may show more than a page should."""

    def __init__(self, most: int = 500) -> None:
        super().__init__()
        self._kept: deque[ServerLogLine] = deque(maxlen=most)

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a line. Logging must never be what fails."""
        try:
            text = f"{record.name}: {record.getMessage()}"[:_LONGEST]
        except (TypeError, ValueError):
            text = f"{record.name}: {record.msg}"[:_LONGEST]
        at = iso(datetime.fromtimestamp(record.created, UTC))
        detail = (
            None if record.exc_info is None or record.exc_info[0] is None else record.exc_info[0].__name__
        )
        category = _WORDS.get(record.levelname, "Info")
        self._kept.append(ServerLogLine(category=category, occurred_at=at, message_text=text, detail=detail))

    def lines(self) -> list[ServerLogLine]:
        """What is kept, oldest first."""
        return list(self._kept)


recent = RecentLogs()
"""The one of this process; `gurita.server` adds it to the log."""
