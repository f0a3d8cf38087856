"""What statuses of HTTP mean for one who asks."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime

from gurita.outbound.errors import Busy, Gone, NotLetIn, OutboundError, Rejected

__all__ = ["failure_of"]

_LATER = {408, 425, 429}
_LONGEST_WAIT = 300.0


def failure_of(status: int, retry_after: str, url: str, also: frozenset[int]) -> OutboundError | None:
    """The error a status stands for; None for 2xx and for those in `also`. `retry_after` is the header, if any."""
    if 200 <= status < 300 or status in also:
        return None
    if status in _LATER or status >= 500:
        after = _wait(retry_after)
        return Busy(f"The server answered {status}.", url, status=status, after=after)
    if status in (401, 403, 407):
        return NotLetIn(f"The server answered {status}: it does not let this user in.", url, status=status)
    if status in (404, 410):
        return Gone(f"The server answered {status}: there is nothing.", url, status=status)
    return Rejected(f"The server answered {status}.", url, status=status)


def _wait(text: str) -> float | None:
    """Seconds of a Retry-After (RFC 9110 10.2.3), at most five minutes; None for none that can be read."""
    if text.strip().isdecimal() and len(text) < 10:
        return min(float(text), _LONGEST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, min((moment - datetime.now(UTC)).total_seconds(), _LONGEST_WAIT))
