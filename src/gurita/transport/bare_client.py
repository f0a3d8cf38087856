"""Tickets on a host without Python: one `bare.sh` a request (docs/subsystems/tickets.md, "Without Python").

A request answers one line, `STATE RC SIZE BEGUN STORE_ID BOOT_ID`, or exits with 3 and `error CODE TEXT` on stderr.
"""

from __future__ import annotations

import asyncio
import math
import re
import shlex
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from gurita.formats.masking import Masker
from gurita.kernel.clock import Clock, SystemClock
from gurita.kernel.errors import Fenced, GuritaError
from gurita.kernel.sensitive import Sensitive
from gurita.runner.package_work import Package
from gurita.runner.shell_bootstrap import single_script
from gurita.transport.bare_log import BareLog
from gurita.transport.errors import ConnectionLost, HostBusy, HostUnfit, NeedsRunner, RunnerRefused
from gurita.transport.ports import Channel, Connection, Finished
from gurita.transport.tickets import (
    Batch,
    Brought,
    Earlier,
    Facts,
    Final,
    Identity,
    PackageData,
    Private,
    Ref,
    Spec,
    Started,
    Status,
    Work,
)

__all__ = ["BareTickets", "prepared"]

_TIMEOUT = 60.0
_MOST_FOLLOWED = 6
_PAUSE = 0.3
_REFUSED = 3
_UNPLAIN = re.compile(r"[^A-Za-z0-9_.:@%+=,/-]+")

Command = Callable[[Sequence[str]], str]


@dataclass(frozen=True, slots=True)
class _Line:
    """The answer of most requests. `rc` is -1 while there is none."""

    state: str
    rc: int
    size: int
    identity: Identity


class BareTickets:
    """The port over single commands. `command` makes the command line of a request from its words.

    At most six logs are followed at once, so that channels are left for cancelling.
    """

    has_runner = False

    def __init__(self, connection: Connection, command: Command, facts: Facts, clock: Clock) -> None:
        self._connection = connection
        self._command = command
        self._identity = facts.identity
        self._clock = clock
        self._following = asyncio.Semaphore(_MOST_FOLLOWED)
        self.facts = facts

    @classmethod
    async def greet(cls, connection: Connection, command: Command, clock: Clock | None = None) -> BareTickets:
        """Says hello and keeps the answer as facts. Raises HostUnfit when it cannot be understood."""
        answer = _checked(await connection.run(command(["hello"]), timeout=_TIMEOUT))
        return cls(connection, command, _facts(answer.out), clock or SystemClock())

    @property
    def closed(self) -> bool:
        return self._connection.closed

    async def identity(self) -> Identity:
        return self._identity

    async def start(self, work: Work, fence: int) -> Started:
        spec = work.spec
        words = [spec.interpreter, _seconds(spec.timeout), _seconds(spec.grace)]
        words += [work.mode, _plain(work.installation), _plain(work.holder)]
        script = prepared(spec, _with_helpers(spec, work.private)).encode("utf-8", "surrogatepass")
        line = await self._ask("start", work.ref, fence, words, script)
        return Started(line.state, line.identity)

    async def follow(
        self, ref: Ref, fence: int, offset: int, parser: bytes = b"", masker: Masker | None = None
    ) -> AsyncIterator[Batch | Final]:
        log = BareLog(parser, masker)
        async with self._following:
            channel = await self._connection.open(self._line_of("follow", ref, fence, [str(offset)]))
            try:
                channel.close_input()
                held: Batch = Batch([], offset)
                async for data in _with_pauses(channel):
                    records = log.feed(data, self._now()) if data else log.idle(self._now())
                    held = Batch(held.records + records, held.next + len(data), log.state())
                    if held.parser and (data or held.records):
                        yield held
                        held = Batch([], held.next)
                final = await self._ending(channel, held.next)
            finally:
                channel.close()
        if rest := held.records + log.finish(self._now()):
            yield Batch(rest, held.next, log.state())
        yield Final(final.state, final.rc, "", held.next, log.state())

    async def cancel(self, ref: Ref, fence: int, grace: float) -> str:
        return (await self._ask("cancel", ref, fence, [_seconds(grace)])).state

    async def status(self, ref: Ref, fence: int) -> Status:
        line = await self._ask("status", ref, fence)
        return Status(line.state, line.rc, "", line.size, line.identity)

    async def forget(self, ref: Ref, fence: int) -> None:
        await self._ask("forget", ref, fence)

    async def secret(self, ref: Ref, fence: int, number: int) -> Sensitive:
        raise NeedsRunner("a host without Python keeps no sensitive outputs; they are part of their message")

    async def fetch(self, ref: Ref, fence: int, path: str) -> AsyncIterator[bytes]:
        for part in _nothing(path):
            yield part

    async def find_packages(self, packages: Sequence[Package]) -> list[bool]:
        raise _no_packages()

    async def bring_package(
        self, package: Package, data: PackageData, earlier: Earlier | None = None
    ) -> Brought:
        raise _no_packages()

    async def trim_packages(
        self, *, keep: int = 0, days: float = 0, free_percent: float = 20
    ) -> dict[str, int]:
        raise _no_packages()

    async def sweep(self, days: int) -> int:
        answer = _checked(await self._connection.run(self._command(["sweep", str(days)]), timeout=600))
        found = re.search(rb"removed (\d+)", answer.out)
        return int(found.group(1)) if found else 0

    async def close(self) -> None:
        """Nothing is kept open."""

    async def _ask(
        self, op: str, ref: Ref, fence: int, words: Sequence[str] = (), stdin: bytes = b""
    ) -> _Line:
        command = self._line_of(op, ref, fence, words)
        answer = _checked(await self._connection.run(command, stdin, timeout=_TIMEOUT))
        return self._noted(_line(answer.out))

    async def _ending(self, channel: Channel, read: int) -> _Line:
        told = b""
        while part := await channel.read_error():
            told = (told + part)[-4000:]
        _checked(Finished(await channel.wait(), b"", told))
        line = self._noted(_line(told))
        if line.size != read and line.state not in {"forgotten", "unknown"}:
            raise ConnectionLost("the log grew while its end was told")
        return line

    def _line_of(self, op: str, ref: Ref, fence: int, words: Sequence[str]) -> str:
        return self._command([op, ref.task, ref.ticket, str(fence), *words])

    def _noted(self, line: _Line) -> _Line:
        self._identity = line.identity
        return line

    def _now(self) -> int:
        return int(self._clock.now().timestamp() * 1000)


def _no_packages() -> NeedsRunner:
    return NeedsRunner("packages need Python 3.8 or newer on the host; it has none")


def _with_helpers(spec: Spec, private: Private) -> str:
    """The script with helpers and variables before it; without any for what cannot run here anyway."""
    if spec.interpreter not in {"sh", "bash"}:
        return private.script
    text = private.script.replace("\r\n", "\n").removeprefix("\ufeff")
    return single_script(spec.interpreter, text, dict(private.variables))


def prepared(spec: Spec, script: str) -> str:
    """The script with folder, environment and arguments set by a line before it. Raises NeedsRunner for what only the
    runner can do."""
    if spec.interpreter == "package":
        raise _no_packages()
    if spec.interpreter not in {"sh", "bash"}:
        raise NeedsRunner(f"{spec.interpreter} scripts need Python 3.8 or newer on the host; it has none")
    if spec.fail_on_stderr:
        raise NeedsRunner("failing on output to stderr needs Python 3.8 or newer on the host; it has none")
    words = [f"cd {shlex.quote(spec.workdir)} || exit 1"] if spec.workdir else []
    words += [f"export {name}={shlex.quote(value)}" for name, value in spec.environment.items()]
    words += [f"set -- {shlex.join(spec.arguments)}"] if spec.arguments else []
    return "; ".join(words) + "\n" + script if words else script


def _nothing(path: str) -> Sequence[bytes]:
    raise NeedsRunner(f"{path}: artifacts are fetched through the runner, and this host has no Python 3.8")


def _checked(answer: Finished) -> Finished:
    if answer.rc == 0:
        return answer
    told = answer.err.decode(errors="replace").strip()
    last = told.rpartition("\n")[2]
    if answer.rc != _REFUSED or not last.startswith("error "):
        raise ConnectionLost(f"a request to the ticket store ended with exit code {answer.rc}: {told[-500:]}")
    raise _refusal(last)


def _refusal(line: str) -> GuritaError:
    _, code, text = [*line.split(" ", 2), "", ""][:3]
    if code == "fenced":
        return Fenced(f"another owner has taken the task over with fence {text}")
    if code == "busy":
        return HostBusy(text)
    return RunnerRefused(code, text)


def _line(told: bytes) -> _Line:
    words = told.decode(errors="replace").strip().rpartition("\n")[2].split(" ")
    try:
        state, rc, size, begun, store_id, boot_id = words[:6]
        return _Line(state, -1 if rc == "-" else int(rc), int(size), Identity(store_id, boot_id, int(begun)))
    except ValueError:
        raise ConnectionLost(f"the ticket store's answer cannot be read: {' '.join(words)[:200]!r}") from None


def _facts(told: bytes) -> Facts:
    found = dict(line.partition(" ")[::2] for line in told.decode(errors="replace").splitlines())
    try:
        return Facts(
            Identity(found["store_id"], found["boot_id"], int(found["begun"])),
            hostname=found.get("hostname", ""),
            os=found.get("os", ""),
            os_version=found.get("os_version", ""),
            arch=found.get("arch", ""),
            user=found.get("user", ""),
            shells={"bash": found["bash"]} if "bash" in found else {},
            free_bytes=int(found.get("free_bytes", "0") or 0),
        )
    except (KeyError, ValueError):
        raise HostUnfit("the host's ticket store does not say hello as it should") from None


async def _with_pauses(channel: Channel) -> AsyncIterator[bytes]:
    """What a channel sends until its end; an empty part where nothing came for a moment."""
    while True:
        reading = asyncio.ensure_future(channel.read(262144))
        try:
            done, _ = await asyncio.wait({reading}, timeout=_PAUSE)
            if not done:
                yield b""
            data = await reading
        finally:
            reading.cancel()
        if not data:
            return
        yield data


def _seconds(value: float) -> str:
    return str(math.ceil(value))


def _plain(text: str) -> str:
    return _UNPLAIN.sub("_", text) or "-"
