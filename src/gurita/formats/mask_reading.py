"""How a block is read when sequences are looked for in it: as characters of two bytes, every other one of them."""

from __future__ import annotations

from codecs import utf_16_le_decode

__all__ = ["WAYS", "read", "seven_bits"]

WAYS = 4
"""Ways a sequence may fall: of so many bytes the first two are read."""

_SEVEN_BITS = bytes(byte & 127 for byte in range(256))


def seven_bits(text: bytes) -> bytes:
    """The bytes without their highest bit, so that any two of them are a character."""
    return text.translate(_SEVEN_BITS)


def read(plain: bytes) -> str:
    """Bytes of seven bits as characters of two; one that is left is no part of it."""
    return utf_16_le_decode(plain)[0]
