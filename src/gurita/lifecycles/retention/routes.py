"""`retentionpolicies` (api.md 10)."""

from __future__ import annotations

from gurita.http.call import Call
from gurita.http.envelope import envelope
from gurita.http.links import with_links
from gurita.http.permissions import SIGNED_IN
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.http.wire import Wire, write
from gurita.lifecycles.retention import service
from gurita.lifecycles.retention.resources import RetentionPolicy, RetentionType

__all__ = ["routes"]

_space, _system = Routes("space"), Routes("system")


class PolicyQuery(ListQuery):
    """Which kind is wanted; without one, all of them."""

    retention_type: RetentionType | None = None


def _shown(call: Call, policy: RetentionPolicy) -> bytes:
    return with_links(write(policy), {"Self": call.links.space(f"retentionpolicies/{policy.id}")})


@_space.get("/retentionpolicies", permission="LifecycleView", returns=RetentionPolicy)
async def list_(call: Call, query: PolicyQuery) -> bytes:
    """The policy of one kind as it is, as clients of the field ask for it; without a kind, a list of all."""
    ctx, kind = call.context, query.retention_type
    if kind is not None:
        return _shown(call, await call.services.store.read(lambda tx: service.of_kind_in(tx, ctx, kind)))
    found = await call.services.store.read(lambda tx: service.all_in(tx, ctx))
    found = [each for each in found if not query.ids or each.id in query.ids]
    page = found[query.skip : query.skip + query.take]
    return envelope(
        "RetentionPolicy",
        [_shown(call, each) for each in page],
        len(found),
        query.paging,
        path=call.links.space("retentionpolicies"),
        template="{/id}{?skip,take,retentionType}",
        filters=call.filters(),
    )


@_space.get("/retentionpolicies/{id}", permission="LifecycleView", returns=RetentionPolicy)
async def get(call: Call, id: str) -> bytes:
    """A policy."""
    return _shown(call, await call.services.store.read(lambda tx: service.find_in(tx, call.context, id)))


@_space.put("/retentionpolicies/{id}", permission="LifecycleEdit", returns=RetentionPolicy)
async def modify(call: Call, id: str, body: RetentionPolicy) -> bytes:
    """Changes how much is kept where a lifecycle leaves it to the space."""
    ctx = call.context
    return _shown(call, await call.services.store.write(lambda tx: service.modify_in(tx, ctx, id, body)))


class DefaultRetention(Wire):
    """How many days new installations keep things unless a space says otherwise; null: for ever."""

    id: str
    retention_days: int | None
    links: dict[str, str]


@_system.get("/configuration/retention-default", permission=SIGNED_IN)
async def default(call: Call) -> DefaultRetention:
    """What holds in every space that says nothing of its own: everything is kept."""
    links = {"Self": call.links.system("configuration/retention-default")}
    return DefaultRetention(id="retention-default", retention_days=None, links=links)


routes = [*_space.items, *_system.items]
