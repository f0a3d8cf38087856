"""Whether a task that is asked for makes sense, and how it is stored."""

from __future__ import annotations

from datetime import timedelta

from gurita.kernel.errors import Invalid
from gurita.tasks.resources.starting import AdHocScriptArguments, HealthArguments

__all__ = ["STARTABLE", "check_health", "check_script", "check_times", "target_type_of"]

STARTABLE = ("AdHocScript", "Health")
"""Tasks that are started by hand; the others come with what they do (a deployment, a runbook's run)."""

_LATEST = timedelta(days=366)
_IDS_OF = {
    "Machines": ("machine_ids", "MachineIds"),
    "Environments": ("environment_ids", "EnvironmentIds"),
    "Workers": ("worker_ids", "WorkerIds"),
    "WorkerPools": ("worker_pool_ids", "WorkerPoolIds"),
}


def target_type_of(script: AdHocScriptArguments) -> str:
    """Where a script runs: what was said, or what the ids given say. Raises Invalid when they say nothing or two things."""
    if script.target_type is not None:
        return script.target_type
    said = [kind for kind, (member, _) in _IDS_OF.items() if getattr(script, member)]
    if len(said) == 1:
        return said[0]
    members = ", ".join(name for _, name in _IDS_OF.values())
    what = "name what to run on" if not said else f"the ids name {' and '.join(said)}; say which is meant"
    raise Invalid(f"Arguments.TargetType: {what}, by TargetType or by one of {members}.")


def check_script(script: AdHocScriptArguments) -> None:
    """Raises Invalid for a script that has nowhere to run."""
    kind = target_type_of(script)
    if kind not in _IDS_OF:
        return
    member, name = _IDS_OF[kind]
    if not getattr(script, member):
        raise Invalid(f"Arguments.{name}: name at least one, since TargetType is {kind}.")


def check_health(health: HealthArguments) -> None:
    """Raises Invalid for times that are no spans `hh:mm:ss` or `d.hh:mm:ss`."""
    for name, text in (("Timeout", health.timeout), ("MachineTimeout", health.machine_timeout)):
        days, _, clock = text.rpartition(".")
        parts = [days or "0", *clock.split(":")]
        fits = len(parts) == 4 and all(part.isascii() and part.isdecimal() for part in parts)
        if not fits or len(text) > 20:
            raise Invalid(f"Arguments.{name}: '{text[:40]}' is not a time span. Write it as 00:05:00.")


def check_times(queue: int | None, expiry: int | None, now: int) -> None:
    """Raises Invalid for a start that can never be. All in milliseconds since 1970."""
    if queue is not None and queue > now + _LATEST // timedelta(milliseconds=1):
        raise Invalid("QueueTime: is more than a year away.")
    if expiry is not None and expiry <= max(now, queue or 0):
        raise Invalid("QueueTimeExpiry: must be in the future, and after QueueTime.")
