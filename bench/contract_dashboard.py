"""Row `board`: the contract's `GET dashboard` with every item of a thousand projects in fifty environments, to the last byte."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measured import Measured, median
from bench.portal_seed import Size, seed_dashboard
from bench.processes import cpu_seconds
from tests.fixtures_server import GuritaServer

__all__ = ["board"]

SIZE = Size(projects=1000, environments=50)
SECONDS = 1.5
_PATHS = ("dashboard", "dashboard/dynamic")


def board(rounds: int) -> Iterator[Measured]:
    """Without compression, as most programs ask."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gurita-bench-")))
        server = GuritaServer(folder)
        stack.callback(server.close)
        server.start()
        server.end()
        seed_dashboard(server.data, SIZE)
        server.start()
        for path in _PATHS:
            size, _, _ = _asked(server, path)
            found = [_asked(server, path) for _ in range(rounds)]
            seconds, cpu = median(each[1] for each in found), median(each[2] for each in found)
            told = f"{seconds:.2f} s, {cpu:.2f} s of processor, {size / 1e6:.0f} MB"
            what = f"{path}, {SIZE.projects * SIZE.environments:,} items"
            yield Measured("board", what, told, "", seconds, SECONDS, "s")


def _asked(server: GuritaServer, path: str) -> tuple[int, float, float]:
    """Bytes, seconds, and seconds of the server's processor."""
    before, began = cpu_seconds(server.pid), time.monotonic()
    answer = server.client.get(f"/api/Spaces-1/{path}", headers={"Accept-Encoding": "identity"})
    answer.raise_for_status()
    return len(answer.content), time.monotonic() - began, cpu_seconds(server.pid) - before
