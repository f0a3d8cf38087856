"""What can be dialled, without any word of the features that store it.

Fingerprints are `SHA256:` and unpadded base64 of the host key, as `ssh-keygen -l` prints them; several mean that
any of them is right (rotation).
"""

from __future__ import annotations

from dataclasses import dataclass

from gurita.kernel.sensitive import Sensitive

__all__ = [
    "OWN_TIMING",
    "Endpoint",
    "ListeningAgent",
    "Local",
    "OpenSsh",
    "PollingAgent",
    "Proxy",
    "Timing",
    "described",
]


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy that opens connections with CONNECT; `username` empty: it asks for none."""

    host: str
    port: int
    username: str = ""
    password: Sensitive | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient to be, in seconds: `connect` for one attempt, `patience` for all of them together, `pause` at least
    between two. 0 is the hub's or the caller's own."""

    connect: float = 0
    patience: float = 0
    pause: float = 0


OWN_TIMING = Timing()


@dataclass(frozen=True, slots=True)
class OpenSsh:
    """A host with an SSH server. A password is tried only when there is one, after the key."""

    host: str
    port: int
    username: str
    private_key: Sensitive | None
    passphrase: Sensitive | None
    password: Sensitive | None
    fingerprints: tuple[str, ...]
    proxy: Proxy | None = None
    timing: Timing = OWN_TIMING


@dataclass(frozen=True, slots=True)
class ListeningAgent:
    """Our agent, waiting on a port. The server signs in with its own key."""

    host: str
    port: int
    fingerprints: tuple[str, ...]
    proxy: Proxy | None = None
    timing: Timing = OWN_TIMING


@dataclass(frozen=True, slots=True)
class PollingAgent:
    """Our agent, which dials in; looked up by its subscription among those connected now."""

    subscription: str
    fingerprints: tuple[str, ...]
    timing: Timing = OWN_TIMING


@dataclass(frozen=True, slots=True)
class Local:
    """The server's own machine, as the server's user."""

    timing: Timing = OWN_TIMING


Endpoint = OpenSsh | ListeningAgent | PollingAgent | Local


def described(endpoint: Endpoint) -> str:
    """How an endpoint is named in messages."""
    if isinstance(endpoint, OpenSsh):
        return f"{endpoint.username}@{endpoint.host}:{endpoint.port}"
    if isinstance(endpoint, ListeningAgent):
        return f"the agent at {endpoint.host}:{endpoint.port}"
    if isinstance(endpoint, PollingAgent):
        return f"the polling agent {endpoint.subscription}"
    return "the server's own machine"
