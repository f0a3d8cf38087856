"""What a body may not be, whatever it is meant for: too deep, or holding a NUL character."""

from __future__ import annotations

import re
from itertools import accumulate

from gurita.kernel.errors import Invalid

__all__ = ["DEEPEST", "check_depth", "check_text"]

DEEPEST = 100
"""How many levels of objects and lists a body may have."""

_OTHER = bytes(set(range(256)) - set(b'"[]{}'))
_STRING = re.compile(rb'"[^"]*"')
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1, ord('"'): 0}
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def check_depth(body: bytes) -> None:
    """Raises Invalid when the body nests deeper than `DEEPEST`. A body with few brackets costs two counts."""
    if body.count(b"{") + body.count(b"[") <= DEEPEST:
        return
    plain = body.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in body else body
    brackets = _STRING.sub(b"", plain.translate(None, _OTHER))
    if max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > DEEPEST:
        raise Invalid(f"The body nests objects and lists deeper than {DEEPEST} levels.")


def check_text(body: bytes) -> None:
    """Raises Invalid when a text in the body holds a NUL character: no database column, file name or argument can."""
    if b"\\u0000" in body and _NUL.search(body):
        raise Invalid("The body holds a NUL character (\\u0000), which no text may contain.")
