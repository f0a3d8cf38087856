"""`environments` (api.md 4)."""

from __future__ import annotations

import msgspec
from msgspec import field
from msgspec.structs import replace

from gurita.catalog.serving import body_of, listed, serve
from gurita.environments.resources import (
    Environment,
    EnvironmentMetadata,
    EnvironmentSummaries,
    EnvironmentV2,
)
from gurita.environments.service import environments, get_in, sort_in
from gurita.environments.summary import SummaryQuery, summaries_in
from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.http.wire import splice
from gurita.kernel.paging import Page
from gurita.machines.resources import Machine
from gurita.machines.service import MachineQuery, machines
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


class ListV2Query(ListQuery):
    """`type` is one of Static, Parent, Ephemeral."""

    type: list[str] = field(default_factory=list)


@_space.put("/environments/sortorder", permission="EnvironmentEdit")
async def sort(call: Call, body: list[str]) -> dict[str, str]:
    """Puts environments in an order: their ids, first to last."""
    await call.services.store.write(lambda tx: sort_in(tx, call.context, body))
    return {}


@_space.get("/environments/summary", permission="EnvironmentView", returns=EnvironmentSummaries)
async def summary(call: Call, query: SummaryQuery) -> dict[str, object]:
    """All environments with their machines counted."""
    return await _summaries(call, query)


@_space.get("/environments/summary/v2", permission="EnvironmentView", returns=EnvironmentSummaries)
async def summary_v2(call: Call, query: SummaryQuery) -> dict[str, object]:
    """The same where newer clients look for it."""
    return await _summaries(call, query)


async def _summaries(call: Call, query: SummaryQuery) -> dict[str, object]:
    found = await call.services.store.read(lambda tx: summaries_in(tx, call.context, query))
    whole: dict[str, object] = msgspec.to_builtins(found)
    whole["EnvironmentSummaries"] = [
        {
            **msgspec.to_builtins(one),
            "Id": one.environment.id,
            "Links": {"Self": call.links.space(f"environments/{one.environment.id}")},
            "Environment": msgspec.Raw(body_of(call, environments, one.environment)),
        }
        for one in found.environment_summaries
    ]
    return whole


@_space.get("/environments/v2", permission="EnvironmentView", returns=Listing[EnvironmentV2])
async def list_v2(call: Call, query: ListV2Query) -> bytes:
    """Environments with their type, as newer clients read them. All here are static."""
    if query.type and "static" not in {each.lower() for each in query.type}:
        page: Page[Environment] = Page([], 0, query.paging)
    else:
        page = await environments.list(call.context, query)
    return envelope(
        environments.item,
        [_body_v2(call, each) for each in page.items],
        page.total,
        page.paging,
        path=call.links.space("environments/v2"),
        template="{?skip,take,ids,partialName,type}",
        filters=call.filters(),
    )


@_space.get("/environments/{id}/v2", permission="EnvironmentView", returns=EnvironmentV2)
async def get_v2(call: Call, id: str) -> bytes:
    """An environment with its type."""
    return _body_v2(call, await environments.get(call.context, id))


def _body_v2(call: Call, environment: Environment) -> bytes:
    return splice(body_of(call, environments, environment), {"Type": "Static", "ParentEnvironmentId": None})


@_space.get("/environments/{id}/metadata", permission="EnvironmentView")
async def metadata(call: Call, id: str) -> list[EnvironmentMetadata]:
    """Settings of other products an environment may have: none are known here."""
    await call.services.store.read(lambda tx: get_in(tx, call.context, id))
    return []


@_space.get("/environments/{id}/machines", permission="MachineView", returns=Listing[Machine])
async def machines_of(call: Call, id: str, query: MachineQuery) -> bytes:
    """The machines of an environment."""

    def read(tx: Tx) -> tuple[str, Page[Machine]]:
        found = get_in(tx, call.context, id).id
        return found, machines.list_in(tx, call.context, replace(query, environment_ids=[found]))

    found, page = await call.services.store.read(read)
    return listed(call, machines, page, f"environments/{found}/machines")


routes = [*_space.items, *serve(environments)]
