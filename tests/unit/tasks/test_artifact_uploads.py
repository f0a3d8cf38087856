"""Artifacts people give to tasks, what holds a task up, and tasks posted below no space."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gurita.engine.logs import LogPlace
from tests.helpers import House
from tests.looping import in_loop
from tests.unit.http.asking import asked
from tests.unit.tasks.journaling import plan_of, room

WEB = LogPlace(0, 0, "Machines-web", 1)


async def created(gurita: House, **more: Any) -> Any:
    body = {"Filename": "report.txt", "ServerTaskId": "ServerTasks-1", **more}
    return await gurita.post("artifacts", body)


@in_loop
async def test_a_file_is_made_filled_read_renamed_and_removed(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        await desk.submit()
        made = await created(gurita, Filename="C:\\\\out\\report.txt", Source="build 7")
        assert (made["Filename"], made["Source"], made["Size"]) == ("report.txt", "build 7", 0)
        assert (await gurita.ask("GET", "artifacts/Artifacts-1/content")).status == 409
        content = bytes(range(256)) * 5000
        answer = await asked(gurita.app, "PUT", made["Links"]["Content"], content)
        assert (answer.status, answer.json["Size"]) == (200, len(content))
        assert (await gurita.ask("GET", "artifacts/Artifacts-1/content")).body == content
        form = (
            b'--x\r\nContent-Disposition: form-data; name="any"; filename="other.bin"\r\n\r\nnew\r\n--x--\r\n'
        )
        headers = {"content-type": "multipart/form-data; boundary=x"}
        answer = await asked(gurita.app, "POST", made["Links"]["Content"], form, headers)
        assert answer.status == 200, answer.body
        assert (await gurita.ask("GET", "artifacts/Artifacts-1/content")).body == b"new"
        renamed = await gurita.put("artifacts/Artifacts-1", {**made, "Filename": "final.txt"})
        assert (renamed["Filename"], renamed["Size"]) == ("final.txt", 3)
        assert [one["Id"] for one in (await gurita.get("artifacts?regarding=ServerTasks-1"))["Items"]] == [
            "Artifacts-1"
        ]
        await gurita.delete("artifacts/Artifacts-1")
        assert (await gurita.get("artifacts"))["TotalResults"] == 0
        told = [one["Category"] for one in (await gurita.get("events?regarding=Artifacts-1"))["Items"]]
        assert told == ["Deleted", "Modified", "Modified", "Modified", "Created"]


@in_loop
async def test_a_file_belongs_to_the_activity_it_names(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started(plan_of(1))
        await desk.begin(owner, 0, "web")
        await desk.attempt(owner, WEB)
        details = await gurita.get("tasks/ServerTasks-1/details")
        node = details["ActivityLogs"][0]["Children"][0]["Children"][0]["Id"]
        assert (await created(gurita, LogCorrelationId=node))["LogCorrelationId"] == node
        root = details["ActivityLogs"][0]["Id"]
        assert (await created(gurita, LogCorrelationId="ServerTasks-9_x/y/z"))["LogCorrelationId"] == root


@in_loop
async def test_files_without_a_task_a_name_or_content_are_refused(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        await desk.submit()
        await desk.submit(space="Spaces-2")
        for body, member in (
            ({"Filename": "a", "ServerTaskId": "ServerTasks-9"}, "ServerTaskId"),
            ({"Filename": "a", "ServerTaskId": "ServerTasks-2"}, "ServerTaskId"),
            ({"Filename": "a/", "ServerTaskId": "ServerTasks-1"}, "Filename"),
            ({"ServerTaskId": "ServerTasks-1"}, "Filename"),
        ):
            told = await gurita.refused(400, "POST", "artifacts", body)
            assert told["Errors"][0].startswith(member), told
        await gurita.refused(404, "PUT", "artifacts/Artifacts-9/content", b"x")
        await gurita.refused(404, "DELETE", "artifacts/Artifacts-9")
        await created(gurita)
        headers = {"content-type": "multipart/form-data; boundary=x"}
        empty = await asked(gurita.app, "PUT", "/api/artifacts/Artifacts-1/content", b"--x--\r\n", headers)
        assert empty.status == 400
        gurita.may(lambda permission, _space: permission != "ArtifactEdit")
        await gurita.refused(403, "PUT", "artifacts/Artifacts-1/content", b"x")


@in_loop
async def test_what_blocks_a_task_is_what_runs_and_what_is_ahead_is_all_of_it(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        for _ in range(3):
            await desk.submit(tag="Projects-1/Environments-1")
        await desk.claim()
        third = (await gurita.get("tasks/ServerTasks-3"))["Links"]
        blocked = await gurita.get(third["BlockedBy"].removeprefix("/api/").partition("{")[0])
        assert [one["Id"] for one in blocked["Items"]] == ["ServerTasks-1"]
        ahead = await gurita.get("tasks/ServerTasks-3/queued-behind")
        assert [one["Id"] for one in ahead["Items"]] == ["ServerTasks-1", "ServerTasks-2"]


@in_loop
async def test_a_task_posted_below_no_space_goes_to_the_space_it_names(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, _):
        await gurita.post("spaces", {"Name": "Second", "SpaceManagersTeams": ["teams-administrators"]})
        body = {"Name": "Health", "SpaceId": "Spaces-2"}
        assert (await gurita.post("tasks", body))["SpaceId"] == "Spaces-2"
        told = await gurita.refused(400, "POST", "Spaces-1/tasks", body)
        assert told["Errors"][0].startswith("SpaceId")
        gurita.may(lambda permission, space: permission != "TaskCreate" or space == "Spaces-1")
        await gurita.refused(403, "POST", "tasks", body)
