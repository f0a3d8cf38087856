"""Projects: what is made and goes with them, and what other features ask of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, select

from gurita.catalog.collection import Collection
from gurita.catalog.logos import forget_logo_in
from gurita.catalog.rules import name_problems, slug_problems, text_problems
from gurita.http.query import ListQuery
from gurita.kernel.errors import NotFound
from gurita.lifecycles.channels import service as channels
from gurita.projects import processes
from gurita.projects.processes import snapshot_in as snapshot_process_in
from gurita.projects.records import PROJECTS
from gurita.projects.resources import DeploymentProcess, Project
from gurita.projects.rule_packages import rule_packages_in
from gurita.variables import service as variables
from gurita.variables.resources import ProcessReference, Reference

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.store.tx import Tx

__all__ = [
    "ProjectQuery",
    "all_in",
    "find_in",
    "get_in",
    "goes_with_projects",
    "guided_failure_in",
    "lifecycle_ids_in",
    "process_in",
    "projects",
    "rule_packages_in",
    "snapshot_process_in",
]

Leave = Callable[["Tx", "Context", Project], None]
_LEAVES: list[Leave] = []

LINKS = {
    "Releases": "releases{/version}{?skip,take,searchByVersion}",
    "Channels": "channels{/id}{?skip,take,partialName}",
    "OrderChannels": "channels/order",
    "Progression": "progression{?releaseHistoryCount}",
    "DeploymentSettings": "deploymentsettings",
    "Summary": "summary",
    "Metadata": "metadata",
    "Logo": "logo",
    "Triggers": "triggers{/id}{?skip,take,partialName}",
    "ScheduledTriggers": "triggers{/id}{?skip,take,partialName}",
    "Runbooks": "runbooks{/id}{?skip,take,partialName}",
    "RunbookSnapshots": "runbookSnapshots{/id}{?skip,take,searchByName}",
    "RunbookTaskRunDashboardItemsTemplate": "runbooks{?skip,take}",
    "ConvertToVcs": "git/convert",
    "ConvertToGit": "git/convert",
}
"""Links of a project below its own path."""


class ProjectQuery(ListQuery):
    """What projects may be filtered by."""

    cloned_from_project_id: str = ""


class Projects(Collection[Project]):
    """The projects of a space."""

    kind, body, item, query = PROJECTS, Project, "Project", ProjectQuery
    path, permission = "projects", "Project"
    template = "{/id}{?name,skip,ids,clone,take,partialName,clonedFromProjectId}"

    def problems(self, doc: Project) -> Sequence[str]:
        found = [*name_problems(doc.name), *slug_problems(doc.slug), *text_problems(doc.description)]
        for member, value in (("ProjectGroupId", doc.project_group_id), ("LifecycleId", doc.lifecycle_id)):
            if not value:
                found.append(f"{member}: must not be empty. Name one of this space by its id.")
        if doc.persistence_settings.get("Type", "Database") != "Database":
            found.append(
                "PersistenceSettings.Type: projects kept in Git are not supported yet. Use Database."
            )
        return found

    def prepare(self, tx: Tx, ctx: Context, before: Project | None, after: Project) -> Project:
        guid = ctx.services.random.guid
        cloned = after.cloned_from_project_id if before is None else before.cloned_from_project_id
        return replace(
            after,
            cloned_from_project_id=cloned,
            is_version_controlled=False,
            persistence_settings={"Type": "Database"},
            templates=[replace(t, id=t.id or guid(), links={}) for t in after.templates],
        )

    def created(self, tx: Tx, ctx: Context, doc: Project) -> None:
        processes.create_in(tx, ctx, doc.id)
        variables.create_in(tx, ctx, doc.id)
        channels.create_default_in(tx, ctx, doc.id)

    def deleting(self, tx: Tx, ctx: Context, doc: Project) -> None:
        ctx = ctx.whole
        for leave in _LEAVES:
            leave(tx, ctx, doc)
        forget_logo_in(tx, doc.id, ctx.services.milliseconds())
        processes.delete_in(tx, ctx, doc.id)
        variables.delete_in(tx, ctx, doc.id)
        channels.delete_of_project_in(tx, ctx, doc.id)

    def present(self, tx: Tx, ctx: Context, docs: list[Project]) -> list[Project]:
        return [_with_ids(doc) for doc in docs]

    def filters(self, tx: Tx, ctx: Context, query: Any) -> Sequence[ColumnElement[bool]]:
        source = getattr(query, "cloned_from_project_id", "")
        return [PROJECTS.c.cloned_from == source] if source else ()

    def links_of(self, links: Links, doc: Project) -> dict[str, str]:
        found = super().links_of(links, doc)
        found |= {name: links.space(f"projects/{doc.id}/{template}") for name, template in LINKS.items()}
        found["Variables"] = links.space(f"variables/{variables.id_of(doc.id)}")
        found["DeploymentProcess"] = links.space(f"deploymentprocesses/{processes.id_of(doc.id)}")
        found["Web"] = links.web(f"{links.space_id}/projects/{doc.slug}")
        return found


projects = Projects()


def _with_ids(project: Project) -> Project:
    return replace(
        project,
        variable_set_id=variables.id_of(project.id),
        deployment_process_id=processes.id_of(project.id),
    )


def goes_with_projects(leave: Leave) -> None:
    """Says what goes before a project does, or why it must stay. Called once, at import."""
    _LEAVES.append(leave)


def find_in(tx: Tx, ctx: Context, text: str) -> Project | None:
    """A project by id, slug or name, in any case of the name."""
    found = projects.open(tx, ctx).find(text)
    return _with_ids(found) if found else None


def get_in(tx: Tx, ctx: Context, text: str) -> Project:
    """A project by id, slug or name. Raises NotFound."""
    found = find_in(tx, ctx, text)
    if found is None:
        raise NotFound(text)
    return found


def lifecycle_ids_in(tx: Tx, ctx: Context, ids: Iterable[str]) -> dict[str, str]:
    """The lifecycles of projects by their ids."""
    c = PROJECTS.c
    found = tx.all(select(c.id, c.lifecycle_id).where(c.space_id == ctx.space, c.id.in_(ids)))
    return {row["id"]: row["lifecycle_id"] for row in found}


def guided_failure_in(tx: Tx, ctx: Context, ids: Iterable[str]) -> dict[str, str]:
    """Whether failures of projects ask people, by the projects' ids."""
    found = PROJECTS.open(tx, ctx.space).all(where=[PROJECTS.c.id.in_(ids)])
    return {each.id: each.default_guided_failure_mode for each in found}


def all_in(tx: Tx, ctx: Context) -> list[Project]:
    """All projects the viewer sees, by name."""
    return [_with_ids(project) for project in projects.open(tx, ctx).all()]


def process_in(tx: Tx, ctx: Context, id: str) -> DeploymentProcess:
    """A deployment process, live or frozen, by its id, whoever asks. Raises NotFound."""
    return processes.get_in(tx, ctx.whole, id)


def _describe(tx: Tx, ctx: Context, project_id: str) -> variables.Owner:
    """What the variables of a project may be scoped to."""
    project = PROJECTS.open(tx, ctx.space).get(project_id)
    ctx = ctx.whole
    process = processes.get_in(tx, ctx, processes.id_of(project_id))
    return variables.Owner(
        name=f"project '{project.name}'",
        actions=tuple(Reference(id=a.id, name=a.name) for s in process.steps for a in s.actions),
        channels=tuple(Reference(id=c.id, name=c.name) for c in channels.of_project_in(tx, ctx, project_id)),
        processes=(ProcessReference(id=project_id, name=project.name, process_type="Deployment"),),
    )


variables.owned_by("Projects", _describe)
