"""A space with many projects that are deployed everywhere, made in bulk: the documents through the kinds' repositories,
deployments and their tasks as rows, as the server writes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from gurita.deployments.records import DEPLOYMENTS
from gurita.deployments.resources import Deployment
from gurita.engine.tables import task
from gurita.environments.records import ENVIRONMENTS
from gurita.environments.resources import Environment
from gurita.http.wire import encode
from gurita.lifecycles.channels.service import channels
from gurita.lifecycles.resources import Channel
from gurita.projects.groups.resources import ProjectGroup
from gurita.projects.groups.service import groups
from gurita.projects.records import PROJECTS
from gurita.projects.resources import Project
from gurita.releases.records import RELEASES
from gurita.releases.resources import Release
from gurita.store.db import Store
from gurita.store.tables import entity, sequence
from gurita.store.tx import Tx

__all__ = ["Size", "seed_dashboard"]

SPACE = "Spaces-1"
_CREATED = 1_760_000_000_000
_GROUPS = 40
_STATES = ("Success", "Success", "Success", "Success", "Failed", "Success", "Canceled", "Success")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made. Every project is deployed to every environment once."""

    projects: int
    environments: int


def seed_dashboard(data: Path, size: Size) -> None:
    """Fills the database of a server that is not running."""
    asyncio.run(_seed(data, size))


async def _seed(data: Path, size: Size) -> None:
    store = await Store.open(f"sqlite:///{data / 'gurita.db'}")
    try:
        environments = await store.write(lambda tx: _environments(tx, size.environments))
        made = [await store.write(group) for group in _project_units(size.projects)]
        projects = [each for some in made for each in some]
        for start in range(0, len(projects), 100):
            await store.write(_deployed(projects[start : start + 100], environments))
    finally:
        await store.close()


def _environments(tx: Tx, count: int) -> list[str]:
    opened = ENVIRONMENTS.open(tx, SPACE)
    made = (opened.insert(Environment(name=f"Stage {n:02d}", sort_order=n)) for n in range(1, count + 1))
    return [one.id for one in made]


def _project_units(count: int) -> list[Callable[[Tx], list[tuple[str, str, str]]]]:
    each = -(-count // _GROUPS)

    def unit(group: int) -> Callable[[Tx], list[tuple[str, str, str]]]:
        return lambda tx: [
            one
            for owner in [groups.kind.open(tx, SPACE).insert(ProjectGroup(name=f"Group {group:02d}")).id]
            for n in range(group * each, min((group + 1) * each, count))
            for one in [_project(tx, owner, n)]
        ]

    return [unit(group) for group in range(_GROUPS)]


def _project(tx: Tx, group: str, number: int) -> tuple[str, str, str]:
    """A project with a channel and a release: their ids."""
    wanted = Project(
        name=f"Service {number:04d}",
        project_group_id=group,
        lifecycle_id="Lifecycles-1",
        is_disabled=number % 50 == 49,
    )
    project = PROJECTS.open(tx, SPACE).insert(wanted).id
    channel = channels.kind.open(tx, SPACE).insert(
        Channel(name="Default", project_id=project, is_default=True)
    )
    release = RELEASES.open(tx, SPACE).insert(
        Release(number=f"2026.{number % 12 + 1}.{number}", project_id=project, channel_id=channel.id)
    )
    return project, channel.id, release.id


def _deployed(projects: list[tuple[str, str, str]], environments: list[str]) -> Callable[[Tx], None]:
    def unit(tx: Tx) -> None:
        last = tx.scalar(select(task.c.number).order_by(task.c.number.desc()).limit(1)) or 0
        begun = tx.scalar(select(sequence.c.value).where(sequence.c.kind == "Deployments")) or 0
        places = [(*project, environment) for project in projects for environment in environments]
        entities, deployments, tasks = [], [], []
        for n, (project, channel, release, environment) in enumerate(places, 1):
            id = f"Deployments-{begun + n}"
            entities.append({"id": id, "space_id": SPACE, "kind": "Deployments"})
            tasks.append(_task(last + n, project, environment, id))
            doc = Deployment(
                id=id,
                space_id=SPACE,
                release_id=release,
                environment_id=environment,
                project_id=project,
                channel_id=channel,
                task_id=f"ServerTasks-{last + n}",
                name=f"Deploy to {environment}",
            )
            deployments.append(_row(doc, begun + n, last + n))
        tx.run(insert(entity), entities)
        tx.run(insert(task), tasks)
        tx.run(insert(DEPLOYMENTS.table), deployments)
        if begun:
            tx.run(
                sequence.update().where(sequence.c.kind == "Deployments").values(value=begun + len(places))
            )
        else:
            tx.run(insert(sequence), {"kind": "Deployments", "value": len(places)})

    return unit


def _row(doc: Deployment, number: int, carried_by: int) -> dict[str, Any]:
    return {
        "id": doc.id,
        "space_id": SPACE,
        "number": number,
        "parent": "",
        "name": "",
        "folded": doc.id,
        "slug": doc.id.lower(),
        "version": 1,
        "project_id": doc.project_id,
        "environment_id": doc.environment_id,
        "release_id": doc.release_id,
        "channel_id": doc.channel_id,
        "tenant_id": "",
        "task": carried_by,
        "body": encode(doc).decode(),
    }


def _task(number: int, project: str, environment: str, deployment: str) -> dict[str, Any]:
    began = _CREATED + number * 60_000
    return {
        "number": number,
        "space": SPACE,
        "name": "Deploy",
        "description": "Deploy a service",
        "arguments": encode({"DeploymentId": deployment}).decode(),
        "state": _STATES[number % len(_STATES)],
        "rule": "done",
        "project": project,
        "environment": environment,
        "created": began,
        "started": began + 1000,
        "completed": began + 31_000,
        "updated": began + 31_000,
    }
