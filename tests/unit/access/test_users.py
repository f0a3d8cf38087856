from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gurita.access.service import ensure_administrator
from gurita.http.context import Services
from gurita.kernel.clock import SystemClock
from gurita.kernel.errors import Invalid
from gurita.kernel.ids import SystemRandomness
from gurita.kernel.permissions import PERMISSIONS
from gurita.store.db import Store
from tests.unit.access.household import PASSWORD, Household, play


def test_users_are_made_listed_found_changed_and_deleted(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        bob = await house.user("Bob", DisplayName="Bob B.", EmailAddress="bob@example.org")
        assert bob["Id"] == "Users-2"
        assert bob["Links"]["Self"] == "/api/users/Users-2"
        assert "Password" not in bob
        listed = (await house.ask("GET", "/api/users?take=1")).json
        assert (listed["TotalResults"], listed["ItemType"], len(listed["Items"])) == (2, "User", 1)
        assert "Page.Next" in listed["Links"]
        assert [one["Username"] for one in (await house.ask("GET", "/api/users/all")).json] == ["ada", "Bob"]
        for query in ("filter=EXAMPLE.org", "ids=users-2", "name=BOB", "filter=bob%20b."):
            found = (await house.ask("GET", f"/api/users?{query}")).json["Items"]
            assert [one["Username"] for one in found] == ["Bob"]
        assert (await house.ask("GET", "/api/users?filter=%25")).json["Items"] == []
        for id in ("Users-2", "USERS-2", "bob"):
            assert (await house.ask("GET", f"/api/users/{id}")).json["Username"] == "Bob"
        changed = await house.ask("PUT", "/api/users/Users-2", {**bob, "DisplayName": "Robert"})
        assert (changed.json["DisplayName"], changed.json["Version"]) == ("Robert", 2)
        stale = await house.ask("PUT", "/api/users/Users-2", {**bob, "DisplayName": "Stale"})
        assert stale.status == 409
        assert (await house.ask("DELETE", "/api/users/Users-2")).status == 200
        assert (await house.ask("GET", "/api/users/Users-2")).status == 404
        assert (await house.events())[-3:] == ["Created", "Modified", "Deleted"]

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"Username": "ADA"}, 409, "Username: 'ada' exists already. Choose another."),
        ({"Username": "\u200b\uff41da"}, 409, "Username: 'ada' exists already. Choose another."),
        ({"Username": " "}, 400, "Username: must not be empty."),
        ({"Username": "Users-7"}, 400, "Username: 'Users-7' has a meaning of its own. Choose another."),
        ({"Username": "me"}, 400, "Username: 'me' has a meaning of its own. Choose another."),
        ({"Username": "x" * 201}, 400, "Username: Expected `str` of length <= 200"),
        ({"Username": "eve", "Password": "short"}, 400, "Password: must have at least 8 characters."),
        ({"Username": "evelyn-x", "Password": "EVELYN-X"}, 400, "Password: must not be the username."),
        ({}, 400, "Username: required"),
    ],
)
def test_a_wrong_user_is_refused_by_name_and_changes_nothing(
    tmp_path: Path, body: dict[str, str], status: int, error: str
) -> None:
    async def scene(house: Household) -> None:
        before = await house.digest()
        answer = await house.ask("POST", "/api/users", body)
        assert (answer.status, answer.errors) == (status, [error])
        assert await house.digest() == before

    play(tmp_path, scene)


def test_somebody_without_permissions_sees_and_changes_only_themselves(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        bob = await house.user("bob")
        key = await house.key_of("bob")
        await house.user("carol")
        before = await house.digest()
        refused = [
            ("GET", "/api/users", None),
            ("GET", "/api/users/all", None),
            ("GET", "/api/users/carol", None),
            ("GET", "/api/users/Users-999", None),
            ("GET", "/api/users/Users-1/apikeys", None),
            ("GET", "/api/users/Users-1/permissions", None),
            ("POST", "/api/users", {"Username": "dave"}),
            ("POST", "/api/users/Users-1/apikeys", {"Purpose": "mine now"}),
            ("PUT", "/api/users/Users-1", {"Username": "ada", "Password": "taken over"}),
            ("PUT", "/api/users/Users-1/revoke-sessions", {}),
            ("DELETE", "/api/users/Users-1", None),
            ("PUT", "/api/users/Users-2", {**bob, "Username": "robert"}),
            ("GET", "/api/machines", None),
            ("POST", "/api/gurita/registration-tokens", {}),
        ]
        for method, path, body in refused:
            answer = await house.ask(method, path, body, key=key)
            assert answer.status == 403, path
            assert answer.errors[0].startswith("Missing permission: ")
        unknown, other = [
            (await house.ask("GET", f"/api/users/{id}", key=key)).body for id in ("Users-999", "carol")
        ]
        assert unknown == other
        assert await house.digest() == before
        assert (await house.ask("PUT", "/api/users/bob", {**bob, "DisplayName": "B"}, key=key)).status == 200
        mine = (await house.ask("GET", "/api/users/Users-2/permissions", key=key)).json
        assert (mine["SpacePermissions"], mine["SystemPermissions"]) == ({}, [])
        assert [team["Id"] for team in mine["Teams"]] == ["teams-everyone"]

    play(tmp_path, scene)


def test_an_administrator_holds_every_permission(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        held = (await house.ask("GET", "/api/users/Users-1/permissions?includeSystem=true")).json
        assert set(held["SpacePermissions"]) | set(held["SystemPermissions"]) == set(PERMISSIONS)
        teams = (await house.ask("GET", "/api/users/Users-1/teams")).json
        assert [team["Id"] for team in teams] == ["teams-administrators", "teams-everyone"]
        table = (await house.ask("GET", "/api/permissions/all")).json
        assert table["MachineView"]["SupportedRestrictions"] == ["Environments", "Tenants"]
        ways = (await house.ask("GET", "/api/authentication", key=None)).json
        assert ways["AuthenticationProviders"][0]["FormsLoginEnabled"] is True

    play(tmp_path, scene)


def test_the_last_administrator_cannot_be_lost(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        me = (await house.ask("GET", "/api/users/me")).json
        for answer in (
            await house.ask("PUT", "/api/users/Users-1", {**me, "IsActive": False}),
            await house.ask("DELETE", "/api/users/Users-1"),
        ):
            assert answer.status == 409
            assert "no administrator" in answer.errors[0]
        assert (await house.ask("GET", "/api/users/me")).status == 200

    play(tmp_path, scene)


def test_keys_of_people_are_made_by_themselves_and_of_services_by_administrators(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await house.user("bob")
        robot = await house.user("robot", IsService=True, Password=None)
        assert (await house.ask("POST", "/api/users/bob/apikeys", {"Purpose": "x"})).status == 403
        made = await house.ask("POST", f"/api/users/{robot['Id']}/apikeys", {"purpose": "x", "expires": None})
        assert made.status == 201
        assert (await house.ask("GET", "/api/users/me", key=made.json["ApiKey"])).json["IsService"] is True

    play(tmp_path, scene)


def test_the_first_start_draws_what_the_environment_does_not_give_and_tells_it_once(tmp_path: Path) -> None:
    async def run() -> None:
        store = await Store.open(f"sqlite:///{tmp_path / 'gurita.db'}")
        try:
            services = Services(store=store, clock=SystemClock(), random=SystemRandomness())
            with pytest.raises(Invalid, match="GURITA_ADMIN_API_KEY"):
                await ensure_administrator(services, {"GURITA_ADMIN_API_KEY": "api-lower"})
            with pytest.raises(Invalid, match="at least 8"):
                await ensure_administrator(services, {"GURITA_ADMIN_PASSWORD": "short"})
            first = await ensure_administrator(services, {"GURITA_ADMIN_PASSWORD": PASSWORD})
            assert first is not None
            assert (first.username, first.password) == ("admin", None)
            assert first.api_key
            assert "API-" not in repr(first)
            assert await ensure_administrator(services, {"GURITA_ADMIN_USERNAME": "other"}) is None
        finally:
            await store.close()

    asyncio.run(run())


def test_what_a_user_may_is_shown_as_a_set_as_given_and_as_csv(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        bob = await house.user("Bob")
        assert {"Permissions", "PermissionsConfiguration", "Spaces"} <= set(bob["Links"])
        own = (await house.ask("GET", "/api/users/me/permissions")).json
        assert own["Links"]["Self"].endswith("/permissions")
        assert (await house.ask("GET", "/api/users/me/permissions/configuration")).json == own
        lines = (await house.ask("GET", "/api/users/me/permissions/export")).body.decode().split("\r\n")
        assert lines[0].startswith("Permission,Space,Projects") and "AdministerSystem,System,,,," in lines
        assert (await house.ask("GET", "/api/users/Users-2/permissions/export")).body.count(b"\n") == 1
        teams = (await house.ask("GET", "/api/users/me/teams")).json
        assert all(one["ExternalSecurityGroups"] == [] for one in teams)

    play(tmp_path, scene)


def test_other_ways_to_sign_in_are_answered_as_none(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await house.user("Robot", IsService=True)
        ways = (await house.ask("GET", "/api/authentication")).json
        assert ways["AuthenticationProviders"][0]["CSSLinks"] == []
        assert (await house.ask("GET", "/api/users/authentication")).json["AuthenticationProviders"]
        assert (await house.ask("GET", "/api/users/authentication/Robot")).json[
            "AuthenticationProviders"
        ] == []
        assert (await house.ask("GET", "/api/users/identity-metadata")).json["Providers"] == []
        assert (await house.ask("GET", "/api/users/external-search?partialName=a")).json == []
        assert (await house.ask("GET", "/api/externalsecuritygroupproviders")).json == []
        begun = await house.ask("POST", "/api/authentication/checklogininitiated")
        assert begun.json["WasLoginInitiated"] is False
        keys = "/api/users/me/apikeys"
        made = (await house.ask("POST", keys, {"Purpose": "Build server"})).json
        assert (await house.ask("GET", f"{keys}?ids={made['Id']}")).json["TotalResults"] == 1
        assert (await house.ask("GET", f"{keys}?ids=ApiKeys-99")).json["TotalResults"] == 0
        assert (await house.ask("GET", f"{keys}?partialName=BUILD")).json["TotalResults"] == 1

    play(tmp_path, scene)
