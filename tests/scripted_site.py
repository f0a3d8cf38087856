"""A web server that does exactly what a test says, also what no good server does: cut off, stall, go on for ever.

async with site() as web:
    web.pages["/index.json"] = page(b"{}", kind="application/json")
    web.pages["/never"] = endless
    ... web.url ..., web.seen[0].headers["authorization"]
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

__all__ = ["Page", "Seen", "Site", "cut", "file", "page", "redirect", "site"]


@dataclass(frozen=True)
class Seen:
    """A request: `path` without its query, unquoted; names of headers in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


Page = Callable[[Seen, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Site:
    """The server. What `pages` does not have is for `otherwise`, else 404. `seen` are all requests, oldest first."""

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    otherwise: Page | None = None

    def asked(self, path: str) -> list[Seen]:
        """The requests for one path."""
        return [each for each in self.seen if each.path == path]


def page(
    body: bytes | str = b"",
    status: int = 200,
    *,
    kind: str = "application/octet-stream",
    headers: Mapping[str, str] | None = None,
) -> Page:
    """An answer with a body."""
    content = body.encode() if isinstance(body, str) else body

    async def serve(seen: Seen, out: asyncio.StreamWriter) -> None:
        told = {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}
        out.write(_head(status, told) + (b"" if seen.method == "HEAD" else content))

    return serve


def redirect(to: str, status: int = 302) -> Page:
    """Sends the client elsewhere."""
    return page(b"", status, headers={"Location": to})


def file(content: bytes, *, etag: str = '"one"', cuts: list[int] | None = None) -> Page:
    """A file that takes ranges; each number in `cuts` breaks one answer off after so many bytes."""
    left = list(cuts or [])

    async def serve(seen: Seen, out: asyncio.StreamWriter) -> None:
        start, status = 0, 200
        asked = seen.headers.get("range", "")
        if asked.startswith("bytes=") and seen.headers.get("if-range", etag) == etag:
            start, status = int(asked[6:].split("-")[0]), 206
        told = {"ETag": etag, "Accept-Ranges": "bytes", "Content-Length": str(len(content) - start)}
        if status == 206:
            told["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        out.write(_head(status, told))
        if left:
            out.write(content[start : start + left.pop(0)])
            await out.drain()
            out.transport.abort()
            return
        out.write(content[start:])

    return serve


async def cut(seen: Seen, out: asyncio.StreamWriter) -> None:
    """Closes the connection without a word."""
    out.transport.abort()


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [
        f"HTTP/1.1 {status} Said",
        *(f"{name}: {value}" for name, value in headers.items()),
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@asynccontextmanager
async def site(tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> AsyncIterator[Site]:
    """A server on a free port."""
    made = Site()
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            seen = await _read(reader)
            made.seen.append(seen)
            await made.pages.get(seen.path, made.otherwise or page(b"", 404))(seen, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            running.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, host, 0, ssl=tls)
    made.url = f"{'https' if tls else 'http'}://{host}:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip().split("\r\n")
    method, target, _ = first.split(" ")
    path, _, query = target.partition("?")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Seen(method, unquote(path), query, headers, body)
