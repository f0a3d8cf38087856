"""The shapes in which a secret may show up in a log: written, escaped, quoted, encoded, reversed, line by line.

Rules: product item 8 (values of three characters or fewer are not masked; every line of a multi-line secret is
masked by itself; base64 and URL-encoded forms are masked too). Beyond it: hexadecimal, JSON, shell, XML.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Callable, FrozenSet, Iterator, List, Set

__all__ = ["SHORTEST", "base64_cores", "forms_of"]

SHORTEST = 4
"""Characters a value needs to be masked at all: shorter ones would blot out ordinary text."""

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUOTES = (("&quot;", "&#39;"), ("&quot;", "&#x27;"), ("&quot;", "&apos;"), ("&#34;", "&#39;"))


def forms_of(secret: str) -> FrozenSet[bytes]:
    """Every byte sequence that gives the secret away; empty for a value too short to mask.

    Line breaks around the secret are no part of it.
    """
    bare = secret.strip("\r\n")
    if len(bare) < SHORTEST or not bare.strip():
        return frozenset()
    texts = set(_written(bare))
    lines, encoded = secret.splitlines(), [_bytes(bare)]
    if len(lines) > 1:
        for line in lines:
            if len(line.strip()) >= SHORTEST:
                texts.update(_written(line.strip()))
                encoded.append(_bytes(line.strip()))
    found = {_bytes(text) for text in texts}
    for data in encoded:
        found.update(base64_cores(data))
        found.update(_hexadecimal(data))
    return frozenset(form for form in found if len(form) >= SHORTEST)


def base64_cores(data: bytes) -> Set[bytes]:
    """The characters `data` alone decides in base64, wherever it lies in what was encoded (three alignments).

    A character that also carries bits of a neighbour is left out, so the core appears whatever the neighbours are.
    Standard and URL-safe alphabets; cores shorter than four characters are left out.
    """
    cores: Set[bytes] = set()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + data)
        first = -(-shift * 8 // 6)
        last = (shift + len(data)) * 8 // 6
        core = encoded[first:last]
        if len(core) >= SHORTEST:
            cores.add(core)
            cores.add(core.replace(b"+", b"-").replace(b"/", b"_"))
    return cores


def _hexadecimal(data: bytes) -> Set[bytes]:
    plain = data.hex().encode()
    return {plain, plain.upper()}


def _written(text: str) -> Iterator[str]:
    yield text
    yield text[::-1]
    for write in _WRITERS:
        yield write(text)
    yield from _xml(text)


def _url(text: str, keep: bytes = b"", lower: bool = False) -> str:
    pattern = "%%%02x" if lower else "%%%02X"
    allowed = _UNRESERVED.union(keep)
    return "".join(chr(byte) if byte in allowed else pattern % byte for byte in _bytes(text))


def _xml(text: str) -> Iterator[str]:
    """As XML and HTML write it: quotes as they are, or escaped in one of the usual ways."""
    plain = text.translate(_XML)
    yield plain
    for double, single in _QUOTES:
        yield plain.replace('"', double).replace("'", single)


_WRITERS: List[Callable[[str], str]] = [
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    _url,
    lambda text: _url(text, lower=True),
    lambda text: _url(text, keep=b"/"),
    lambda text: _url(text).replace("%20", "+"),
    lambda text: text.replace("'", "'\\''"),
    lambda text: text.replace("'", "'\"'\"'"),
    lambda text: text.replace("'", "''"),
    lambda text: re.sub(r'(["$`\\])', r"\\\1", text),
    lambda text: re.sub(r"([^\w@%+=:,./-])", r"\\\1", text),
    lambda text: text.replace("\\", "\\\\").replace("'", "\\'"),
]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
