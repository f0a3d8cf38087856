"""What a second machine needs to become a target: whom to trust, the agent itself, and a short installer."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response

from gurita import __version__
from gurita.http.api import Call
from gurita.http.permissions import PUBLIC
from gurita.http.routes import Routes
from gurita.http.wire import Wire
from gurita.server.agent_wheel import WHEEL_NAME, agent_wheel

__all__ = ["routes"]

system, root = Routes("system"), Routes("root")
_INSTALLER = Path(__file__).with_name("install_agent.sh")


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
