"""Row `packages`: a package of 512 MiB pushed and downloaded, against `scp` of the same file over loopback."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measured import Measured, median
from bench.processes import MemoryWatch
from bench.references import ssh_options
from tests.fixtures_server import GuritaServer, gurita_server
from tests.fixtures_sshd import SshHost, sshd

__all__ = ["BUDGET", "SIZE", "packages", "scp"]

SIZE = 512 << 20
BUDGET = 1.2
_NAME = "Bench.1.0.0.zip"


def packages(rounds: int) -> Iterator[Measured]:
    """Both by `curl`, a process like `scp`; each file is synced to the disk before its clock stops, ours by the server."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gurita-bench-")))
        (folder / "hosts").mkdir()
        (host,) = stack.enter_context(sshd(folder / "hosts"))
        server = stack.enter_context(gurita_server(folder / "server"))
        file = folder / _NAME
        with file.open("wb") as out:
            for _ in range(SIZE >> 20):
                out.write(os.urandom(1 << 20))
        times: dict[str, list[float]] = {"push": [], "to": [], "get": [], "from": []}
        with MemoryWatch(server.pid) as memory:
            for _ in range(rounds):
                times["push"].append(_push(server, file))
                times["to"].append(
                    scp(folder, host, str(file), f"127.0.0.1:{folder}/there", folder / "there")
                )
                times["get"].append(_download(server, folder / "here"))
                times["from"].append(
                    scp(folder, host, f"127.0.0.1:{file}", str(folder / "back"), folder / "back")
                )
        for what, ours, theirs in (("upload", "push", "to"), ("download", "get", "from")):
            mine, other = median(times[ours]), median(times[theirs])
            speed = SIZE / mine / 1e6
            told = f"{mine:.2f} s ({speed:.0f} MB/s)"
            yield Measured("packages", what, told, f"scp {other:.2f} s", mine / other, BUDGET)
        growth = memory.growth
        yield Measured("packages", "memory of the server", f"{growth:.0f} MB more", "", growth, 50, "MB")


def _push(server: GuritaServer, file: Path) -> float:
    """Seconds of a push, the server's answer included. The version before is gone, and so is its file."""
    server.client.delete("/api/packages/packages-Bench.1.0.0")
    with file.open("r+b") as opened:  # other content each time: the same would lie there already
        opened.write(os.urandom(64))
    url = f"{server.url}/api/packages/raw"
    key = f"X-Octopus-ApiKey: {server.api_key}"
    command = ["curl", "-sSf", "-o", os.devnull, "-H", key, "-H", "Expect:", "-F", f"file=@{file}", url]
    return _timed(command)


def _download(server: GuritaServer, to: Path) -> float:
    """Seconds of a download."""
    to.unlink(missing_ok=True)
    url = f"{server.url}/api/packages/packages-Bench.1.0.0/raw"
    command = ["curl", "-sSf", "-o", str(to), "-H", f"X-Octopus-ApiKey: {server.api_key}", url]
    return _timed(command, to)


def scp(folder: Path, host: SshHost, source: str, target: str, to: Path) -> float:
    """Seconds of a copy through sshd."""
    to.unlink(missing_ok=True)
    options = ssh_options(folder, host)
    at = options.index("-l")  # scp's `-l` is something else
    options[at : at + 2] = ["-o", f"User={host.username}"]
    return _timed(["scp", "-q", *options, "-P", str(host.port), source, target], to)


def _timed(command: list[str], written: Path | None = None) -> float:
    """Seconds until the program has ended and the file it wrote is on the disk. Raises CalledProcessError."""
    began = time.monotonic()
    subprocess.run(command, check=True, timeout=300)
    if written is not None:
        with written.open("rb") as opened:
            os.fsync(opened.fileno())
        if written.stat().st_size != SIZE:
            raise RuntimeError(f"{command[0]} brought {written.stat().st_size} bytes, not {SIZE}")
    return time.monotonic() - began
