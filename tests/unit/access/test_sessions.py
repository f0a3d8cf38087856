from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gurita.access.sign_in_limit import PER_ADDRESS, PER_NAME, count_attempt
from gurita.store.tx import Tx
from tests.unit.access.household import INSTALLATION, Household, headers_of, play


def test_signing_in_sets_the_two_cookies_clients_know(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        answer = await house.sign_in("ADA")
        assert (answer.status, answer.json["Username"]) == (200, "ada")
        identity, csrf = sorted(answer.cookies, reverse=True)
        assert identity.startswith(f"OctopusIdentificationToken_{INSTALLATION}=")
        assert csrf.startswith(f"Octopus-Csrf-Token_{INSTALLATION}=")
        assert "HttpOnly" in identity
        assert "HttpOnly" not in csrf
        for cookie in (identity, csrf):
            assert "SameSite=lax" in cookie
            assert "Path=/" in cookie
            assert "Max-Age" not in cookie
            assert "Secure" not in cookie
        assert "password" not in answer.body.decode().lower().replace("canpasswordbeedited", "")
        remembered = await house.sign_in(RememberMe=True)
        assert all("Max-Age=2592000" in cookie for cookie in remembered.cookies)
        below = house.node("/octopus")
        body = {"Username": "ada", "Password": "correct horse battery"}
        over_tls = await house.ask(
            "POST", "/octopus/api/users/login", body, key=None, app=below, scheme="https"
        )
        assert all("Secure" in cookie and "Path=/octopus" in cookie for cookie in over_tls.cookies)

    play(tmp_path, scene)


def test_a_session_reads_freely_and_writes_with_its_token(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        headers = await house.session()
        assert (await house.ask("GET", "/api/users/me", key=None, headers=headers)).status == 200
        assert (await house.ask("POST", "/api/echo", key=None, headers=headers)).json == {"User": "ada"}

    play(tmp_path, scene)


@pytest.mark.parametrize("token", [None, "", "wrong", "another session's"])
@pytest.mark.parametrize("override", [None, "PUT", "DELETE"])
def test_a_write_without_the_sessions_own_token_is_refused(
    tmp_path: Path, token: str | None, override: str | None
) -> None:
    async def scene(house: Household) -> None:
        headers = await house.session()
        other = await house.session()
        if token is None:
            del headers["X-Octopus-Csrf-Token"]
        else:
            headers["X-Octopus-Csrf-Token"] = (
                other["X-Octopus-Csrf-Token"] if token == "another session's" else token
            )
        before = await house.digest()
        if override:
            headers["X-HTTP-Method-Override"] = override
        target = "/api/users/Users-1" if override else "/api/echo"
        answer = await house.ask("POST", target, {"Username": "eve"}, key=None, headers=headers)
        assert answer.status == 403
        assert "another site" in answer.json["ErrorMessage"]
        assert await house.digest() == before

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "origin", ["https://evil.test", "null", "http://gurita.test.evil.test", "http://gurita.test:81"]
)
def test_a_write_from_another_origin_is_refused_even_with_the_token(tmp_path: Path, origin: str) -> None:
    async def scene(house: Household) -> None:
        headers = {**await house.session(), "Origin": origin}
        assert (await house.ask("POST", "/api/echo", key=None, headers=headers)).status == 403
        assert (await house.ask("GET", "/api/users/me", key=None, headers=headers)).status == 200
        body = {"Username": "ada", "Password": "correct horse battery"}
        signed_in = await house.ask("POST", "/api/users/login", body, key=None, headers={"Origin": origin})
        assert signed_in.status == 403

    play(tmp_path, scene)


def test_a_write_from_our_own_origin_passes(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        headers = {**await house.session(), "Origin": "http://GURITA.test"}
        assert (await house.ask("POST", "/api/echo", key=None, headers=headers)).status == 201

    play(tmp_path, scene)


def test_signing_out_ends_the_session_on_every_node(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        headers, other = await house.session(), house.node()
        assert (await house.ask("GET", "/api/users/me", key=None, headers=headers, app=other)).status == 200
        answer = await house.ask("POST", "/api/users/logout", key=None, headers=headers)
        assert (answer.status, answer.json) == (200, {})
        assert all('=""' in cookie and "Max-Age=0" in cookie for cookie in answer.cookies)
        for app in (house.app, other):
            assert (await house.ask("GET", "/api/users/me", key=None, headers=headers, app=app)).status == 401
        assert (await house.events())[-1] == "Logout"

    play(tmp_path, scene)


def test_all_sessions_of_a_user_can_be_revoked_and_keys_stay(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        first, second = await house.session(), await house.session()
        assert (await house.ask("PUT", "/api/users/Users-1/revoke-sessions", {})).status == 200
        for headers in (first, second):
            assert (await house.ask("GET", "/api/users/me", key=None, headers=headers)).status == 401
        assert (await house.ask("GET", "/api/users/me")).status == 200

    play(tmp_path, scene)


def test_a_session_ends_by_itself(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        day, month = await house.session(), await house.session(RememberMe=True)
        house.clock.pass_(hours=24)
        assert (await house.ask("GET", "/api/users/me", key=None, headers=day)).status == 401
        assert (await house.ask("GET", "/api/users/me", key=None, headers=month)).status == 200
        house.clock.pass_(days=29)
        assert (await house.ask("GET", "/api/users/me", key=None, headers=month)).status == 401

    play(tmp_path, scene)


def test_a_new_password_ends_the_sessions_made_with_the_old_one(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        old = await house.session()
        me = (await house.ask("GET", "/api/users/me")).json
        answer = await house.ask("PUT", f"/api/users/{me['Id']}", {**me, "Password": "another password"})
        assert answer.status == 200
        assert (await house.ask("GET", "/api/users/me", key=None, headers=old)).status == 401
        assert (await house.sign_in()).status == 401
        assert headers_of(await house.sign_in(password="another password"))

    play(tmp_path, scene)


def test_wrong_name_and_wrong_password_are_told_alike(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await house.user("robot", IsService=True)
        answers = [
            await house.sign_in("ada", "wrong password"),
            await house.sign_in("nobody", "wrong password"),
            await house.sign_in("Users-1"),
            await house.sign_in("robot"),
        ]
        assert {(one.status, one.body) for one in answers} == {(answers[0].status, answers[0].body)}
        assert answers[0].status == 401
        assert answers[0].errors == ["The username or password is wrong."]
        assert (await house.events()).count("LoginFailed") == 4

    play(tmp_path, scene)


VARIANTS = ["ada", "ADA", " ada ", "a\u200bda", "\uff41\uff44\uff41", "ada\t", "\u2060ada"]


def test_no_variant_of_a_name_wins_another_attempt(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        answers = [await house.sign_in(variant, "wrong password") for variant in VARIANTS]
        assert [one.status for one in answers] == [401] * 5 + [429] * 2
        right = await house.sign_in()
        assert right.status == 429
        assert right.headers["retry-after"] == "300"
        house.clock.pass_(minutes=5)
        assert (await house.sign_in()).status == 200

    play(tmp_path, scene)


def test_a_null_byte_is_no_part_of_a_name(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        answer = await house.sign_in("ada\x00", "wrong password")
        assert answer.status == 400
        assert "NUL" in answer.errors[0]

    play(tmp_path, scene)


def test_a_claimed_forwarding_address_wins_no_attempt(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        statuses = []
        for number in range(6):
            body = {"Username": "ada", "Password": "wrong password"}
            headers = {"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=198.51.100.{number}"}
            statuses.append(
                (await house.ask("POST", "/api/users/login", body, key=None, headers=headers)).status
            )
        assert statuses == [401] * 5 + [429]

    play(tmp_path, scene)


def _attempts(house: Household, names: list[str], addresses: list[str]) -> Callable[[Tx], list[object]]:
    now = house.services.milliseconds()
    return lambda tx: [
        count_attempt(tx, name, address, now) for name, address in zip(names, addresses, strict=True)
    ]


def test_one_address_cannot_try_many_names_for_ever(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        names = [f"user{number}" for number in range(PER_ADDRESS)]
        assert not any(await house.store.write(_attempts(house, names, ["192.0.2.1"] * PER_ADDRESS)))
        assert (await house.sign_in()).status == 429

    play(tmp_path, scene)


def test_many_addresses_cannot_try_one_name_for_ever(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        addresses = [f"198.51.100.{number}" for number in range(PER_NAME)]
        assert not any(await house.store.write(_attempts(house, ["ada"] * PER_NAME, addresses)))
        assert (await house.sign_in()).status == 429

    play(tmp_path, scene)


def test_a_success_forgives_the_attempts_before_it(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        for _ in range(3):
            for _ in range(4):
                assert (await house.sign_in(password="wrong password")).status == 401
            assert (await house.sign_in()).status == 200

    play(tmp_path, scene)
