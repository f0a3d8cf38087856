"""`interruptions` (api.md §5)."""

from __future__ import annotations

from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.routes import Routes
from gurita.kernel.errors import NotFound
from gurita.tasks.interruptions import InterruptionQuery, find_in, list_in, submit_in, take_in
from gurita.tasks.linking import interruption_body
from gurita.tasks.resources import Answer, Interruption, Responsible

__all__ = ["routes"]

_space = Routes("space")
routes = _space.items


@_space.get("/interruptions", permission="InterruptionView", returns=Listing[Interruption])
async def list_(call: Call, query: InterruptionQuery) -> bytes:
    """Questions to people, the newest first."""
    page = await call.services.store.read(lambda tx: list_in(tx, call.context, query))
    return envelope(
        "Interruption",
        [interruption_body(call, one) for one in page.items],
        page.total,
        page.paging,
        path=call.links.space("interruptions"),
        template="{/id}{?skip,take,regarding,pendingOnly,ids}",
        filters=call.filters(),
    )


@_space.get("/interruptions/{id}", permission="InterruptionView", returns=Interruption)
async def get(call: Call, id: str) -> bytes:
    """One question."""
    found = await call.services.store.read(lambda tx: find_in(tx, call.context, id))
    return interruption_body(call, found)


@_space.get("/interruptions/{id}/responsible", permission="InterruptionView")
async def responsible(call: Call, id: str) -> Responsible:
    """Who has taken the question on."""
    found = await call.services.store.read(lambda tx: find_in(tx, call.context, id))
    if found.responsible_user_id is None:
        raise NotFound(f"{id}/responsible")
    return _responsible(call, found.responsible_user_id)


@_space.put("/interruptions/{id}/responsible", permission="InterruptionSubmit")
async def take(call: Call, id: str) -> Responsible:
    """Takes the question on, also in the place of somebody else."""
    await call.services.store.write(lambda tx: take_in(tx, call.context, id))
    return _responsible(call, call.viewer.user_id)


def _responsible(call: Call, user: str) -> Responsible:
    viewer = call.viewer
    if user != viewer.user_id:
        return Responsible(id=user)
    return Responsible(id=user, username=viewer.username, display_name=viewer.display_name)


@_space.post("/interruptions/{id}/submit", permission="InterruptionSubmit", status=200, returns=Interruption)
async def submit(call: Call, id: str, body: Answer) -> bytes:
    """Answers the question with `Guidance` or `Result`, and `Notes`."""
    found = await call.services.store.write(lambda tx: submit_in(tx, call.context, id, body))
    return interruption_body(call, found)
