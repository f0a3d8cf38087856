"""The part of BER (X.690) that LDAP uses: definite lengths, tags of one byte.

A value is (tag, content). Lengths may be written longer than needed, as Active Directory does.
"""

from __future__ import annotations

from collections.abc import Iterator

from gurita.kernel.errors import Terminal

__all__ = [
    "BOOLEAN",
    "ENUMERATED",
    "INTEGER",
    "OCTETS",
    "SEQUENCE",
    "SET",
    "Malformed",
    "header",
    "item",
    "items",
    "number",
    "octets",
    "whole",
]

BOOLEAN, INTEGER, OCTETS, ENUMERATED, SEQUENCE, SET = 0x01, 0x02, 0x04, 0x0A, 0x30, 0x31


class Malformed(Terminal):
    """Bytes that are not what the protocol says."""


def item(tag: int, content: bytes) -> bytes:
    """A value, encoded."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def number(value: int, tag: int = INTEGER) -> bytes:
    """A number that is not negative, encoded."""
    return item(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(text: str | bytes, tag: int = OCTETS) -> bytes:
    """A text, encoded."""
    return item(tag, text.encode() if isinstance(text, str) else text)


def header(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Of the value that begins at `at`: tag, where its content begins and ends. None: more bytes are needed."""
    if len(data) < at + 2:
        return None
    tag, length = data[at], data[at + 1]
    if tag & 0x1F == 0x1F:
        raise Malformed("A tag has more than one byte.")
    begin = at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 8:
            raise Malformed("A length is indefinite or too long.")
        if len(data) < begin + count:
            return None
        length = int.from_bytes(data[begin : begin + count], "big")
        begin += count
    return tag, begin, begin + length


def whole(data: bytes, at: int = 0) -> tuple[int, bytes, int]:
    """The value at `at`: tag, content, where the next begins. Raises Malformed."""
    found = header(data, at)
    if found is None or found[2] > len(data):
        raise Malformed("A value is cut off.")
    tag, begin, end = found
    return tag, data[begin:end], end


def items(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The values inside a sequence or set. Raises Malformed."""
    at = 0
    while at < len(content):
        tag, inner, at = whole(content, at)
        yield tag, inner
