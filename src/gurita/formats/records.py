"""The binary frames of a ticket's log, as docs/subsystems/tickets.md ("Records") lays them down.

A frame is `uint32 length of what follows`, `uint64 milliseconds since 1970`, `uint8 kind`, `uint8 level`, data; big endian.
Records have no number of their own: the offset of a record is how many frames stand before it.
"""

from __future__ import annotations

import struct
from typing import Iterable, List, NamedTuple, Tuple

__all__ = [
    "BLOCK",
    "LARGEST",
    "MESSAGE",
    "STDERR",
    "STDOUT",
    "BadRecord",
    "Record",
    "decode",
    "encode",
    "encode_all",
    "measure",
]

STDOUT, STDERR, MESSAGE = 0, 1, 2
BLOCK = 64 * 1024
"""Bytes of text one record should hold at most."""
LARGEST = 15 * 1024 * 1024
"""Bytes a whole frame may have, so that one always fits a frame of the runner's channel (16 MiB)."""

_FRAME = struct.Struct(">IQBB")
_LENGTH = struct.Struct(">I")
_FIXED = _FRAME.size - _LENGTH.size


class BadRecord(ValueError):
    """The bytes are no record frames: a length is impossible."""


class Record(NamedTuple):
    """One frame: `time` in milliseconds since 1970, `kind`, `level`, and text (UTF-8) or JSON as bytes."""

    time: int
    kind: int
    level: int
    data: bytes


def encode(record: Record) -> bytes:
    """The frame of one record. Raises BadRecord when it would be larger than `LARGEST`."""
    time, kind, level, data = record
    if len(data) + _FRAME.size > LARGEST:
        raise BadRecord(f"a record of {len(data)} bytes is larger than {LARGEST}")
    return _FRAME.pack(len(data) + _FIXED, time, kind, level) + data


def encode_all(records: Iterable[Record]) -> bytes:
    """The frames of many records, one after the other."""
    return b"".join(map(encode, records))


def measure(data: bytes, most: int = 1 << 62, start: int = 0) -> Tuple[int, int]:
    """How many whole frames lie in `data` from `start` (at most `most`), and the position where they end.

    A frame cut at the end is not counted: its writer is still writing, or died there.
    """
    count, at, size = 0, start, len(data)
    while count < most and at + _FRAME.size <= size:
        following = _LENGTH.unpack_from(data, at)[0]
        _check(following)
        end = at + _LENGTH.size + following
        if end > size:
            break
        at, count = end, count + 1
    return count, at


def decode(data: bytes) -> Tuple[List[Record], int]:
    """All whole records at the head of `data`, and how many bytes they took."""
    records: List[Record] = []
    at, size = 0, len(data)
    while at + _FRAME.size <= size:
        following, time, kind, level = _FRAME.unpack_from(data, at)
        _check(following)
        end = at + _LENGTH.size + following
        if end > size:
            break
        records.append(Record(time, kind, level, data[at + _FRAME.size : end]))
        at = end
    return records, at


def _check(following: int) -> None:
    if following < _FIXED or following + _LENGTH.size > LARGEST:
        raise BadRecord(f"a record cannot have {following} bytes")
