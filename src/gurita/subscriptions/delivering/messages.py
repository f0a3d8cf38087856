"""Digests as messages: no text of anybody's reaches a header but through `email`, which refuses ends of lines."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as AS_SENT
from typing import TYPE_CHECKING

from gurita.subscriptions.rules import Composed

if TYPE_CHECKING:
    from gurita.access.service import TeamPerson

__all__ = ["message_id", "message_of"]

_PRIORITIES = {"High": ("1 (Highest)", "high"), "Low": ("5 (Lowest)", "low")}


def message_id(installation: str, subscription: str, first: int, last: int, user: int) -> str:
    """The same for the same digest (the seals after `first` up to `last`) to the same user, however often it is sent."""
    text = f"{installation}/{subscription}/{first}/{last}/{user}"
    return f"<{hashlib.sha256(text.encode()).hexdigest()[:40]}@{installation}>"


def message_of(
    composed: Composed, sender: Address, person: TeamPerson, id: str, priority: str, now: int
) -> EmailMessage:
    """The message to one person. Raises ValueError for an address that is none."""
    message = EmailMessage(policy=AS_SENT)
    message["From"] = sender
    message["To"] = Address(display_name=_printable(person.name), addr_spec=person.email)
    message["Subject"] = composed.subject
    message["Date"] = datetime.fromtimestamp(now / 1000, UTC)
    message["Message-ID"] = id
    message["Auto-Submitted"] = "auto-generated"
    if priority in _PRIORITIES:
        message["X-Priority"], message["Importance"] = _PRIORITIES[priority]
    message.set_content(composed.text)
    message.add_alternative(composed.html, subtype="html")
    return message


def _printable(name: str) -> str:
    return "".join(each for each in name if each.isprintable())[:200]
