"""How far the releases of a project are (`projects/{id}/progression`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import field

from gurita.catalog.serving import body_of
from gurita.dashboard.items import items_in
from gurita.dashboard.rules import environments_of
from gurita.deployments.overview import service as overview
from gurita.environments import service as environments
from gurita.http.wire import Whole, Wire
from gurita.kernel.paging import Paging
from gurita.lifecycles import service as lifecycles
from gurita.lifecycles.channels import service as channels
from gurita.lifecycles.resources import Retention
from gurita.projects import service as projects
from gurita.releases import service as releases
from gurita.releases.defects import service as defects
from gurita.releases.rules.progression import (
    furthest,
    next_environments,
    progress,
    release_retention,
    tentacle_retention,
)

if TYPE_CHECKING:
    from gurita.http.call import Call
    from gurita.lifecycles.resources import Channel, Lifecycle
    from gurita.projects.resources import Project
    from gurita.releases.resources import Release
    from gurita.store.tx import Tx

__all__ = ["Progression", "ProgressionQuery", "progression_in"]

HISTORY = 30


class ProgressionQuery(Wire):
    """How many releases are wanted, the newest first."""

    release_history_count: Whole = HISTORY


class ReleaseRow(Wire):
    """A release, where it is, and where it may go now."""

    release: msgspec.Raw
    channel: msgspec.Raw
    deployments: dict[str, list[Any]]
    next_deployments: list[str]
    has_unresolved_defect: bool = False
    release_retention_period: Retention | None = None
    tentacle_retention_period: Retention | None = None


class Place(Wire):
    """An environment."""

    id: str
    name: str


class Progression(Wire):
    """Releases by environments."""

    environments: list[Place] = field(default_factory=list)
    channel_environments: dict[str, list[Place]] = field(default_factory=dict)
    lifecycle_environments: dict[str, list[Place]] = field(default_factory=dict)
    releases: list[ReleaseRow] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)


def progression_in(tx: Tx, call: Call, id: str, query: ProgressionQuery) -> Progression:
    """The newest releases of a project, where they are and where they may go."""
    ctx = call.context
    project = projects.get_in(tx, ctx, id)
    order = [e.id for e in environments.all_in(tx, ctx.whole)]
    names = {e.id: Place(id=e.id, name=e.name) for e in environments.all_in(tx, ctx)}
    own = {c.id: c for c in channels.of_project_in(tx, ctx.whole, project.id)}
    known = {each.id: each for each in lifecycles.lifecycles.open(tx, ctx.whole).all()}
    cycles = {c: known[own[c].lifecycle_id or project.lifecycle_id] for c in own}
    wanted = Paging(0, query.release_history_count or HISTORY)
    newest = releases.of_project(project.id).list_in(tx, ctx, releases.ReleaseQuery(), wanted).items
    by_channel = {c: _reach(project, cycles[c], order) for c in own}
    return Progression(
        environments=[names[e] for e in order if e in names and any(e in ids for ids in by_channel.values())],
        channel_environments={c: [names[e] for e in ids if e in names] for c, ids in by_channel.items()},
        lifecycle_environments={
            cycles[c].id: [names[e] for e in ids if e in names] for c, ids in by_channel.items()
        },
        releases=_rows(tx, call, newest, own, cycles, order),
        links={"Self": call.links.space(f"projects/{project.id}/progression")},
    )


def _reach(project: Project, lifecycle: Lifecycle, order: list[str]) -> list[str]:
    alone = msgspec.structs.replace(project, lifecycle_id=lifecycle.id)
    return environments_of([alone], [], {lifecycle.id: lifecycle}, order)[project.id]


def _rows(
    tx: Tx,
    call: Call,
    newest: list[Release],
    own: dict[str, Channel],
    cycles: dict[str, Lifecycle],
    order: list[str],
) -> list[ReleaseRow]:
    ctx = call.context
    placed: dict[str, dict[str, list[Any]]] = {}
    for item in items_in(tx, ctx, overview.of_releases_in(tx, ctx, [r.id for r in newest])).made(call.links):
        placed.setdefault(item.release_id, {}).setdefault(item.environment_id, []).append(item)
    reached = overview.reached_in(tx, ctx, [r.id for r in newest])
    defective = defects.unresolved_in(tx, ctx, [r.id for r in newest])
    shown = {id: msgspec.Raw(body_of(call, channels.channels, own[id])) for id in own}
    rows = []
    for release in newest:
        been = reached.get(release.id, set())
        defect = release.id in defective
        cycle = cycles[release.channel_id]
        states = progress(cycle, order, been, defect=defect)
        rows.append(
            ReleaseRow(
                release=msgspec.Raw(body_of(call, releases.releases, release)),
                channel=shown[release.channel_id],
                deployments=placed.get(release.id, {}),
                next_deployments=next_environments(states, been),
                has_unresolved_defect=defect,
                release_retention_period=release_retention(cycle, states, furthest(states, been)),
                tentacle_retention_period=tentacle_retention(cycle, states, furthest(states, been)),
            )
        )
    return rows
