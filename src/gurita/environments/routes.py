"""`environments` (api.md 4)."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from gurita.catalog.serving import body_of, listed, serve
from gurita.environments.resources import EnvironmentSummaries
from gurita.environments.service import environments, get_in, sort_in
from gurita.environments.summary import SummaryQuery, summaries_in
from gurita.http.api import Call
from gurita.http.envelope import Listing
from gurita.http.routes import Routes
from gurita.kernel.paging import Page
from gurita.machines.resources import Machine
from gurita.machines.service import MachineQuery, machines
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


@_space.put("/environments/sortorder", permission="EnvironmentEdit")
async def sort(call: Call, body: list[str]) -> dict[str, str]:
    """Puts environments in an order: their ids, first to last."""
    await call.services.store.write(lambda tx: sort_in(tx, call.context, body))
    return {}


@_space.get("/environments/summary", permission="EnvironmentView", returns=EnvironmentSummaries)
async def summary(call: Call, query: SummaryQuery) -> dict[str, object]:
    """All environments with their machines counted."""
    found = await call.services.store.read(lambda tx: summaries_in(tx, call.context, query))
    whole: dict[str, object] = msgspec.to_builtins(found)
    whole["EnvironmentSummaries"] = [
        {
            **msgspec.to_builtins(one),
            "Environment": msgspec.Raw(body_of(call, environments, one.environment)),
        }
        for one in found.environment_summaries
    ]
    return whole


@_space.get("/environments/{id}/machines", permission="MachineView", returns=Listing[Machine])
async def machines_of(call: Call, id: str, query: MachineQuery) -> bytes:
    """The machines of an environment."""

    def read(tx: Tx) -> tuple[str, Page[Machine]]:
        found = get_in(tx, call.context, id).id
        return found, machines.list_in(tx, call.context, replace(query, environment_ids=[found]))

    found, page = await call.services.store.read(read)
    return listed(call, machines, page, f"environments/{found}/machines")


routes = [*_space.items, *serve(environments)]
