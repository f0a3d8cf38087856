from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, update

from gurita.engine.nodes import enlist_in
from gurita.engine.tables import node, task
from gurita.nodes.resources import NodeSummary
from gurita.nodes.status import health, span
from tests.helpers import House, house
from tests.looping import in_loop


async def start(gurita: House, name: str = "here", ago: float = 0) -> None:
    now = int(gurita.services.clock.now().timestamp() * 1000)
    await gurita.store.write(lambda tx: enlist_in(tx, name, "run", 5, "0.1.0", now - int(ago * 1000)))


async def run(gurita: House, state: str) -> None:
    row = {
        "space": "Spaces-1", "name": "Health", "description": state, "arguments": "{}", "state": state,
        "rule": "claim", "created": 0, "updated": 0, "node": "OctopusServerNodes-here", "started": 0,
    }  # fmt: skip
    await gurita.store.write(lambda tx: tx.run(insert(task).values(**row)))


@in_loop
async def test_a_node_is_drained_and_resumed(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        assert (await gurita.ask("GET", "octopusservernodes/ping")).status == 418
        await start(gurita)
        ping = await gurita.ask("GET", "octopusservernodes/ping")
        assert (ping.status, ping.json["Name"]) == (200, "here")
        place = "octopusservernodes/OctopusServerNodes-here"
        drained = await gurita.put(place, {"isInMaintenanceMode": True, "MaxConcurrentTasks": 9})
        assert (drained["IsInMaintenanceMode"], drained["MaxConcurrentTasks"]) == (True, 9)
        assert (await gurita.ask("GET", "octopusservernodes/ping")).status == 418
        assert (await gurita.get("serverstatus/health"))["IsEntireClusterDrainingTasks"] is True
        await gurita.put(place, {"IsInMaintenanceMode": False})
        assert (await gurita.get(place))["MaxConcurrentTasks"] == 9
        assert (await gurita.ask("GET", "octopusservernodes/ping")).status == 200
        events = await gurita.get("events?documentTypes=OctopusServerNodes")
        assert [one["Category"] for one in events["Items"]] == ["NodeResumed", "NodeDrained"]
        for body in ({"MaxConcurrentTasks": -1}, {"MaxConcurrentTasks": "many"}):
            await gurita.refused(400, "PUT", place, body)
        await gurita.refused(404, "PUT", "octopusservernodes/nobody", {})


@in_loop
async def test_a_single_node_is_not_taken_for_silent_though_it_writes_no_heartbeat(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await start(gurita, ago=3600)
        assert (await gurita.ask("GET", "octopusservernodes/ping")).status == 200
        assert (await gurita.get("octopusservernodes/here"))["IsOffline"] is False
        assert (await gurita.get("serverstatus/health"))["IsOperatingNormally"] is True


@in_loop
async def test_the_count_of_running_tasks_is_the_list_it_links_to(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await start(gurita)
        for state in ("Executing", "Cancelling", "Queued", "Success"):
            await run(gurita, state)
        (summary,) = (await gurita.get("octopusservernodes/summary"))["Nodes"]
        running = (await gurita.get("octopusservernodes/here/details"))["RunningTasks"]
        assert summary["RunningTaskCount"] == len(running) == 2
        assert [one["State"] for one in running] == ["Executing", "Cancelling"]
        assert summary["IsLeader"] is True


@in_loop
async def test_only_a_silent_node_may_be_forgotten(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await start(gurita)
        await start(gurita, "gone", ago=31)
        shown = {one["Name"]: one for one in (await gurita.get("octopusservernodes/summary"))["Nodes"]}
        assert (shown["gone"]["IsOffline"], shown["here"]["IsOffline"]) == (True, False)
        told = await gurita.refused(409, "DELETE", "octopusservernodes/here")
        assert "Stop it first" in told["Errors"][0]
        await gurita.delete("octopusservernodes/gone")
        assert (await gurita.get("octopusservernodes"))["TotalResults"] == 1
        await gurita.store.write(lambda tx: tx.run(update(node).values(stopped=True)))
        assert (await gurita.get("serverstatus/health"))["IsOperatingNormally"] is False


@in_loop
async def test_health_and_ping_need_no_signing_in_and_the_rest_does(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await start(gurita)
        gurita.may(lambda _permission, _space: False)
        assert (await gurita.ask("GET", "serverstatus/health")).status == 200
        assert (await gurita.ask("GET", "octopusservernodes/ping")).status == 200
        for target in ("octopusservernodes", "octopusservernodes/summary", "serverstatus/system-info"):
            assert (await gurita.ask("GET", target)).status == 403


@in_loop
async def test_the_server_tells_of_itself(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        info = await gurita.get("serverstatus/system-info")
        assert (
            info["WorkingSetBytes"] > 1_000_000
            and info["OSVersion"]
            and info["ClrVersion"].startswith("Python")
        )
        assert {"Id": "UTC", "Name": "UTC"}.items() <= next(
            one for one in await gurita.get("serverstatus/timezones") if one["Id"] == "UTC"
        ).items()
        assert "CreateReleaseCommandV1" in (await gurita.get("capabilities"))["Capabilities"]
        assert await gurita.get("configuration/feature-toggles?Name=x") == {
            "FeatureToggles": [{"Name": "x", "IsEnabled": False}]
        }
        status = await gurita.get("serverstatus")
        for name in ("Health", "SystemInfo", "Timezones"):
            assert (await gurita.ask("GET", status["Links"][name].removeprefix("/api/"))).status == 200


def test_health_is_told_in_one_sentence() -> None:
    def seen(name: str, *, offline: bool = False, draining: bool = False) -> NodeSummary:
        return NodeSummary(
            id=name, name=name, max_concurrent_tasks=5, is_in_maintenance_mode=draining, last_seen="",
            is_offline=offline, running_task_count=0, is_drained=draining, rank="", is_leader=False, version="",
            started="",
        )  # fmt: skip

    assert health([seen("a")]).description == "The server is operating normally."
    assert "b" in health([seen("a"), seen("b", offline=True)]).description
    assert health([seen("a"), seen("b", offline=True)]).is_operating_normally
    assert not health([seen("a", draining=True)]).is_operating_normally
    assert not health([]).is_operating_normally


def test_a_span_is_written_with_days() -> None:
    assert span(timedelta(days=1, hours=2, minutes=3, seconds=4.5)) == "1.02:03:04"
