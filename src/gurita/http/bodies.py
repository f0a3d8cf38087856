"""Reading a request's body, counted while it streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request

from gurita.kernel.errors import Invalid, TooLarge

__all__ = ["drain", "read_body", "required"]

_DRAINED = 256 << 20
_PATIENCE = 5.0


async def read_body(request: Request, most: int) -> bytes:
    """The whole body. Raises TooLarge past `most` bytes, without keeping any of it."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and len(declared) < 20 and int(declared) > most:
        await drain(request.stream())
        raise _too_large(most)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            chunks.clear()
            await drain(request.stream())
            raise _too_large(most)
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def required(body: bytes) -> bytes:
    """The body, if there is one. Raises Invalid."""
    if not body.strip():
        raise Invalid("The request needs a body in JSON.")
    return body


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"The body is larger than {most >> 20} MiB.")


async def drain(chunks: AsyncIterator[bytes]) -> None:
    """Takes what the client still sends, within bounds: one that is cut off while sending never sees the answer."""
    size = 0
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in chunks:
                size += len(chunk)
                if size > _DRAINED:
                    return
    except TimeoutError:
        return
