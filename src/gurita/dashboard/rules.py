"""What of the dashboard is computed, pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gurita.lifecycles.resources import Channel, Lifecycle
from gurita.projects.resources import Project

__all__ = ["environments_of"]


def environments_of(
    projects: Iterable[Project],
    channels: Iterable[Channel],
    lifecycles: Mapping[str, Lifecycle],
    everywhere: Sequence[str],
) -> dict[str, list[str]]:
    """The environments each project's releases may go to, through any of its channels, in their order."""
    own = {project.id: {project.lifecycle_id} for project in projects}
    for channel in channels:
        if channel.project_id in own and channel.lifecycle_id:
            own[channel.project_id].add(channel.lifecycle_id)
    reach = {id: _reach(lifecycle, everywhere) for id, lifecycle in lifecycles.items()}
    return {
        project: [e for e in everywhere if any(e in reach.get(id, ()) for id in ids)]
        for project, ids in own.items()
    }


def _reach(lifecycle: Lifecycle, everywhere: Sequence[str]) -> set[str]:
    named: set[str] = set()
    for phase in lifecycle.phases:
        own = {*phase.automatic_deployment_targets, *phase.optional_deployment_targets}
        if not own:
            return set(everywhere)
        named |= own
    return named if lifecycle.phases else set(everywhere)
