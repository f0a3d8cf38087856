"""The server in the foreground: wiring, web port, and a graceful end."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable

import uvicorn

from gurita.server.settings import Settings
from gurita.server.wiring import Server, running

__all__ = ["serve"]

_DRAIN = 5


async def serve(settings: Settings, ready: Callable[[Server], Awaitable[None]] | None = None) -> None:
    """Serves until SIGINT or SIGTERM. `ready` is called once requests are answered."""
    logging.basicConfig(
        level=os.environ.get("GURITA_LOG_LEVEL", "INFO").upper(),
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
    )
    logging.getLogger("asyncssh").setLevel(logging.WARNING)
    async with running(settings, os.environ) as server:
        config = uvicorn.Config(
            server.api,
            host=settings.host,
            port=settings.port,
            ssl_certfile=settings.tls_cert or None,
            ssl_keyfile=settings.tls_key or None,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_DRAIN,
        )
        web = _Web(config, server, ready)
        await web.serve()


class _Web(uvicorn.Server):
    """Uvicorn, telling when it listens."""

    def __init__(
        self, config: uvicorn.Config, server: Server, ready: Callable[[Server], Awaitable[None]] | None
    ) -> None:
        super().__init__(config)
        self._server, self._ready = server, ready

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Opens the port, then says so."""
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started and self._ready is not None:
            await self._ready(self._server)
