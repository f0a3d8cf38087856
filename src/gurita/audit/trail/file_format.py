"""Events with their seals as lines of JSON: what archives are, and exports that can be verified.

The first line says where the chain begins; then comes each seal with its list, and its events behind it. A file holds whole
seals. Memory is that of one seal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from gurita.audit.trail.chain import CONTENT, Anchor, Head
from gurita.audit.trail.verifying import Link
from gurita.kernel.errors import Terminal

__all__ = [
    "FORMAT",
    "NoTrail",
    "Opening",
    "event_line",
    "links_of",
    "opening_line",
    "read_opening",
    "seal_line",
]

FORMAT = "gurita-audit-1"
_MOST_LINE = 16 << 20


class NoTrail(Terminal):
    """A file is not what an export or an archive is."""


class Opening(msgspec.Struct, rename="pascal"):
    """The first line. `after` is where the chain stood before the first seal of this file."""

    format: str
    installation: str
    key: str
    after: Anchor


class _Seal(msgspec.Struct, rename="pascal"):
    head: Head
    members: list[tuple[int, str]]


class _Line(msgspec.Struct, rename="pascal"):
    seal: _Seal | None = None
    event: dict[str, Any] | None = None


_encode = msgspec.json.Encoder().encode


def opening_line(installation: str, key: str, after: Anchor) -> bytes:
    """The first line."""
    return _encode(Opening(FORMAT, installation, key, after)) + b"\n"


def seal_line(head: Head, members: list[tuple[int, str]]) -> bytes:
    """A seal's line; as many lines of events as it has members follow, in their order."""
    return _encode(_Line(seal=_Seal(head, members))).replace(b',"Event":null', b"") + b"\n"


def event_line(row: Mapping[str, Any]) -> bytes:
    """An event's line: its columns as they are."""
    columns = {name: row[name] for name in ("number", *CONTENT)}
    columns["is_service"] = bool(columns["is_service"])
    return b'{"Event":' + _encode(columns) + b"}\n"


def read_opening(lines: Iterator[bytes]) -> Opening:
    """The first line. Raises NoTrail."""
    line = next(lines, b"")
    try:
        opening = msgspec.json.decode(line, type=Opening)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise NoTrail("It does not begin as an export or archive of an audit trail.") from None
    if opening.format != FORMAT:
        raise NoTrail(f"Its format is '{opening.format[:40]}', which this version does not know.")
    return opening


def links_of(lines: Iterable[bytes]) -> Iterator[Link]:
    """The seals behind the first line. Raises NoTrail for a line that cannot be read.

    Events that belong to no seal before them are kept under the seal they follow, so that nothing is passed over.
    """
    seal: _Seal | None = None
    rows: dict[int, dict[str, Any]] = {}
    for at, line in enumerate(lines, 2):
        try:
            read = msgspec.json.decode(line, type=_Line)
            number = 0 if read.event is None else int(read.event["number"])
        except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, ValueError, TypeError):
            raise NoTrail(f"Line {at} cannot be read: it was altered or cut off.") from None
        if read.seal is not None:
            if seal is not None:
                yield _link(seal, rows)
            seal, rows = read.seal, {}
        elif read.event is None or seal is None:
            raise NoTrail(f"Line {at} is neither a seal nor an event of one.")
        else:
            rows[number] = {**dict.fromkeys(CONTENT), **read.event}
    if seal is not None:
        yield _link(seal, rows)


def _link(seal: _Seal, rows: dict[int, dict[str, Any]]) -> Link:
    return Link(seal.head, seal.members, lambda _numbers: rows)
