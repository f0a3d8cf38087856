"""A new file from an old one and a delta: parts of the old one, and bytes in between."""

from __future__ import annotations

import hashlib
import os
import struct
from typing import BinaryIO, Protocol, Tuple

__all__ = ["DeltaRefused", "Writable", "apply_delta"]

_HEADER = b"OCTODELTA\x01\x04SHA1\x14\x00\x00\x00"
_END = b">>>"
_COPY, _DATA = 0x60, 0x80
_BLOCK = 1 << 20
_FACTOR = 8


class Writable(Protocol):
    """Where the new file goes."""

    def write(self, block: bytes, /) -> int:
        """Takes all of the block."""


class DeltaRefused(ValueError):
    """The delta is damaged, or does not fit the old file; the message is a sentence's end."""


def apply_delta(old: BinaryIO, delta: BinaryIO, new: Writable, *, verify: bool = True) -> Tuple[int, str]:
    """Writes the new file; its size and its SHA-1 in hexadecimal. Memory holds one block, whatever the sizes.

    Who has another hash to prove the result by leaves `verify` out; there is no SHA-1 then.

    Raises DeltaRefused for what is no delta, for one that reaches outside the old file or makes more than eight times of
    what it is given, and when the result is not what the delta says.
    """
    if delta.read(len(_HEADER)) != _HEADER:
        raise DeltaRefused("it does not begin like a delta with SHA-1")
    expected = _exactly(delta, 20)
    if _exactly(delta, len(_END)) != _END:
        raise DeltaRefused("its head is damaged")
    sizes = _size(old), _size(delta)
    made = _Made(new, _FACTOR * sum(sizes), verify)
    while command := delta.read(1):
        if command[0] == _COPY:
            offset, length = struct.unpack("<qq", _exactly(delta, 16))
            if offset < 0 or length < 0 or offset + length > sizes[0]:
                raise DeltaRefused("it copies bytes the old file does not have")
            old.seek(offset)
            made.take(old, length)
        elif command[0] == _DATA:
            (length,) = struct.unpack("<q", _exactly(delta, 8))
            if not 0 <= length <= sizes[1]:
                raise DeltaRefused("it says it has more bytes than it has")
            made.take(delta, length)
        else:
            raise DeltaRefused("it has the command {:#x}, which is not known".format(command[0]))
    if not verify:
        return made.size, ""
    if made.digest.digest() != expected:
        raise DeltaRefused(
            "the result has the SHA-1 {} and should have {}".format(made.digest.hexdigest(), expected.hex())
        )
    return made.size, made.digest.hexdigest()


class _Made:
    """The new file so far."""

    def __init__(self, new: Writable, most: int, verify: bool) -> None:
        self.new, self.most, self.size, self.verify = new, most, 0, verify
        self.digest = hashlib.sha1()  # noqa: S324 - the format says so

    def take(self, source: BinaryIO, length: int) -> None:
        """The next `length` bytes of `source`."""
        self.size += length
        if self.size > self.most:
            raise DeltaRefused("it makes more than {} times of what it is given".format(_FACTOR))
        while length > 0:
            block = _exactly(source, min(length, _BLOCK))
            self.new.write(block)
            if self.verify:
                self.digest.update(block)
            length -= len(block)


def _exactly(source: BinaryIO, count: int) -> bytes:
    found = source.read(count)
    if len(found) != count:
        raise DeltaRefused("it was cut off")
    return found


def _size(file: BinaryIO) -> int:
    at = file.tell()
    size = file.seek(0, os.SEEK_END)
    file.seek(at)
    return size
