"""`releases`, below projects and channels too, and the executions API for them (api.md 5)."""

from __future__ import annotations

from gurita.catalog.serving import body_of, listed, serve
from gurita.http.call import Call
from gurita.http.envelope import Listing
from gurita.http.routes import Routes
from gurita.kernel.errors import NotFound
from gurita.lifecycles.channels import service as channels
from gurita.projects import service as projects
from gurita.releases import executing, service, templating
from gurita.releases.defects.routes import routes as defect_routes
from gurita.releases.presenting import missing_in
from gurita.releases.refreezing.routes import routes as refreezing_routes
from gurita.releases.resources import (
    CreatedReleaseV1,
    CreateReleaseV1,
    MissingPackages,
    Release,
    ReleaseTemplate,
)
from gurita.releases.service import ReleaseQuery, releases
from gurita.store.tx import Tx
from gurita.variables import service as variables
from gurita.variables.resources import VariableSet

__all__ = ["routes"]

_space = Routes("space")


@_space.post("/releases/create/v1", permission="ReleaseCreate")
async def create_v1(call: Call, body: CreateReleaseV1) -> CreatedReleaseV1:
    """Creates a release from names; with `ignoreIfAlreadyExists` one that is there is named instead."""
    return await executing.create(call.context, body)


@_space.get("/projects/{id}/releases", permission="ReleaseView", returns=Listing[Release])
async def releases_of_project(call: Call, id: str, query: ReleaseQuery) -> bytes:
    """The releases of a project, newest first."""
    project = await call.services.store.read(lambda tx: projects.get_in(tx, call.context, id).id)
    page = await service.of_project(project).list(call.context, query)
    return listed(call, releases, page, f"projects/{project}/releases")


@_space.get("/projects/{id}/releases/{version}", permission="ReleaseView", returns=Release)
async def release_of_project(call: Call, id: str, version: str) -> bytes:
    """A release of a project by its version or id."""

    def read(tx: Tx) -> Release:
        project = projects.get_in(tx, call.context, id)
        found = service.find_in(tx, call.context, project.id, version)
        if found is None:
            raise NotFound(version)
        return releases.present(tx, call.context, [found])[0]

    return body_of(call, releases, await call.services.store.read(read))


@_space.get("/channels/{id}/releases", permission="ReleaseView", returns=Listing[Release])
async def releases_of_channel(call: Call, id: str, query: ReleaseQuery) -> bytes:
    """The releases of a channel, newest first."""
    channel = await call.services.store.read(lambda tx: channels.get_in(tx, call.context, id).id)
    page = await service.of_channel(channel).list(call.context, query)
    return listed(call, releases, page, f"channels/{channel}/releases")


@_space.post("/releases/{id}/snapshot-variables", permission="ReleaseEdit", status=200, returns=Release)
async def snapshot_variables(call: Call, id: str) -> bytes:
    """Updates the variables of a release to what they are now, for deployments from now on."""

    def write(tx: Tx) -> Release:
        found = service.snapshot_variables_in(tx, call.context, id)
        return releases.present(tx, call.context, [found])[0]

    return body_of(call, releases, await call.services.store.write(write))


@_space.get("/deploymentprocesses/{id}/template", permission="ProcessView")
async def template(call: Call, id: str, query: templating.TemplateQuery) -> ReleaseTemplate:
    """What a new release of this process would be, and what it needs to be told."""
    ctx = call.context
    return await call.services.store.read(lambda tx: templating.template_in(tx, ctx, call.links, id, query))


@_space.get("/projects/{id}/deploymentprocesses/template", permission="ProcessView")
async def template_of_project(call: Call, id: str, query: templating.TemplateQuery) -> ReleaseTemplate:
    """What a new release of a project would be."""

    def read(tx: Tx) -> ReleaseTemplate:
        process = projects.get_in(tx, call.context.whole, id).deployment_process_id
        return templating.template_in(tx, call.context, call.links, process, query)

    return await call.services.store.read(read)


@_space.get("/releases/{id}/missingpackages", permission="ReleaseView")
async def missing_packages(call: Call, id: str) -> MissingPackages:
    """What a release selected that the built-in repository does not have any more."""
    ctx = call.context

    def read(tx: Tx) -> MissingPackages:
        return MissingPackages(packages=missing_in(tx, ctx, service.get_in(tx, ctx, id)))

    return await call.services.store.read(read)


@_space.get(
    "/projects/{id}/releases/{release_id}/variables", permission="VariableView", returns=list[VariableSet]
)
async def variables_of_release(call: Call, id: str, release_id: str) -> bytes:
    """The variables as they were frozen with a release: the project's, and those of its library sets."""
    ctx = call.context

    def read(tx: Tx) -> list[VariableSet]:
        release = service.find_in(tx, ctx.whole, projects.get_in(tx, ctx.whole, id).id, release_id)
        if release is None:
            raise NotFound(release_id)
        ids = [release.project_variable_set_snapshot_id, *release.library_variable_set_snapshot_ids]
        sets = variables.variable_sets
        return sets.present(tx, ctx, [sets.get_in(tx, ctx, each) for each in ids])

    found = await call.services.store.read(read)
    return b"[" + b",".join(body_of(call, variables.variable_sets, each) for each in found) + b"]"


@_space.get("/projects/{id}/channels/{channel}/releases", permission="ReleaseView", returns=Listing[Release])
async def releases_of_project_channel(call: Call, id: str, channel: str, query: ReleaseQuery) -> bytes:
    """The releases of a project's channel, newest first."""
    ctx = call.context

    def read(tx: Tx) -> str:
        project = projects.get_in(tx, ctx, id)
        found = channels.channels.open(tx, ctx).find(channel, project.id)
        if found is None:
            raise NotFound(channel)
        return found.id

    own = await call.services.store.read(read)
    page = await service.of_channel(own).list(ctx, query)
    return listed(call, releases, page, f"channels/{own}/releases")


routes = [
    *_space.items,
    *defect_routes,
    *refreezing_routes,
    *serve(releases),
]
