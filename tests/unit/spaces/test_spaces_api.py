from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from gurita.engine.tables import stopped_queue, task
from gurita.server.routes import ROUTES
from gurita.spaces.rules import slug_for
from gurita.spaces.taken import TAKEN
from tests.helpers import House, house
from tests.looping import in_loop


async def stop(gurita: House, space: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = await gurita.put(f"spaces/{space['Id']}", {**space, "TaskQueueStopped": True})
    return changed


@in_loop
async def test_a_new_space_comes_with_what_belongs_in_it(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("spaces", {"Name": "Second Space", "SpaceManagersTeams": ["teams-everyone"]})
        assert (made["Id"], made["Slug"], made["IsDefault"]) == ("Spaces-2", "second-space", False)
        assert made["SpaceManagersTeams"] == ["teams-spacemanagers-Spaces-2", "teams-everyone"]
        assert "SpaceId" not in made
        assert made["Links"] == {
            "Self": "/api/spaces/Spaces-2",
            "SpaceHome": "/api/Spaces-2",
            "Web": "/app#/Spaces-2",
            "Logo": "/api/spaces/Spaces-2/logo",
            "Search": "/api/spaces/Spaces-2/search{?keyword}",
        }
        (group,) = await gurita.get("Spaces-2/projectgroups/all")
        (lifecycle,) = await gurita.get("spaces/second-space/lifecycles/all")
        (policy,) = await gurita.get("Second%20Space/machinepolicies/all")
        assert (group["Name"], lifecycle["Name"]) == ("Default Project Group", "Default Lifecycle")
        assert lifecycle["Phases"] == []
        assert (policy["Name"], policy["IsDefault"]) == ("Default Machine Policy", True)


@in_loop
async def test_the_default_space_is_there_from_the_start_and_stays(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        (space,) = await gurita.get("spaces/all")
        assert (space["Id"], space["Name"], space["IsDefault"]) == ("Spaces-1", "Default", True)
        told = await gurita.refused(409, "DELETE", "spaces/Default")
        assert "Make another space the default" in told["Errors"][0]
        told = await gurita.refused(400, "PUT", "spaces/Spaces-1", {**space, "IsDefault": False})
        assert told["Errors"][0].startswith("IsDefault: ")


@in_loop
async def test_another_space_takes_over_as_the_default(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("spaces", {"Name": "Second", "IsDefault": True})
        spaces = {space["Id"]: space["IsDefault"] for space in await gurita.get("spaces/all")}
        assert spaces == {"Spaces-1": False, "Spaces-2": True}
        await gurita.post("environments", {"Name": "Unscoped"})
        assert [one["Name"] for one in await gurita.get("Spaces-2/environments/all")] == ["Unscoped"]


@in_loop
async def test_a_space_goes_only_after_its_queue_was_stopped(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("spaces", {"Name": "Second"})
        told = await gurita.refused(400, "DELETE", "spaces/Spaces-2")
        (sentence,) = told["Errors"]
        assert sentence == (
            "TaskQueueStopped: the task queue of 'Second' is running. "
            "Stop it first: PUT the space with TaskQueueStopped true, then delete it."
        )
        stopped = await stop(gurita, made)
        assert await gurita.store.read(lambda tx: tx.scalar(select(stopped_queue.c.space))) == "Spaces-2"
        await gurita.put("spaces/Spaces-2", {**stopped, "TaskQueueStopped": False})
        assert await gurita.store.read(lambda tx: tx.one(select(stopped_queue))) is None
        await gurita.refused(400, "DELETE", "spaces/Spaces-2")


@in_loop
async def test_a_space_with_running_tasks_stays(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await stop(gurita, await gurita.post("spaces", {"Name": "Second"}))
        await gurita.store.write(lambda tx: tx.run(insert(task).values(**_task("Executing"))))
        told = await gurita.refused(409, "DELETE", "spaces/Spaces-2")
        assert "1 tasks of 'Second' are still running" in told["Errors"][0]


def _task(state: str) -> dict[str, object]:
    return {
        "space": "Spaces-2", "name": "Health", "description": "", "arguments": "{}", "state": state, "rule": "claim",
        "created": 0, "updated": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "slug", ["projects", "environments", "spaces", "users", "tasks", "octopusservernodes"]
)
@in_loop
async def test_a_slug_that_begins_an_address_is_refused(slug: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        told = await gurita.refused(400, "POST", "spaces", {"Name": "Mine", "Slug": slug})
        assert told["Errors"] == [
            f"Slug: '{slug}' is the beginning of an address of this API. Choose another one, for example '{slug}-space'."
        ]
        made = await gurita.post("spaces", {"Name": slug.capitalize()})
        assert made["Slug"] == f"{slug}-space"


def test_every_first_segment_of_our_own_routes_is_taken() -> None:
    ours = {route.path.strip("/").partition("/")[0].lower() for route in ROUTES if route.level != "root"}
    assert {one for one in ours if one and "{" not in one} <= TAKEN


def test_slugs_are_made_from_names() -> None:
    assert slug_for("My Space", TAKEN) == "my-space"
    assert slug_for("Tasks", TAKEN) == "tasks-space"


@in_loop
async def test_a_renamed_space_is_found_by_its_new_name_at_once(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("spaces", {"Name": "Old"})
        assert (await gurita.ask("GET", "Old/environments")).status == 200
        await gurita.put("spaces/Spaces-2", {**made, "Name": "New", "Slug": "new"})
        assert (await gurita.ask("GET", "New/environments")).status == 200
        assert (await gurita.ask("GET", "Old/environments")).status == 404


@in_loop
async def test_names_of_spaces_are_unique_and_bounded(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        told = await gurita.refused(409, "POST", "spaces", {"Name": "DEFAULT"})
        assert told["Errors"][0].startswith("Name: ")
        told = await gurita.refused(400, "POST", "spaces", {"Name": "x" * 101})
        assert told["Errors"] == ["Name: has 101 characters. Use at most 100."]
        told = await gurita.refused(400, "POST", "spaces", {"Name": "New", "TaskQueueStopped": True})
        assert told["Errors"][0].startswith("TaskQueueStopped: ")
