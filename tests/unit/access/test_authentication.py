from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.access.household import ADMIN_KEY, PASSWORD, Household, play


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"X-Octopus-ApiKey": ADMIN_KEY}, ""),
        ({"x-octopus-apikey": f" {ADMIN_KEY} "}, ""),
        ({"X-NuGet-ApiKey": ADMIN_KEY}, ""),
        ({"Authorization": f"Bearer {ADMIN_KEY}"}, ""),
        ({}, f"?apikey={ADMIN_KEY}"),
        ({}, f"?skip=0&ApiKey={ADMIN_KEY}"),
    ],
)
def test_a_key_may_come_in_any_of_the_known_places(
    tmp_path: Path, headers: dict[str, str], query: str
) -> None:
    async def scene(house: Household) -> None:
        answer = await house.ask("GET", f"/api/users/me{query}", key=None, headers=headers)
        assert (answer.status, answer.json["Username"]) == (200, "ada")

    play(tmp_path, scene)


FORGED = {
    "of another": "API-SOMEBODYELSE0123456789",
    "in lower case": ADMIN_KEY.lower(),
    "shortened": ADMIN_KEY[:-1],
    "empty but there": "API-",
    "a bearer token": "BEARER-abc",
    "a registration token": "REGISTER-abc",
    "injected": "API-' OR 1=1 --",
    "not ASCII": "API-\xe9",
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_wrong_key_is_refused_and_no_other_proof_is_looked_at(tmp_path: Path, forged: str) -> None:
    async def scene(house: Household) -> None:
        session = await house.session()
        answer = await house.ask("GET", "/api/users/me", key=FORGED[forged], headers=session)
        assert answer.status == 401
        assert answer.json["ErrorMessage"].startswith("The API key, token or session you sent is not valid.")

    play(tmp_path, scene)


def test_a_key_is_dead_the_moment_it_expires(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        body = {"Purpose": "soon", "Expires": "2026-07-01T14:30:00.000+02:00"}
        made = (await house.ask("POST", "/api/users/Users-1/apikeys", body)).json
        assert made["Expires"] == "2026-07-01T12:30:00.000+00:00"
        key = made["ApiKey"]
        assert (await house.ask("GET", "/api/users/me", key=key)).status == 200
        house.clock.pass_(minutes=29, seconds=59)
        assert (await house.ask("GET", "/api/users/me", key=key)).status == 200
        house.clock.pass_(seconds=1)
        assert (await house.ask("GET", "/api/users/me", key=key)).status == 401
        body = {"Purpose": "late", "Expires": "2020-01-01T00:00:00Z"}
        assert (await house.ask("POST", "/api/users/Users-1/apikeys", body)).errors == [
            "Expires: must be in the future."
        ]

    play(tmp_path, scene)


def test_a_key_is_shown_once_and_stored_as_its_digest(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        answer = await house.ask("POST", "/api/users/Users-1/apikeys", {"Purpose": "CI"})
        assert answer.status == 201
        key = answer.json["ApiKey"]
        assert key.startswith("API-")
        own = answer.json["Links"]["Self"]
        shown = (await house.ask("GET", own)).json
        assert shown["ApiKey"] == {"HasValue": True, "NewValue": None, "Hint": key[:7]}
        listed = await house.ask("GET", "/api/users/Users-1/apikeys?take=1")
        assert (listed.json["TotalResults"], len(listed.json["Items"])) == (2, 1)
        assert key not in await house.digest()
        assert (await house.ask("DELETE", own)).status == 200
        assert (await house.ask("GET", "/api/users/me", key=key)).status == 401
        assert (await house.ask("GET", own)).status == 404
        assert (await house.events())[-2:] == ["ApiKeyCreated", "ApiKeyRevoked"]

    play(tmp_path, scene)


def test_the_last_use_of_a_key_is_noted(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        house.clock.pass_(hours=1)
        await house.ask("GET", "/api/users/me")
        item = (await house.ask("GET", "/api/users/Users-1/apikeys")).json["Items"][0]
        assert item["LastUsed"] == "2026-07-01T13:00:00.000+00:00"

    play(tmp_path, scene)


def test_disabling_a_user_kills_keys_sessions_and_tokens_on_every_node(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        user = await house.user("bob")
        key = await house.key_of("bob")
        session = await house.session(username="bob")
        token = (await house.ask("POST", "/api/users/access-token", key=key)).json["AccessToken"]
        proofs: list[dict[str, Any]] = [
            {"key": key},
            {"key": None, "headers": session},
            {"key": None, "headers": {"Authorization": f"Bearer {token}"}},
        ]
        other = house.node()
        for app in (house.app, other):
            for proof in proofs:
                assert (await house.ask("GET", "/api/users/me", app=app, **proof)).status == 200
        answer = await house.ask("PUT", f"/api/users/{user['Id']}", {**user, "IsActive": False})
        assert answer.status == 200
        for app in (house.app, other):
            for proof in proofs:
                assert (await house.ask("GET", "/api/users/me", app=app, **proof)).status == 401
        assert (await house.sign_in("bob")).status == 401

    play(tmp_path, scene)


def test_a_bearer_token_lasts_an_hour_and_cannot_prolong_itself(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        token = (await house.ask("POST", "/api/users/access-token")).json["AccessToken"]
        bearer = {"Authorization": f"bearer {token}"}
        assert (await house.ask("POST", "/api/echo", key=None, headers=bearer)).status == 201
        assert (await house.ask("POST", "/api/users/access-token", key=None, headers=bearer)).status == 403
        house.clock.pass_(hours=1)
        assert (await house.ask("GET", "/api/users/me", key=None, headers=bearer)).status == 401

    play(tmp_path, scene)


def test_a_registration_token_registers_one_machine_and_does_nothing_else(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        body = {"roles": ["web"], "environmentIds": ["Environments-1"], "ExpiresInMinutes": 10}
        made = (await house.ask("POST", "/api/Spaces-2/gurita/registration-tokens", body)).json
        token = made["Token"]
        assert (made["SpaceId"], made["Expires"]) == ("Spaces-2", "2026-07-01T12:10:00.000+00:00")
        assert token not in await house.digest()
        for method, path in [
            ("GET", "/api/users/me"),
            ("POST", "/api/users/Users-1/apikeys"),
            ("GET", "/api/Spaces-2/machines"),
            ("POST", "/api/users/access-token"),
            ("POST", "/api/Spaces-2/gurita/registration-tokens"),
        ]:
            assert (await house.ask(method, path, {"Purpose": "x"}, key=token)).status == 401
        assert (await house.ask("POST", "/api/Spaces-1/machines", {}, key=token)).status == 403
        header = {"X-Gurita-Registration-Token": token}
        assert (await house.ask("GET", "/api/Spaces-2/machines", key=None, headers=header)).status == 401
        answer = await house.ask("POST", "/api/Spaces-2/machines/", {}, key=None, headers=header)
        assert answer.json == {
            "By": "Registration token",
            "As": [["web"], ["Environments-1"]],
            "User": "Users-1",
        }
        assert (await house.ask("POST", "/api/Spaces-2/machines", {}, key=token)).status == 401

    play(tmp_path, scene)


def test_a_registration_token_tells_what_became_of_it_and_one_for_a_worker_makes_no_target(
    tmp_path: Path,
) -> None:
    async def scene(house: Household) -> None:
        path = "/api/Spaces-2/gurita/registration-tokens"
        mixed = {"Roles": ["web"], "WorkerPoolIds": ["WorkerPools-1"]}
        assert (await house.ask("POST", path, mixed)).status == 400
        worker = (await house.ask("POST", path, {"WorkerPoolIds": ["WorkerPools-1"]})).json
        assert (await house.ask("POST", "/api/Spaces-2/machines", {}, key=worker["Token"])).status == 403
        made = (await house.ask("POST", path, {"Roles": ["web"]})).json
        before = (await house.ask("GET", f"{path}/{made['Id']}")).json
        assert (before["Used"], before["MachineId"], before["IsExpired"]) == (None, None, False)
        assert "Token" not in before
        await house.ask("POST", "/api/Spaces-2/machines", {}, key=made["Token"])
        assert (await house.ask("GET", f"{path}/{made['Id']}")).json["Used"] is not None
        for strange in (
            "/api/Spaces-1/gurita/registration-tokens/" + made["Id"],
            f"{path}/RegistrationTokens-99",
        ):
            assert (await house.ask("GET", strange)).status == 404

    play(tmp_path, scene)


def test_a_registration_token_expires_and_dies_with_its_maker(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        path = "/api/Spaces-1/gurita/registration-tokens"
        token = (await house.ask("POST", path, {"ExpiresInMinutes": 5})).json["Token"]
        house.clock.pass_(minutes=5)
        assert (await house.ask("POST", "/api/machines", {}, key=token)).status == 401
        assert (await house.ask("POST", path, {"ExpiresInMinutes": 0})).status == 400
        assert (await house.ask("POST", path, {"ExpiresInMinutes": 5}, key=None)).status == 401

    play(tmp_path, scene)


def test_nobody_is_told_to_sign_in(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        answer = await house.ask("GET", "/api/users/me", key=None)
        assert answer.status == 401
        assert answer.json["ErrorMessage"].startswith("You must be logged in to request this resource.")
        assert PASSWORD not in await house.digest()

    play(tmp_path, scene)
