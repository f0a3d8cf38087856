"""One attempt at work on a target, as the performer needs to know it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from gurita.engine.locks import Mode
from gurita.engine.logs import LogPlace
from gurita.execution.infrastructure import Infrastructure
from gurita.kernel.sensitive import Sensitive
from gurita.transport.endpoints import Endpoint
from gurita.transport.tickets import Private, Spec, Tickets

__all__ = ["Job", "Prepared"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The work itself. `secrets` are all texts its log may not show; `warnings` go to the log before it.

    `bring` puts on the target what the work needs there; it is done right before every start, and never after one.
    """

    spec: Spec
    private: Private
    secrets: tuple[Sensitive, ...] = ()
    warnings: tuple[str, ...] = ()
    bring: Callable[[Tickets, Callable[[int, str], None]], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Where, under which lock, and how to prepare what runs there.

    `endpoint` is asked again for every connection, so that a changed account or address counts at once. `prepare`
    is asked after the connection stands, since a host without Python takes other work. `lock` empty: none needed. What its
    scripts may make and remove is `infrastructure`; without one they may not.
    """

    place: LogPlace
    space: str
    key: str
    target_name: str
    step_name: str
    endpoint: Callable[[], Awaitable[Endpoint]]
    prepare: Callable[[Tickets], Awaitable[Prepared]]
    lock: str = ""
    mode: Mode = "write"
    holder: str = ""
    patience: float = field(default=60.0)
    infrastructure: Infrastructure | None = None
