"""What the process that answers knows of itself."""

from __future__ import annotations

import os
import platform
import resource
import threading
import time
from datetime import timedelta
from pathlib import Path
from zoneinfo import available_timezones

from gurita.http.root import PRODUCT_VERSION, VERSION
from gurita.nodes.resources import NodeSummary, ServerHealth, SystemInfo, Timezone

__all__ = ["CAPABILITIES", "health", "span", "system_info", "timezones"]

_BEGAN = time.monotonic()

CAPABILITIES = (
    "CreateDeploymentTenantedCommandV1",
    "CreateDeploymentUntenantedCommandV1",
    "CreateReleaseCommandV1",
    "GetAllSpacesRequest",
)
"""Names of requests clients look for before they use them."""


def health(nodes: list[NodeSummary]) -> ServerHealth:
    """The state of the cluster in one sentence."""
    alive = [node for node in nodes if not node.is_offline]
    draining = bool(alive) and all(node.is_in_maintenance_mode for node in alive)
    silent = [node.name for node in nodes if node.is_offline]
    description = "The server is operating normally."
    if not alive:
        description = "No node has been seen lately: tasks are not being run."
    elif draining:
        description = "All nodes are drained: no new task starts."
    elif silent:
        description = f"Offline: {', '.join(silent)}. The other nodes do the work."
    return ServerHealth(
        is_operating_normally=bool(alive) and not draining,
        description=description,
        is_entire_cluster_read_only=False,
        is_entire_cluster_draining_tasks=draining,
    )


def system_info() -> SystemInfo:
    """Version, memory and age of this process."""
    return SystemInfo(
        version=VERSION,
        product_version=PRODUCT_VERSION,
        os_version=f"{platform.system()} {platform.release()}",
        clr_version=f"Python {platform.python_version()}",
        working_set_bytes=_resident(),
        thread_count=threading.active_count(),
        uptime=span(timedelta(seconds=time.monotonic() - _BEGAN)),
    )


def _resident() -> int:
    """Bytes of memory the process holds now; the most it ever held where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return pages * os.sysconf("SC_PAGE_SIZE")


def span(duration: timedelta) -> str:
    """A duration as `d.hh:mm:ss`."""
    minutes, seconds = divmod(duration.seconds, 60)
    return f"{duration.days}.{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def timezones() -> list[Timezone]:
    """Every time zone this machine knows, by name; the local one is marked."""
    local = _local()
    names = sorted(available_timezones() | {"UTC"})
    return [Timezone(id=name, name=name.replace("_", " "), is_local=name == local) for name in names]


def _local() -> str:
    link = Path("/etc/localtime")
    target = str(link.resolve()) if link.exists() else ""
    return target.partition("zoneinfo/")[2] or "UTC"
