"""A session in use gets a new token now and then: nobody is signed out by it, and the former one ends."""

from __future__ import annotations

from pathlib import Path

from tests.unit.access.household import INSTALLATION, Household, play
from tests.unit.http.asking import Answer

NAME = f"OctopusIdentificationToken_{INSTALLATION}="


def given(answer: Answer) -> str:
    """The token an answer gives a browser; empty for none."""
    return next((each[len(NAME) :].partition(";")[0] for each in answer.cookies if each.startswith(NAME)), "")


def holding(headers: dict[str, str], token: str) -> dict[str, str]:
    """The headers of the same page with another token."""
    kept = [each for each in headers["Cookie"].split("; ") if not each.startswith(NAME)]
    return {**headers, "Cookie": "; ".join([f"{NAME}{token}", *kept])}


async def me(house: Household, headers: dict[str, str]) -> Answer:
    return await house.ask("GET", "/api/users/me", key=None, headers=headers)


def test_an_old_token_is_replaced_by_one_that_is_good_on_every_node(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        first, other = await house.session(), house.node()
        house.clock.pass_(hours=11)
        assert given(await me(house, first)) == ""
        house.clock.pass_(hours=1, minutes=1)
        answer = await me(house, first)
        assert answer.status == 200
        token = given(answer)
        second = holding(first, token)
        assert token and second != first
        for app in (other, house.app):
            assert (await house.ask("POST", "/api/echo", key=None, headers=second, app=app)).status == 201
        assert given(await me(house, second)) == ""
        assert (await me(house, first)).status == 200, "requests on their way are let in"
        house.clock.pass_(seconds=61)
        for app in (house.app, other):
            late = await house.ask("GET", "/api/users/me", key=None, headers=first, app=app)
            assert late.status == 401
            still = await house.ask("GET", "/api/users/me", key=None, headers=second, app=app)
            assert still.status == 200

    play(tmp_path, scene)


def test_of_requests_at_once_one_brings_the_next_token(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        headers, other = await house.session(), house.node()
        house.clock.pass_(hours=13)
        apps = [house.app, other, house.app, other]
        answers = [
            await house.ask("GET", "/api/users/me", key=None, headers=headers, app=app) for app in apps
        ]
        assert [each.status for each in answers] == [200] * 4
        assert len([each for each in map(given, answers) if each]) == 1

    play(tmp_path, scene)


def test_a_token_that_never_arrived_signs_nobody_out(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        headers = await house.session()
        house.clock.pass_(hours=13)
        lost = given(await me(house, headers))
        house.clock.pass_(minutes=5)
        found = given(await me(house, headers))
        assert found and found != lost
        assert (await me(house, holding(headers, lost))).status == 401
        assert (await me(house, holding(headers, found))).status == 200

    play(tmp_path, scene)


def test_signing_out_ends_all_tokens_of_the_session(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        first = await house.session()
        house.clock.pass_(hours=13)
        second = holding(first, given(await me(house, first)))
        assert (await me(house, second)).status == 200
        gone = await house.ask("POST", "/api/users/logout", key=None, headers=first)
        assert gone.status == 200
        assert [(await me(house, each)).status for each in (first, second)] == [401, 401]

    play(tmp_path, scene)


def test_a_new_token_does_not_prolong_a_session(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        first = await house.session()
        house.clock.pass_(hours=13)
        second = holding(first, given(await me(house, first)))
        assert (await me(house, second)).status == 200
        house.clock.pass_(hours=11, minutes=1)
        assert (await me(house, second)).status == 401

    play(tmp_path, scene)


def test_a_remembered_session_turns_every_half_day_and_its_cookie_ends_with_it(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        headers = await house.session(RememberMe=True)
        for _ in range(3):
            house.clock.pass_(hours=13)
            answer = await me(house, headers)
            (cookie,) = (each for each in answer.cookies if each.startswith(NAME))
            assert 0 < int(cookie.partition("Max-Age=")[2].partition(";")[0]) < 30 * 86_400
            assert "HttpOnly" in cookie and "SameSite=lax" in cookie
            headers = holding(headers, given(answer))
            assert (await me(house, headers)).status == 200

    play(tmp_path, scene)


def test_a_bearer_token_and_a_key_beside_a_cookie_are_left_alone(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        headers = await house.session()
        house.clock.pass_(hours=13)
        assert given(await house.ask("GET", "/api/users/me", headers=headers)) == ""
        taken = await house.ask("POST", "/api/users/access-token")
        bearer = {"Authorization": f"Bearer {taken.json['AccessToken']}"}
        assert given(await me(house, bearer)) == ""

    play(tmp_path, scene)
