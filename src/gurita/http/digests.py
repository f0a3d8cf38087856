"""The hashes a client says its bytes have: `Content-MD5` (RFC 1864) and `Content-Digest` (RFC 9530)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

from gurita.kernel.errors import Invalid

__all__ = ["Digests", "expected", "wrong"]

Digests = dict[str, bytes]
"""Digests by the name hashlib has for their hash."""

_KNOWN = {"md5": "md5", "sha": "sha1", "sha-256": "sha256", "sha-512": "sha512"}
_ONE = re.compile(r"\s*([a-z0-9-]+)\s*=\s*:([A-Za-z0-9+/=]*):\s*(?:;.*)?", re.IGNORECASE)


def expected(headers: Mapping[str, str]) -> Digests:
    """What the headers say, in any case of their names. Raises Invalid for what cannot be read.

    Hashes nobody here knows are left alone, as RFC 9530 has it.
    """
    given = {name.lower(): value for name, value in headers.items()}
    found: Digests = {}
    if md5 := given.get("content-md5"):
        found["md5"] = _decoded(md5.strip(), "Content-MD5")
    for one in given.get("content-digest", "").split(","):
        if not one.strip():
            continue
        match = _ONE.fullmatch(one)
        if match is None:
            raise Invalid("Content-Digest: cannot be read. Write it as sha-256=:BASE64:")
        if name := _KNOWN.get(match[1].lower()):
            found[name] = _decoded(match[2], "Content-Digest")
    return found


def wrong(said: Digests, found: Mapping[str, str]) -> str:
    """A sentence about the first hash that is not as it was said; "" when all are. `found` is in hex."""
    for name, digest in said.items():
        if found[name] != digest.hex():
            return (
                f"its {name} is {found[name]}, and the request says {digest.hex()}. "
                "It was damaged on its way, or is another file. Nothing of it was kept; send it again."
            )
    return ""


def _decoded(text: str, header: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(f"{header}: is not base64.") from None
