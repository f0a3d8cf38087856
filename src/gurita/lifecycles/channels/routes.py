"""`channels`, also below their projects (api.md 4)."""

from __future__ import annotations

from msgspec.structs import replace

from gurita.catalog.serving import body_of, listed, serve
from gurita.http.api import Call
from gurita.http.envelope import Listing
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.kernel.errors import NotFound
from gurita.kernel.paging import Page
from gurita.lifecycles.channels import rule_routes
from gurita.lifecycles.channels.service import ChannelQuery, channels
from gurita.lifecycles.resources import Channel
from gurita.store.kinds import KINDS
from gurita.store.repository import Repository
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


def _project_in(tx: Tx, call: Call, project: str) -> str:
    """The id of a project named by id, slug or name. Raises NotFound."""
    found = Repository(KINDS["Projects"], tx, call.space, call.viewer).find(project)
    if found is None:
        raise NotFound(project)
    return str(found.id)


def _channel_in(tx: Tx, call: Call, project: str, id: str) -> Channel:
    """A channel of a project by id, slug or name. Raises NotFound."""
    parent = _project_in(tx, call, project)
    found = channels.open(tx, call.context).find(id, parent)
    if found is None:
        raise NotFound(id)
    return found


@_space.get("/projects/{project_id}/channels", permission="ProjectView", returns=Listing[Channel])
async def list_of_project(call: Call, project_id: str, query: ListQuery) -> bytes:
    """The channels of a project."""

    def read(tx: Tx) -> tuple[str, Page[Channel]]:
        project = _project_in(tx, call, project_id)
        wanted = ChannelQuery(
            skip=query.skip,
            take=query.take,
            ids=query.ids,
            name=query.name,
            partial_name=query.partial_name,
            project_ids=[project],
        )
        return project, channels.list_in(tx, call.context, wanted)

    project, page = await call.services.store.read(read)
    return listed(call, channels, page, f"projects/{project}/channels")


@_space.post("/projects/{project_id}/channels", permission="ProjectEdit", returns=Channel)
async def create_in_project(call: Call, project_id: str, body: Channel) -> bytes:
    """Adds a channel to a project."""

    def create(tx: Tx) -> Channel:
        project = _project_in(tx, call, project_id)
        return channels.create_in(tx, call.context, replace(body, project_id=project))

    return body_of(call, channels, await call.services.store.write(create))


@_space.get("/projects/{project_id}/channels/{id}", permission="ProjectView", returns=Channel)
async def get_of_project(call: Call, project_id: str, id: str) -> bytes:
    """A channel of a project, by id, slug or name."""
    return body_of(
        call, channels, await call.services.store.read(lambda tx: _channel_in(tx, call, project_id, id))
    )


@_space.put("/projects/{project_id}/channels/{id}", permission="ProjectEdit", returns=Channel)
async def modify_of_project(call: Call, project_id: str, id: str, body: Channel) -> bytes:
    """Changes a channel of a project."""

    def modify(tx: Tx) -> Channel:
        found = _channel_in(tx, call, project_id, id)
        return channels.modify_in(tx, call.context, found.id, replace(body, project_id=found.project_id))

    return body_of(call, channels, await call.services.store.write(modify))


@_space.delete("/projects/{project_id}/channels/{id}", permission="ProjectEdit")
async def delete_of_project(call: Call, project_id: str, id: str) -> dict[str, str]:
    """Deletes a channel of a project."""
    await call.services.store.write(
        lambda tx: channels.delete_in(tx, call.context, _channel_in(tx, call, project_id, id).id)
    )
    return {}


routes = [*rule_routes.routes, *_space.items, *serve(channels)]
