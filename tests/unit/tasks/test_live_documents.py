"""Every kind of document that pages show is told of when it changes, to whoever may see it and to nobody else."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from gurita.audit.service import SHOWN
from gurita.engine.transitions import tell
from gurita.kernel.places import Scope
from gurita.server.routes import ROUTES
from gurita.store.kinds import KINDS
from gurita.store.tx import Tx
from gurita.tasks.changes import PERMISSIONS
from tests.helpers import House
from tests.unit.tasks.journaling import NOW, Desk, Heard, listening, room

STREAM = "Spaces-1/gurita/changes"
SCRIPT = {
    "ActionType": "Octopus.Script",
    "Properties": {"Octopus.Action.RunOnServer": "True", "Octopus.Action.Script.ScriptBody": "echo"},
}
TOKEN = {"AccountType": "Token", "Token": {"HasValue": True, "NewValue": "a-token-nobody-has"}}
MADE = [
    ("accounts", {"Name": "A", **TOKEN}),
    ("feeds", {"Name": "A", "FeedType": "NuGet", "FeedUri": "http://127.0.0.1:1/"}),
    ("libraryvariablesets", {"Name": "A", "ContentType": "Variables"}),
    ("lifecycles", {"Name": "A"}),
    ("machinepolicies", {"Name": "A"}),
    ("projectgroups", {"Name": "A"}),
    ("proxies", {"Name": "A", "Host": "proxy.example"}),
    ("workerpools", {"Name": "A", "WorkerPoolType": "StaticWorkerPool"}),
]


async def heard_of(heard: Heard, id: str) -> str:
    """The kind under which a change of this document is told next; others before it are passed over."""
    while (one := await heard.next()) is not None:
        if one["event"] == "change" and one["data"]["Id"] == id:
            return str(one["data"]["Kind"])
    raise AssertionError(f"nobody told of {id}")


async def test_making_changing_and_deleting_what_pages_show_is_told(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, _), listening(gurita.app, STREAM) as heard:
        for path, body in MADE:
            made = await gurita.post(path, body)
            assert await heard_of(heard, made["Id"]) == path
            found = await gurita.get(f"{path}/{made['Id']}")
            await gurita.put(f"{path}/{made['Id']}", {**found, "Name": "B"})
            assert await heard_of(heard, made["Id"]) == path
            await gurita.delete(f"{path}/{made['Id']}")
            assert await heard_of(heard, made["Id"]) == path


async def project(gurita: House) -> Any:
    group, lifecycle = [
        (await gurita.get(f"{kind}/all"))[0]["Id"] for kind in ("projectgroups", "lifecycles")
    ]
    return await gurita.post("projects", {"Name": "Web", "ProjectGroupId": group, "LifecycleId": lifecycle})


async def test_processes_variables_and_channels_are_told_by_their_own_ids(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, _), listening(gurita.app, STREAM) as heard:
        id = (await project(gurita))["Id"]
        place = f"projects/{id}/deploymentprocesses"
        step = {"Name": "One", "Actions": [{"Name": "One", **SCRIPT}]}
        saved = await gurita.put(place, {**await gurita.get(place), "Steps": [step]})
        assert await heard_of(heard, saved["Id"]) == "deploymentprocesses"
        await gurita.put(f"variables/variableset-{id}", {"Variables": [{"Name": "A", "Value": "secret-ish"}]})
        assert await heard_of(heard, f"variableset-{id}") == "variables"
        channel = await gurita.post("channels", {"Name": "Beta", "ProjectId": id})
        assert await heard_of(heard, channel["Id"]) == "channels"


async def test_a_change_says_what_changed_and_nothing_of_what_it_says(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, _):
        id = (await project(gurita))["Id"]
        async with listening(gurita.app, STREAM) as heard:
            assert (await heard.next() or {})["event"] == "hello"
            variable = {"Name": "Hidden", "Value": "value-of-it"}
            await gurita.put(f"variables/variableset-{id}", {"Variables": [variable]})
            told = await heard.next()
        assert told is not None
        data = told["data"]
        assert {**data, "At": ""} == {
            "Kind": "variables",
            "Id": f"variableset-{id}",
            "At": "",
            "Detail": {"category": "Modified"},
        }


def say(kind: str, id: str, tx: Tx) -> None:
    tell(tx, kind, id, NOW, {}, "Spaces-1")


def among(allowed: set[str], permission: str, _space: str | None) -> bool:
    return permission in allowed


async def told_after(gurita: House, desk: Desk, *told: tuple[str, str]) -> list[str]:
    """The ids a viewer hears of, of changes of such kinds; a task, which everybody sees here, ends it."""
    async with listening(gurita.app, STREAM) as heard:
        assert (await heard.next() or {})["event"] == "hello"
        for kind, id in (*told, ("task", "ServerTasks-1")):
            await desk.write(partial(say, kind, id))
        ids: list[str] = []
        while not ids or ids[-1] != "ServerTasks-1":
            ids.append(str((await heard.next() or {})["data"]["Id"]))
    return ids[:-1]


async def test_each_kind_takes_the_permission_that_reading_it_takes(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        for shown in SHOWN.values():
            mine = {"TaskView", shown.permission}
            for allowed, heard in ((mine, ["X-1"]), ({"TaskView"}, [])):
                gurita.may(partial(among, allowed))
                assert await told_after(gurita, desk, (shown.kind, "X-1")) == heard, shown


async def test_variables_of_the_library_are_told_to_who_sees_the_library(tmp_path: Path) -> None:
    library = ("variables", "variableset-LibraryVariableSets-1")
    async with room(tmp_path) as (gurita, desk):
        both = {"TaskView", "VariableView", "LibraryVariableSetView"}
        gurita.may(partial(among, both))
        assert await told_after(gurita, desk, library) == [library[1]]
        gurita.may(partial(among, both - {"LibraryVariableSetView"}))
        assert await told_after(gurita, desk, library) == []


def within(project: str, permission: str, _space: str | None) -> list[Scope]:
    """Everything but tasks is held within one project only."""
    return [Scope() if permission == "TaskView" else Scope(projects=frozenset([project]))]


async def test_processes_are_told_within_ones_projects_and_what_lies_nowhere_to_all(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        id = (await project(gurita))["Id"]
        theirs = [("deploymentprocesses", f"deploymentprocess-{id}"), ("lifecycles", "Lifecycles-1")]
        for seen, heard in ((id, [one for _, one in theirs]), ("Projects-99", ["Lifecycles-1"])):
            gurita.viewer = replace(gurita.viewer, held=partial(within, seen))
            assert await told_after(gurita, desk, *theirs) == heard


def test_what_is_told_names_kinds_and_places_that_exist() -> None:
    rooms = {part for route in ROUTES for part in route.path.split("/")}
    for name, shown in SHOWN.items():
        assert name in KINDS
        assert PERMISSIONS[shown.kind] == shown.permission
        assert shown.kind in rooms or f"{shown.kind}s" in rooms, shown
