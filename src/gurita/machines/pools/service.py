"""Worker pools: the common behaviour, the default one, and their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from gurita.catalog.defaults import OneDefault
from gurita.catalog.rules import name_problems, slug_problems, text_problems
from gurita.kernel.errors import Invalid, NotFound
from gurita.machines.records import WORKER_POOLS
from gurita.machines.resources import WorkerPool

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["DEFAULT_NAME", "all_in", "default_in", "ensure_default_in", "get_in", "pools", "sort_in"]

DEFAULT_NAME = "Default Worker Pool"


class WorkerPools(OneDefault[WorkerPool]):
    """The worker pools of a space; one of them is the default."""

    kind, body, item, words = WORKER_POOLS, WorkerPool, "WorkerPool", "worker pool"
    path, permission = "workerpools", "Worker"
    template = "{/id}{?name,skip,ids,take,partialName}"
    links = {
        "Workers": "workerpools/{id}/workers{?skip,take,partialName,isDisabled,healthStatuses,commStyles,shellNames}"
    }

    def permission_to(self, verb: str) -> str:
        return "WorkerView" if verb == "View" else "WorkerEdit"

    def problems(self, doc: WorkerPool) -> Sequence[str]:
        found = [*name_problems(doc.name), *slug_problems(doc.slug), *text_problems(doc.description)]
        if doc.worker_pool_type != "StaticWorkerPool":
            found.append(
                "WorkerPoolType: this server makes no machines by itself. Use StaticWorkerPool and add workers to it."
            )
        return found

    def prepare(self, tx: Tx, ctx: Context, before: WorkerPool | None, after: WorkerPool) -> WorkerPool:
        known = all_in(tx, ctx)
        if before is None and after.sort_order == 0 and known:
            after = replace(after, sort_order=max(one.sort_order for one in known) + 1)
        return super().prepare(tx, ctx, before, replace(after, can_add_workers=True))


pools = WorkerPools()


def all_in(tx: Tx, ctx: Context) -> list[WorkerPool]:
    """All worker pools of the space in their order."""
    return pools.open(tx, ctx).all()


def get_in(tx: Tx, ctx: Context, id: str) -> WorkerPool:
    """A worker pool by id, slug or name. Raises NotFound."""
    return pools.get_in(tx, ctx, id)


def default_in(tx: Tx, ctx: Context) -> WorkerPool:
    """The default pool of the space. Raises NotFound where there is none."""
    return pools.default_in(tx, ctx)


def ensure_default_in(tx: Tx, ctx: Context) -> WorkerPool:
    """The default pool of the space; made where there is none, as in spaces older than pools."""
    try:
        return default_in(tx, ctx)
    except NotFound:
        return pools.create_in(tx, ctx, WorkerPool(name=DEFAULT_NAME, is_default=True))


def sort_in(tx: Tx, ctx: Context, ids: Sequence[str]) -> None:
    """Puts pools in the order of `ids`; those not named follow in their former order. Raises Invalid."""
    former = {one.id: one for one in all_in(tx, ctx)}
    for place, id in enumerate(ids):
        if id not in former:
            raise Invalid(
                f"[{place}]: there is no worker pool '{id}' in this space. Send ids such as WorkerPools-1."
            )
    if len(set(ids)) != len(ids):
        raise Invalid("A worker pool stands in the list twice. Name each once.")
    order = [*ids, *(id for id in former if id not in set(ids))]
    for place, id in enumerate(order):
        if former[id].sort_order != place:
            pools.save_in(tx, ctx, former[id], replace(former[id], sort_order=place))
