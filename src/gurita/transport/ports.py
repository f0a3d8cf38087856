"""The port every carrier implements: commands with streams, and files, on one machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

__all__ = ["LARGEST_ANSWER", "Channel", "Connection", "Finished"]

LARGEST_ANSWER = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended. `rc` is its exit code, or 128 + the number of the signal that ended it."""

    rc: int
    out: bytes
    err: bytes


class Channel(Protocol):
    """A running command and its three streams. Reads and writes raise ConnectionLost when the carrier is gone."""

    async def write(self, data: bytes) -> None:
        """Sends to the command's stdin; waits while the other side is not reading."""

    async def read(self, size: int = 65536) -> bytes:
        """Up to `size` bytes of stdout as soon as there are any; empty at its end."""

    async def read_error(self, size: int = 65536) -> bytes:
        """The same of stderr."""

    def close_input(self) -> None:
        """Ends stdin."""

    async def wait(self) -> int:
        """The exit code, once the command has ended; 128 + signal number when a signal ended it."""

    def rest(self, resting: bool) -> None:
        """Says that nothing is awaited from it just now (or that something is again). A connection whose channels all
        rest is watched less closely."""

    def close(self) -> None:
        """Gives the channel up. The command sees its streams end; nothing else is done to it."""


class Connection(Protocol):
    """One machine within reach. Any method may raise ConnectionLost; `closed` is true from then on."""

    @property
    def closed(self) -> bool:
        """Whether it can no longer be used."""

    async def run(self, command: str, stdin: bytes = b"", *, timeout: float) -> Finished:
        """Runs a POSIX sh command line to its end. Output beyond 16 MiB or `timeout` seconds ends it with an error."""

    async def open(self, command: str) -> Channel:
        """Starts a POSIX sh command line and hands over its streams. Waits when too many are open here."""

    async def put(self, data: AsyncIterator[bytes], path: str, *, mode: int) -> None:
        """Writes a file aside and renames it over `path`; the folder must exist. Raises PathRefused."""

    def get(self, path: str, *, offset: int = 0) -> AsyncIterator[bytes]:
        """The bytes of a file from `offset` on. Raises PathRefused."""

    async def close(self) -> None:
        """Closes it; safe to call again."""
