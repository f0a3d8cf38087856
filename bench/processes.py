"""What the kernel knows of a process: processor time and memory, read from /proc."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["MemoryWatch", "cpu_seconds", "rss_mb", "timed_run"]

_TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads of a process so far; its children's are not in it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def rss_mb(pid: int) -> float:
    """Resident memory in MB (10⁶ bytes)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError(f"process {pid} has no memory")


class MemoryWatch:
    """The most memory a process has while the block runs, looked at every 20 ms: `most` in MB."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.before = self.most = rss_mb(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def growth(self) -> float:
        """MB more than at the beginning."""
        return self.most - self.before

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.02):
            self.most = max(self.most, rss_mb(self.pid))


def timed_run(*command: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> tuple[float, bytes]:
    """Seconds a program took, and its output. Raises RuntimeError with what it said when it fails,
    TimeoutExpired after 300 s."""
    began = time.monotonic()
    done = subprocess.run(command, input=stdin, capture_output=True, env=env, check=False, timeout=300)
    took = time.monotonic() - began
    if done.returncode:
        said = (done.stdout[-1500:] + done.stderr[-1500:]).decode(errors="replace")
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {said}")
    return took, done.stdout
