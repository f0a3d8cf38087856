"""Tickets on a host with the runner."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from gurita.formats import records as log_format
from gurita.formats.masking import Masker
from gurita.kernel.sensitive import Sensitive
from gurita.runner.package_work import Package
from gurita.transport.errors import ConnectionLost, PathRefused, RunnerRefused
from gurita.transport.package_transfer import PackageTransfer
from gurita.transport.runner_client import RunnerClient
from gurita.transport.tickets import (
    Batch,
    Brought,
    Earlier,
    Facts,
    Final,
    Identity,
    PackageData,
    Record,
    Ref,
    Started,
    Status,
    Work,
)

__all__ = ["RunnerTickets"]

_PIECE = 4 * 1024 * 1024


class RunnerTickets:
    """The port over one channel of `gurita-runner serve`. Made by `RunnerTickets.greet`."""

    has_runner = True

    def __init__(
        self, client: RunnerClient, facts: Facts, more: Callable[[], Awaitable[RunnerClient]] | None = None
    ) -> None:
        self._client = client
        self._packages = PackageTransfer(client, more)
        self._identity = facts.identity
        self.facts = facts

    @classmethod
    async def greet(
        cls, client: RunnerClient, more: Callable[[], Awaitable[RunnerClient]] | None = None
    ) -> RunnerTickets:
        """Says hello and keeps the answer as facts. `more` opens further channels, for packages; without it they
        share this one."""
        return cls(client, _facts((await client.ask("hello", {})).header), more)

    @property
    def closed(self) -> bool:
        return self._client.closed

    async def identity(self) -> Identity:
        return self._identity

    async def start(self, work: Work, fence: int) -> Started:
        spec = {
            "interpreter": work.spec.interpreter,
            "arguments": list(work.spec.arguments),
            "timeout": work.spec.timeout,
            "grace": work.spec.grace,
            "name": work.spec.name,
            "workdir": work.spec.workdir,
            "fail_on_stderr": work.spec.fail_on_stderr,
            "environment": dict(work.spec.environment),
        }
        private: dict[str, Any] = {
            "script": work.private.script,
            "variables": dict(work.private.variables),
            "sensitive": list(work.private.sensitive),
            "masks": list(work.private.masks),
            "templates": dict(work.private.templates),
        }
        if work.private.package is not None:
            private["package"] = work.private.package
        fields = _named(work.ref, fence) | {
            "installation": work.installation,
            "holder": work.holder,
            "mode": work.mode,
            "spec": spec,
        }
        answer = await self._client.ask("start", fields, json.dumps(private, ensure_ascii=False).encode())
        return Started(_text(answer.header, "state"), self._noted(answer.header))

    async def follow(
        self, ref: Ref, fence: int, offset: int, parser: bytes = b"", masker: Masker | None = None
    ) -> AsyncIterator[Batch | Final]:
        async for frame in self._client.stream("follow", _named(ref, fence) | {"offset": offset}):
            if frame.payload:
                offset = _number(frame.header, "next")
                yield Batch(_records(frame.payload), offset)
            if not frame.header.get("more"):
                yield _final(frame.header, offset)

    async def cancel(self, ref: Ref, fence: int, grace: float) -> str:
        answer = await self._client.ask("cancel", _named(ref, fence) | {"grace": grace})
        return _text(answer.header, "state")

    async def status(self, ref: Ref, fence: int) -> Status:
        header = (await self._client.ask("status", _named(ref, fence))).header
        final = _final(header, _number(header, "records"))
        return Status(final.state, final.rc, final.message, final.next, self._noted(header))

    async def forget(self, ref: Ref, fence: int) -> None:
        await self._client.ask("forget", _named(ref, fence))

    async def secret(self, ref: Ref, fence: int, number: int) -> Sensitive:
        answer = await self._client.ask("secret", _named(ref, fence) | {"n": number})
        return Sensitive(answer.payload.decode("utf-8", "replace"))

    async def fetch(self, ref: Ref, fence: int, path: str) -> AsyncIterator[bytes]:
        offset = 0
        more = True
        while more:
            fields = _named(ref, fence) | {"path": path, "offset": offset, "length": _PIECE}
            try:
                answer = await self._client.ask("fetch", fields)
            except RunnerRefused as error:
                if error.code != "not-found":
                    raise
                raise PathRefused(f"{path} cannot be fetched: {error.message}") from None
            if answer.payload:
                yield answer.payload
            offset += len(answer.payload)
            more = bool(answer.header.get("more")) and bool(answer.payload)

    async def find_packages(self, packages: Sequence[Package]) -> list[bool]:
        return await self._packages.find(packages)

    async def bring_package(
        self, package: Package, data: PackageData, earlier: Earlier | None = None
    ) -> Brought:
        return await self._packages.bring(package, data, earlier)

    async def trim_packages(
        self, *, keep: int = 0, days: float = 0, free_percent: float = 20
    ) -> dict[str, int]:
        return await self._packages.trim(keep, days, free_percent)

    async def sweep(self, days: int) -> int:
        return _number((await self._client.ask("sweep", {"days": days}, timeout=600)).header, "removed")

    async def close(self) -> None:
        await self._packages.close()
        await self._client.close()

    def _noted(self, header: dict[str, Any]) -> Identity:
        if "identity" in header:
            self._identity = _identity(header)
        return self._identity


def _named(ref: Ref, fence: int) -> dict[str, Any]:
    return {"task": ref.task, "ticket": ref.ticket, "fence": fence}


def _facts(header: dict[str, Any]) -> Facts:
    shells = header.get("shells")
    return Facts(
        _identity(header),
        runner=_text(header, "runner"),
        python=_text(header, "python"),
        hostname=_text(header, "hostname"),
        os=_text(header, "os"),
        os_version=_text(header, "os_version"),
        arch=_text(header, "arch"),
        user=_text(header, "user"),
        shells={str(k): str(v) for k, v in shells.items()} if isinstance(shells, dict) else {},
        free_bytes=_number(header, "free_bytes"),
    )


def _identity(header: dict[str, Any]) -> Identity:
    found = header.get("identity")
    if not isinstance(found, dict):
        raise ConnectionLost("the runner sent no identity of its store")
    return Identity(_text(found, "store_id"), _text(found, "boot_id"), _number(found, "begun"))


def _records(payload: bytes) -> list[Record]:
    try:
        frames, used = log_format.decode(payload)
    except log_format.BadRecord as error:
        raise ConnectionLost(f"the runner sent records that cannot be read: {error}") from None
    if used != len(payload):
        raise ConnectionLost("the runner sent half a record")
    return [_record(frame) for frame in frames]


def _record(frame: log_format.Record) -> Record:
    text = frame.data.decode("utf-8", "replace")
    if frame.kind != log_format.MESSAGE:
        return Record(frame.kind, frame.level, frame.time, text, None)
    try:
        message = json.loads(text)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise ConnectionLost("the runner sent a message that cannot be read")
    return Record(frame.kind, frame.level, frame.time, None, message)


def _final(header: dict[str, Any], following: int) -> Final:
    rc = header.get("rc")
    return Final(
        _text(header, "state"),
        rc if isinstance(rc, int) else -1,
        _text(header, "message"),
        header["next"] if isinstance(header.get("next"), int) else following,
    )


def _text(header: dict[str, Any], name: str) -> str:
    value = header.get(name)
    return value if isinstance(value, str) else ""


def _number(header: dict[str, Any], name: str) -> int:
    value = header.get(name)
    return value if isinstance(value, int) else 0
