"""Large answers into a file: hashed while they come, resumed where they broke off, kept only when they are right."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from gurita.kernel.clock import Clock
from gurita.outbound.client import Ask, Outbound, Reply
from gurita.outbound.errors import Busy, TooBig, Unreachable, WrongContent
from gurita.outbound.retrying import Say, patiently

__all__ = ["HASHES", "Downloaded", "download"]

HASHES = ("md5", "sha1", "sha256", "sha384", "sha512")
"""Hashes a server may announce; the strongest of those given is the one that is checked."""

_LONGEST = 4 * 3600.0
_GRACE = 30.0
_SLOWEST = 1024.0
_BLOCK = 1 << 20
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A whole file: its size in bytes, and its SHA-256 in hexadecimal."""

    path: Path
    size: int
    sha256: str


@dataclass
class _Partial:
    """What is there so far. `mark` is the ETag or date under which the server may go on."""

    path: Path
    kinds: tuple[str, ...]
    size: int = 0
    mark: str = ""
    digests: dict[str, Any] = field(default_factory=dict)

    def restart(self) -> None:
        self.size, self.mark = 0, ""
        self.digests = {kind: hashlib.new(kind, usedforsecurity=False) for kind in self.kinds}

    def append(self, file: IO[bytes], part: bytes | bytearray) -> None:
        file.write(part)
        for digest in self.digests.values():
            digest.update(part)
        self.size += len(part)


async def download(
    outbound: Outbound,
    ask: Ask,
    path: Path,
    *,
    clock: Clock,
    hashes: Mapping[str, str] | None = None,
    size: int | None = None,
    attempts: int = 1,
    backoff: float = 1.0,
    say: Say = lambda _: None,
) -> Downloaded:
    """The answer of `ask` in the new file `path`, at most `ask.most` bytes of it.

    `hashes` are hexadecimal by the names of `HASHES`, `size` in bytes; both as the server announced them. Raises
    OutboundError, and WrongContent when they do not fit; then there is no file.
    """
    checked = _strongest(hashes or {})
    part = _Partial(path, tuple(dict.fromkeys(("sha256", *checked))))
    part.restart()
    ask = replace(ask, zipped=False, total=_LONGEST)
    try:
        await patiently(
            lambda: _go_on(outbound, ask, part, clock),
            attempts=attempts,
            backoff=backoff,
            clock=clock,
            say=say,
        )
        _check(part, checked, size, ask.url)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Downloaded(path, part.size, part.digests["sha256"].hexdigest())


def _strongest(hashes: Mapping[str, str]) -> dict[str, str]:
    known = [kind for kind in HASHES if hashes.get(kind)]
    return {known[-1]: hashes[known[-1]].lower()} if known else {}


async def _go_on(outbound: Outbound, ask: Ask, part: _Partial, clock: Clock) -> None:
    """One attempt: from where the last one broke off if the server can, from the start otherwise."""
    resumed = part.size > 0 and part.mark != ""
    if resumed:
        more = {"Range": f"bytes={part.size}-", "If-Range": part.mark}
        ask = replace(ask, headers={**ask.headers, **more}, also=ask.also | {416})
    async with outbound.stream(ask) as reply:
        if reply.status == 416:
            part.restart()
            raise Busy("The server cannot go on where it broke off.", ask.url, status=416)
        if not (resumed and _continues(reply, part.size)):
            part.restart()
            part.mark = _mark(reply)
        await _take(reply, ask, part, clock)


async def _take(reply: Reply, ask: Ask, part: _Partial, clock: Clock) -> None:
    began, before = clock.monotonic(), part.size
    mode = "r+b" if part.size else "wb"
    waiting = bytearray()
    with await asyncio.to_thread(open, part.path, mode) as file:
        await asyncio.to_thread(file.truncate, part.size)
        file.seek(part.size)
        try:
            async for piece in reply.parts:
                waiting += piece
                _check_pace(part.size + len(waiting) - before, clock.monotonic() - began, ask.url)
                if part.size + len(waiting) > ask.most:
                    raise TooBig(f"The file is larger than {ask.most} bytes.", ask.url)
                if len(waiting) >= _BLOCK:
                    block, waiting = waiting, bytearray()
                    await asyncio.to_thread(part.append, file, block)
        finally:
            part.append(file, waiting)
        await asyncio.to_thread(_settle, file)


def _check_pace(size: int, seconds: float, url: str) -> None:
    if seconds > _GRACE and size / seconds < _SLOWEST:
        raise Unreachable(f"Less than {_SLOWEST:g} bytes a second came.", url)


def _settle(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _continues(reply: Reply, size: int) -> bool:
    match = _RANGE.fullmatch(reply.headers.get("content-range", "").strip())
    return reply.status == 206 and match is not None and int(match[1]) == size


def _mark(reply: Reply) -> str:
    """What to resume under: a strong ETag, else a date, and only where the server says it takes ranges."""
    if reply.headers.get("accept-ranges", "").strip().lower() != "bytes":
        return ""
    tag = reply.headers.get("etag", "").strip()
    return tag if tag.startswith('"') else reply.headers.get("last-modified", "").strip()


def _check(part: _Partial, checked: Mapping[str, str], size: int | None, url: str) -> None:
    if size is not None and size != part.size:
        raise WrongContent(f"It has {part.size} bytes where the feed announced {size}.", url)
    for kind, wanted in checked.items():
        found = part.digests[kind].hexdigest()
        if not hmac.compare_digest(found.encode(), wanted.encode()):
            raise WrongContent(
                f"Its {kind.upper()} is {found} where the feed announced {wanted[:128]}. "
                "The file was changed after it was published, or on its way here.",
                url,
            )
