"""What a second machine needs to become a target: whom to trust, the agent itself, and a short installer."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response
from starlette.websockets import WebSocket

from gurita import __version__
from gurita.http.api import Call
from gurita.http.permissions import PUBLIC
from gurita.http.routes import Routes
from gurita.http.wire import Wire
from gurita.machines.polling import gate
from gurita.server.agent_wheel import WHEEL_NAME, agent_wheel
from gurita.transport.carrier import SUBPROTOCOL

__all__ = ["routes"]

system, root = Routes("system"), Routes("root")
_INSTALLER = Path(__file__).with_name("install_agent.sh")


_MOST_STRANGERS = 100
_strangers: set[object] = set()
"""Visits by WebSocket to this process that have not shown a known key yet."""


class AgentBootstrap(Wire):
    """The fingerprint agents pin, and where polling agents dial."""

    server_fingerprint: str
    agent_port: int
    version: str


@system.get("/gurita/agent/bootstrap", permission=PUBLIC)
async def bootstrap(call: Call) -> AgentBootstrap:
    """Nothing here is a secret: the fingerprint of a public key and a port."""
    port = getattr(call.services.settings, "agent_port", 0)
    return AgentBootstrap(
        server_fingerprint=call.services.hub.fingerprint, agent_port=port, version=__version__
    )


@system.socket("/gurita/agent/carrier", permission=PUBLIC)
async def carrier(call: Call) -> None:
    """Takes in a polling agent on the web's port. It proves itself inside, by its key, as on the agent port."""
    visit = object()
    if len(_strangers) >= _MOST_STRANGERS:
        full = Response("Too many agents are knocking. Try again later.\n", 503, {"Retry-After": "5"})
        await call.socket.send_denial_response(full)
        return
    known = gate(call.services)

    async def allowed(fingerprint: str, subscription: str) -> bool:
        admitted = await known(fingerprint, subscription)
        if admitted:
            _strangers.discard(visit)
        return admitted

    _strangers.add(visit)
    try:
        spoken = SUBPROTOCOL if SUBPROTOCOL in call.socket.scope.get("subprotocols", ()) else None
        await call.socket.accept(subprotocol=spoken)
        await call.services.hub.carry(_Messages(call.socket), allowed)
    finally:
        _strangers.discard(visit)


class _Messages:
    """A server's WebSocket as Messages."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def send(self, message: bytes) -> None:
        await self._socket.send_bytes(message)

    async def receive(self) -> bytes:
        message = await self._socket.receive()
        return message.get("bytes") or b""

    async def close(self) -> None:
        await self._socket.close()


@root.get("/agent/install.sh", permission=PUBLIC, media="text/x-shellscript")
async def installer(_call: Call) -> Response:
    """The installer, for `curl … | sh`."""
    text = _INSTALLER.read_text(encoding="utf-8").replace("@WHEEL@", WHEEL_NAME)
    return Response(text, media_type="text/x-shellscript; charset=utf-8")


@root.get(f"/agent/{WHEEL_NAME}", permission=PUBLIC, media="application/zip")
async def wheel(_call: Call) -> Response:
    """The agent of this server's version."""
    return Response(agent_wheel(), media_type="application/zip")


routes = [*system.items, *root.items]
