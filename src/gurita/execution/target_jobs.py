"""From a place in the plan to a job: which target, how to reach it, under which lock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gurita.deployments.placing import POOL, SERVER_DISABLED
from gurita.engine.locks import Mode
from gurita.engine.logs import LogPlace
from gurita.engine.plan import ON_SERVER, Target
from gurita.execution.job import Job, Prepared
from gurita.http.context import Context
from gurita.kernel.errors import NotFound, Terminal
from gurita.machines import service as machines
from gurita.store.db import Store
from gurita.store.tx import Tx
from gurita.transport.endpoints import Endpoint, Local
from gurita.transport.errors import TransportError
from gurita.transport.tickets import Tickets

__all__ = ["Endpoints", "Unusable", "job_for"]

NO_WORKER = (
    "No worker of the step's worker pool is well, or there is no such pool. Check the health of its workers, or name "
    "another pool in the action."
)


class Unusable(TransportError, Terminal):
    """There is nothing to connect to, and waiting does not help."""


class Endpoints:
    """Finds how to reach a target, with the account's secrets as they are now. `local`: the server itself may be one."""

    def __init__(self, store: Store, local: bool) -> None:
        self.local = local
        self._store = store

    async def find(self, ctx: Context, target: str) -> Endpoint:
        """The endpoint of a machine id, or of the server itself. Raises Unusable, saying what is missing."""
        if target == ON_SERVER:
            if not self.local:
                raise Unusable(SERVER_DISABLED)
            return Local()
        if target.startswith(POOL):
            raise Unusable(NO_WORKER)
        try:
            return await self._store.read(lambda tx: self._in(tx, ctx, target))
        except NotFound as error:
            raise Unusable(f"{target} cannot be used any more: {error.message}") from error

    def _in(self, tx: Tx, ctx: Context, target: str) -> Endpoint:
        endpoint = machines.endpoint_in(tx, ctx, machines.any_in(tx, ctx, target))
        if isinstance(endpoint, Local) and not self.local:
            raise Unusable(SERVER_DISABLED)
        return endpoint


def job_for(
    ctx: Context,
    endpoints: Endpoints,
    place: LogPlace,
    target: Target,
    step_name: str,
    prepare: Callable[[Tickets], Awaitable[Prepared]],
    *,
    holder: str,
    mode: Mode = "write",
    patience: float = 60.0,
) -> Job:
    """A job on a target. Only machines are locked; the server itself takes any number at once."""
    return Job(
        place=place,
        space=ctx.space,
        key=target.id,
        target_name=target.name,
        step_name=step_name,
        endpoint=lambda: endpoints.find(ctx, target.id),
        prepare=prepare,
        lock="" if target.id == ON_SERVER else f"target:{target.id}",
        mode=mode,
        holder=holder,
        patience=patience,
    )
