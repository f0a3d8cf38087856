"""Row `idle`: a server that has nothing to do: memory, processor, and how soon it is there."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measured import Measured, median
from bench.processes import cpu_seconds, rss_mb
from tests.fixtures_server import GuritaServer

__all__ = ["idle"]

SECONDS = 20.0


def idle(rounds: int) -> Iterator[Measured]:
    """Starts it on a new folder, then again and again on the same one; then looks at it for a while."""
    with tempfile.TemporaryDirectory(prefix="gurita-bench-") as folder:
        server = GuritaServer(Path(folder))
        try:
            first = _started(server)
            again = []
            for _ in range(rounds):
                server.end()
                again.append(_started(server))
            yield Measured(
                "idle", "start, data made before", f"{median(again):.2f} s", "", median(again), 2, "s"
            )
            yield Measured("idle", "first start", f"{first:.2f} s", "", first, 2, "s")
            server.client.get("/api")
            time.sleep(2)
            before, began = cpu_seconds(server.pid), time.monotonic()
            time.sleep(SECONDS)
            share = (cpu_seconds(server.pid) - before) / (time.monotonic() - began) * 100
            yield Measured(
                "idle", f"processor over {SECONDS:.0f} s", f"{share:.2f} %", "", share, 1, "% of a core"
            )
            memory = rss_mb(server.pid)
            yield Measured("idle", "resident memory", f"{memory:.0f} MB", "", memory, 120, "MB")
        finally:
            server.close()


def _started(server: GuritaServer) -> float:
    """Seconds from the start of the process to its first answer."""
    began = time.monotonic()
    server.start(wait=False)
    while time.monotonic() - began < 30 and server.running:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 5) as asked:
            asked.sendall(b"GET /api HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
            if asked.recv(64).startswith(b"HTTP/1.1 200"):
                return time.monotonic() - began
        time.sleep(0.01)
    raise RuntimeError(f"the server did not start: {server.log.read_text()[-2000:]}")
