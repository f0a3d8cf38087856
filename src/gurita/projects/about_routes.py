"""What there is to know of a project beside itself: summary, picture, and lists of what is not built yet (api.md 4)."""

from __future__ import annotations

from starlette.responses import Response

from gurita.audit import service as audit
from gurita.catalog.logos import show_logo, take_logo
from gurita.catalog.serving import body_of
from gurita.catalog.visibility import must_at
from gurita.http.call import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.http.wire import Wire
from gurita.kernel.errors import Invalid
from gurita.kernel.paging import MOST, Paging
from gurita.lifecycles import service as lifecycles
from gurita.lifecycles.channels import service as channels
from gurita.projects import processes
from gurita.projects.records import PROJECTS
from gurita.projects.resources import Project
from gurita.projects.service import all_in, get_in, projects
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


class Summary(Wire):
    """What a project has."""

    has_deployment_process: bool
    has_runbooks: bool = False


class ProjectSummary(Wire):
    """As much of a project as long lists show."""

    id: str
    name: str
    slug: str
    space_id: str
    project_group_id: str
    description: str
    is_disabled: bool
    links: dict[str, str]


class Nothing(Wire):
    """An item of a list that is always empty."""


class NoQuery(ListQuery):
    """What such a list may be asked for, without effect."""


@_space.get("/projects/{id}/summary", permission="ProjectView")
async def summary(call: Call, id: str) -> Summary:
    """Whether a project has a process and runbooks."""

    def read(tx: Tx) -> Summary:
        process = processes.get_in(tx, call.context.whole, get_in(tx, call.context, id).deployment_process_id)
        return Summary(has_deployment_process=bool(process.steps))

    return await call.services.store.read(read)


@_space.get("/projects/{id}/metadata", permission="ProjectView")
async def metadata(call: Call, id: str) -> list[Nothing]:
    """Settings extensions add to projects: there are none."""
    await call.services.store.read(lambda tx: get_in(tx, call.context, id))
    return []


@_space.get("/projects/experimental/summaries", permission="ProjectView")
async def summaries(call: Call, query: ListQuery) -> list[ProjectSummary]:
    """All projects in short, or those with the given ids."""
    ctx = call.context

    def read(tx: Tx) -> list[Project]:
        return projects.list_in(tx, ctx, query, Paging(0, MOST)).items

    return [
        ProjectSummary(
            id=each.id,
            name=each.name,
            slug=each.slug,
            space_id=each.space_id,
            project_group_id=each.project_group_id,
            description=each.description or "",
            is_disabled=each.is_disabled,
            links=projects.links_of(call.links, each),
        )
        for each in await call.services.store.read(read)
    ]


@_space.get("/projects/{id}/logo", permission="ProjectView", media="image/*")
async def logo(call: Call, id: str) -> Response:
    """The picture of a project: its own, or one drawn from its name."""
    return await show_logo(call, lambda tx: _owner(tx, call, id))


@_space.post("/projects/{id}/logo", permission="ProjectEdit", status=200)
async def set_logo(call: Call, id: str) -> dict[str, str]:
    """Replaces the picture of a project by a PNG, JPEG, GIF or WebP."""

    def record(tx: Tx, owner: str) -> None:
        name = audit.mention(owner, get_in(tx, call.context, owner).name)
        audit.record(tx, call.context, "Modified", f"Logo of project {name} was replaced", [owner])

    def owner(tx: Tx) -> tuple[str, str]:
        must_at(tx, call.context, "ProjectEdit", PROJECTS, get_in(tx, call.context, id))
        return _owner(tx, call, id)

    return await take_logo(call, owner, record)


def _owner(tx: Tx, call: Call, id: str) -> tuple[str, str]:
    found = get_in(tx, call.context, id)
    return found.id, found.name


async def _nothing(call: Call, id: str, item: str, path: str, query: ListQuery) -> bytes:
    project = await call.services.store.read(lambda tx: get_in(tx, call.context, id).id)
    place = call.links.space(f"projects/{project}/{path}")
    return envelope(item, [], 0, query.paging, path=place, filters=call.filters())


@_space.get("/projects/{id}/triggers", permission="TriggerView", returns=Listing[Nothing])
async def triggers(call: Call, id: str, query: NoQuery) -> bytes:
    """What deploys a project by itself: nothing yet."""
    return await _nothing(call, id, "ProjectTrigger", "triggers", query)


@_space.get("/projects/{id}/runbooks", permission="RunbookView", returns=Listing[Nothing])
async def runbooks(call: Call, id: str, query: NoQuery) -> bytes:
    """The runbooks of a project: none yet."""
    return await _nothing(call, id, "Runbook", "runbooks", query)


@_space.get("/projects/{id}/runbookSnapshots", permission="RunbookView", returns=Listing[Nothing])
async def runbook_snapshots(call: Call, id: str, query: NoQuery) -> bytes:
    """The snapshots of a project's runbooks: none yet."""
    return await _nothing(call, id, "RunbookSnapshot", "runbookSnapshots", query)


@_space.post("/projects/{id}/git/convert", permission="ProjectEdit", status=200)
async def convert(call: Call, id: str) -> dict[str, str]:
    """Moves a project's process into a Git repository. Refused: this server keeps projects in its database."""

    def read(tx: Tx) -> Project:
        found = get_in(tx, call.context, id)
        must_at(tx, call.context, "ProjectEdit", PROJECTS, found)
        return found

    project = await call.services.store.read(read)
    raise Invalid(f"Project '{project.name}' cannot be kept in Git: this server does not support that yet.")


@_space.get("/lifecycles/{id}/projects", permission="ProjectView", returns=list[Project])
async def through_lifecycle(call: Call, id: str) -> bytes:
    """The projects whose releases go through a lifecycle, by themselves or in one of their channels."""
    ctx = call.context

    def read(tx: Tx) -> list[Project]:
        cycle = lifecycles.get_in(tx, ctx, id).id
        own = channels.projects_through_in(tx, ctx, cycle)
        return [one for one in all_in(tx, ctx) if one.lifecycle_id == cycle or one.id in own]

    found = await call.services.store.read(read)
    return b"[" + b",".join(body_of(call, projects, one) for one in found) + b"]"


routes = _space.items
