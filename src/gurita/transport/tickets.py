"""Work under tickets, one port for hosts with the runner and hosts without Python (docs/subsystems/tickets.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from gurita.formats.masking import Masker
from gurita.kernel.sensitive import Sensitive
from gurita.runner.package_work import Package

__all__ = [
    "Batch",
    "Brought",
    "Earlier",
    "Facts",
    "Final",
    "Identity",
    "PackageData",
    "Private",
    "Record",
    "Ref",
    "Spec",
    "Started",
    "Status",
    "Tickets",
    "Work",
]


class Brought(NamedTuple):
    """How a package came to a host: bytes sent, and the version a delta of it was sent against; both empty if it was there."""

    sent: int = 0
    base: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Other versions of a package, the most alike first, and what makes the package of one of them.

    `delta` gives a delta as a package of its own and its bytes, or None when there is none that would save much.
    """

    packages: Sequence[Package]
    delta: Callable[[Package], Awaitable[tuple[Package, PackageData] | None]]


PackageData = Callable[[int], AsyncIterator[bytes]]
"""The bytes of a package from an offset on, in parts of any size."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which ticket store answered: its random id, the machine's boot, and how many tickets ever began in it."""

    store_id: str
    boot_id: str
    begun: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a host says about itself. `python` is empty on a host without the runner; `shells` name → version."""

    identity: Identity
    runner: str = ""
    python: str = ""
    hostname: str = ""
    os: str = ""
    os_version: str = ""
    arch: str = ""
    user: str = ""
    shells: Mapping[str, str] = field(default_factory=dict)
    free_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Spec:
    """What may be seen of a piece of work. `timeout` and `grace` are seconds; timeout 0 means none."""

    interpreter: str
    arguments: tuple[str, ...] = ()
    timeout: float = 0
    grace: float = 10
    name: str = ""
    workdir: str | None = None
    fail_on_stderr: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Private:
    """What may not be seen: secrets stand in it in clear. Never printed.

    `sensitive` names the variables whose value is secret, `masks` holds further secret texts. `package` is the document of
    runner.package_work for a Spec whose interpreter is `package`; `templates` has those variables as they were written that only
    the target can evaluate to the end.
    """

    script: str = field(repr=False)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    sensitive: tuple[str, ...] = field(default=(), repr=False)
    masks: tuple[str, ...] = field(default=(), repr=False)
    package: Mapping[str, Any] | None = field(default=None, repr=False)
    templates: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """A ticket and the task it belongs to, 32 hex digits each."""

    task: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Work:
    """A ticket and all it takes to begin it. `mode` is `write` or `read`; `holder` is shown to others who wait."""

    task: str
    ticket: str
    installation: str
    holder: str
    mode: str
    spec: Spec
    private: Private

    @property
    def ref(self) -> Ref:
        """How later requests name it."""
        return Ref(self.task, self.ticket)


@dataclass(frozen=True, slots=True)
class Started:
    """The ticket's state after `start`, and the store that holds it."""

    state: str
    identity: Identity


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a ticket's log. `kind` 0 stdout, 1 stderr, 2 message; `level` 0 verbose to 5 error; `time_ms` since
    1970. Text has one or many lines; a message has its name and attributes."""

    kind: int
    level: int
    time_ms: int
    text: str | None
    message: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Records in order, and the offset to go on from once they are stored. `parser` belongs to the offset."""

    records: list[Record]
    next: int
    parser: bytes = b""


@dataclass(frozen=True, slots=True)
class Final:
    """How a ticket ended, after all its records: `ended`, `canceled`, `timedout` or `lost` (then `rc` is -1)."""

    state: str
    rc: int
    message: str
    next: int
    parser: bytes = b""


@dataclass(frozen=True, slots=True)
class Status:
    """A ticket's state now. `records` is the offset of its end; `rc` is -1 until there is one."""

    state: str
    rc: int
    message: str
    records: int
    identity: Identity


class Tickets(Protocol):
    """Work on one host. Every method may raise ConnectionLost (ask again with the same ticket, on a new connection),
    kernel's Fenced, and RunnerRefused."""

    @property
    def has_runner(self) -> bool:
        """Whether the host runs the runner; without it only plain scripts can be started."""

    @property
    def facts(self) -> Facts:
        """What the host said when the connection was made."""

    @property
    def closed(self) -> bool:
        """Whether it can no longer be used; the hub then gives another."""

    async def identity(self) -> Identity:
        """The latest known identity of the store. Asks the host only when no answer has brought one yet."""

    async def start(self, work: Work, fence: int) -> Started:
        """Begins the ticket unless it has begun before. Raises HostBusy, NeedsRunner."""

    def follow(
        self, ref: Ref, fence: int, offset: int, parser: bytes = b"", masker: Masker | None = None
    ) -> AsyncIterator[Batch | Final]:
        """The log from `offset` on as it grows, then one Final. `parser` is what the last stored Batch carried.

        `masker` knows what may not be seen; it is needed where there is no runner to mask on the target.
        """

    async def cancel(self, ref: Ref, fence: int, grace: float) -> str:
        """Poisons it, or has it stopped: TERM, and KILL after `grace` seconds. Answers the state at once."""

    async def status(self, ref: Ref, fence: int) -> Status:
        """How it stands."""

    async def forget(self, ref: Ref, fence: int) -> None:
        """Lets the host remove a final ticket, leaving a tombstone."""

    async def secret(self, ref: Ref, fence: int, number: int) -> Sensitive:
        """The value of a sensitive output a message named by number."""

    def fetch(self, ref: Ref, fence: int, path: str) -> AsyncIterator[bytes]:
        """A file the ticket declared as an artifact. Raises PathRefused."""

    async def find_packages(self, packages: Sequence[Package]) -> list[bool]:
        """Which packages the host's cache has; those count as used just now. Raises NeedsRunner."""

    async def bring_package(
        self, package: Package, data: PackageData, earlier: Earlier | None = None
    ) -> Brought:
        """Puts a package in the host's cache unless it is there. What a cut transfer has left is gone on with; callers at
        the same time share one. Where the host has one of `earlier`, only what is different is sent. Raises NeedsRunner, and RunnerRefused `no-space`, `bad-package`."""

    async def trim_packages(
        self, *, keep: int = 0, days: float = 0, free_percent: float = 20
    ) -> dict[str, int]:
        """Has the host remove what the policy does not keep (0 switches a rule off): `removed`, `bytes`, `left`. Never what
        a running ticket uses. Raises NeedsRunner."""

    async def sweep(self, days: int) -> int:
        """Removes tombstones older than `days` and what dead tickets left; answers how many."""

    async def close(self) -> None:
        """Gives up the channel; running work goes on."""
