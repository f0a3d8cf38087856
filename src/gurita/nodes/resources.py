"""Nodes of the server, and the server's status (api.md 10)."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, field

from gurita.http.wire import Moment, Wire

__all__ = [
    "Cluster",
    "DocumentCounts",
    "FeatureToggle",
    "FeatureToggles",
    "Node",
    "NodeDetails",
    "NodeSettings",
    "NodeSummary",
    "RunningTask",
    "ScheduledTask",
    "ScheduledTaskDetails",
    "SchedulerStatus",
    "ServerHealth",
    "ServerLogLine",
    "ServerStatus",
    "SystemInfo",
    "Timezone",
]

Cap = Annotated[int, Meta(ge=0, le=1000)]


class NodeSettings(Wire):
    """What may be changed of a node: how many tasks it runs at once, and whether it takes new ones."""

    name: str = ""
    max_concurrent_tasks: Cap | None = None
    is_in_maintenance_mode: bool | None = None


class Node(Wire, kw_only=True):
    """A node. In maintenance mode it is drained: it finishes what it runs and takes nothing new."""

    id: str
    name: str
    max_concurrent_tasks: int
    is_in_maintenance_mode: bool
    last_seen: Moment
    is_offline: bool


class NodeSummary(Node, kw_only=True):
    """A node with what it does now. Nodes are equals; the one that is up longest is called the leader."""

    running_task_count: int
    is_drained: bool
    rank: str
    is_leader: bool
    version: str
    started: Moment


class Cluster(Wire):
    """All nodes."""

    nodes: list[NodeSummary]


class RunningTask(Wire):
    """A task a node is at."""

    id: str
    name: str
    description: str
    state: str
    space_id: str | None = None
    project_id: str | None = None
    start_time: Moment | None = None


class NodeDetails(Wire):
    """What exactly a node is at."""

    running_tasks: list[RunningTask]


class ServerStatus(Wire):
    """What matters to those who run the server."""

    is_database_encrypted: bool = True
    is_major_minor_upgrade: bool = False
    is_in_maintenance_mode: bool = False
    maintenance_expires: Moment | None = None
    is_upgrade_available: bool = False
    maximum_available_version: str | None = None
    maximum_available_version_covered_by_license: str | None = None
    is_potential_clone: bool = False


class ServerHealth(Wire):
    """Whether the server does its work. For load balancers and monitors, without signing in."""

    is_operating_normally: bool
    description: str
    is_entire_cluster_read_only: bool
    is_entire_cluster_draining_tasks: bool
    is_compliant_with_license: bool = True


class SystemInfo(Wire, kw_only=True):
    """The process that answers. `uptime` is a time span `d.hh:mm:ss`."""

    id: str = "system-info"
    version: str
    product_version: str
    os_version: str = field(name="OSVersion")
    clr_version: str
    working_set_bytes: int
    thread_count: int
    uptime: str


class Timezone(Wire):
    """A time zone by its IANA name."""

    id: str
    name: str
    is_local: bool = False


class FeatureToggle(Wire):
    """A feature of the field's servers that clients ask for by name, and whether it is on here."""

    name: str
    is_enabled: bool


class FeatureToggles(Wire):
    """Features asked for."""

    feature_toggles: list[FeatureToggle]


class ServerLogLine(Wire):
    """A line of the server's own log."""

    category: str
    occurred_at: Moment
    message_text: str
    detail: str | None = None


class ScheduledTask(Wire):
    """Recurring work: how often, when last and when next."""

    name: str
    interval: str
    next_run: Moment
    last_run: Moment | None = None
    is_enabled: bool = True
    is_overdue: bool = False


class SchedulerStatus(Wire):
    """All recurring work of the server."""

    is_running: bool
    task_status: list[ScheduledTask] = field(default_factory=list)


class ScheduledTaskDetails(Wire):
    """What recurring work told the last time. It writes no log of its own here."""

    id: str
    activity_log: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


class DocumentCounts(Wire):
    """How much of everything there is."""

    global_: dict[str, int] = field(name="Global")
    infrastructure: dict[str, int]
    project: dict[str, int]
    library: dict[str, int]
