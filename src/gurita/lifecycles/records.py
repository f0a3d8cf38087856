"""How lifecycles and channels are stored."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Boolean, Text

from gurita.catalog.visibility import Lying
from gurita.lifecycles.resources import Channel, Lifecycle
from gurita.store.documents import DocumentKind, Indexed, Reference

__all__ = ["CHANNELS", "LIFECYCLES"]


def _environments(lifecycle: Lifecycle) -> Iterator[Reference]:
    for number, phase in enumerate(lifecycle.phases):
        for member, ids in (
            ("AutomaticDeploymentTargets", phase.automatic_deployment_targets),
            ("OptionalDeploymentTargets", phase.optional_deployment_targets),
        ):
            for place, id in enumerate(ids):
                yield Reference(f"Phases[{number}].{member}[{place}]", "Environments", id)


def _of_channel(channel: Channel) -> Iterator[Reference]:
    yield Reference("ProjectId", "Projects", channel.project_id)
    yield Reference("LifecycleId", "Lifecycles", channel.lifecycle_id or "")
    yield Reference("ParentEnvironmentId", "Environments", channel.parent_environment_id or "")


LIFECYCLES = DocumentKind("Lifecycles", Lifecycle, references=_environments)

CHANNELS = DocumentKind(
    "Channels",
    Channel,
    parent=lambda channel: channel.project_id,
    columns=[
        Indexed("project_id", Text, lambda channel: channel.project_id),
        Indexed("is_default", Boolean, lambda channel: channel.is_default),
    ],
    references=_of_channel,
    visible=Lying("ProjectView", project="project_id"),
)
