"""What a request to somebody else's server may end in. No message holds a credential, a query or a body."""

from __future__ import annotations

from urllib.parse import urlsplit

from gurita.kernel.errors import GuritaError, Retryable, Terminal

__all__ = [
    "AddressRefused",
    "Busy",
    "Gone",
    "NotLetIn",
    "NotUnderstood",
    "OutboundError",
    "Rejected",
    "TooBig",
    "Unreachable",
    "WrongContent",
    "shown",
]


def shown(url: str) -> str:
    """An address as it may be told: without user, password, query and fragment, which may hold secrets."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{parts.path}"


class OutboundError(GuritaError):
    """Base. `what` is a sentence without the address; `url` is as `shown` makes it; `status` 0 when there was none."""

    def __init__(self, what: str, url: str = "", *, status: int = 0) -> None:
        self.what, self.url, self.status = what, shown(url) if url else "", status
        super().__init__(f"{self.url}: {what}" if self.url else what)


class Unreachable(OutboundError, Retryable):
    """No connection, or one that broke or stood still."""


class Busy(OutboundError, Retryable):
    """The server asks to come back (408, 425, 429, 5xx). `after` is how many seconds it asked for, if it did."""

    def __init__(self, what: str, url: str = "", *, status: int = 0, after: float | None = None) -> None:
        super().__init__(what, url, status=status)
        self.after = after


class Rejected(OutboundError, Terminal):
    """The server says no, and would say it again."""


class NotLetIn(Rejected):
    """401, 403 or 407: the credential is missing, wrong or not enough."""


class Gone(Rejected):
    """404 or 410: there is no such thing there."""


class NotUnderstood(OutboundError, Terminal):
    """The answer is not what the protocol says: HTML where JSON should be, a redirect to nowhere."""


class TooBig(OutboundError, Terminal):
    """The answer is larger than what was asked for may be."""


class AddressRefused(OutboundError, Terminal):
    """The address must not be asked: it is no http address, or of a network the policy keeps out."""


class WrongContent(OutboundError, Terminal):
    """What was downloaded does not have the hash or size the server announced. It was thrown away."""
