"""A TCP proxy on loopback that cuts the connections it carries."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self

__all__ = ["CuttingProxy"]


class CuttingProxy:
    """Carries connections to a port of loopback and cuts them all each time `after` more bytes went through, `times` times in
    all; never by itself if `after` is 0. A context. `cuts` is how often it did."""

    def __init__(self, target: int, *, after: int = 0, times: int = 1) -> None:
        self._target, self._after, self._times = target, after, times
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._flows = threading.Event()
        self._flows.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._carried = self.cuts = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._flows.set()
        self._end(self._listener)  # a thread that waits for the next connection would keep the port open
        self._listener.close()
        self._close_all()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                client.close()
                continue
            with self._guard:
                self._open |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._flows.wait()
                sink.sendall(data)
                if self._is_enough(len(data)):
                    self.cut()
        self._end(sink)

    def _is_enough(self, size: int) -> bool:
        """Counts what was carried; true when it is time to cut."""
        with self._guard:
            self._carried += size
            if not self._after or self._times < 1 or self._carried < self._after:
                return False
            self._carried = 0
            self._times -= 1
            return True

    def vanish(self) -> None:
        """From now on nothing comes through, and nobody is told: lines stay open, and new ones are taken."""
        self._flows.clear()

    def return_(self) -> None:
        """Everything goes on where it stopped."""
        self._flows.set()

    def cut(self) -> None:
        """Cuts every connection now."""
        self.cuts += bool(self._close_all())

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
