"""Deployment processes: saved with their project's, frozen with its releases."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from gurita.catalog.collection import Collection
from gurita.catalog.frozen import freeze_in, is_frozen, live_id, thaw_in
from gurita.catalog.visibility import must_at
from gurita.feeds import service as feeds
from gurita.kernel.errors import Conflict, Invalid, NotFound
from gurita.lifecycles.channels import service as channels
from gurita.projects.records import PROCESSES
from gurita.projects.resources import DeploymentProcess, Step
from gurita.projects.rules import check, completed, with_feeds

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.store.tx import Tx

__all__ = ["create_in", "delete_in", "get_in", "id_of", "processes", "snapshot_in"]

_PREFIX = "deploymentprocess-"


class Content(msgspec.Struct, rename="pascal"):
    """What of a process is frozen."""

    steps: list[Step]


class Processes(Collection[DeploymentProcess]):
    """The deployment processes of a space's projects."""

    kind, body, item, words = PROCESSES, DeploymentProcess, "DeploymentProcess", "deployment process"
    path = "deploymentprocesses"
    template = "{/id}{?skip,take,ids}"

    def permission_to(self, verb: str) -> str:
        return "ProcessView" if verb == "View" else "ProcessEdit"

    def problems(self, doc: DeploymentProcess) -> Sequence[str]:
        numbers = count()
        return check(completed(doc, lambda: f"new-{next(numbers)}"))

    def prepare(
        self, tx: Tx, ctx: Context, before: DeploymentProcess | None, after: DeploymentProcess
    ) -> DeploymentProcess:
        after = completed(after, ctx.services.random.guid)
        if before is not None:
            after = replace(after, project_id=before.project_id, last_snapshot_id=before.last_snapshot_id)
        after, problems = with_feeds(after, lambda named: _feed(tx, ctx, named))
        if problems := [*_foreign_channels(tx, ctx, before, after), *problems]:
            raise Invalid(*problems)
        return after

    def get_in(self, tx: Tx, ctx: Context, id: str) -> DeploymentProcess:
        return get_in(tx, ctx, id)

    def modify_in(self, tx: Tx, ctx: Context, id: str, doc: DeploymentProcess) -> DeploymentProcess:
        if is_frozen(id):
            raise Conflict(
                f"'{id}' is frozen in releases and never changes. Change '{live_id(id)[0]}' instead."
            )
        return super().modify_in(tx, ctx, id, doc)

    def links_of(self, links: Links, doc: DeploymentProcess) -> dict[str, str]:
        found = super().links_of(links, doc)
        found["Project"] = links.space(f"projects/{doc.project_id}")
        found["Template"] = links.space(f"deploymentprocesses/{doc.id}/template{{?channel,releaseId}}")
        found["Validation"] = links.space(f"projects/{doc.project_id}/deploymentprocesses/validate")
        return found


processes = Processes()


def _feed(tx: Tx, ctx: Context, named: str) -> str | None:
    """The id of a feed by id, slug or name; the built-in one's where none is named."""
    try:
        return feeds.feed_in(tx, ctx.space, named or feeds.BUILT_IN_ID).id
    except NotFound:
        return None


def _foreign_channels(
    tx: Tx, ctx: Context, before: DeploymentProcess | None, after: DeploymentProcess
) -> list[str]:
    """Channels of other projects. What the process named before may stay."""
    own: set[str] | None = None
    former = {c for s in before.steps for a in s.actions for c in a.channels} if before else set()
    problems = []
    for i, step in enumerate(after.steps):
        for j, action in enumerate(step.actions):
            for k, id in enumerate(action.channels):
                if own is None:
                    own = {c.id for c in channels.of_project_in(tx, ctx.whole, after.project_id)} | former
                if id not in own:
                    problems.append(
                        f"Steps[{i}].Actions[{j}].Channels[{k}]: '{id}' is no channel of this project."
                    )
    return problems


def id_of(project_id: str) -> str:
    """The id of a project's deployment process."""
    return _PREFIX + project_id


def create_in(tx: Tx, ctx: Context, project_id: str) -> DeploymentProcess:
    """Makes the empty process of a new project."""
    new = DeploymentProcess(id=id_of(project_id), space_id=ctx.space, project_id=project_id)
    return PROCESSES.open(tx, ctx.space).insert(new)


def delete_in(tx: Tx, ctx: Context, project_id: str) -> None:
    """Removes the process of a project that goes."""
    PROCESSES.open(tx, ctx.space).delete(id_of(project_id))


def get_in(tx: Tx, ctx: Context, id: str) -> DeploymentProcess:
    """A process as it is stored, or as it was frozen. Raises NotFound, Forbidden."""
    if not is_frozen(id):
        return PROCESSES.open(tx, ctx.space, ctx.viewer).get(id)
    live, version = live_id(id)
    if not live.startswith(_PREFIX):
        raise NotFound(id)
    content = PROCESSES.codec.read(thaw_in(tx, ctx.space, id).decode(), Content)
    project = live.removeprefix(_PREFIX)
    found = DeploymentProcess(
        id=id, space_id=ctx.space, project_id=project, version=version, steps=content.steps
    )
    must_at(tx, ctx, "ProcessView", PROCESSES, found)
    return found


def snapshot_in(tx: Tx, ctx: Context, project_id: str) -> str:
    """Freezes a project's process as it is now and returns the copy's id."""
    found = PROCESSES.open(tx, ctx.space).get(id_of(project_id))
    return freeze_in(tx, ctx.space, found.id, found.version, Content(found.steps))
