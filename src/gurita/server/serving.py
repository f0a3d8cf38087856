"""The server in the foreground: wiring, web port, and a graceful end."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import faulthandler
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

from gurita.http.events import end_streams
from gurita.kernel.errors import Terminal
from gurita.server.opening import check_certificate
from gurita.server.settings import BadSetting, Settings
from gurita.server.wiring import Server, running

__all__ = ["log_to_file", "log_to_stderr", "run_loop", "serve"]

_COLLECTING = (700, 10, 10)
"""How often Python looks for garbage: its own default, which the command line has put off for its start."""
_DRAIN = 5
"""Seconds answers under way get when the server ends."""


def run_loop(work: Coroutine[Any, Any, None]) -> None:
    """Runs a coroutine in the kind of event loop the server uses. A crash below Python leaves every thread's stack in
    the log. What is imported by now stays until the end, so nobody looks for garbage in it again."""
    faulthandler.enable()
    gc.freeze()
    gc.set_threshold(*_COLLECTING)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


async def serve(
    settings: Settings, ready: Callable[[Server], Awaitable[None]], over: asyncio.Event | None = None
) -> None:
    """Serves until SIGINT, SIGTERM, or until `over` is set. `ready` is called once requests are answered.

    Raises Terminal: a port in use, a data folder in use, a wrong key.
    """
    check_certificate(settings)
    with _port(settings) as opened:
        settings = replace(settings, listen=f"{settings.listen.rpartition(':')[0]}:{opened.getsockname()[1]}")
        async with running(settings, os.environ) as server:
            web = _Web(_config(settings, server), server, ready)
            ending = asyncio.create_task(_end(web, over or asyncio.Event()))
            try:
                await web.serve(sockets=[opened])
            finally:
                ending.cancel()


async def _end(web: uvicorn.Server, over: asyncio.Event) -> None:
    await over.wait()
    web.should_exit = True


def _config(settings: Settings, server: Server) -> uvicorn.Config:
    return uvicorn.Config(
        server.api,
        ssl_certfile=settings.tls_cert or None,
        ssl_keyfile=settings.tls_key or None,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies.replace(" ", ""),
        timeout_graceful_shutdown=_DRAIN,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
    )


@contextlib.contextmanager
def _port(settings: Settings) -> Generator[socket.socket, None, None]:
    """The web port, held but not listening: whoever connects before the server is ready is refused."""
    try:
        family, *_, place = socket.getaddrinfo(
            settings.host or None, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise BadSetting(f"--listen {settings.listen}: {error.strerror}.") from error
    with opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind(place)
        except OSError as error:
            raise _no_port(error, settings.listen) from error
        yield opened


def _no_port(error: OSError, listen: str) -> Terminal:
    if error.errno == errno.EADDRINUSE:
        return BadSetting(
            f"{listen} is in use by another program. Choose another address with --listen HOST:PORT."
        )
    return BadSetting(f"--listen {listen} cannot be used: {error.strerror}.")


class _Web(uvicorn.Server):
    """Uvicorn, telling when it listens, and leaving the end of the process to us."""

    def __init__(
        self, config: uvicorn.Config, server: Server, ready: Callable[[Server], Awaitable[None]]
    ) -> None:
        super().__init__(config)
        self._server, self._ready = server, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Opens the port, then says so."""
        await super().startup(sockets)
        await self._ready(self._server)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends event streams, which would not end by themselves, and gives other answers a while."""
        end_streams()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """A signal ends serving; uvicorn would then raise it again, before the engine has left its node."""
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGINT, signal.SIGTERM)
        for number in numbers:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)


def log_to_stderr(level: str) -> None:
    """Sends the server's log to stderr, from a level such as INFO on."""
    _log_to(logging.StreamHandler(sys.stderr), level)


def log_to_file(path: Path, level: str) -> None:
    """Sends the server's log to the end of a file, made with its folder if need be. Raises BadSetting."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _log_to(logging.FileHandler(path), level)
    except OSError as error:
        raise BadSetting(f"The log {path} cannot be written: {error.strerror}.") from error


def _log_to(handler: logging.Handler, level: str) -> None:
    logging.basicConfig(
        level=level.upper(),
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        handlers=[handler],
    )
    for name in ("asyncssh", "uvicorn", "httpx2"):
        logging.getLogger(name).setLevel(logging.WARNING)
