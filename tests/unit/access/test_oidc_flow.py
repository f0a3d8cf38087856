"""The code flow against an issuer that answers what a hostile or broken one might."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import select

from gurita.access.identities.records import user_group, user_identity
from gurita.access.providers.service import safe_path
from gurita.access.sign_in_limit import PER_ADDRESS
from tests.unit.access.household import Household, headers_of, play
from tests.unit.access.issuing import ISSUER, Issuing, furnish
from tests.unit.http.asking import Answer

USER_GROUPS = select(user_group).order_by(user_group.c.group_id)
PROVIDER = {
    "Name": "Company",
    "AllowAutoUserCreation": True,
    "OpenIdConnect": {
        "Issuer": ISSUER,
        "ClientId": "gurita",
        "GroupsClaim": "realm.roles",
        "GroupPrefix": "c/",
    },
}


class Leaving:
    """A browser on its way: what it was sent to ask, and its cookie."""

    def __init__(self, answer: Answer) -> None:
        assert answer.status == 200, answer.body
        self.url = answer.json["ExternalAuthenticationUrl"]
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(self.url).query).items()}
        self.cookies = answer.cookies
        self.cookie = answer.cookies[0].partition(";")[0]


async def leave(house: Household) -> Leaving:
    body = {"RedirectAfterLoginTo": "/app"}
    return Leaving(await house.ask("POST", "/api/users/authenticate/company", body, key=None))


async def back(house: Household, leaving: Leaving, *, cookie: str | None = None, **query: str) -> Answer:
    asked = urlencode({"code": "c0de", "state": leaving.asked["state"], **query})
    headers = {"Cookie": leaving.cookie if cookie is None else cookie}
    return await house.ask("GET", f"/api/users/authenticatedToken/company?{asked}", key=None, headers=headers)


def claims(house: Household, leaving: Leaving, **more: Any) -> dict[str, Any]:
    now = int(house.clock.now().timestamp())
    return {
        "sub": "a-1",
        "aud": "gurita",
        "iat": now,
        "exp": now + 60,
        "nonce": leaving.asked["nonce"],
        "preferred_username": "alice",
        "name": "Alice",
        "email": "alice@example.org",
        "realm": {"roles": ["dev", "ops", "dev", 5, ""]},
        **more,
    }


async def begun(house: Household) -> tuple[Issuing, Leaving]:
    issuing = furnish(house)
    assert (await house.ask("POST", "/api/gurita/identity-providers", PROVIDER)).status == 201
    return issuing, await leave(house)


def test_one_leaves_with_pkce_state_and_nonce_and_comes_back_signed_in(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing, leaving = await begun(house)
        assert (
            leaving.asked["redirect_uri"] == "https://deploy.example.org/api/users/authenticatedToken/company"
        )
        assert leaving.asked["code_challenge_method"] == "S256"
        assert len({leaving.asked[name] for name in ("state", "nonce", "code_challenge")}) == 3
        (cookie,) = leaving.cookies
        for word in ("HttpOnly", "SameSite=lax", "Path=/api/users", "Secure", "Max-Age=600"):
            assert word in cookie
        issuing.tokens = {"id_token": issuing.token(claims(house, leaving))}
        answer = await back(house, leaving)
        assert (answer.status, answer.headers["location"]) == (302, "/app")
        session = {"Cookie": "; ".join(one.partition(";")[0] for one in answer.cookies)}
        me = (await house.ask("GET", "/api/users/me", key=None, headers=session)).json
        assert (me["Username"], me["Identities"][0]["Claims"]["sub"]["Value"]) == ("alice", "a-1")
        rows = await house.store.read(lambda tx: tx.all(USER_GROUPS))
        assert [(row["group_id"], row["name"]) for row in rows] == [("c/dev", "dev"), ("c/ops", "ops")]
        assert (await back(house, leaving)).status == 400

    play(tmp_path, scene)


WRONG: dict[str, dict[str, Any]] = {
    "no nonce": {"nonce": None},
    "the nonce of another sign-in": {"nonce": "x" * 43},
    "another audience": {"aud": "other"},
    "another issuer": {"iss": "https://evil.example.org"},
    "expired": {"exp": 1},
    "no subject": {"sub": ""},
}


@pytest.mark.parametrize("which", WRONG)
def test_a_provider_that_answers_with_a_wrong_token_lets_nobody_in(tmp_path: Path, which: str) -> None:
    async def scene(house: Household) -> None:
        issuing, leaving = await begun(house)
        issuing.tokens = {"id_token": issuing.token(claims(house, leaving, **WRONG[which]))}
        answer = await back(house, leaving)
        assert (answer.status, answer.cookies) == (502, [])
        assert (await house.events())[-1] == "LoginFailed"
        assert (await house.ask("GET", "/api/users/alice")).status == 404

    play(tmp_path, scene)


@pytest.mark.parametrize("tokens", [{}, {"id_token": 5}, {"id_token": "x"}, {"error": "invalid_grant"}, []])
def test_a_provider_that_answers_nonsense_lets_nobody_in(tmp_path: Path, tokens: Any) -> None:
    async def scene(house: Household) -> None:
        issuing, leaving = await begun(house)
        issuing.tokens = tokens
        assert (await back(house, leaving)).status == 502

    play(tmp_path, scene)


def test_a_state_is_good_for_one_browser_one_provider_and_ten_minutes(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing, leaving = await begun(house)
        other = {**PROVIDER, "Name": "Other"}
        assert (await house.ask("POST", "/api/gurita/identity-providers", other)).status == 201

        async def refused(answer: Answer) -> None:
            assert (answer.status, answer.cookies) == (400, [])
            assert not any(url.endswith("/token") for url in issuing.asked), "no code was redeemed"

        await refused(await back(house, leaving, cookie=""))
        await refused(await back(house, await leave(house), cookie=leaving.cookie))
        forged = leaving.cookie.partition("=")[0] + "=forged"
        await refused(await back(house, await leave(house), cookie=forged))
        await refused(await back(house, await leave(house), state="guessed"))
        await refused(await back(house, await leave(house), iss="https://evil.example.org"))
        await refused(await back(house, await leave(house), code="", error="access_denied"))
        leaving = await leave(house)
        path = f"/api/users/authenticatedToken/other?code=c&state={leaving.asked['state']}"
        await refused(await house.ask("GET", path, key=None, headers={"Cookie": leaving.cookie}))
        leaving = await leave(house)
        house.clock.pass_(seconds=601)
        await refused(await back(house, leaving))

    play(tmp_path, scene)


def test_the_verifier_that_is_sent_is_the_one_the_challenge_was_made_of(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing, leaving = await begun(house)
        issuing.tokens = {"id_token": issuing.token(claims(house, leaving))}
        await back(house, leaving)
        form = {name: values[0] for name, values in parse_qs(issuing.bodies[-1].decode()).items()}
        made = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(made).decode().rstrip("=") == leaving.asked["code_challenge"]
        assert form["redirect_uri"] == leaving.asked["redirect_uri"]
        kept = await house.digest()
        for secret in (form["code_verifier"], leaving.asked["nonce"], leaving.cookie.partition("=")[2]):
            assert secret not in kept

    play(tmp_path, scene)


def test_the_guest_is_given_no_identity(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing, _ = await begun(house)
        await house.ask("PUT", "/api/gurita/authentication-settings", {"IsGuestSignInEnabled": True})
        guest = headers_of(await house.ask("POST", "/api/users/authenticate/guest", key=None))
        path = "/api/gurita/identities/company"
        leaving = Leaving(await house.ask("POST", path, {}, key=None, headers=guest))
        issuing.tokens = {"id_token": issuing.token(claims(house, leaving))}
        assert (await back(house, leaving)).status == 403
        by_key = await house.ask("POST", path, {})
        assert by_key.status == 403, "a key is no browser"
        assert await house.store.read(lambda tx: tx.all(select(user_identity))) == []

    play(tmp_path, scene)


def test_a_disabled_provider_is_as_good_as_none_and_its_sessions_and_groups_end(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing, leaving = await begun(house)
        issuing.tokens = {"id_token": issuing.token(claims(house, leaving))}
        answer = await back(house, leaving)
        session = {"Cookie": "; ".join(one.partition(";")[0] for one in answer.cookies)}
        provider = (await house.ask("GET", "/api/gurita/identity-providers/company")).json
        path = f"/api/gurita/identity-providers/{provider['Id']}"
        pending = await leave(house)
        assert (await house.ask("PUT", path, {**provider, "IsEnabled": False})).status == 200
        assert (await house.ask("GET", "/api/users/me", key=None, headers=session)).status == 401
        assert (await back(house, pending)).status == 404
        assert (await house.ask("POST", "/api/users/authenticate/company", {}, key=None)).status == 404
        assert await house.store.read(lambda tx: tx.all(USER_GROUPS)) == []
        assert (await house.ask("DELETE", path)).status == 200
        alice = (await house.ask("GET", "/api/users/alice")).json
        assert alice["Identities"] == []

    play(tmp_path, scene)


def test_nobody_fills_the_table_of_sign_ins_from_one_address(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        await begun(house)
        for _ in range(PER_ADDRESS - 1):
            await leave(house)
        for path in ("users/authenticate/company", "users/authenticate/guest"):
            answer = await house.ask(
                "POST", f"/api/{path}", {}, key=None, headers={"X-Forwarded-For": "203.0.113.9"}
            )
            assert answer.status == 429
            assert int(answer.headers["retry-after"]) > 0
        exchange = await house.ask("POST", "/token/v1", {}, key=None)
        assert (exchange.status, exchange.json["error"]) == (429, "slow_down")
        body = {"Username": "eve", "Password": "a password", "InvitationCode": "INVITE-x"}
        assert (await house.ask("POST", "/api/users/register", body, key=None)).status == 429
        assert (await house.sign_in()).status == 200, "a password is counted by itself"

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "text",
    ["https://evil.test", "//evil.test", "/\\evil.test", "\\\\evil.test", "/\tx", " /x", "javascript:x", "x", "", None,
     "/" + "x" * 3000, "/a\r\nSet-Cookie: x=1", "/\u0000"],
)  # fmt: skip
def test_what_is_no_path_of_ours_leads_to_the_first_page(text: str | None) -> None:
    assert safe_path(text, "") == "/"
    assert safe_path(text, "/gurita") == "/gurita/"


def test_a_path_of_ours_stays_below_the_prefix() -> None:
    assert safe_path("/app#/projects/x?y=1", "") == "/app#/projects/x?y=1"
    assert safe_path("/gurita/app", "/gurita") == "/gurita/app"
    assert safe_path("/guritaevil/app", "/gurita") == "/gurita/"
    assert safe_path("/other", "/gurita") == "/gurita/"
