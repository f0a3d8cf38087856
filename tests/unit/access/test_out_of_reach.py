"""Who may change users may not touch those who hold more, and somebody always administers the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from gurita.access.identities.records import user_group
from tests.unit.access.household import Household, play
from tests.unit.access.issuing import furnish
from tests.unit.access.test_teams import made

ADMINISTRATORS = "/api/teams/teams-administrators"
LDAP = {"Name": "Staff", "Ldap": {"Host": "ldap.example.org", "UserBase": "dc=example"}}


async def helpdesk(house: Household, *more: str) -> str:
    """The key of somebody who may change users, and holds `more` of the system."""
    user = await house.user("helpdesk")
    granted = ["UserEdit", "UserView", *more]
    role = await made(house, "/api/userroles", {"Name": "Helps people", "GrantedSystemPermissions": granted})
    team = await made(
        house, "/api/teams?includeSystem=true", {"Name": "Helpdesk", "MemberUserIds": [user["Id"]]}
    )
    await made(house, "/api/scopeduserroles", {"TeamId": team["Id"], "UserRoleId": role["Id"]})
    return await house.key_of("helpdesk")


@pytest.mark.parametrize(
    "change",
    [{"IsActive": False}, {"Username": "eve"}, {"Password": "another password"}, {"DisplayName": "Eve"}],
)
def test_who_may_change_users_does_not_change_an_administrator(
    change: dict[str, Any], tmp_path: Path
) -> None:
    async def scene(house: Household) -> None:
        key = await helpdesk(house)
        ada = (await house.ask("GET", "/api/users/Users-1")).json
        before = await house.digest()
        answer = await house.ask("PUT", "/api/users/Users-1", {**ada, **change}, key=key)
        assert (answer.status, "AdministerSystem" in " ".join(answer.errors)) == (403, True)
        assert (await house.ask("DELETE", "/api/users/Users-1", key=key)).status == 403
        assert await house.digest() == before

    play(tmp_path, scene)


def test_who_may_change_users_changes_those_who_hold_no_more_and_themselves(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        key = await helpdesk(house)
        bob = await house.user("bob")
        renamed = await house.ask("PUT", f"/api/users/{bob['Id']}", {**bob, "Username": "rob"}, key=key)
        assert renamed.status == 200, renamed.body
        assert (await house.ask("DELETE", f"/api/users/{bob['Id']}", key=key)).status == 200
        me = (await house.ask("GET", "/api/users/me", key=key)).json
        assert (await house.ask("PUT", "/api/users/me", {**me, "DisplayName": "H"}, key=key)).status == 200

    play(tmp_path, scene)


def test_one_who_holds_more_of_the_system_is_out_of_reach_until_one_holds_it_too(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        key = await helpdesk(house)
        bob = await house.user("bob")
        granted = {"Name": "Looks after spaces", "GrantedSystemPermissions": ["SpaceEdit"]}
        role = await made(house, "/api/userroles", granted)
        team = await made(
            house, "/api/teams?includeSystem=true", {"Name": "Spacers", "MemberUserIds": [bob["Id"]]}
        )
        await made(house, "/api/scopeduserroles", {"TeamId": team["Id"], "UserRoleId": role["Id"]})
        answer = await house.ask("DELETE", f"/api/users/{bob['Id']}", key=key)
        assert (answer.status, "SpaceEdit" in " ".join(answer.errors)) == (403, True)
        helping = next(
            one
            for one in (await house.ask("GET", "/api/userroles/all")).json
            if one["Name"] == "Helps people"
        )
        grown = {**helping, "GrantedSystemPermissions": ["SpaceEdit", "UserEdit", "UserView"]}
        assert (await house.ask("PUT", f"/api/userroles/{helping['Id']}", grown)).status == 200
        assert (await house.ask("DELETE", f"/api/users/{bob['Id']}", key=key)).status == 200

    play(tmp_path, scene)


async def by_group(house: Household) -> tuple[str, str]:
    """An administrator by a group alone, beside ada: the ids of the user and of the provider that says so."""
    furnish(house)
    provider = await made(house, "/api/gurita/identity-providers", LDAP)
    user = await house.user("grace")
    team = (await house.ask("GET", ADMINISTRATORS)).json
    group = {"Id": "cn=admins", "DisplayName": "Admins", "DisplayIdAndName": True}
    joined = await house.ask("PUT", ADMINISTRATORS, {**team, "ExternalSecurityGroups": [group]})
    assert joined.status == 200, joined.body
    number = int(user["Id"].rpartition("-")[2])
    row = {"user": number, "provider": provider["Id"], "group_id": "cn=admins", "name": "Admins"}
    await house.store.write(lambda tx: tx.run(insert(user_group), row))
    return user["Id"], provider["Id"]


def test_an_administrator_by_a_group_counts_as_long_as_the_provider_says_so(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        grace, provider = await by_group(house)
        path = f"/api/gurita/identity-providers/{provider}"
        key = await house.key_of("grace")
        team = (await house.ask("GET", ADMINISTRATORS)).json
        assert (await house.ask("PUT", ADMINISTRATORS, {**team, "MemberUserIds": []})).status == 200
        before = await house.digest()
        stored, team = [(await house.ask("GET", each, key=key)).json for each in (path, ADMINISTRATORS)]
        for method, target, body in (
            ("PUT", path, {**stored, "IsEnabled": False}),
            ("DELETE", path, None),
            ("DELETE", f"/api/users/{grace}", None),
            ("PUT", ADMINISTRATORS, {**team, "ExternalSecurityGroups": []}),
        ):
            answer = await house.ask(method, target, body, key=key)
            assert (answer.status, "no administrator" in answer.errors[0]) == (409, True), (method, target)
        assert await house.digest() == before

    play(tmp_path, scene)


def test_a_role_that_made_administrators_is_not_taken_from_the_last_of_them(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        user = await house.user("eve")
        body = {"Name": "Owners", "MemberUserIds": [user["Id"]]}
        owners = await made(house, "/api/teams?includeSystem=true", body)
        given = {"TeamId": owners["Id"], "UserRoleId": "userroles-systemadministrator"}
        scoped = await made(house, "/api/scopeduserroles", given)
        team = (await house.ask("GET", ADMINISTRATORS)).json
        key = await house.key_of("eve")
        assert (await house.ask("PUT", ADMINISTRATORS, {**team, "MemberUserIds": []}, key=key)).status == 200
        for path in (f"scopeduserroles/{scoped['Id']}", f"teams/{owners['Id']}", f"users/{user['Id']}"):
            answer = await house.ask("DELETE", f"/api/{path}", key=key)
            assert (answer.status, "no administrator" in answer.errors[0]) == (409, True), path

    play(tmp_path, scene)
