"""Row `list`: a page of thirty documents, against the same bytes from the same server's memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.listing_paths import LIST, MEMORY
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
                yield _measured(server.pid, port, key, rounds)
            finally:
                server.terminate()


def _measured(pid: int, port: int, key: str, rounds: int) -> Measured:
    ours, memory = [], []
    for path in (LIST, MEMORY):
        _per_second(pid, port, path, key, 1)
    for _ in range(rounds):
        ours.append(_per_second(pid, port, LIST, key, SECONDS))
        memory.append(_per_second(pid, port, MEMORY, key, SECONDS))
    rate, other = median(one for one, _ in ours), median(one for one, _ in memory)
    cpu, least = median(one for _, one in ours), median(one for _, one in memory)
    told = f"{rate:.0f} requests/s ({cpu:.2f} ms CPU)"
    return Measured(
        "list",
        "30 environments",
        told,
        f"memory {other:.0f} requests/s ({least:.2f} ms CPU)",
        rate / other,
        0.25,
        at_least=True,
    )


def _per_second(pid: int, port: int, path: str, key: str, seconds: float) -> tuple[float, float]:
    """Requests a second, and the server's processor milliseconds for one."""
    before = cpu_seconds(pid)
    took, out = timed_run(sys.executable, "-m", "bench.requests_client", str(port), path, key, str(seconds))
    rate = float(out)
    return rate, (cpu_seconds(pid) - before) * 1000 / (rate * min(seconds, took))
