"""A TCP proxy on loopback that cuts every connection it carries, again and again."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self

__all__ = ["CuttingProxy"]


class CuttingProxy:
    """Carries connections to a port of loopback and cuts them all `every` so many seconds. A context."""

    def __init__(self, target: int, *, every: float) -> None:
        self._target, self._every = target, every
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cuts = 0

    def __enter__(self) -> Self:
        for work in (self._accept, self._cut):
            threading.Thread(target=work, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._listener.close()
        self._close_all()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            with self._guard:
                self._open |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        self._end(sink)

    def cut(self) -> None:
        """Cuts every connection now."""
        self.cuts += bool(self._close_all())

    def _cut(self) -> None:
        while not self._ended.wait(self._every):
            self.cut()

    def _close_all(self) -> int:
        with self._guard:
            cut = list(self._open)
            self._open.clear()
        for each in cut:
            self._end(each)
            each.close()
        return len(cut)

    @staticmethod
    def _end(each: socket.socket) -> None:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
