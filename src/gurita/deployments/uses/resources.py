"""API shapes of `gurita/packages/{package_id}/{version}/releases`. They are our own."""

from __future__ import annotations

from msgspec import field

from gurita.http.wire import Moment, Wire

__all__ = ["PackageUse", "UsedAt"]


class UsedAt(Wire):
    """The last deployment of the release to an environment. `is_last`: the project has deployed nothing there since."""

    environment_id: str
    environment_name: str
    deployment_id: str
    task_id: str
    state: str
    has_pending_interruptions: bool
    has_warnings_or_errors: bool
    completed_time: Moment | None
    is_last: bool


class PackageUse(Wire):
    """A release with the package version in it."""

    release_id: str
    release_version: str
    project_id: str
    project_name: str
    assembled: Moment
    places: list[UsedAt] = field(default_factory=list)
