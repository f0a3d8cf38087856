"""A token of another issuer is exchanged once, if it has a name of its own."""

from __future__ import annotations

from pathlib import Path

from tests.unit.access.household import Household, play
from tests.unit.access.issuing import furnish
from tests.unit.access.test_workload import claims, exchange, robot


def test_a_token_with_a_name_is_exchanged_once_and_the_second_try_is_in_the_trail(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing = furnish(house)
        _, audience = await robot(house)
        token = issuing.token(claims(house, audience, jti="one"))
        assert (await exchange(house, token, audience)).status == 200
        answer = await exchange(house, token, audience)
        assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
        assert "exchanged before" in answer.json["error_description"]
        assert (await house.events())[-1] == "LoginFailed"
        another = issuing.token(claims(house, audience, jti="two"))
        assert (await exchange(house, another, audience)).status == 200

    play(tmp_path, scene)


def test_a_token_is_remembered_as_long_as_it_is_believed(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing = furnish(house)
        _, audience = await robot(house)
        said = claims(house, audience, jti="one")
        token = issuing.token(said)
        assert (await exchange(house, token, audience)).status == 200
        house.clock.pass_(minutes=5, seconds=30)
        late = await exchange(house, token, audience)
        assert "exchanged before" in late.json["error_description"], "the clocks may differ by a minute"
        house.clock.pass_(minutes=2)
        again = issuing.token(claims(house, audience, jti="one"))
        assert (await exchange(house, again, audience)).status == 200

    play(tmp_path, scene)


def test_a_token_without_a_name_may_be_exchanged_again(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing = furnish(house)
        _, audience = await robot(house)
        token = issuing.token(claims(house, audience))
        assert [(await exchange(house, token, audience)).status for _ in range(2)] == [200, 200]

    play(tmp_path, scene)
