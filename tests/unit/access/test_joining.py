"""Invitations, the guest, identities given by hand, and who may give what to whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.access.household import PASSWORD, Household, headers_of, play
from tests.unit.access.issuing import ISSUER, furnish
from tests.unit.http.asking import Answer

COMPANY = {"Name": "Company", "OpenIdConnect": {"Issuer": ISSUER, "ClientId": "gurita"}}


async def invite(house: Household, **members: Any) -> dict[str, Any]:
    answer = await house.ask("POST", "/api/users/invitations", members)
    assert answer.status == 201, answer.body
    found: dict[str, Any] = answer.json
    return found


async def register(house: Household, code: str, name: str = "carol", password: str = PASSWORD) -> Answer:
    body = {"Username": name, "Password": password, "InvitationCode": code, "DisplayName": name.title()}
    return await house.ask("POST", "/api/users/register", body, key=None)


async def team(house: Household, name: str, role: str = "", **members: Any) -> str:
    """A team of the system, with a role in the system."""
    made = await house.ask("POST", "/api/teams", {"Name": name, **members})
    assert made.status == 201, made.body
    id: str = made.json["Id"]
    if role:
        given = await house.ask("POST", "/api/scopeduserroles", {"UserRoleId": role, "TeamId": id})
        assert given.status == 201, given.body
    return id


async def manager(house: Household) -> str:
    """A key of somebody who manages users and is no administrator."""
    bob = await house.user("bob")
    await team(house, "Managers", "userroles-systemmanager", MemberUserIds=[bob["Id"]])
    return await house.key_of("bob")


def test_an_invitation_makes_one_user_in_its_teams_and_signs_them_in(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        friends = await team(house, "Friends")
        made = await invite(house, AddToTeamIds=[friends])
        assert made["Expires"] == "2026-07-03T12:00:00.000+00:00"
        answer = await register(house, made["InvitationCode"])
        assert (answer.status, answer.json["Username"]) == (201, "carol")
        session = {"Cookie": "; ".join(cookie.partition(";")[0] for cookie in answer.cookies)}
        teams = await house.ask("GET", "/api/users/me/teams", key=None, headers=session)
        assert [one["Id"] for one in teams.json] == ["teams-everyone", friends]
        before = await house.digest()
        assert (await register(house, made["InvitationCode"], "dave")).status == 401
        assert await house.digest() == before

    play(tmp_path, scene)


def test_an_invitation_is_good_for_48_hours_and_as_long_as_its_inviter(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        made, other = await invite(house), None
        key = await manager(house)
        other = (await house.ask("POST", "/api/users/invitations", {}, key=key)).json
        bob = (await house.ask("GET", "/api/users/bob")).json
        await house.ask("PUT", f"/api/users/{bob['Id']}", {**bob, "IsActive": False})
        assert (await register(house, other["InvitationCode"])).status == 401
        house.clock.pass_(hours=48)
        assert (await register(house, made["InvitationCode"])).status == 401
        assert (await register(house, "INVITE-guessed")).status == 401
        assert (await house.ask("GET", "/api/users/carol")).status == 404

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("name", "password", "status"),
    [("ada", PASSWORD, 409), ("carol", "short", 400), ("guest", PASSWORD, 400), ("Users-1", PASSWORD, 400)],
)
def test_a_refused_registration_leaves_the_invitation_good(
    tmp_path: Path, name: str, password: str, status: int
) -> None:
    async def scene(house: Household) -> None:
        code = (await invite(house))["InvitationCode"]
        before = await house.digest()
        assert (await register(house, code, name, password)).status == status
        assert await house.digest() == before
        assert (await register(house, code)).status == 201

    play(tmp_path, scene)


def test_nobody_invites_into_what_they_do_not_hold(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        key = await manager(house)
        before = await house.digest()
        for teams, status in (
            (["teams-administrators"], 403),
            (["Teams-99"], 400),
            (["teams-everyone"], 400),
        ):
            body = {"AddToTeamIds": teams}
            assert (await house.ask("POST", "/api/users/invitations", body, key=key)).status == status, teams
        assert await house.digest() == before
        await house.user("nobody")
        plain = await house.key_of("nobody")
        assert (await house.ask("POST", "/api/users/invitations", {}, key=plain)).status == 403

    play(tmp_path, scene)


def test_who_manages_users_does_not_become_an_administrator_through_one(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        furnish(house)
        key = await manager(house)
        robot = await house.user("robot", IsService=True, Password=None)
        admins = (await house.ask("GET", "/api/teams/teams-administrators")).json
        await house.ask(
            "PUT", "/api/teams/teams-administrators", {**admins, "MemberUserIds": ["Users-1", robot["Id"]]}
        )
        assert (await house.ask("POST", "/api/gurita/identity-providers", COMPANY)).status == 201
        ada = (await house.ask("GET", "/api/users/Users-1")).json
        identity = {"IdentityProviderName": "Company", "Claims": {"sub": {"Value": "bob's own"}}}
        before = await house.digest()
        for method, path, body in (
            ("PUT", "/api/users/Users-1", {**ada, "Password": "taken over"}),
            ("PUT", "/api/users/Users-1", {**ada, "Identities": [identity]}),
            ("POST", f"/api/users/{robot['Id']}/apikeys", {"Purpose": "mine now"}),
            (
                "POST",
                f"/api/serviceaccounts/{robot['Id']}/oidcidentities/create/v1",
                {"Name": "x", "Issuer": ISSUER, "Subject": "mine"},
            ),
        ):
            answer = await house.ask(method, path, body, key=key)
            assert answer.status == 403, path
        assert await house.digest() == before
        carol = await house.user("carol")
        changed = {**carol, "Password": "a new password"}
        assert (await house.ask("PUT", f"/api/users/{carol['Id']}", changed, key=key)).status == 200

    play(tmp_path, scene)


def test_identities_are_given_and_taken_by_hand_and_a_client_that_leaves_them_out_changes_none(
    tmp_path: Path,
) -> None:
    async def scene(house: Household) -> None:
        furnish(house)
        await house.ask("POST", "/api/gurita/identity-providers", COMPANY)
        bob, carol = await house.user("bob"), await house.user("carol")
        identity = {"IdentityProviderName": "Company", "Claims": {"sub": {"Value": "b-1"}}}
        given = await house.ask("PUT", f"/api/users/{bob['Id']}", {**bob, "Identities": [identity]})
        assert given.json["Identities"][0]["Claims"]["sub"] == {"Value": "b-1", "IsIdentifyingClaim": True}
        taken = await house.ask("PUT", f"/api/users/{carol['Id']}", {**carol, "Identities": [identity]})
        assert taken.status == 409
        for wrong in (
            {"IdentityProviderName": "Nobody", "Claims": {"sub": {"Value": "b-1"}}},
            {"IdentityProviderName": "Company", "Claims": {"email": {"Value": "ada@example.org"}}},
            {"IdentityProviderName": "Company", "Claims": {"sub": {"Value": " "}}},
        ):
            answer = await house.ask("PUT", f"/api/users/{carol['Id']}", {**carol, "Identities": [wrong]})
            assert answer.status == 400
        left_out = {name: value for name, value in given.json.items() if name != "Identities"}
        kept = await house.ask("PUT", f"/api/users/{bob['Id']}", {**left_out, "Version": 0})
        assert len(kept.json["Identities"]) == 1
        headers = await house.session(username="bob")
        body = {**left_out, "Version": 0, "Identities": [{**identity, "Claims": {"sub": {"Value": "b-2"}}}]}
        assert (await house.ask("PUT", "/api/users/me", body, key=None, headers=headers)).status == 403
        gone = await house.ask("PUT", f"/api/users/{bob['Id']}", {**left_out, "Version": 0, "Identities": []})
        assert gone.json["Identities"] == []
        assert (await house.ask("GET", "/api/users/me", key=None, headers=headers)).status == 401

    play(tmp_path, scene)


def test_a_password_is_changed_by_who_knows_the_present_one_and_all_other_sessions_end(
    tmp_path: Path,
) -> None:
    async def scene(house: Household) -> None:
        first, second = await house.session(), await house.session()
        before = await house.digest()
        for body, status in (
            ({"CurrentPassword": "wrong", "NewPassword": "a better password"}, 401),
            ({"CurrentPassword": PASSWORD, "NewPassword": "short"}, 400),
            ({"CurrentPassword": PASSWORD, "NewPassword": "PassWord123"}, 400),
            ({"CurrentPassword": PASSWORD, "NewPassword": "aaaaaaaaaaaa"}, 400),
        ):
            answer = await house.ask("POST", "/api/gurita/password", body, key=None, headers=first)
            assert answer.status == status, body
        assert await house.digest() == before
        body = {"CurrentPassword": PASSWORD, "NewPassword": "a better password"}
        third = headers_of(await house.ask("POST", "/api/gurita/password", body, key=None, headers=first))
        for headers, status in ((first, 401), (second, 401), (third, 200)):
            assert (await house.ask("GET", "/api/users/me", key=None, headers=headers)).status == status
        assert (await house.sign_in()).status == 401
        assert (await house.sign_in(password="a better password")).status == 200

    play(tmp_path, scene)


def test_guessing_the_present_password_is_as_limited_as_signing_in(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        headers = await house.session()
        body = {"CurrentPassword": "wrong", "NewPassword": "a better password"}
        told = [
            (await house.ask("POST", "/api/gurita/password", body, key=None, headers=headers)).status
            for _ in range(7)
        ]
        assert told == [401] * 5 + [429] * 2

    play(tmp_path, scene)


async def open_for_guests(house: Household, **members: Any) -> None:
    body = {"IsGuestSignInEnabled": True, **members}
    assert (await house.ask("PUT", "/api/gurita/authentication-settings", body)).status == 200


async def as_guest(house: Household) -> Answer:
    return await house.ask("POST", "/api/users/authenticate/guest", key=None)


def test_the_guest_comes_in_only_where_switched_on_and_is_no_more_than_everyone(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        furnish(house)
        assert (await as_guest(house)).status == 404
        await open_for_guests(house)
        ways = (await house.ask("GET", "/api/authentication", key=None)).json["AuthenticationProviders"]
        assert [one["IdentityType"] for one in ways] == ["UsernamePassword", "Guest"]
        headers = headers_of(await as_guest(house))
        guest = (await house.ask("GET", "/api/users/me", key=None, headers=headers)).json
        assert guest["Username"] == "guest"
        before = await house.digest()
        for method, path, body in (
            ("PUT", "/api/users/me", {**guest, "Password": "mine for ever"}),
            ("POST", "/api/users/me/apikeys", {"Purpose": "for ever"}),
            ("GET", "/api/users", None),
        ):
            assert (await house.ask(method, path, body, key=None, headers=headers)).status == 403, path
        assert await house.digest() == before
        trap = {"Name": "Trap", "MemberUserIds": [guest["Id"]]}
        refused = await house.ask("POST", "/api/teams", trap)
        assert (refused.status, "belongs to no team" in refused.errors[0]) == (400, True)
        claimed = {"IdentityProviderName": "Company", "Claims": {"sub": {"Value": "x"}}}
        given = await house.ask("PUT", f"/api/users/{guest['Id']}", {**guest, "Identities": [claimed]})
        assert given.status in {400, 409}
        assert (await as_guest(house)).status == 200

    play(tmp_path, scene)


def test_with_passwords_switched_off_nobody_signs_in_with_one_and_keys_go_on(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        furnish(house)
        await open_for_guests(house, IsPasswordSignInEnabled=False, IsGuestSignInEnabled=False)
        assert (await house.sign_in()).status == 401
        ways = (await house.ask("GET", "/api/authentication", key=None)).json
        assert ways["AuthenticationProviders"] == []
        assert ways["AnyAuthenticationProvidersSupportPasswordManagement"] is False
        assert (await house.ask("GET", "/api/users/me")).status == 200

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "body",
    [
        {"Name": "Both", "OpenIdConnect": COMPANY["OpenIdConnect"], "Ldap": {"Host": "h", "UserBase": "b"}},
        {"Name": "None"},
        {"Name": "Plain", "OpenIdConnect": {"Issuer": "http://ci.example.org", "ClientId": "x"}},
        {"Name": "Wide", "Ldap": {"Host": "h", "UserBase": "b", "UserFilter": "(objectClass=person)"}},
        {"Name": "Bad", "Ldap": {"Host": "h", "UserBase": "b", "UserFilter": "(uid={username}"}},
        {"Name": "Url", "Ldap": {"Host": "ldap://h", "UserBase": "b"}},
        {"Name": "Bind", "Ldap": {"Host": "h", "UserBase": "b", "BindDn": "cn=reader"}},
    ],
)
def test_a_provider_that_could_not_work_or_would_be_open_is_refused(
    tmp_path: Path, body: dict[str, Any]
) -> None:
    async def scene(house: Household) -> None:
        furnish(house)
        before = await house.digest()
        assert (await house.ask("POST", "/api/gurita/identity-providers", body)).status == 400
        assert await house.digest() == before

    play(tmp_path, scene)


def test_a_kept_password_of_a_directory_is_not_sent_to_another_host(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        furnish(house)
        ldap = {
            "Host": "ldap.example.org",
            "UserBase": "dc=example",
            "BindDn": "cn=reader",
            "BindPassword": {"HasValue": True, "NewValue": "reader-s3cret"},
        }
        made = (
            await house.ask("POST", "/api/gurita/identity-providers", {"Name": "Staff", "Ldap": ldap})
        ).json
        assert made["Ldap"]["BindPassword"] == {"HasValue": True, "NewValue": None, "Hint": None}
        path, kept = f"/api/gurita/identity-providers/{made['Id']}", made["Ldap"]
        for change in ({"Host": "evil.test"}, {"Security": "None"}):
            answer = await house.ask("PUT", path, {**made, "Ldap": {**kept, **change}})
            assert answer.status == 400, change
            assert "BindPassword" in answer.errors[0]
        renamed = await house.ask("PUT", path, {**made, "Name": "People", "Ldap": {**kept, "Port": 3269}})
        assert renamed.status == 200, renamed.body
        oidc = {**made, "Ldap": None, "OpenIdConnect": COMPANY["OpenIdConnect"], "Version": 0}
        assert (await house.ask("PUT", path, oidc)).status == 409

    play(tmp_path, scene)
