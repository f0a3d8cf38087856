"""Named points where a test may break the process; no-ops in production.

With `GURITA_FAULTS=name=kill:0.1,other=stop:1` in the environment each pass through `fault("name")` draws
and, if it hits, appends the name to `GURITA_FAULTS_LOG` and does it: `kill` ends the process with SIGKILL, `stop` sends SIGSTOP,
`raise` raises `InjectedFault`. `GURITA_FAULTS_SEED` makes the draws repeatable.
"""

from __future__ import annotations

import os
import random
import signal

from gurita.kernel.errors import Retryable

__all__ = ["InjectedFault", "fault"]


class InjectedFault(Retryable):
    """Raised at a fault point a test has armed with `raise`."""


def _read(text: str) -> dict[str, tuple[str, float]]:
    armed: dict[str, tuple[str, float]] = {}
    for part in filter(None, text.split(",")):
        name, _, rest = part.partition("=")
        what, _, chance = rest.partition(":")
        armed[name] = (what, float(chance or 1))
    return armed


_armed = _read(os.environ.get("GURITA_FAULTS", ""))
_draw = random.Random(os.environ.get("GURITA_FAULTS_SEED"))


def fault(name: str) -> None:
    """A place where things may go wrong. Does nothing unless armed through the environment."""
    if not _armed:
        return
    what, chance = _armed.get(name, ("", 0.0))
    if not what or _draw.random() >= chance:
        return
    if log := os.environ.get("GURITA_FAULTS_LOG"):
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(handle, f"{name}\n".encode())
        os.close(handle)
    if what == "raise":
        raise InjectedFault(name)
    os.kill(os.getpid(), signal.SIGSTOP if what == "stop" else signal.SIGKILL)
