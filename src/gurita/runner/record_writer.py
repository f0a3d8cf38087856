"""Writes a ticket's log in blocks: a record is written after 64 KiB or 200 ms, or at once after a pause."""

from __future__ import annotations

import os
import time
from typing import Callable, List, Tuple

from gurita.formats.records import BLOCK, MESSAGE, Record, encode, encode_all
from gurita.runner.faults import fault

__all__ = ["RecordWriter"]

_DELAY = 0.2


class RecordWriter:
    """Appends records to the file; `told` is called after each write. Raises OSError, after cutting off a torn record."""

    def __init__(self, path: str, told: Callable[[], None]) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._told = told
        self._size = os.fstat(self._handle).st_size
        self._lines: List[bytes] = []
        self._waiting = 0
        self._kind: Tuple[int, int] = (0, 0)
        self._since = 0.0
        self._written_at = 0.0
        self.count = 0

    def due(self) -> float:
        """When the waiting lines must be written, on the monotonic clock; infinity when none wait."""
        return self._since + _DELAY if self._lines else float("inf")

    def lines(self, kind: int, level: int, data: bytes) -> None:
        """Take whole lines (no line break at the end)."""
        if self._lines and (self._kind != (kind, level) or self._waiting + len(data) >= BLOCK):
            self.flush()
        now = time.monotonic()
        if not self._lines:
            self._since = now
        self._kind = (kind, level)
        self._lines.append(data)
        self._waiting += len(data) + 1

    def turn(self) -> None:
        """Write what waits if it is due, or if nothing was written for a while (a reader sees a lone line at once)."""
        now = time.monotonic()
        if self._lines and (now >= self.due() or now - self._written_at >= _DELAY or self._waiting >= BLOCK):
            self.flush()

    def message(self, data: bytes) -> None:
        """Take a message (JSON), in its place between the lines. Raises BadRecord when it is too large."""
        frame = encode(Record(_now(), MESSAGE, 1, data))
        self.flush()
        self._write(frame, 1)

    def flush(self) -> None:
        """Write what waits."""
        if self._lines:
            kind, level = self._kind
            frame = encode_all([Record(_now(), kind, level, b"\n".join(self._lines))])
            self._lines, self._waiting = [], 0
            self._write(frame, 1)

    def close(self) -> None:
        """Make the log durable."""
        os.fsync(self._handle)
        os.close(self._handle)

    def _write(self, data: bytes, count: int) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._handle, view) :]
        except OSError:
            os.ftruncate(self._handle, self._size)
            raise
        self._size += len(data)
        self.count += count
        self._written_at = time.monotonic()
        self._told()
        fault("runner.log")


def _now() -> int:
    return int(time.time() * 1000)
