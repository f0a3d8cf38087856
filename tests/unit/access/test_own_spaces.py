"""What people see of spaces, and what those who manage one may do with it, without any permission in the system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gurita.access.routes import routes as access_routes
from gurita.access.rules.evaluating import Grant, Grants, may
from gurita.access.service import Authenticator
from gurita.environments.routes import routes as environment_routes
from gurita.http.api import Api
from gurita.http.context import Context, system_viewer
from gurita.kernel.places import Scope
from gurita.spaces.directory import Directory
from gurita.spaces.routes import routes as space_routes
from gurita.spaces.service import ensure_default
from gurita.tasks.routes import routes as task_routes
from tests.unit.access.household import Household, play
from tests.unit.access.test_private_spaces import good


async def somebody(house: Household, name: str, role: str, space: str, **scope: Any) -> str:
    """The key of a new user whose team has a role in a space."""
    user = await house.user(name)
    members = {"Name": name, "MemberUserIds": [user["Id"]]}
    team = await good(house, "POST", f"/api/{space}/teams", members)
    given = {"TeamId": team["Id"], "UserRoleId": role, **scope}
    await good(house, "POST", f"/api/{space}/scopeduserroles", given)
    return await house.key_of(name)


async def with_spaces(house: Household, *names: str) -> list[dict[str, Any]]:
    """The server with its default space and new ones."""
    system = Context(house.services, system_viewer(), "")
    await ensure_default(system)
    house.app = Api(
        [*access_routes, *space_routes, *environment_routes, *task_routes],
        house.services,
        authenticate=Authenticator(house.services),
        resolve_space=Directory(house.store, system).resolve,
    )
    return [await good(house, "POST", "/api/spaces", {"Name": name}) for name in names]


def test_people_are_shown_the_spaces_they_are_given_something_in_and_totals_tell_no_more(
    tmp_path: Path,
) -> None:
    async def scene(house: Household) -> None:
        first, second = await with_spaces(house, "First", "Second")
        key = await somebody(house, "bob", "userroles-environmentviewer", first["Id"])
        listed = await good(house, "GET", "/api/spaces", key=key)
        assert ([one["Id"] for one in listed["Items"]], listed["TotalResults"]) == ([first["Id"]], 1)
        for path in ("/api/spaces/all", "/api/users/me/spaces"):
            assert [one["Id"] for one in await good(house, "GET", path, key=key)] == [first["Id"]], path
        for path in ("?name=Second", "?partialName=eco", f"?ids={second['Id']}"):
            found = await good(house, "GET", f"/api/spaces{path}", key=key)
            assert (found["Items"], found["TotalResults"]) == ([], 0), path
        assert (await good(house, "GET", "/api/spaces/first", key=key))["Id"] == first["Id"]
        hidden, unknown = [
            await house.ask("GET", f"/api/spaces/{id}", key=key) for id in (second["Id"], "Spaces-99")
        ]
        assert (hidden.status, unknown.status) == (404, 404)
        assert (await house.ask("GET", f"/api/spaces/{second['Id']}/logo", key=key)).status == 404
        assert (await house.ask("GET", f"/api/spaces/{first['Id']}/logo", key=key)).status == 200
        nobody = await house.user("nobody")
        none = await good(house, "GET", "/api/spaces", key=await house.key_of("nobody"))
        assert (none["Items"], none["TotalResults"], nobody["Username"]) == ([], 0, "nobody")

    play(tmp_path, scene)


def test_a_private_space_is_shown_to_who_is_inside_and_to_who_sees_spaces(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        (made,) = await with_spaces(house, "Private")
        key = await somebody(house, "bob", "userroles-environmentviewer", made["Id"])
        body = {**made, "IsPrivate": True, "SpaceManagersTeamMembers": []}
        await good(house, "PUT", f"/api/spaces/{made['Id']}", body)
        for asking in (key, None):
            more = {} if asking is None else {"key": asking}
            assert made["Id"] in [one["Id"] for one in await good(house, "GET", "/api/spaces/all", **more)]

    play(tmp_path, scene)


def test_who_manages_a_space_changes_it_and_no_other(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        own, other = await with_spaces(house, "Own", "Other")
        key = await somebody(house, "bob", "userroles-spacemanager", own["Id"])
        path = f"/api/spaces/{own['Id']}"
        body = {**await good(house, "GET", path, key=key), "Description": "Mine", "TaskQueueStopped": True}
        changed = await good(house, "PUT", path, body, key=key)
        assert (changed["Description"], changed["TaskQueueStopped"]) == ("Mine", True)
        before = await house.digest()
        for id in (other["Id"], "Spaces-1", "Spaces-99"):
            refused = await house.ask("PUT", f"/api/spaces/{id}", {**other, "Id": id}, key=key)
            assert (refused.status, "SpaceEdit" in refused.body.decode()) == (403, True), id
            assert (await house.ask("DELETE", f"/api/spaces/{id}", key=key)).status == 403
        default = await house.ask("PUT", path, {**changed, "IsDefault": True}, key=key)
        assert (default.status, await house.digest()) == (403, before), "that would change another space"
        assert (await house.ask("POST", "/api/spaces", {"Name": "New"}, key=key)).status == 403

    play(tmp_path, scene)


def test_a_part_of_a_space_is_not_enough_to_change_or_delete_it(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        (made,) = await with_spaces(house, "Divided")
        dev = await good(house, "POST", f"/api/{made['Id']}/environments", {"Name": "Dev"})
        scope = {"EnvironmentIds": [dev["Id"]]}
        key = await somebody(house, "bob", "userroles-spacemanager", made["Id"], **scope)
        path = f"/api/spaces/{made['Id']}"
        seen = await good(house, "GET", path, key=key)
        assert (await house.ask("PUT", path, {**seen, "Description": "Mine"}, key=key)).status == 403
        assert (await house.ask("DELETE", path, key=key)).status == 403
        asked = f"/api/{made['Id']}/permissions/explain?permission=SpaceEdit"
        told = await good(house, "GET", asked, key=key)
        assert not told["IsAllowed"]
        assert "It is about the whole space" in " ".join(one["Why"] for one in told["Grants"])

    play(tmp_path, scene)


def test_a_narrowed_role_does_not_hold_what_cannot_be_divided() -> None:
    part = Grant(
        frozenset({"SpaceEdit", "MachineView"}), "Spaces-2", Scope(projects=frozenset({"Projects-1"}))
    )
    assert not may(Grants(given=(part,)), "SpaceEdit", "Spaces-2")
    assert may(Grants(given=(Grant(part.permissions, "Spaces-2"),)), "SpaceEdit", "Spaces-2")


def test_who_deletes_their_space_reads_the_task_that_does_it_and_nobody_else_without_permission(
    tmp_path: Path,
) -> None:
    async def scene(house: Household) -> None:
        (made,) = await with_spaces(house, "Leaving")
        key = await somebody(house, "bob", "userroles-spacemanager", made["Id"])
        other = await somebody(house, "eve", "userroles-spacemanager", made["Id"])
        path = f"/api/spaces/{made['Id']}"
        got = await good(house, "GET", path, key=key)
        await good(house, "PUT", path, {**got, "TaskQueueStopped": True}, key=key)
        task = await good(house, "DELETE", path, key=key)
        read = f"/api/tasks/{task['Id']}"
        assert (await good(house, "GET", read, key=key))["Name"] == "DeleteSpace"
        assert (await house.ask("GET", f"{read}/explain", key=key)).status == 200
        assert (await house.ask("POST", f"{read}/cancel", key=key)).status in (403, 404)
        assert (await house.ask("GET", read, key=other)).status in (403, 404)
        nobody = await house.user("nobody")
        assert (await house.ask("GET", read, key=await house.key_of(nobody["Username"]))).status == 403

    play(tmp_path, scene)


def test_an_administrators_permissions_leave_out_the_private_spaces_they_are_not_in(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        (made,) = await with_spaces(house, "Private")
        mine = await good(house, "GET", "/api/users/me/permissions")
        assert [one["SpaceId"] for one in mine["SpacePermissions"]["MachineView"]] == [None]
        body = {**made, "IsPrivate": True, "SpaceManagersTeamMembers": []}
        await good(house, "PUT", f"/api/spaces/{made['Id']}", body)
        left = await good(house, "GET", "/api/users/me/permissions")
        assert [one["SpaceId"] for one in left["SpacePermissions"]["MachineView"]] == ["Spaces-1"]
        assert "SpaceEdit" in left["SystemPermissions"]

    play(tmp_path, scene)


def test_the_team_of_system_managers_is_there_under_its_id_and_manages_all_but_the_server(
    tmp_path: Path,
) -> None:
    async def scene(house: Household) -> None:
        await with_spaces(house)
        bob = await house.user("bob")
        team = await good(house, "GET", "/api/teams/teams-managers")
        assert (team["CanBeDeleted"], team["CanChangeRoles"]) == (False, False)
        await good(house, "PUT", "/api/teams/teams-managers", {**team, "MemberUserIds": [bob["Id"]]})
        held = await good(house, "GET", "/api/users/me/permissions", key=await house.key_of("bob"))
        assert {"UserEdit", "SpaceEdit"} <= set(held["SystemPermissions"])
        assert "AdministerSystem" not in held["SystemPermissions"]

    play(tmp_path, scene)
