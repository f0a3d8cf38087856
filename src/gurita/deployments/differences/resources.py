"""API shapes of `gurita/releases/{id}/differences`. They are our own."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from gurita.http.wire import Moment, Wire

__all__ = [
    "Differences",
    "DifferencesQuery",
    "LastDeployed",
    "PackageDifference",
    "StepDifference",
    "TargetDifferences",
    "TargetName",
    "VariableDifference",
]


class DifferencesQuery(Wire):
    """Where the release would go: environments by id, slug or name."""

    environments: list[str] = field(default_factory=list)


class TargetName(Wire):
    """A deployment target; `server` stands for what runs on the server or a worker."""

    id: str
    name: str


class LastDeployed(Wire):
    """The last deployment of the project that began anything on a target of this environment."""

    deployment_id: str
    task_id: str
    release_id: str
    release_version: str
    state: str
    completed_time: Moment | None = None


class PackageDifference(Wire):
    """A package of a step: `before` is the version its last success brought there, None if it has not been there."""

    name: str
    package_id: str
    before: str | None
    after: str | None


class StepDifference(Wire):
    """A step on a target.

    `New`: it has not run there. `Changed`: its settings differ, `settings` names them. `Same`: they do not. `Removed`: it ran there, and
    the process has it no more. `NotHere`: it ran there, and would not now. `opaque` says why nobody can tell what it does, and is
    empty where that is known. `last_version` is the release of its last success there, `failed_since` that it failed after that.
    """

    action_id: str
    action_name: str
    action_number: str
    change: Literal["New", "Changed", "Same", "Removed", "NotHere"]
    settings: list[str] = field(default_factory=list)
    packages: list[PackageDifference] = field(default_factory=list)
    opaque: str = ""
    last_version: str | None = None
    failed_since: bool = False


class VariableDifference(Wire):
    """A variable with another value there. `Through`: its text is the same, and `through` names what it mentions that changed.

    Values are cut to 300 characters; those of sensitive variables are never told. `steps` names the steps for which it holds, none for
    all.
    """

    name: str
    change: Literal["Added", "Removed", "Changed", "Through"]
    before: str | None = None
    after: str | None = None
    is_sensitive: bool = False
    through: str = ""
    steps: list[str] = field(default_factory=list)


class TargetDifferences(Wire):
    """Targets on which the very same changes, and what they are. `hidden_variables` counts those the reader may not see."""

    targets: list[TargetName]
    last: LastDeployed | None = None
    steps: list[StepDifference] = field(default_factory=list)
    variables: list[VariableDifference] = field(default_factory=list)
    hidden_variables: int = 0


class Differences(Wire):
    """What a deployment to one environment would change."""

    environment_id: str
    groups: list[TargetDifferences] = field(default_factory=list)
