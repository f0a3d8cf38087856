"""What may go wrong between the server and a target, in the words the engine decides by.

`Retryable` ones may be tried again with the same ticket; `Terminal` ones need a person.
"""

from __future__ import annotations

from collections.abc import Iterable

from gurita.kernel.errors import GuritaError, Retryable, Terminal

__all__ = [
    "AuthenticationRefused",
    "CommandTimeout",
    "ConnectFailed",
    "ConnectionLost",
    "HostBusy",
    "HostKeyChanged",
    "HostUnfit",
    "NeedsRunner",
    "NotConnected",
    "PathRefused",
    "RunnerRefused",
    "TransportError",
]


class TransportError(GuritaError):
    """Base of everything this package raises."""


class ConnectFailed(TransportError, Retryable):
    """No connection could be made: name, route, port, or no SSH on the other side."""


class AuthenticationRefused(TransportError, Terminal):
    """The host is there and is the right one, but does not let us in, or our key cannot be read."""


class HostKeyChanged(TransportError, Terminal):
    """The host shows a key that is not pinned. Nothing was sent to it, not even an authentication."""

    def __init__(self, where: str, expected: Iterable[str], found: str) -> None:
        self.expected = tuple(expected)
        self.found = found
        pinned = " or ".join(self.expected) or "no pinned key"
        super().__init__(
            f"{where} shows the host key {found}, expected was {pinned}. If the host was given a new key, "
            "check it there and save its fingerprint; otherwise somebody may stand in between."
        )


class ConnectionLost(TransportError, Retryable):
    """A connection that was there is gone, or its host stopped answering for longer than the keepalive allows."""


class NotConnected(TransportError, Retryable):
    """A polling agent is away; it will dial in when it is back."""


class CommandTimeout(TransportError, Retryable):
    """A command did not end in the time it was given."""


class PathRefused(TransportError, Terminal):
    """A file on the target cannot be read or written; says which and why."""


class RunnerRefused(TransportError, Terminal):
    """The runner refused a request. `code` is one of the codes in docs/subsystems/tickets.md."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")


class HostBusy(TransportError, Retryable):
    """Another installation works on this host in a mode that excludes ours. Nothing was created."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(f"the host is held by {holder}")


class HostUnfit(TransportError, Terminal):
    """The host lets us in but cannot hold a ticket store: no writable home, no sh, a login that talks without end."""


class NeedsRunner(TransportError, Terminal):
    """The host has no Python 3.8 or newer, and what was asked needs the runner."""
