"""Named points where a test may break the runner; no-ops in production.

The same environment variables as the server's (`GURITA_FAULTS`, `GURITA_FAULTS_LOG`, `GURITA_FAULTS_SEED`), read here
because the runner stands on the standard library alone. Points: `runner.began` (begun, no child yet), `runner.child` (the
child exists and does not run yet), `runner.log` (records written), `runner.package` (bytes of a package came), `runner.result`
(the script ended, no result yet), `runner.delta` (a package was made of a delta, not in its place yet), `runner.extracted`,
`runner.installed` (before the journal knows).
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    import random

__all__ = ["InjectedFault", "fault", "forked", "without_faults"]


class InjectedFault(Exception):
    """Raised at a point a test has armed with `raise`."""


_armed: "dict[str, tuple[str, float]]" = {}
_draw: "Optional[random.Random]" = None
for _part in filter(None, os.environ.get("GURITA_FAULTS", "").split(",")):
    _name, _, _rest = _part.partition("=")
    _what, _, _chance = _rest.partition(":")
    _armed[_name] = (_what, float(_chance or 1))
_seed = os.environ.get("GURITA_FAULTS_SEED")
if _armed:
    import random

    _draw = random.Random(_seed)


def forked(name: str) -> None:
    """A process was forked for the ticket `name`: give it draws of its own, repeatable with the seed."""
    if _draw is not None:
        _draw.seed(f"{_seed}/{name}" if _seed else None)


def fault(name: str) -> None:
    """A place where things may go wrong. Does nothing unless armed through the environment."""
    if _draw is None:
        return
    what, chance = _armed.get(name, ("", 0.0))
    if not what or _draw.random() >= chance:
        return
    log = os.environ.get("GURITA_FAULTS_LOG")
    if log:
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(handle, f"{name}\n".encode())
        os.close(handle)
    if what == "raise":
        raise InjectedFault(name)
    os.kill(os.getpid(), signal.SIGSTOP if what == "stop" else signal.SIGKILL)


def without_faults(environment: "dict[str, str]") -> "dict[str, str]":
    """The environment for a script: what arms the runner is not the script's business."""
    return {key: value for key, value in environment.items() if not key.startswith("GURITA_FAULTS")}
