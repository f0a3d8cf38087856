"""Dialling the server's web port: a WebSocket that carries SSH, through whatever proxies the web needs.

Certificates of `wss` are checked against the machine's own authorities (`SSL_CERT_FILE` names others). What is
carried is SSH with pinned keys on both sides, so that a proxy that opens TLS sees and changes nothing.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from gurita.agent.errors import AgentError
from gurita.transport.carrier import PATH, SUBPROTOCOL, Carrier
from gurita.transport.errors import ConnectFailed

__all__ = ["carrier_url", "dial", "is_url"]

_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
_PATIENCE = 20.0


def is_url(server: str) -> bool:
    """Whether a server to dial is named by an address of the web rather than HOST:PORT."""
    return "://" in server


def carrier_url(server: str) -> str:
    """Where to dial a server by WebSocket: `https://name/prefix` gives `wss://name/prefix/api/…`. Raises AgentError."""
    parts = urlsplit(server)
    if parts.scheme not in _SCHEMES or not parts.hostname or parts.username:
        raise AgentError(f"{server!r} is no address of a server; write https://name or wss://name:port")
    path = parts.path.rstrip("/")
    return urlunsplit((_SCHEMES[parts.scheme], parts.netloc, path.removesuffix(PATH) + PATH, "", ""))


async def dial(server: str, proxy: str) -> Carrier:
    """A carrier to the server. `proxy` is an HTTP proxy's address; empty takes the environment's. Raises ConnectFailed."""
    url = carrier_url(server)
    try:
        socket = await connect(
            url,
            subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]  # a NewType of str
            compression=None,
            open_timeout=_PATIENCE,
            max_size=16 * 1024 * 1024,
            max_queue=8,
            proxy=proxy or True,
            user_agent_header="Gurita-Agent",
        )
    except InvalidStatus as error:
        raise ConnectFailed(f"{url} answered {error.response.status_code}{_why(error)}") from None
    except (WebSocketException, OSError, TimeoutError, ValueError) as error:
        raise ConnectFailed(f"{url}: {str(error) or 'does not answer in time'}") from None
    return Carrier(_Socket(socket))


def _why(error: InvalidStatus) -> str:
    if error.response.status_code == 404:
        return ": that address has no Gurita server, or one that takes no agents by WebSocket"
    if error.response.status_code in (200, 400, 426):
        return ": something between here and the server does not pass WebSockets on"
    return ""


class _Socket:
    """A client's WebSocket as Messages."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def send(self, message: bytes) -> None:
        await self._socket.send(message)

    async def receive(self) -> bytes:
        try:
            message = await self._socket.recv()
        except ConnectionClosed:
            return b""
        return message if isinstance(message, bytes) else b""

    async def close(self) -> None:
        await self._socket.close()
