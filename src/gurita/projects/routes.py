"""`projects` and what hangs on a project: process, settings, variables, channels (api.md 4)."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement

from gurita.catalog.serving import body_of, listed, serve
from gurita.http.call import Call
from gurita.http.envelope import Listing
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.http.wire import Wire
from gurita.kernel.errors import Invalid
from gurita.projects import about_routes, processes, step_types
from gurita.projects.cloning import clone_in
from gurita.projects.groups import routes as group_routes
from gurita.projects.groups import service as groups
from gurita.projects.records import PROJECTS
from gurita.projects.resources import DeploymentProcess, DeploymentSettings, Project
from gurita.projects.service import Projects, get_in, projects
from gurita.projects.settings import project_of, settings_of, with_settings
from gurita.store.tx import Tx
from gurita.variables import service as variables
from gurita.variables.resources import VariableSet

__all__ = ["routes"]

_space = Routes("space")


class CloneQuery(Wire):
    """`?clone=Projects-1` copies a project."""

    clone: str = ""


@_space.post("/projects", permission="ProjectCreate", returns=Project)
async def create(call: Call, query: CloneQuery, body: Project) -> bytes:
    """Creates a project with an empty process, an empty variable set and a default channel; or a copy of another one."""
    ctx = call.context
    if not query.clone:
        return body_of(call, projects, await projects.create(ctx, body))

    def write(tx: Tx) -> Project:
        return projects.present(tx, ctx, [clone_in(tx, ctx, query.clone, body)])[0]

    return body_of(call, projects, await call.services.store.write(write))


class Faults(Wire):
    """Errors as refusals tell them."""

    errors: list[str]
    error_message: str = "There was a problem with your request."


class Validation(Wire):
    """What saving would say."""

    has_errors: bool
    errors: Faults | None = None
    has_warnings: bool = False
    warnings: dict[str, Any] | None = None


async def _id(call: Call, text: str) -> str:
    """The id of a project, from id, slug or name. What is asked of it is checked where it is got."""
    return await call.services.store.read(lambda tx: get_in(tx, call.context.whole, text).id)


@_space.get("/projects/{id}/deploymentprocesses", permission="ProcessView", returns=DeploymentProcess)
async def process_of_project(call: Call, id: str) -> bytes:
    """The deployment process of a project."""
    found = await processes.processes.get(call.context, processes.id_of(await _id(call, id)))
    return body_of(call, processes.processes, found)


@_space.put("/projects/{id}/deploymentprocesses", permission="ProcessEdit", returns=DeploymentProcess)
async def modify_process_of_project(call: Call, id: str, body: DeploymentProcess) -> bytes:
    """Replaces the deployment process of a project."""
    place = processes.id_of(await _id(call, id))
    return body_of(call, processes.processes, await processes.processes.modify(call.context, place, body))


@_space.post("/projects/{id}/deploymentprocesses/validate", permission="ProcessView", status=200)
async def validate_process(call: Call, id: str, body: DeploymentProcess) -> Validation:
    """What is wrong with a process that somebody is still writing. Nothing is saved."""
    ctx = call.context

    def read(tx: Tx) -> list[str]:
        before = processes.get_in(tx, ctx, processes.id_of(get_in(tx, ctx.whole, id).id))
        found = list(processes.processes.problems(body))
        try:
            processes.processes.prepare(tx, ctx, before, body)
        except Invalid as error:
            found += [each for each in error.errors if each not in found]
        return found

    found = await call.services.store.read(read)
    return Validation(has_errors=bool(found), errors=Faults(errors=found) if found else None)


@_space.get("/projects/{id}/variables", permission="VariableView", returns=VariableSet)
async def variables_of_project(call: Call, id: str) -> bytes:
    """The variables of a project."""
    found = await variables.variable_sets.get(call.context, variables.id_of(await _id(call, id)))
    return body_of(call, variables.variable_sets, found)


@_space.put("/projects/{id}/variables", permission="VariableEdit", returns=VariableSet)
async def modify_variables_of_project(call: Call, id: str, body: VariableSet) -> bytes:
    """Replaces the variables of a project."""
    place = variables.id_of(await _id(call, id))
    saved = await variables.variable_sets.modify(call.context, place, body)
    return body_of(call, variables.variable_sets, saved)


async def _settings(call: Call, id: str) -> dict[str, Any]:
    found = await projects.get(call.context, id)
    return _shown(call, found)


def _shown(call: Call, project: Project) -> dict[str, Any]:
    settings = settings_of(project)
    links = {
        "Self": call.links.space(f"deploymentsettings/{settings.id}"),
        "Project": call.links.space(f"projects/{project.id}"),
    }
    return {**msgspec.to_builtins(settings), "Links": links}


async def _modify_settings(call: Call, id: str, body: DeploymentSettings) -> dict[str, Any]:
    def write(tx: Tx) -> Project:
        before = get_in(tx, call.context, id)
        return projects.modify_in(tx, call.context, before.id, with_settings(before, body))

    return _shown(call, await call.services.store.write(write))


@_space.get("/projects/{id}/deploymentsettings", permission="ProjectView", returns=DeploymentSettings)
async def settings_of_project(call: Call, id: str) -> dict[str, Any]:
    """How a project is deployed."""
    return await _settings(call, id)


@_space.put("/projects/{id}/deploymentsettings", permission="ProjectEdit", returns=DeploymentSettings)
async def modify_settings_of_project(call: Call, id: str, body: DeploymentSettings) -> dict[str, Any]:
    """Changes how a project is deployed."""
    return await _modify_settings(call, id, body)


@_space.get("/deploymentsettings/{id}", permission="ProjectView", returns=DeploymentSettings)
async def settings(call: Call, id: str) -> dict[str, Any]:
    """How a project is deployed."""
    return await _settings(call, project_of(id))


@_space.put("/deploymentsettings/{id}", permission="ProjectEdit", returns=DeploymentSettings)
async def modify_settings(call: Call, id: str, body: DeploymentSettings) -> dict[str, Any]:
    """Changes how a project is deployed."""
    return await _modify_settings(call, project_of(id), body)


class _OfGroup(Projects):
    """The projects of one group."""

    def __init__(self, group: str) -> None:
        self.group = group

    def filters(self, tx: Tx, ctx: Any, query: Any) -> list[ColumnElement[bool]]:
        return [PROJECTS.c.project_group_id == self.group]


@_space.get("/projectgroups/{id}/projects", permission="ProjectView", returns=Listing[Project])
async def projects_of_group(call: Call, id: str, query: ListQuery) -> bytes:
    """The projects of a project group."""
    group = await call.services.store.read(lambda tx: groups.get_in(tx, call.context.whole, id).id)
    page = await _OfGroup(group).list(call.context, query)
    return listed(call, projects, page, f"projectgroups/{group}/projects")


routes = [
    *group_routes.routes,
    *_space.items,
    *about_routes.routes,
    *step_types.routes,
    *serve(projects, without="create"),
    *serve(processes.processes, without="all create delete"),
]
