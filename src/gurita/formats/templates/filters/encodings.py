"""Base64 and hashes."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Optional, Sequence

from gurita.formats.templates.dotnet.integers import read_int32
from gurita.formats.templates.filters.registry import text_filter

__all__ = ["HASHES"]

HASHES = ("md5", "sha1", "sha256", "sha384", "sha512")
_ENCODINGS = {"utf8": "utf-8", "unicode": "utf-16-le"}


@text_filter("ToBase64", most=1)
def _to_base64(text: str, options: Sequence[str]) -> Optional[str]:
    encoding = _ENCODINGS.get(options[0].lower() if options else "utf8")
    return None if encoding is None else base64.b64encode(_bytes(text, encoding)).decode("ascii")


@text_filter("FromBase64", most=1)
def _from_base64(text: str, options: Sequence[str]) -> Optional[str]:
    encoding = _ENCODINGS.get(options[0].lower() if options else "utf8")
    data = _decoded(text)
    return None if encoding is None or data is None else data.decode(encoding, "replace")


def _bytes(text: str, encoding: str) -> bytes:
    return text.encode(encoding, "replace")


def _decoded(text: str) -> Optional[bytes]:
    """.NET API browser, system.convert.frombase64string: white space is passed over."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _hash(algorithm: str, text: str, options: Sequence[str]) -> Optional[str]:
    size: Optional[int] = None
    encoding = ""
    for option in options:
        number = read_int32(option)
        if number is not None and size is None and number > 0:
            size = number
        elif not encoding and option.lower() in (*_ENCODINGS, "base64"):
            encoding = option.lower()
        else:
            return None
    data = _decoded(text) if encoding == "base64" else _bytes(text, _ENCODINGS[encoding or "utf8"])
    if data is None:
        return None
    try:
        return hashlib.new(algorithm, data).digest()[:size].hex()
    except ValueError:
        return None


def _register(algorithm: str) -> None:
    @text_filter(algorithm, most=2)
    def _call(text: str, options: Sequence[str]) -> Optional[str]:
        return _hash(algorithm, text, options)


for _each in HASHES:
    _register(_each)
