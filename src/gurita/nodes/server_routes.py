"""`serverstatus` and `scheduler` (api.md 10)."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

from msgspec.structs import replace
from starlette.responses import Response

from gurita.configuration.service import in_maintenance_in
from gurita.http.api import Call
from gurita.http.links import with_links
from gurita.http.permissions import PUBLIC, SIGNED_IN
from gurita.http.routes import Routes
from gurita.http.wire import write
from gurita.kernel.errors import NotFound
from gurita.nodes import service, status
from gurita.nodes.counting import counts_in
from gurita.nodes.recent_logs import recent
from gurita.nodes.report import report
from gurita.nodes.resources import (
    DocumentCounts,
    ScheduledTaskDetails,
    SchedulerStatus,
    ServerHealth,
    ServerLogLine,
    ServerStatus,
    SystemInfo,
    Timezone,
)
from gurita.nodes.scheduling import schedules_in, trigger_in
from gurita.store.tx import Tx

__all__ = ["routes"]

_system = Routes("system")

_PLACES = {
    "Self": "",
    "Health": "/health",
    "SystemInfo": "/system-info",
    "Timezones": "/timezones",
    "RecentLogs": "/logs",
    "SystemReport": "/system-report",
    "GCCollect": "/gc-collect",
    "Extensions": "/extensions",
    "Counts": "/counts",
    "Activities": "/activities",
}


@_system.get("/serverstatus", permission=SIGNED_IN, returns=ServerStatus)
async def server_status(call: Call) -> bytes:
    """The server's status."""
    closed = await call.services.store.read(in_maintenance_in)
    links = {name: call.links.system(f"serverstatus{place}") for name, place in _PLACES.items()}
    return with_links(write(replace(ServerStatus(), is_in_maintenance_mode=closed)), links)


@_system.get("/serverstatus/health", permission=PUBLIC, returns=ServerHealth)
async def health(call: Call) -> bytes:
    """Whether the server does its work, without signing in."""

    def read(tx: Tx) -> ServerHealth:
        found = status.health(service.summaries_in(tx, call.context))
        return replace(found, is_entire_cluster_read_only=in_maintenance_in(tx))

    found = await call.services.store.read(read)
    own = call.links.system("serverstatus")
    return with_links(write(found), {"Self": f"{own}/health", "Index": own})


@_system.get("/serverstatus/system-info", permission="AdministerSystem", returns=SystemInfo)
async def system_info(call: Call) -> bytes:
    """The process that answers."""
    own = call.links.system("serverstatus/system-info")
    return with_links(write(status.system_info()), {"Self": own})


@_system.get("/serverstatus/timezones", permission=SIGNED_IN, returns=list[Timezone])
async def timezones(_call: Call) -> bytes:
    """Every time zone schedules may use."""
    return b"[" + b",".join(with_links(write(one), {}) for one in status.timezones()) + b"]"


@_system.get("/serverstatus/extensions", permission=SIGNED_IN)
async def extensions(_call: Call) -> list[dict[str, str]]:
    """Extensions of the server: there are none."""
    return []


@_system.get("/serverstatus/activities", permission="AdministerSystem")
async def activities(call: Call) -> dict[str, Any]:
    """What this node is at."""
    name = call.services.settings.node_name

    def read(tx: Tx) -> dict[str, Any]:
        known = service.by_name_in(tx, call.context, name)
        running = service.running_in(tx, call.context, known.id) if known else []
        return {"Node": name, "RunningTasks": running}

    return await call.services.store.read(read)


@_system.get("/serverstatus/counts", permission="AdministerSystem")
async def counts(call: Call) -> DocumentCounts:
    """How much of everything there is."""
    return await call.services.store.read(counts_in)


@_system.get("/serverstatus/logs", permission="AdministerSystem")
async def logs(_call: Call) -> list[ServerLogLine]:
    """The newest lines of this node's own log, oldest first."""
    return recent.lines()


@_system.get(
    "/serverstatus/system-report", permission="AdministerSystem", returns=bytes, media="application/zip"
)
async def system_report(call: Call) -> Response:
    """Everything that helps to understand this server's state, without secrets, as a zip file."""
    found = await call.services.store.read(lambda tx: report(tx, call.context))
    data = await asyncio.to_thread(found.packed)
    headers = {"Content-Disposition": 'attachment; filename="system-report.zip"', "Cache-Control": "no-store"}
    return Response(data, media_type="application/zip", headers=headers)


@_system.post("/serverstatus/gc-collect", permission="AdministerSystem", status=200)
async def collect(_call: Call) -> dict[str, int]:
    """Frees memory nothing refers to any more."""
    return {"Collected": await asyncio.to_thread(gc.collect)}


@_system.get("/scheduler", permission="AdministerSystem")
async def scheduler(call: Call) -> SchedulerStatus:
    """All recurring work."""
    now = call.services.milliseconds()
    found = await call.services.store.read(lambda tx: schedules_in(tx, now))
    return SchedulerStatus(is_running=True, task_status=found)


@_system.get("/scheduler/{name}/logs", permission="AdministerSystem")
async def schedule_log(call: Call, name: str) -> ScheduledTaskDetails:
    """What recurring work told: it writes no log of its own, the server's has it."""
    now = call.services.milliseconds()
    known = {one.name: one for one in await call.services.store.read(lambda tx: schedules_in(tx, now))}
    if name not in known:
        raise NotFound(name)
    began = known[name].last_run or known[name].next_run
    root: dict[str, Any] = {
        "Id": name,
        "Name": name,
        "Status": "Success",
        "Started": began,
        "Ended": began,
        "ShowAtSummaryLevel": True,
        "ProgressPercentage": 100,
        "ProgressMessage": "",
        "Children": [],
        "LogElements": [],
    }
    own = {"Self": call.links.system(f"scheduler/{name}/logs")}
    return ScheduledTaskDetails(id=name, activity_log=root, links=own)


@_system.post("/scheduler/{name}/trigger", permission="AdministerSystem", status=200)
async def trigger(call: Call, name: str) -> dict[str, str]:
    """Makes recurring work due now."""
    await call.services.store.write(lambda tx: trigger_in(tx, call.context, name))
    return {}


routes = _system.items
