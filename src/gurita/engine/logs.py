"""Logs as compressed chunks: written in the unit that stores what they tell, read by ranges.

A chunk holds entries of one place in the plan; an entry is a time, a category and one or many lines of text.
Lines of a task count from 0 in the order they were committed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

__all__ = ["CATEGORIES", "TASK", "Chunk", "LogEntry", "LogPlace", "pack", "unpack", "worst_of"]

CATEGORIES = ("Verbose", "Info", "Highlight", "Wait", "Warning", "Error", "Fatal")
"""What a line may be, the mildest first; the position is the number stored."""

_WORTH = 256
"""Bytes from which on a chunk is compressed; a list packed by msgpack never begins like zlib's stream."""

_ZLIB = b"\x78"
_PACK = msgspec.msgpack.Encoder()
_UNPACK = msgspec.msgpack.Decoder(list[tuple[int, int, str]])


class LogEntry(msgspec.Struct, frozen=True, array_like=True):
    """Lines written at the same moment (milliseconds since 1970) with the same category."""

    time: int
    category: int
    text: str


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where in the plan lines belong: -1 and "" stand for "the whole"."""

    step: int = -1
    action: int = -1
    target: str = ""
    attempt: int = 0


TASK = LogPlace()
"""The task's own log, outside every step."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stored chunk, read back."""

    number: int
    place: LogPlace
    first: int
    lines: int
    entries: list[LogEntry]


def pack(entries: Sequence[LogEntry]) -> tuple[bytes, int]:
    """The chunk's bytes and how many lines it holds. One C call a chunk, whatever the number of lines."""
    lines = sum(entry.text.count("\n") + 1 for entry in entries)
    packed = _PACK.encode(entries)
    return (packed if len(packed) < _WORTH else zlib.compress(packed, 1)), lines


def unpack(data: bytes) -> list[LogEntry]:
    """What `pack` packed."""
    packed = zlib.decompress(data) if data[:1] == _ZLIB else data
    return [LogEntry(*entry) for entry in _UNPACK.decode(packed)]


def worst_of(entries: Iterable[LogEntry]) -> int:
    """The gravest category among the entries; 0 for none."""
    return max((entry.category for entry in entries), default=0)
