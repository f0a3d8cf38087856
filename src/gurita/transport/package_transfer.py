"""Brings packages to a host with the runner: asked first, streamed on a channel of their own, verified there.

The protocol is docs/subsystems/packages.md, "The cache".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from gurita.runner.package_work import Package
from gurita.transport.errors import ConnectionLost, RunnerRefused
from gurita.transport.frames import Frame
from gurita.transport.runner_client import RunnerClient
from gurita.transport.tickets import Brought, Earlier, PackageData

__all__ = ["PackageTransfer"]

_BLOCK = 256 * 1024
_AHEAD = 24
_AT_ONCE = 2
_PATIENCE = 600.0


class PackageTransfer:
    """The cache of one host. `more` opens another channel to its runner, so that bulk never waits before a cancel."""

    def __init__(self, client: RunnerClient, more: Callable[[], Awaitable[RunnerClient]] | None) -> None:
        self._client = client
        self._more = more
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._under_way: dict[str, asyncio.Task[Brought]] = {}
        self._waiting: dict[str, int] = {}

    async def find(self, packages: Sequence[Package]) -> list[bool]:
        """Which of the packages the host has; those count as used just now."""
        if not packages:
            return []
        answer = await self._client.ask("package_find", {"packages": [each._asdict() for each in packages]})
        found = answer.header.get("found")
        if not isinstance(found, list) or len(found) != len(packages):
            raise ConnectionLost("the runner's answer about packages cannot be read")
        return [bool(each) for each in found]

    async def bring(self, package: Package, data: PackageData, earlier: Earlier | None = None) -> Brought:
        """Sends the package, or a delta of it, unless the host has it. Callers at the same time share one transfer."""
        if (await self.find([package]))[0]:
            return Brought()
        task = self._under_way.get(package.sha256)
        if task is None:
            task = asyncio.ensure_future(self._send(package, data, earlier))
            self._under_way[package.sha256] = task
            task.add_done_callback(lambda _: self._under_way.pop(package.sha256, None))
        return await self._shared(package, task)

    async def trim(self, keep: int, days: float, free_percent: float) -> dict[str, int]:
        """Has the host remove what the policy does not keep: `removed`, `bytes` and what is `left`."""
        fields = {"keep": keep, "days": days, "free_percent": free_percent}
        header = (await self._client.ask("package_trim", fields, timeout=_PATIENCE)).header
        return {name: value for name, value in header.items() if name != "id" and isinstance(value, int)}

    async def close(self) -> None:
        """Ends transfers under way."""
        for task in list(self._under_way.values()):
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _shared(self, package: Package, task: asyncio.Task[Brought]) -> Brought:
        """Waits for a transfer that others may wait for too: it ends early only when nobody does any more."""
        waiting = self._waiting
        waiting[package.sha256] = waiting.get(package.sha256, 0) + 1
        try:
            return await asyncio.shield(task)
        finally:
            waiting[package.sha256] -= 1
            if not waiting[package.sha256]:
                del waiting[package.sha256]
                task.cancel()

    async def _send(self, package: Package, data: PackageData, earlier: Earlier | None) -> Brought:
        async with self._slots:
            if self._more is None:
                return await _bring(self._client, package, data, earlier)
            client = await self._more()
            try:
                return await _bring(client, package, data, earlier)
            finally:
                await client.close()


async def _bring(
    client: RunnerClient, package: Package, data: PackageData, earlier: Earlier | None
) -> Brought:
    if earlier is not None and earlier.packages:
        found = await _bring_delta(client, package, earlier)
        if found is not None:
            return found
    return Brought(await _upload(client, package, data))


async def _bring_delta(client: RunnerClient, package: Package, earlier: Earlier) -> Brought | None:
    """None when the host has nothing to make a delta against, none is worth it, or it did not give the package there."""
    asked = {"packages": [each._asdict() for each in earlier.packages]}
    at = (await client.ask("package_bases", asked)).header.get("base")
    if not isinstance(at, int) or not 0 <= at < len(earlier.packages):
        return None
    base = earlier.packages[at]
    made = await earlier.delta(base)
    if made is None:
        return None
    delta, data = made
    try:
        sent = await _upload(client, delta, data)
        members = {"package": package._asdict(), "base": base._asdict(), "delta": delta._asdict()}
        await client.ask("package_apply", members, timeout=_PATIENCE)
    except RunnerRefused as error:
        if error.code in ("bad-package", "not-found"):
            return None
        raise
    return Brought(sent, base.version)


async def _upload(client: RunnerClient, package: Package, data: PackageData) -> int:
    opened = (await client.ask("package_open", {"package": package._asdict()}, timeout=_PATIENCE)).header
    if opened.get("have"):
        return 0
    upload, begin = opened.get("upload"), opened.get("offset")
    if not isinstance(upload, int) or not isinstance(begin, int):
        raise ConnectionLost("the runner's answer to an upload cannot be read")
    await _pour(client, upload, begin, data)
    await client.ask("package_close", {"upload": upload}, timeout=_PATIENCE)
    return package.size - begin


async def _pour(client: RunnerClient, upload: int, offset: int, data: PackageData) -> None:
    """Sends all bytes, a few blocks ahead of the answers; the first refusal ends it."""
    under_way: list[asyncio.Task[Frame]] = []
    try:
        async for block in _blocks(data(offset)):
            fields: dict[str, Any] = {"upload": upload, "offset": offset}
            under_way.append(
                asyncio.ensure_future(client.ask("package_write", fields, block, timeout=_PATIENCE))
            )
            offset += len(block)
            while len(under_way) >= _AHEAD:
                await under_way.pop(0)
        while under_way:
            await under_way.pop(0)
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


async def _blocks(data: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in blocks of 256 KiB; only the last may be shorter."""
    held = b""
    async for part in data:
        at = 0
        if held:
            at = _BLOCK - len(held)
            held += part[:at]
            if len(held) < _BLOCK:
                continue
            yield held
        while at + _BLOCK <= len(part):
            yield part[at : at + _BLOCK]
            at += _BLOCK
        held = part[at:]
    if held:
        yield held
