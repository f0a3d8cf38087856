"""`workerpools` (api.md 8)."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import field
from msgspec.structs import replace

from gurita.catalog.serving import body_of, listed, serve
from gurita.http.api import Call
from gurita.http.envelope import Listing
from gurita.http.routes import Routes
from gurita.http.wire import Wire
from gurita.kernel.paging import Page
from gurita.machines.pools.service import all_in, get_in, pools, sort_in
from gurita.machines.resources import MachineCounts, Worker, WorkerPool
from gurita.machines.rules import counted
from gurita.machines.workers.service import WorkerQuery, list_in, workers
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


class PoolSummary(MachineCounts, kw_only=True):
    """A worker pool with its workers counted."""

    worker_pool: WorkerPool


class PoolSummaries(MachineCounts):
    """All worker pools of a space with their workers counted. A worker of two pools counts once in all."""

    worker_pool_summaries: list[PoolSummary] = field(default_factory=list)


class SummaryQuery(Wire):
    """Which pools, and which of their workers count."""

    ids: list[str] = field(default_factory=list)
    partial_name: str = ""
    machine_partial_name: str = ""
    is_disabled: bool | None = None
    health_statuses: list[str] = field(default_factory=list)
    comm_styles: list[str] = field(default_factory=list)
    shell_names: list[str] = field(default_factory=list)
    hide_empty_worker_pools: bool = False

    @property
    def workers(self) -> WorkerQuery:
        """The query for the workers that count."""
        return WorkerQuery(
            partial_name=self.machine_partial_name,
            is_disabled=self.is_disabled,
            health_statuses=self.health_statuses,
            comm_styles=self.comm_styles,
            shell_names=self.shell_names,
        )


class SupportedTypes(Wire):
    """The kinds of pools this server has."""

    id: str = "workerpoolssupportedtypes"
    supported_pool_types: list[str] = field(default_factory=lambda: ["StaticWorkerPool"])


class DynamicTypes(Wire):
    """The kinds of machines a dynamic pool would have; none here."""

    id: str = "dynamicworkertypes"
    worker_types: list[dict[str, Any]] = field(default_factory=list)


@_space.get("/workerpools/supportedtypes", permission="WorkerView")
async def supported_types(_call: Call) -> SupportedTypes:
    """The kinds of pools that may be made."""
    return SupportedTypes()


@_space.get("/workerpools/dynamicworkertypes", permission="WorkerView")
async def dynamic_types(_call: Call) -> list[dict[str, Any]]:
    """The kinds of machines a dynamic pool may have: none, there are no such pools."""
    return DynamicTypes().worker_types


@_space.put("/workerpools/sortorder", permission="WorkerEdit")
async def sort(call: Call, body: list[str]) -> dict[str, str]:
    """Puts worker pools in an order: their ids, first to last."""
    await call.services.store.write(lambda tx: sort_in(tx, call.context, body))
    return {}


@_space.get("/workerpools/summary", permission="WorkerView", returns=PoolSummaries)
async def summary(call: Call, query: SummaryQuery) -> dict[str, Any]:
    """All worker pools with their workers counted."""

    def read(tx: Tx) -> tuple[list[WorkerPool], list[Worker]]:
        return all_in(tx, call.context), list_in(tx, call.context, query.workers)

    known, found = await call.services.store.read(read)
    wanted, partial = {id.lower() for id in query.ids}, query.partial_name.casefold()
    shown: list[dict[str, Any]] = []
    seen: dict[str, Worker] = {}
    for pool in known:
        inside = [worker for worker in found if pool.id in worker.worker_pool_ids]
        if (wanted and pool.id.lower() not in wanted) or partial not in pool.name.casefold():
            continue
        if inside or not query.hide_empty_worker_pools:
            seen |= {worker.id: worker for worker in inside}
            counts = msgspec.to_builtins(MachineCounts(**counted(inside)))
            links = {"Self": call.links.space(f"workerpools/{pool.id}")}
            counts |= {"Id": pool.id, "Links": links}
            shown.append({**counts, "WorkerPool": msgspec.Raw(body_of(call, pools, pool))})
    return {
        **msgspec.to_builtins(MachineCounts(**counted(list(seen.values())))),
        "WorkerPoolSummaries": shown,
    }


@_space.get("/workerpools/{id}/workers", permission="WorkerView", returns=Listing[Worker])
async def workers_of(call: Call, id: str, query: WorkerQuery) -> bytes:
    """The workers of a pool."""

    def read(tx: Tx) -> tuple[str, Page[Worker]]:
        found = get_in(tx, call.context, id).id
        return found, workers.list_in(tx, call.context, replace(query, worker_pool_ids=[found]))

    found, page = await call.services.store.read(read)
    return listed(call, workers, page, f"workerpools/{found}/workers")


routes = [*_space.items, *serve(pools)]
