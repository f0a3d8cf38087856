"""A stored file as an answer: whole or a range of it, with an entity tag, always as a download (RFC 9110, 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from gurita.kernel.errors import Refused

if TYPE_CHECKING:
    from starlette.requests import Request

    from gurita.store.blobs import Blobs

__all__ = ["disposition", "file_answer"]

_RANGE = re.compile(r"bytes\s*=\s*(\d{0,19})\s*-\s*(\d{0,19})", re.IGNORECASE)


class RangeNotSatisfiable(Refused):
    """The file is shorter than the range asks."""

    status = 416


def file_answer(
    request: Request,
    blobs: Blobs,
    key: str,
    size: int,
    name: str,
    *,
    media: str = "application/octet-stream",
    extra: dict[str, str] | None = None,
) -> Response:
    """The blob `key` of `size` bytes, called `name`. Its key is its entity tag: the same tag is the same bytes, for ever.

    One range is answered as 206; several at once, or another unit, get the whole, as the RFC allows. Raises 416.
    """
    tag = f'"{key}"'
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Content-Disposition": disposition(name),
        **(extra or {}),
    }
    if _names(request.headers.get("if-none-match", ""), tag):
        return Response(None, 304, headers)
    wanted = _range(request, size, tag)
    if wanted is None:
        headers["Content-Length"] = str(size)
        return StreamingResponse(blobs.stream(key), 200, headers, media)
    first, last = wanted
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    headers["Content-Length"] = str(last - first + 1)
    return StreamingResponse(_part(blobs, key, first, last), 206, headers, media)


async def _part(blobs: Blobs, key: str, first: int, last: int) -> AsyncIterator[bytes]:
    left = last - first + 1
    async for block in blobs.stream(key, first):
        yield block[:left]
        left -= len(block)
        if left <= 0:
            return


def _names(header: str, tag: str) -> bool:
    return header.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in header.split(",")]


def _range(request: Request, size: int, tag: str) -> tuple[int, int] | None:
    """First and last byte; None for the whole file. Raises RangeNotSatisfiable."""
    match = _RANGE.fullmatch(request.headers.get("range", "").strip())
    condition = request.headers.get("if-range", tag).strip()
    if match is None or not (match[1] or match[2]) or condition != tag:
        return None
    if not match[1]:
        if int(match[2]) == 0 or size == 0:
            raise RangeNotSatisfiable(f"Range: the file has {size} bytes.")
        return max(0, size - int(match[2])), size - 1
    first, last = int(match[1]), int(match[2]) if match[2] else size - 1
    if match[2] and last < first:
        return None
    if first >= size:
        raise RangeNotSatisfiable(f"Range: the file has {size} bytes.")
    return first, min(last, size - 1)


def disposition(name: str) -> str:
    """A Content-Disposition no name can break out of: plain ASCII for old clients, UTF-8 escaped for the others (RFC 6266)."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].strip()[:200] or "file"
    plain = "".join(each if each.isascii() and (each.isalnum() or each in " ._-+") else "_" for each in last)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(last, safe='', errors='replace')}"
