"""A target's cache of packages kept as small as its machine's policy says, after packages were brought there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.engine.plan import ON_SERVER
from gurita.kernel.errors import NotFound
from gurita.machines import service as machines
from gurita.machines.policies import service as policies
from gurita.machines.resources import MachinePolicy
from gurita.transport.errors import TransportError

if TYPE_CHECKING:
    from gurita.engine.run import Run
    from gurita.execution.supplying import Say
    from gurita.http.context import Context
    from gurita.store.tx import Tx
    from gurita.transport.tickets import Tickets

__all__ = ["FREE_PERCENT", "trim", "versions_kept"]

FREE_PERCENT = 20.0
"""Part of a target's disk that is kept free of packages (product.md: the cache is trimmed below it)."""

_VERBOSE, _WARNING = 0, 4


def versions_kept(policy: MachinePolicy | None) -> int:
    """How many versions of a package a machine keeps; 0 is no limit."""
    if policy is None:
        return 0
    said = policy.machine_package_cache_retention_policy
    return int(said.quantity_of_versions_to_keep or 0) if said.strategy == "Quantities" else 0


async def trim(run: Run, ctx: Context, target: str, tickets: Tickets, say: Say) -> None:
    """Trims the cache; what goes wrong is a warning, since nothing is lost by it."""

    def policy_in(tx: Tx) -> MachinePolicy | None:
        if target == ON_SERVER:
            return None
        try:
            return policies.get_in(tx, ctx, machines.any_in(tx, ctx, target).machine_policy_id)
        except NotFound:
            return None

    keep = versions_kept(await run.read(policy_in))
    try:
        told = await tickets.trim_packages(keep=keep, free_percent=FREE_PERCENT)
    except TransportError as error:
        say(_WARNING, f"The cache of packages could not be trimmed: {error}")
        return
    if removed := told.get("removed"):
        say(_VERBOSE, f"{removed} packages were removed from the cache by the machine's policy.")
