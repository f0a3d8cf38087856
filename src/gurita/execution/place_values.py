"""System variables that tell of the machine an action runs on: looked up when it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gurita.accounts import service as accounts
from gurita.deployments.placing import Placing, is_worker
from gurita.engine.plan import PlanStep, Target
from gurita.kernel.errors import NotFound
from gurita.machines import service as machines

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["hostname", "place_values_in"]


def place_values_in(tx: Tx, ctx: Context, placing: Placing, step: PlanStep, target: Target) -> dict[str, str]:
    """The machine's host name, the account one signs in there with (but for its secrets), and the pool a worker was taken from. Nothing
    for the server itself."""
    if not target.id.startswith(("Machines-", "Workers-")):
        return {}
    try:
        endpoint = machines.any_in(tx, ctx, target.id).endpoint
    except NotFound:
        return {}
    found = {"Octopus.Machine.Hostname": hostname(endpoint), **_account_in(tx, ctx, endpoint)}
    if is_worker(target.id):
        pool = placing.pool_in(tx, step)
        found |= {"Octopus.WorkerPool.Id": pool.id, "Octopus.WorkerPool.Name": pool.name}
    return found


def _account_in(tx: Tx, ctx: Context, endpoint: Any) -> dict[str, str]:
    id = getattr(endpoint, "account_id", "") or ""
    if not id:
        return {}
    try:
        account = accounts.get_in(tx, ctx, id)
    except NotFound:
        return {}
    told = {"Id": account.id, **accounts.plain_of(account)}
    return {f"Octopus.Account.{name}": value for name, value in told.items()}


def hostname(endpoint: Any) -> str:
    """The host a machine is reached at; empty for one that reaches out to the server."""
    host = getattr(endpoint, "host", "") or ""
    if host:
        return str(host)
    uri = str(getattr(endpoint, "uri", "") or "")
    try:
        return (urlsplit(uri).hostname or "") if uri.startswith(("https://", "ssh://")) else ""
    except ValueError:
        return ""
