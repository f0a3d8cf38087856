"""The server's side of the runner's channel: frames of a JSON header and a payload (docs/subsystems/tickets.md).

A hostile target can send anything: sizes are bounded, headers must be JSON objects.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

from gurita.transport.errors import TransportError

__all__ = ["MOST_HEADER", "MOST_PAYLOAD", "BadFrame", "Frame", "FrameReader", "encoded"]

MOST_HEADER = 1024 * 1024
MOST_PAYLOAD = 16 * 1024 * 1024
_SIZES = struct.Struct(">II")


class BadFrame(TransportError):
    """What came is no frame; the channel cannot be used any more."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One request, or one answer."""

    header: dict[str, Any]
    payload: bytes = b""


def encoded(header: dict[str, Any], payload: bytes = b"") -> bytes:
    """The bytes of a frame. Raises BadFrame when a part is too large to be sent."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > MOST_HEADER or len(payload) > MOST_PAYLOAD:
        raise BadFrame(
            f"a request of {len(text) + len(payload)} bytes is larger than the runner takes (16 MiB)"
        )
    return _SIZES.pack(len(text), len(payload)) + text + payload


class FrameReader:
    """Cuts a stream into frames, however it arrives."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by `data`. Raises BadFrame."""
        held = self._held
        held += data
        frames: list[Frame] = []
        at = 0
        while at + _SIZES.size <= len(held):
            header_size, payload_size = _SIZES.unpack_from(held, at)
            if header_size > MOST_HEADER or payload_size > MOST_PAYLOAD:
                raise BadFrame(
                    "the runner sent a frame that is too large; something else writes to its output"
                )
            middle = at + _SIZES.size + header_size
            end = middle + payload_size
            if end > len(held):
                break
            frames.append(Frame(_header(bytes(held[at + _SIZES.size : middle])), bytes(held[middle:end])))
            at = end
        del held[:at]
        return frames


def _header(text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text)
    except ValueError:
        raise BadFrame("the runner sent a header that is no JSON") from None
    if not isinstance(header, dict):
        raise BadFrame("the runner sent a header that is no object")
    return header
