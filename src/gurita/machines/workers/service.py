"""Workers: the common behaviour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import field
from msgspec.structs import replace
from sqlalchemy import ColumnElement

from gurita.access import service as access
from gurita.kernel.errors import Invalid
from gurita.kernel.paging import MOST, Paging
from gurita.machines import health
from gurita.machines.reachable import Reachable, ReachableQuery
from gurita.machines.records import WORKERS
from gurita.machines.resources import Worker

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["WorkerQuery", "get_in", "list_in", "register_in", "workers"]


class WorkerQuery(ReachableQuery):
    """What workers may be filtered by."""

    worker_pool_ids: list[str] = field(default_factory=list)


class Workers(Reachable[Worker]):
    """The workers of a space."""

    kind, body, item, query = WORKERS, Worker, "Worker", WorkerQuery
    path, permission, words = "workers", "Worker", "worker"
    template = (
        "{/id}{?skip,take,name,ids,partialName,isDisabled,healthStatuses,commStyles,workerPoolIds,thumbprint,"
        "shellNames}"
    )
    links = {
        "Connection": "workers/{id}/connection",
        "TasksTemplate": "workers/{id}/tasks{?skip,take,type}",
    }

    def permission_to(self, verb: str) -> str:
        return "WorkerView" if verb == "View" else "WorkerEdit"

    def filters(self, tx: Tx, ctx: Context, query: Any) -> Sequence[ColumnElement[bool]]:
        found = list(super().filters(tx, ctx, query))
        if query.worker_pool_ids:
            found.append(WORKERS.referring("WorkerPoolIds", *query.worker_pool_ids))
        return found


workers = Workers()


def get_in(tx: Tx, ctx: Context, id: str) -> Worker:
    """A worker with its health, by id, slug or name. Raises NotFound."""
    return health.with_health_in(tx, [workers.get_in(tx, ctx, id)])[0]


def list_in(tx: Tx, ctx: Context, query: WorkerQuery) -> list[Worker]:
    """All workers a query asks for, with their health."""
    return workers.list_in(tx, ctx, query, Paging(0, MOST)).items


def register_in(tx: Tx, ctx: Context, worker: Worker) -> Worker:
    """Creates a worker. A caller with a registration token uses it up, and the token says the pools.

    Raises Invalid for more than the token gives.
    """
    granted = access.redeem(tx, ctx)
    if granted is None:
        return workers.create_in(tx, ctx, worker)
    given = granted.worker_pool_ids
    if more := [each for each in worker.worker_pool_ids if each not in given]:
        raise Invalid(
            f"WorkerPoolIds: this registration token gives {', '.join(given)}, not '{more[0]}'. Leave WorkerPoolIds out, "
            "or ask for another token."
        )
    made = workers.create_in(tx, ctx, replace(worker, worker_pool_ids=list(given)))
    access.note_registered_in(tx, ctx, made.id)
    return made
