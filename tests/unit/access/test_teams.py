"""Teams, user roles and scoped user roles: what is there, who may give what, and what must stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gurita.access.service import make_managers_in
from gurita.spaces.records import SPACES
from gurita.spaces.resources import Space
from tests.unit.access.household import Household, play


async def spaces(house: Household) -> None:
    """Two spaces, each with its managers' team."""

    def unit(tx: Any) -> None:
        for name in ("First", "Second"):
            made = SPACES.open(tx, "").insert(Space(name=name))
            make_managers_in(tx, made.id, made.name, ())

    await house.store.write(unit)


async def made(house: Household, target: str, body: dict[str, Any], key: str | None = None) -> dict[str, Any]:
    """What a POST makes."""
    answer = await (house.ask("POST", target, body, key=key) if key else house.ask("POST", target, body))
    assert answer.status == 201, answer.body
    found: dict[str, Any] = answer.json
    return found


async def person(house: Household, name: str, *roles: str, space: str = "Spaces-1") -> tuple[str, str]:
    """A user whose own team was given built-in roles in a space: their key, and the team's id."""
    user = await house.user(name)
    team = await made(house, f"/api/{space}/teams", {"Name": f"{name}'s", "MemberUserIds": [user["Id"]]})
    for role in roles:
        body = {"TeamId": team["Id"], "UserRoleId": f"userroles-{role}"}
        await made(house, f"/api/{space}/scopeduserroles", body)
    return await house.key_of(name), team["Id"]


def test_every_server_has_its_roles_and_teams_under_the_contracts_ids(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await spaces(house)
        roles = (await house.ask("GET", "/api/userroles/all")).json
        ids = {role["Id"] for role in roles}
        assert {"userroles-projectviewer", "userroles-environmentviewer", "userroles-spacemanager"} <= ids
        viewer = next(role for role in roles if role["Id"] == "userroles-projectviewer")
        assert viewer["CanBeDeleted"] is False and "Environments" in viewer["SupportedRestrictions"]
        assert "See projects" in viewer["SpacePermissionDescriptions"]
        teams = (await house.ask("GET", "/api/teams/all")).json
        assert {team["Id"] for team in teams} == {
            "teams-administrators",
            "teams-everyone",
            "teams-managers",
            "teams-spacemanagers-Spaces-1",
            "teams-spacemanagers-Spaces-2",
        }
        for path in ("teams/teams-everyone", "userroles/userroles-spacemanager"):
            assert (await house.ask("DELETE", f"/api/{path}")).status == 409

    play(tmp_path, scene)


def test_a_role_is_held_in_the_space_it_was_given_in_and_nowhere_else(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await spaces(house)
        key, _ = await person(house, "bob", "environmentviewer")
        assert (await house.ask("GET", "/api/Spaces-1/machines", key=key)).status == 200
        assert (await house.ask("GET", "/api/Spaces-2/machines", key=key)).status == 403
        assert (await house.ask("POST", "/api/Spaces-1/machines", key=key)).status == 403
        held = (await house.ask("GET", "/api/users/me/permissions", key=key)).json
        assert [one["SpaceId"] for one in held["SpacePermissions"]["MachineView"]] == ["Spaces-1"]
        assert held["SystemPermissions"] == []
        assert {team["Name"] for team in held["Teams"]} == {"bob's", "Everyone"}

    play(tmp_path, scene)


def test_lists_show_what_belongs_to_the_space_and_to_the_system_and_can_be_narrowed(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await spaces(house)
        await made(house, "/api/teams", {"Name": "Of the system"})
        await made(house, "/api/Spaces-2/teams", {"Name": "Of the second"})

        async def names(query: str) -> set[str]:
            found = (await house.ask("GET", f"/api/{query}")).json
            assert found["TotalResults"] == len(found["Items"])
            return {each["Name"] for each in found["Items"]} - {
                "Administrators",
                "Everyone",
                "System managers",
            }

        assert await names("Spaces-1/teams") == {"First managers", "Of the system"}
        assert await names("Spaces-1/teams?includeSystem=false") == {"First managers"}
        assert await names("teams?spaces=Spaces-2&includeSystem=false") == {
            "Second managers",
            "Of the second",
        }
        assert await names("teams?partialName=OF THE") == {"Of the system", "Of the second"}
        other = next(
            each
            for each in (await house.ask("GET", "/api/teams/all")).json
            if each["Name"] == "Of the second"
        )
        assert (await house.ask("GET", f"/api/teams/{other['Id']}")).status == 200
        assert (await house.ask("GET", f"/api/Spaces-1/teams/{other['Id']}")).status == 404

    play(tmp_path, scene)


GIFTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a role one does not hold": ("POST", "scopeduserroles", {"TeamId": "{own}", "UserRoleId": "userroles-spacemanager"}),
    "a place in a stronger team": ("PUT", "teams/teams-spacemanagers-Spaces-1", {"Name": "First managers", "MemberUserIds": ["Users-2"]}),
    "a role of the system": ("POST", "/scopeduserroles", {"TeamId": "teams-everyone", "UserRoleId": "userroles-systemmanager"}),
    "another space": ("POST", "/scopeduserroles", {"TeamId": "{own}", "UserRoleId": "userroles-projectviewer", "SpaceId": "Spaces-2"}),
}  # fmt: skip


@pytest.mark.parametrize("gift", GIFTS)
def test_nobody_gives_what_they_do_not_hold(gift: str, tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await spaces(house)
        role = await made(
            house,
            "/api/userroles",
            {"Name": "Team editor", "GrantedSpacePermissions": ["TeamEdit", "TeamView", "TeamCreate"]},
        )
        key, team = await person(house, "bob")
        await made(house, "/api/Spaces-1/scopeduserroles", {"TeamId": team, "UserRoleId": role["Id"]})
        before = await house.digest()
        method, path, body = GIFTS[gift]
        target = f"/api{path}" if path.startswith("/") else f"/api/Spaces-1/{path}"
        answer = await house.ask(
            method, target, {**body, "TeamId": body.get("TeamId", "").replace("{own}", team)}, key=key
        )
        assert answer.status == 403, answer.body
        assert await house.digest() == before
        fine = {"TeamId": team, "UserRoleId": role["Id"]}
        assert (await house.ask("POST", "/api/Spaces-1/scopeduserroles", fine, key=key)).status == 201

    play(tmp_path, scene)


def test_a_role_cannot_grow_by_what_its_editor_does_not_hold(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await spaces(house)
        key, team = await person(house, "bob")
        small = await made(
            house, "/api/userroles", {"Name": "Small", "GrantedSpacePermissions": ["FeedView"]}
        )
        editor = await made(
            house,
            "/api/userroles",
            {"Name": "Editor", "GrantedSystemPermissions": ["UserRoleEdit", "UserRoleView"]},
        )
        await made(house, "/api/Spaces-1/scopeduserroles", {"TeamId": team, "UserRoleId": small["Id"]})
        system = await made(house, "/api/teams", {"Name": "Editors", "MemberUserIds": ["Users-2"]})
        await made(house, "/api/scopeduserroles", {"TeamId": system["Id"], "UserRoleId": editor["Id"]})
        grown = {**small, "GrantedSpacePermissions": ["FeedView", "ProjectDelete"]}
        refused = await house.ask("PUT", f"/api/userroles/{small['Id']}", grown, key=key)
        assert refused.status == 403
        assert "ProjectDelete in Spaces-1" in " ".join(refused.errors)
        described = {**small, "Description": "Sees feeds."}
        assert (await house.ask("PUT", f"/api/userroles/{small['Id']}", described, key=key)).status == 200

    play(tmp_path, scene)


def test_somebody_always_administers_the_server(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        team = (await house.ask("GET", "/api/teams/teams-administrators")).json
        before = await house.digest()
        for method, target, body in (
            ("PUT", "/api/teams/teams-administrators", {**team, "MemberUserIds": []}),
            ("DELETE", "/api/users/Users-1", None),
        ):
            answer = await house.ask(method, target, body)
            assert (answer.status, "no administrator" in answer.errors[0]) == (409, True)
        assert await house.digest() == before
        second = await house.user("eve")
        both = {**team, "MemberUserIds": ["Users-1", second["Id"]]}
        assert (await house.ask("PUT", "/api/teams/teams-administrators", both)).status == 200
        key = await house.key_of("eve")
        assert (await house.ask("DELETE", "/api/users/Users-1", key=key)).status == 200
        left = (await house.ask("GET", "/api/teams/teams-administrators", key=key)).json
        assert left["MemberUserIds"] == [second["Id"]]

    play(tmp_path, scene)


def test_what_was_taken_is_gone_at_the_next_request(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await spaces(house)
        key, team = await person(house, "bob", "environmentviewer")
        assert (await house.ask("GET", "/api/Spaces-1/machines", key=key)).status == 200
        listed = (await house.ask("GET", f"/api/teams/{team}/scopeduserroles")).json
        assert (await house.ask("DELETE", f"/api/scopeduserroles/{listed['Items'][0]['Id']}")).status == 200
        assert (await house.ask("GET", "/api/Spaces-1/machines", key=key)).status == 403

    play(tmp_path, scene)


WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "no such user": ("Spaces-1/teams", {"Name": "x", "MemberUserIds": ["Users-99"]}, "MemberUserIds[0]"),
    "no such permission": ("userroles", {"Name": "x", "GrantedSpacePermissions": ["MakeTea"]}, "MakeTea"),
    "a permission of the system": ("userroles", {"Name": "x", "GrantedSpacePermissions": ["UserView"]}, "UserView"),
    "no such role": ("Spaces-1/scopeduserroles", {"TeamId": "teams-everyone", "UserRoleId": "nope"}, "UserRoleId"),
    "no such team": ("Spaces-1/scopeduserroles", {"TeamId": "nope", "UserRoleId": "userroles-projectviewer"}, "TeamId"),
    "another space's team": ("Spaces-1/scopeduserroles", {"TeamId": "teams-spacemanagers-Spaces-2", "UserRoleId": "userroles-projectviewer"}, "TeamId"),
    "the administrators' roles": ("scopeduserroles", {"TeamId": "teams-administrators", "UserRoleId": "userroles-systemmanager"}, "TeamId"),
    "a scope in the system": ("scopeduserroles", {"TeamId": "teams-everyone", "UserRoleId": "userroles-systemmanager", "ProjectIds": ["Projects-1"]}, "ProjectIds"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_refused_by_name(case: str, tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await spaces(house)
        before = await house.digest()
        path, body, named = WRONG[case]
        answer = await house.ask("POST", f"/api/{path}", body)
        assert answer.status == 400, answer.body
        assert named in " ".join(answer.errors)
        assert await house.digest() == before

    play(tmp_path, scene)
