"""Tasks through the API: finding, starting, canceling, repeating, correcting, explaining."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from gurita.engine.locks import acquire_in
from gurita.engine.queue import NewTask, claim_in, submit_in
from gurita.engine.tables import task
from gurita.tasks import registry
from tests.helpers import House
from tests.unit.tasks.journaling import NOW, Desk, plan_of, room


async def categories(gurita: House, id: str) -> list[str]:
    return [one["Category"] for one in (await gurita.get(f"events?regarding={id}"))["Items"]]


async def described(gurita: House, query: str) -> str:
    page = await gurita.get(query)
    assert page["TotalResults"] >= len(page["Items"])
    return " ".join(one["Description"] for one in page["Items"])


async def several(desk: Desk) -> dict[str, int]:
    """Tasks in all states of two spaces and of the system."""
    wanted: dict[str, dict[str, Any]] = {
        "one": {"project": "Projects-1", "environment": "Environments-1"},
        "two": {"project": "Projects-2", "tenant": "Tenants-1", "name": "Health"},
        "three": {"not_before": NOW + 5000},
        "other": {"space": "Spaces-2"},
        "system": {"space": ""},
    }
    made = {name: await desk.submit(description=name, **more) for name, more in wanted.items()}

    def unit(tx: Any) -> None:
        for name, values in {
            "one": {"state": "Success", "started": NOW, "completed": NOW + 6000, "warnings": True},
            "two": {
                "state": "Executing",
                "started": NOW,
                "node": "OctopusServerNodes-here",
                "interruptions": 1,
            },
            "system": {"state": "Failed", "started": NOW, "completed": NOW + 1},
        }.items():
            tx.run(update(task).where(task.c.number == made[name]).values(**values))

    await desk.write(unit)
    return made


async def test_tasks_are_found_by_everything_that_is_promised(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        made = await several(desk)
        ids = f"ServerTasks-{made['one']},servertasks-{made['three']}"
        for query, names in {
            "": "system other three two one",
            f"ids={ids}": "three one",
            f"ids={ids}&ids=ServerTasks-999999,Machines-1": "three one",
            "ids=nonsense": "",
            "active=true": "other three two",
            "active=false": "system other three two one",
            "running=true": "two",
            "states=success,Failed": "system one",
            "states=Success&running=true": "",
            "project=projects-1": "one",
            "project=Projects-1,Projects-2": "two one",
            "environment=Environments-1": "one",
            "tenant=Tenants-1": "two",
            "runbook=Runbooks-1": "",
            "name=Health": "two",
            "partialName=HEAL": "two",
            "partialName=%25": "",
            "description=THR": "three",
            "node=here": "two",
            "node=OctopusServerNodes-here": "two",
            "hasPendingInterruptions=true": "two",
            "hasWarningsOrErrors=true": "system one",
            "hasWarningsOrErrors=false": "other three two",
            "fromQueueDate=2024-09-23T14:57:23.798Z": "three",
            "toQueueDate=2024-09-23T14:57:18.797Z": "",
            "fromCompletedDate=2024-09-23T14:57:20Z": "one",
            "toStartDate=2024-09-24": "system two one",
            "spaces=Spaces-2": "other",
            "spaces=Spaces-2&includeSystem=true": "system other",
            "includeSystem=false": "other three two one",
            "skip=1&take=2": "other three",
            "take=2147483647": "system other three two one",
        }.items():
            assert await described(gurita, f"tasks?{query}") == names, query
        assert await described(gurita, "Spaces-1/tasks") == "three two one"
        assert await described(gurita, "Spaces-1/tasks?includeSystem=true") == "system three two one"
        for bad in ("states=Sleeping", "fromStartDate=soon", "hasPendingInterruptions=maybe", "take=-1"):
            assert (await gurita.ask("GET", f"tasks?{bad}")).status == 400, bad


async def test_counts_are_by_state_here_and_in_other_spaces(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        await several(desk)
        page = await gurita.get("Spaces-1/tasks?states=Success&take=1")
        assert (page["TotalResults"], page["ItemType"]) == (1, "Task")
        counts, others = page["TotalCounts"], page["TotalCountsInOtherSpaces"]
        assert {name: count for name, count in counts.items() if count} == {
            "Executing": 1,
            "Interrupted": 1,
            "Queued": 1,
            "Success": 1,
        }
        assert {name: count for name, count in others.items() if count} == {"Failed": 1, "Queued": 1}
        assert set(counts) == {
            "Canceled", "Cancelling", "Executing", "Failed", "Queued", "Success", "TimedOut", "Interrupted",
        }  # fmt: skip


async def test_tasks_of_other_spaces_are_as_unknown_as_none(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        made = await several(desk)
        gurita.may(lambda _permission, space: space in ("Spaces-1", None))
        hidden, system = f"ServerTasks-{made['other']}", f"ServerTasks-{made['system']}"
        unknown = "ServerTasks-424242"
        for path in (
            "",
            "/details",
            "/raw",
            "/log",
            "/log/events",
            "/log/search",
            "/log/map?node=x",
            "/explain",
            "/queued-behind",
            "/status/messages",
        ):
            for id in (hidden, system, unknown):
                answer = await gurita.ask("GET", f"tasks/{id}{path}")
                assert answer.status == 404
                assert answer.json["ErrorMessage"] == f"The resource '{id}' was not found."
        for id in (hidden, system, unknown):
            for path in ("cancel", "prioritize", "state"):
                await gurita.refused(404, "POST", f"tasks/{id}/{path}", {"State": "Success", "Reason": "x"})
            await gurita.refused(404, "POST", f"tasks/rerun/{id}", {})
        assert (await gurita.ask("GET", f"Spaces-1/tasks/{hidden}")).status == 404
        page = await gurita.get("tasks")
        assert page["TotalResults"] == 3
        assert set(page["TotalCountsInOtherSpaces"].values()) == {0}


async def test_a_permission_that_is_missing_is_named(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        id = f"ServerTasks-{await desk.submit()}"
        gurita.may(lambda permission, space: permission == "TaskView" or space is None)
        for path, permission in {
            "cancel": "TaskCancel",
            "prioritize": "TaskPrioritize",
            "state": "TaskEdit",
        }.items():
            told = await gurita.refused(
                403, "POST", f"tasks/{id}/{path}", {"State": "Success", "Reason": "x"}
            )
            assert told["Errors"] == [f"Missing permission: {permission}"]
        told = await gurita.refused(403, "POST", f"tasks/rerun/{id}", {})
        assert told["Errors"] == ["Missing permission: DeploymentCreate"]
        assert (await gurita.ask("GET", f"tasks/{id}/raw")).status == 403
        assert (await gurita.ask("GET", f"tasks/{id}/log/events")).status == 403


async def test_links_lead_into_the_tasks_own_space(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        id = f"ServerTasks-{await desk.submit()}"
        for path in (f"tasks/{id}", f"Spaces-1/tasks/{id}", f"spaces/Default/TASKS/{id}/"):
            links = (await gurita.get(path))["Links"]
            assert links["Self"] == f"/api/Spaces-1/tasks/{id}"
            assert links["Details"] == f"/api/Spaces-1/tasks/{id}/details{{?verbose,tail,ranges}}"
            assert {"Cancel", "Prioritize", "Raw", "QueuedBehind", "Artifacts", "Interruptions"} <= set(links)
            assert "Rerun" not in links


async def machine(gurita: House) -> Any:
    environment = await gurita.post("environments", {"Name": "Dev"})
    body = {
        "Name": "web", "Roles": ["web"], "EnvironmentIds": [environment["Id"]],
        "Endpoint": {"CommunicationStyle": "None"},
    }  # fmt: skip
    return await gurita.post("machines", body)


async def test_a_script_is_queued_as_it_was_given(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, _):
        web = await machine(gurita)
        arguments = {
            "scriptBody": "echo hi",
            "Syntax": "Bash",
            "MachineIds": ["WEB"],
            "Unknown": 1,
            "TenantIds": None,
        }
        made = await gurita.post(
            "tasks", {"name": "adhocscript", "arguments": arguments, "Description": "Look"}
        )
        assert (made["Name"], made["State"], made["Description"]) == ("AdHocScript", "Queued", "Look")
        assert made["Arguments"]["ScriptBody"] == "echo hi"
        assert made["Arguments"]["MachineIds"] == [web["Id"]]
        assert made["Arguments"]["TargetType"] == "Machines"
        assert (made["SpaceId"], made["Rule"]) == ("Spaces-1", "submit")
        assert await categories(gurita, made["Id"]) == ["Queued"]


async def test_a_health_check_keeps_its_times_to_the_millisecond(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        await machine(gurita)
        now = gurita.services.milliseconds()
        at = "2024-09-23T14:57:18.798+02:00"
        desk.clock = now
        body = {"Name": "Health", "Arguments": {"EnvironmentId": "dev"}, "QueueTime": at}
        made = await gurita.post("Spaces-1/tasks", body)
        assert made["QueueTime"] == "2024-09-23T12:57:18.798+00:00"
        assert made["EnvironmentId"] == made["Arguments"]["EnvironmentId"] == "Environments-1"
        assert await gurita.get(f"tasks/{made['Id']}") == {**made, "Duration": made["Duration"]}


async def test_a_task_that_makes_no_sense_is_refused_whole(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, _):
        await machine(gurita)
        script = {"ScriptBody": "x", "MachineIds": ["web"]}
        for body, told in (
            ({"Name": "Deploy", "Arguments": {}}, "Known: AdHocScript, Health"),
            ({"Name": "Destroy"}, "Known: AdHocScript, Health"),
            ({"Arguments": {}}, "Name: required"),
            ({"Name": "AdHocScript", "Arguments": {"MachineIds": ["web"]}}, "Arguments.ScriptBody: required"),
            (
                {"Name": "AdHocScript", "Arguments": {"ScriptBody": "", "MachineIds": ["web"]}},
                "Arguments.ScriptBody",
            ),
            ({"Name": "AdHocScript", "Arguments": {**script, "Syntax": "Perl"}}, "Arguments.Syntax"),
            (
                {"Name": "AdHocScript", "Arguments": {**script, "MachineIds": ["Machines-99"]}},
                "Arguments.MachineIds",
            ),
            ({"Name": "AdHocScript", "Arguments": {**script, "MachineIds": "web"}}, "Arguments.MachineIds"),
            ({"Name": "AdHocScript", "Arguments": {"ScriptBody": "x"}}, "Arguments.TargetType"),
            ({"Name": "Health", "Arguments": {"Timeout": "soon"}}, "Arguments.Timeout"),
            (
                {"Name": "Health", "Arguments": {"EnvironmentId": "Environments-77"}},
                "Arguments.EnvironmentId",
            ),
            ({"Name": "Health", "SpaceId": "Spaces-2"}, "SpaceId: there is no space"),
            ({"Name": "Health", "QueueTime": "soon"}, "QueueTime"),
            ({"Name": "Health", "QueueTimeExpiry": "2001-01-01"}, "QueueTimeExpiry"),
            ({"Name": "Health", "QueueTime": "2999-01-01"}, "QueueTime: is more than a year away"),
        ):
            answer = await gurita.refused(400, "POST", "tasks", body)
            assert told in answer["Errors"][0], body


async def test_a_queued_task_is_canceled_at_once_and_a_running_one_obeys(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        queued = f"ServerTasks-{await desk.submit()}"
        ended = await gurita.post(f"tasks/{queued}/cancel", {})
        assert (ended["State"], ended["IsCompleted"], ended["Rule"]) == ("Canceled", True, "cancel-queued")
        again = await gurita.post(f"tasks/{queued}/cancel", b"")
        assert again["State"] == "Canceled"
        assert await categories(gurita, queued) == ["Canceled"]
        owner = await desk.started()
        running = await gurita.post(f"tasks/ServerTasks-{owner.number}/cancel", {})
        assert (running["State"], running["IsCompleted"]) == ("Cancelling", False)
        await gurita.post(f"tasks/ServerTasks-{owner.number}/cancel", {})
        assert await categories(gurita, f"ServerTasks-{owner.number}") == ["Canceled"]


async def test_an_ended_task_runs_again_as_another_one(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        made = await gurita.post("tasks", {"Name": "Health", "Description": "Look"})
        told = await gurita.refused(409, "POST", f"tasks/rerun/{made['Id']}", {})
        assert "has not ended" in told["Errors"][0] + told["ErrorMessage"]
        await gurita.post(f"tasks/{made['Id']}/cancel", {})
        ended = await gurita.get(f"tasks/{made['Id']}")
        assert ended["CanRerun"] is True
        assert ended["Links"]["Rerun"] == f"/api/Spaces-1/tasks/rerun/{made['Id']}"
        again = await gurita.post(f"tasks/rerun/{made['Id']}", {})
        assert again["Id"] != made["Id"]
        assert (again["State"], again["RerunOfTaskId"]) == ("Queued", made["Id"])
        assert again["Arguments"] == made["Arguments"]
        assert await categories(gurita, again["Id"]) == ["Queued"]
        odd = f"ServerTasks-{await desk.submit(name='Odd')}"
        await gurita.post(f"tasks/{odd}/cancel", {})
        await gurita.refused(400, "POST", f"tasks/rerun/{odd}", {})


async def test_who_knows_deployments_says_how_one_runs_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(tx: Any, ctx: Any, row: Any) -> int:
        assert (ctx.space, row["name"]) == ("Spaces-1", "Deploy")
        return submit_in(tx, NewTask(ctx.space, "Deploy", "again", rerun_of=row["number"]), NOW)

    monkeypatch.setitem(registry.rerunners, "Deploy", again)
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started()
        await desk.end(owner)
        made = await gurita.post(f"Spaces-1/tasks/rerun/ServerTasks-{owner.number}", {})
        assert (made["Description"], made["RerunOfTaskId"]) == ("again", f"ServerTasks-{owner.number}")


async def test_a_recorded_result_is_corrected_with_a_reason(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started()
        id = f"ServerTasks-{owner.number}"
        place, body = f"tasks/{id}/state", {"State": "success", "Reason": "Checked by hand"}
        await gurita.refused(409, "POST", place, body)
        await desk.end(owner, "fail", error="It broke.")
        before = await gurita.get(f"tasks/{id}")
        for bad in (
            {"State": "success"},
            {"State": "success", "Reason": "  "},
            {"State": "Queued", "Reason": "x"},
            {},
        ):
            await gurita.refused(400, "POST", place, bad)
        after = await gurita.post(place, body)
        assert (after["State"], after["FinishedSuccessfully"], after["Rule"]) == (
            "Success",
            True,
            "set-state",
        )
        assert after["CompletedTime"] == before["CompletedTime"]
        await gurita.post(place, body)
        events = (await gurita.get(f"events?regarding={id}"))["Items"]
        assert [one["Category"] for one in events] == ["TaskStateModified"]
        assert "from Failed to Success: Checked by hand" in events[0]["Message"]


async def test_a_prioritized_task_is_claimed_first(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        first, second = await desk.submit(), await desk.submit()
        made = await gurita.post(f"tasks/ServerTasks-{second}/prioritize", {})
        assert made["Priority"] == 1
        assert (await gurita.post(f"tasks/ServerTasks-{second}/prioritize", {}))["Priority"] == 1
        assert (await desk.claim()).number == second
        told = await gurita.refused(409, "POST", f"tasks/ServerTasks-{second}/prioritize", {})
        assert "not waiting" in told["Errors"][0]
        assert await categories(gurita, f"ServerTasks-{second}") == ["Modified"]
        assert (await desk.claim()).number == first


async def test_a_waiting_task_names_whom_it_waits_for(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        running = await desk.started(tag="Projects-1/Environments-1")
        waiting = await desk.submit(tag="Projects-1/Environments-1")
        last = await desk.submit(tag="Projects-1/Environments-1")
        await desk.submit(tag="Projects-2/Environments-1")
        why = await gurita.get(f"tasks/ServerTasks-{waiting}/explain")
        reasons = {one["Code"]: one["Ids"] for one in why["Reasons"]}
        assert reasons["tag-busy"] == [f"ServerTasks-{running.number}"]
        assert (why["State"], why["RuleDescription"]) == ("Queued", "Put into the queue.")
        messages = await gurita.get(f"tasks/ServerTasks-{waiting}/status/messages")
        assert {"Category", "Title", "Message"} == set(messages[0])
        behind = await gurita.get(f"tasks/ServerTasks-{last}/queued-behind?take=1")
        assert behind["TotalResults"] == 2
        assert [one["Id"] for one in behind["Items"]] == [f"ServerTasks-{running.number}"]
        assert behind["Links"]["Page.Next"]
        assert await gurita.get(f"tasks/ServerTasks-{running.number}/status/messages") == []


def _wait_for_web(number: int, tx: Any) -> None:
    acquire_in(tx, "target:Machines-web", number, f"h{number}", "write", NOW)


async def test_a_task_that_waits_for_a_target_names_the_holders(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        first, second = await desk.started(), await desk.started(plan_of(1))
        await desk.begin(second, 0, "web")
        for owner in (first, second):
            await desk.write(partial(_wait_for_web, owner.number))
        id = f"ServerTasks-{second.number}"
        (reason,) = (await gurita.get(f"tasks/{id}/explain"))["Reasons"]
        assert (reason["Code"], reason["Ids"]) == ("target-busy", [f"ServerTasks-{first.number}"])
        assert reason["Text"] == f"Waiting for web: ServerTasks-{first.number} is using it."
        behind = await gurita.get(f"tasks/{id}/queued-behind")
        assert [one["Id"] for one in behind["Items"]] == [f"ServerTasks-{first.number}"]
        await desk.end(first)
        assert (await gurita.get(f"tasks/{id}/explain"))["Reasons"] == []


async def test_a_blocker_the_viewer_may_not_see_is_not_named(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        hidden = await desk.submit(space="Spaces-2", description="Secret plans", tag="t")
        await desk.write(lambda tx: claim_in(tx, "OctopusServerNodes-here", NOW))
        waiting = await desk.submit(tag="t")
        gurita.may(lambda _permission, space: space == "Spaces-1")
        answer = await gurita.ask("GET", f"Spaces-1/tasks/ServerTasks-{waiting}/explain")
        assert f"ServerTasks-{hidden}".encode() not in answer.body
        assert answer.json["Reasons"][0]["Text"] == "Waiting for another task to end."
        assert (await gurita.get(f"Spaces-1/tasks/ServerTasks-{waiting}/queued-behind"))["TotalResults"] == 0


async def test_the_kinds_of_tasks(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, _):
        assert {one["Id"] for one in await gurita.get("tasks/tasktypes")} == {
            "AdHocScript",
            "DeleteSpace",
            "Deploy",
            "Health",
        }
