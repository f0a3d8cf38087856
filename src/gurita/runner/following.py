"""Reading a ticket's records from a record number on, in blocks."""

from __future__ import annotations

import os
from typing import Tuple

from gurita.formats.records import LARGEST, measure
from gurita.runner.tickets import Ticket

__all__ = ["Follower"]

_BLOCK = 1 << 20


class Follower:
    """A place in a ticket's log. `next` is the number of the record it stands before."""

    def __init__(self, ticket: Ticket, offset: int) -> None:
        self._path = ticket.path("records")
        self._to_skip = offset
        self._handle = -1
        self._position = 0
        self.next = 0

    def read(self) -> bytes:
        """Whole records from here on, about a megabyte at most; empty when there is no further one (yet)."""
        while self._to_skip:
            count, _, size = self._ahead(self._to_skip)
            if not count:
                return b""
            self._step(count, size)
            self._to_skip -= count
        count, data, size = self._ahead(1 << 62)
        self._step(count, size)
        return data[:size]

    def count(self) -> int:
        """How many records there are; the follower stands behind the last then."""
        self._to_skip = 1 << 62
        self.read()
        self.close()
        return self.next

    def close(self) -> None:
        """Let go of the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _step(self, count: int, size: int) -> None:
        self._position += size
        self.next += count

    def _ahead(self, most: int) -> Tuple[int, bytes, int]:
        """How many whole records (at most `most`) the next block has, the block, and how many of its bytes they take."""
        if self._handle < 0:
            try:
                self._handle = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            except (FileNotFoundError, NotADirectoryError):
                return 0, b"", 0
        data = os.pread(self._handle, _BLOCK, self._position)
        count, size = measure(data, most)
        if not count and len(data) == _BLOCK:
            data = os.pread(self._handle, LARGEST + 4, self._position)
            count, size = measure(data, most)
        return count, data, size
