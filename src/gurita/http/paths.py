"""From the raw path of a request to its segments, once, before anything looks at it."""

from __future__ import annotations

import re
from urllib.parse import unquote

from starlette.types import Scope

from gurita.kernel.errors import Invalid

__all__ = ["LONGEST", "segments_of"]

LONGEST = 8192
"""Bytes of the longest path that is read."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def segments_of(scope: Scope, prefix: str) -> list[str]:
    """The path below the prefix, split and then unquoted, so that a `%2F` stays inside its segment.

    One leading, doubled leading or trailing slash does not matter. Raises Invalid for what no client means and some
    proxies read differently: `.` and `..` (also encoded), empty segments inside, control characters, bytes that are not UTF-8.
    """
    raw: bytes = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0]
    if len(raw) > LONGEST:
        raise Invalid(f"The path is longer than {LONGEST} bytes.")
    text = raw.decode("latin-1")
    if prefix and (text.lower() + "/").startswith(prefix.lower() + "/"):
        text = text[len(prefix) :]
    parts = text.strip("/").split("/")
    if parts == [""]:
        return []
    return [_segment(part) for part in parts]


def _segment(part: str) -> str:
    if not part:
        raise Invalid("The path has an empty segment ('//').")
    if "%" not in part and part.isascii() and part.isprintable() and part[0] != ".":
        return part
    try:
        segment = unquote(part.encode("latin-1").decode(), errors="strict")
    except UnicodeDecodeError:
        raise Invalid("The path is not UTF-8.") from None
    if segment in (".", ".."):
        raise Invalid(f"The path has the segment '{segment}', which is not followed here.")
    if _CONTROL.search(segment):
        raise Invalid("The path holds a control character.")
    return segment
