"""Who manages a space, and private spaces, into which administering the system does not reach."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gurita.access.routes import routes as access_routes
from gurita.access.service import Authenticator
from gurita.environments.routes import routes as environment_routes
from gurita.http.api import Api
from gurita.http.context import Context, system_viewer
from gurita.spaces.directory import Directory
from gurita.spaces.routes import routes as space_routes
from gurita.spaces.service import ensure_default
from tests.unit.access.household import Household, play


async def served(house: Household) -> None:
    """The same server with its spaces."""
    system = Context(house.services, system_viewer(), "")
    await ensure_default(system)
    house.app = Api(
        [*access_routes, *space_routes, *environment_routes],
        house.services,
        authenticate=Authenticator(house.services),
        resolve_space=Directory(house.store, system).resolve,
    )


async def good(house: Household, method: str, target: str, body: Any = None, **more: Any) -> Any:
    """What a request that must succeed answers."""
    answer = await house.ask(method, target, body, **more)
    assert answer.status in (200, 201), answer.body
    return answer.json


def test_a_private_space_is_shut_to_administrators_until_they_let_themselves_in(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await served(house)
        bob = await house.user("bob")
        key = await house.key_of("bob")
        body = {"Name": "Private", "IsPrivate": True, "SpaceManagersTeamMembers": [bob["Id"]]}
        made = await good(house, "POST", "/api/spaces", body)
        mine = await good(house, "GET", "/api/users/me")
        assert made["SpaceManagersTeamMembers"] == [bob["Id"], mine["Id"]], "whoever makes it is inside"
        path = f"/api/spaces/{made['Id']}"
        made = await good(house, "PUT", path, {**made, "SpaceManagersTeamMembers": [bob["Id"]]})
        inside = "/api/Private/environments"
        assert (await house.ask("GET", inside)).status == 403
        assert (await house.ask("POST", inside, {"Name": "Dev"})).status == 403
        assert made["Id"] not in {one["Id"] for one in await good(house, "GET", "/api/users/me/spaces")}
        assert (await house.ask("GET", path)).json["Name"] == "Private", (
            "that it is there is no secret to them"
        )
        assert (await house.ask("GET", "/api/environments")).status == 200
        await good(house, "POST", inside, {"Name": "Dev"}, key=key)
        await good(house, "PUT", path, {**made, "SpaceManagersTeamMembers": [bob["Id"], mine["Id"]]})
        assert (await house.ask("GET", inside)).json["TotalResults"] == 1

    play(tmp_path, scene)


def test_a_space_that_is_opened_again_is_open_at_once(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await served(house)
        made = await good(house, "POST", "/api/spaces", {"Name": "S"})
        path = f"/api/spaces/{made['Id']}"
        for private in (True, False, True):
            made = await good(house, "GET", path)
            changed = {**made, "IsPrivate": private, "SpaceManagersTeamMembers": []}
            await good(house, "PUT", path, changed)
            assert (await house.ask("GET", "/api/S/environments")).status == (403 if private else 200)
        first = await good(house, "GET", "/api/spaces/Spaces-1")
        refused = await house.ask("PUT", "/api/spaces/Spaces-1", {**first, "IsPrivate": True})
        assert (refused.status, refused.json["Errors"][0].partition(":")[0]) == (400, "IsPrivate")

    play(tmp_path, scene)


def test_teams_that_manage_a_space_may_do_everything_in_it_and_nothing_outside(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await served(house)
        bob = await house.user("bob")
        team = await good(house, "POST", "/api/teams", {"Name": "Builders", "MemberUserIds": [bob["Id"]]})
        key = await house.key_of("bob")
        made = await good(house, "POST", "/api/spaces", {"Name": "S", "SpaceManagersTeams": [team["Id"]]})
        own = f"teams-spacemanagers-{made['Id']}"
        assert made["SpaceManagersTeams"] == [own, team["Id"]]
        await good(house, "POST", "/api/S/environments", {"Name": "Dev"}, key=key)
        assert (await house.ask("GET", "/api/Spaces-1/environments", key=key)).status == 403
        path = f"/api/spaces/{made['Id']}"
        left = await good(house, "PUT", path, {**made, "SpaceManagersTeams": []})
        assert left["SpaceManagersTeams"] == [own]
        assert (await house.ask("GET", "/api/S/environments", key=key)).status == 403
        unknown = await house.ask("PUT", path, {**left, "SpaceManagersTeams": ["Teams-99"]})
        assert unknown.status == 400
        assert unknown.json["Errors"][0].startswith("SpaceManagersTeams[0]: there is no team 'Teams-99'")

    play(tmp_path, scene)


def test_who_may_change_spaces_cannot_give_what_they_lack_inside(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await served(house)
        bob = await house.user("bob")
        team = await good(house, "POST", "/api/teams", {"Name": "Managers", "MemberUserIds": [bob["Id"]]})
        role = {"TeamId": team["Id"], "UserRoleId": "userroles-systemmanager"}
        await good(house, "POST", "/api/scopeduserroles", role)
        key = await house.key_of("bob")
        made = await good(house, "POST", "/api/spaces", {"Name": "S"})
        path = f"/api/spaces/{made['Id']}"
        renamed = await good(house, "PUT", path, {**made, "Name": "T"}, key=key)
        for change in ({"SpaceManagersTeams": [team["Id"]]}, {"SpaceManagersTeamMembers": [bob["Id"]]}):
            assert (await house.ask("PUT", path, {**renamed, **change}, key=key)).status == 403
        assert (await house.ask("GET", "/api/S/environments", key=key)).status in (403, 404)

    play(tmp_path, scene)
