"""Row `list`: a page of thirty documents, against the same bytes from the same server's memory.

Twice: as a route of the API, with its routing, sign-in and permissions, and without any of that.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.listing_paths import BARE, LIST, MEMORY
from bench.measured import Measured, median
from bench.processes import cpu_seconds, timed_run
from tests.fixtures_server import PASSWORD, new_api_key
from tests.fixtures_sshd import free_port

__all__ = ["listing"]

SECONDS = 4.0


def listing(rounds: int) -> Iterator[Measured]:
    """Requests a second of both, in turn."""
    key, port = new_api_key(), free_port()
    with tempfile.TemporaryDirectory(prefix="gurita-bench-") as folder:
        values = {
            **os.environ,
            "GURITA_ADMIN_USERNAME": "admin",
            "GURITA_ADMIN_PASSWORD": PASSWORD,
            "GURITA_ADMIN_API_KEY": key,
        }
        command = [sys.executable, "-m", "bench.listing_child", f"{folder}/data", str(port)]
        with (
            Path(folder, "log").open("ab") as log,
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=values) as server,
        ):
            try:
                assert server.stdout is not None
                if server.stdout.readline() != b"ready\n":
                    raise RuntimeError(Path(folder, "log").read_text())
                yield from _measured(server.pid, port, key, rounds)
            finally:
                server.terminate()


def _measured(pid: int, port: int, key: str, rounds: int) -> Iterator[Measured]:
    found: dict[str, list[tuple[float, float]]] = {LIST: [], MEMORY: [], BARE: []}
    for path in found:
        _per_second(pid, port, path, key, 1)
    for _ in range(rounds):
        for path, measured in found.items():
            measured.append(_per_second(pid, port, path, key, SECONDS))
    rates = {path: median(rate for rate, _ in measured) for path, measured in found.items()}
    told = {
        path: f"{rates[path]:.0f} requests/s ({median(cpu for _, cpu in measured):.2f} ms CPU)"
        for path, measured in found.items()
    }
    for path, name in ((MEMORY, "memory, by the API"), (BARE, "memory, past the API")):
        ratio = rates[LIST] / rates[path]
        yield Measured(
            "list", "30 environments", told[LIST], f"{name} {told[path]}", ratio, 0.25, at_least=True
        )


def _per_second(pid: int, port: int, path: str, key: str, seconds: float) -> tuple[float, float]:
    """Requests a second, and the server's processor milliseconds for one."""
    before = cpu_seconds(pid)
    took, out = timed_run(sys.executable, "-m", "bench.requests_client", str(port), path, key, str(seconds))
    rate = float(out)
    return rate, (cpu_seconds(pid) - before) * 1000 / (rate * min(seconds, took))
