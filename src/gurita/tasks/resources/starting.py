"""What one may ask for: new tasks, and another state for one that has ended."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, field

from gurita.http.wire import Wire

__all__ = ["AdHocScriptArguments", "HealthArguments", "NewTaskBody", "SetState"]

_Ids = Annotated[list[str], Meta(max_length=10_000)]


class NewTaskBody(Wire):
    """A task to start. `name` is its type; `arguments` depend on it. Times are ISO 8601.

    `space_id` need not be given: the path names the space.
    """

    name: str
    description: Annotated[str, Meta(max_length=1000)] = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    queue_time: str | None = None
    queue_time_expiry: str | None = None
    space_id: str | None = None


class HealthArguments(Wire):
    """What is to be checked: these machines, or all of an environment, pool or policy; nothing named means all."""

    timeout: str = "00:05:00"
    machine_timeout: str = "00:05:00"
    environment_id: str | None = None
    worker_pool_id: str | None = None
    machine_policy_id: str | None = None
    machine_ids: _Ids = field(default_factory=list)
    restricted_to: str | None = None
    only_test_connection: bool = False


class AdHocScriptArguments(Wire):
    """A script and where it runs. Without `target_type` the ids that are given say it."""

    script_body: Annotated[str, Meta(min_length=1, max_length=1_000_000)]
    syntax: Literal["Bash", "Python", "PowerShell", "CSharp"] = "Bash"
    target_type: Literal["Machines", "Environments", "Workers", "WorkerPools", "OctopusServer"] | None = None
    machine_ids: _Ids = field(default_factory=list)
    environment_ids: _Ids = field(default_factory=list)
    target_roles: _Ids = field(default_factory=list)
    tenant_ids: _Ids = field(default_factory=list)
    worker_ids: _Ids = field(default_factory=list)
    worker_pool_ids: _Ids = field(default_factory=list)
    action_template_id: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)


class SetState(Wire):
    """The result a task is to be recorded with from now on, and why."""

    state: str
    reason: Annotated[str, Meta(max_length=2000)] | None = None
