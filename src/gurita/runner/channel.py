"""Frames on stdin and stdout: `uint32 header length`, `uint32 payload length` (big endian), JSON header, payload."""

from __future__ import annotations

import json
import os
import struct
from collections import deque
from typing import Any, Deque, Dict, Iterator, Tuple

__all__ = ["BadFrame", "Reader", "Writer"]

_HEAD = struct.Struct(">II")
_LARGEST_HEADER = 1 << 20
_LARGEST_PAYLOAD = 16 << 20


class BadFrame(Exception):
    """What comes in is not a frame; nothing behind it can be read."""


class Reader:
    """Collects bytes into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Tuple[Dict[str, Any], bytes]]:
        """The header and payload of every frame that is whole now. Raises BadFrame."""
        self._buffer += data
        while len(self._buffer) >= _HEAD.size:
            header, payload = _HEAD.unpack_from(self._buffer)
            if header > _LARGEST_HEADER or payload > _LARGEST_PAYLOAD:
                raise BadFrame(f"a frame of {header} + {payload} bytes is too large")
            end = _HEAD.size + header + payload
            if len(self._buffer) < end:
                return
            head = bytes(self._buffer[_HEAD.size : _HEAD.size + header])
            body = bytes(self._buffer[_HEAD.size + header : end])
            del self._buffer[:end]
            yield _read(head), body


class Writer:
    """Frames that wait until the other side takes them."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._parts: Deque[memoryview] = deque()
        self.waiting = 0

    def put(self, header: Dict[str, Any], payload: bytes = b"") -> None:
        """Queue a frame."""
        head = json.dumps(header).encode()
        for part in (_HEAD.pack(len(head), len(payload)) + head, payload):
            if part:
                self._parts.append(memoryview(part))
                self.waiting += len(part)

    def send(self) -> None:
        """Write as much as is taken now. Raises OSError when nobody reads any more."""
        while self._parts:
            try:
                written = os.write(self._handle, self._parts[0])
            except BlockingIOError:
                return
            self.waiting -= written
            if written == len(self._parts[0]):
                self._parts.popleft()
            else:
                self._parts[0] = self._parts[0][written:]


def _read(head: bytes) -> Dict[str, Any]:
    try:
        header = json.loads(head.decode("utf-8"))
    except ValueError:
        raise BadFrame("the header of a frame is not JSON") from None
    if not isinstance(header, dict):
        raise BadFrame("the header of a frame is not an object")
    return header
