from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import KeySet

from gurita.access.providers.oidc.discovery import ASK_AGAIN
from gurita.access.workload.signing import ensure_key, signed_in
from gurita.access.workload.subjects import fits, problem
from tests.unit.access.household import Household, play
from tests.unit.access.issuing import ISSUER, furnish
from tests.unit.http.asking import Answer, asked

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT = "urn:ietf:params:oauth:token-type:jwt"
SUBJECT = "repo:acme/shop:ref:refs/heads/main"


async def robot(house: Household, **identity: Any) -> tuple[str, str]:
    """A service account with an identity: its id, and what tokens for it name as their audience."""
    made = await house.user("robot", IsService=True, Password=None)
    body = {"Name": "main", "Issuer": ISSUER, "Subject": SUBJECT, **identity}
    path = f"/api/serviceaccounts/{made['Id']}/oidcidentities"
    answer = await house.ask("POST", f"{path}/create/v1", body)
    assert answer.status == 201, answer.body
    page = (await house.ask("GET", f"{path}/v1")).json
    assert (page["Count"], page["OidcIdentities"][0]["Id"]) == (1, answer.json["Id"])
    return made["Id"], page["ExternalId"]


def claims(house: Household, audience: str, **more: Any) -> dict[str, Any]:
    now = int(house.clock.now().timestamp())
    return {"sub": SUBJECT, "aud": audience, "iat": now, "exp": now + 300, **more}


async def exchange(house: Household, token: str, account: str, **more: Any) -> Answer:
    body = {
        "grant_type": GRANT,
        "audience": account,
        "subject_token": token,
        "subject_token_type": JWT,
        **more,
    }
    return await house.ask("POST", "/token/v1", body, key=None)


def test_a_token_of_a_trusted_issuer_is_exchanged_for_an_hour_as_the_service_account(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing = furnish(house)
        account, audience = await robot(house)
        answer = await exchange(house, issuing.token(claims(house, audience)), audience)
        assert answer.status == 200, answer.body
        assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 3600)
        bearer = {"Authorization": f"Bearer {answer.json['access_token']}"}
        me = await house.ask("GET", "/api/users/me", key=None, headers=bearer)
        assert (me.json["Id"], me.json["IsService"]) == (account, True)
        assert (await house.events())[-1] == "LoginSucceeded"
        house.clock.pass_(minutes=61)
        assert (await house.ask("GET", "/api/users/me", key=None, headers=bearer)).status == 401

    play(tmp_path, scene)


def test_the_exchange_is_also_a_form(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing = furnish(house)
        account, audience = await robot(house, Audience="api://gurita")
        token = issuing.token(claims(house, "api://gurita"))
        form = f"grant_type={GRANT}&audience={account}&subject_token={token}&subject_token_type={JWT}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await asked(house.app, "POST", "/token/v1", form.encode(), headers=headers)
        assert answer.status == 200, answer.body
        assert audience != "api://gurita"

    play(tmp_path, scene)


REFUSED: dict[str, dict[str, Any]] = {
    "another subject": {"sub": "repo:acme/shop:ref:refs/heads/evil"},
    "another issuer": {"iss": "https://evil.example.org"},
    "another audience": {"aud": "somebody else"},
    "expired": {"exp": 1_000_000_000},
    "never expires": {"exp": None},
    "not yet": {"nbf": 4_000_000_000},
}


@pytest.mark.parametrize("which", REFUSED)
def test_a_token_that_does_not_fit_is_refused_in_the_words_of_oauth(tmp_path: Path, which: str) -> None:
    async def scene(house: Household) -> None:
        issuing = furnish(house)
        _, audience = await robot(house)
        before = await house.digest()
        answer = await exchange(house, issuing.token(claims(house, audience, **REFUSED[which])), audience)
        assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
        assert set(answer.json) == {"error", "error_description"}
        assert await house.digest() == before
        assert all(url.startswith(ISSUER) for url in issuing.asked), "no issuer is asked that nobody trusts"

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:saml2"}, "invalid_request"),
        ({"audience": ""}, "invalid_request"),
        ({"subject_token": ""}, "invalid_request"),
        ({"subject_token": 5}, "invalid_request"),
        ({"subject_token": "x.y.z"}, "invalid_grant"),
        ({"audience": "Users-1"}, "invalid_grant"),
        ({"audience": "Users-999"}, "invalid_grant"),
    ],
)
def test_a_request_that_is_none_is_refused_in_the_words_of_oauth(
    tmp_path: Path, more: dict[str, Any], code: str
) -> None:
    async def scene(house: Household) -> None:
        issuing = furnish(house)
        _, audience = await robot(house)
        token = issuing.token(claims(house, audience))
        answer = await exchange(house, token, audience, **more)
        assert (answer.status, answer.json["error"]) == (400, code)
        garbage = await asked(house.app, "POST", "/token/v1", b"[" * 100_000)
        assert (garbage.status, garbage.json["error"]) == (400, "invalid_request")

    play(tmp_path, scene)


def test_a_rotated_key_is_asked_for_once_and_forged_key_ids_cost_the_issuer_nothing(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing = furnish(house)
        _, audience = await robot(house)
        assert (await exchange(house, issuing.token(claims(house, audience)), audience)).status == 200
        former = issuing.token(claims(house, audience))
        issuing.rotate("second")
        rotated = issuing.token(claims(house, audience))
        asked_before = len(issuing.asked)
        assert (await exchange(house, rotated, audience)).status == 400
        assert len(issuing.asked) == asked_before
        house.clock.pass_(seconds=ASK_AGAIN)
        assert (await exchange(house, rotated, audience)).status == 200
        for _ in range(3):
            assert (await exchange(house, former, audience)).status == 400
        assert len(issuing.asked) == asked_before + 2

    play(tmp_path, scene)


def test_an_issuer_that_is_away_or_lies_lets_nobody_in(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing = furnish(house)
        _, audience = await robot(house)
        token = issuing.token(claims(house, audience))
        issuing.away = True
        assert "Try again later" in (await exchange(house, token, audience)).json["error_description"]
        issuing.away = False
        for lie in (
            {"issuer": "https://other.example.org"},
            {"jwks_uri": "http://ci.example.org/keys"},
            {"jwks_uri": 5},
        ):
            issuing.discovery |= {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"} | lie
            assert (await exchange(house, token, audience)).status == 400

    play(tmp_path, scene)


def test_a_disabled_service_account_gets_no_token_and_loses_those_it_has(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing = furnish(house)
        account, audience = await robot(house)
        token = issuing.token(claims(house, audience))
        bearer = {"Authorization": f"Bearer {(await exchange(house, token, audience)).json['access_token']}"}
        user = (await house.ask("GET", f"/api/users/{account}")).json
        await house.ask("PUT", f"/api/users/{account}", {**user, "IsActive": False})
        assert (await house.ask("GET", "/api/users/me", key=None, headers=bearer)).status == 401
        assert (await exchange(house, token, audience)).json["error"] == "invalid_grant"

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "members",
    [
        {"Issuer": "http://ci.example.org"},
        {"Issuer": "https://user:pass@ci.example.org"},
        {"Issuer": "file:///etc/passwd"},
        {"Issuer": "https://ci.example.org?x=1"},
        {"Issuer": "https://"},
        {"Subject": "*"},
        {"Subject": "re*"},
        {"Subject": "?epo:acme"},
        {"Subject": "repo:a*b*c*d*e*f*g"},
        {"Subject": " "},
        {"Name": ""},
    ],
)
def test_an_identity_that_would_let_in_too_many_is_refused(tmp_path: Path, members: dict[str, Any]) -> None:
    async def scene(house: Household) -> None:
        furnish(house)
        made = await house.user("robot", IsService=True, Password=None)
        before = await house.digest()
        body = {"Name": "main", "Issuer": ISSUER, "Subject": SUBJECT, **members}
        path = f"/api/serviceaccounts/{made['Id']}/oidcidentities/create/v1"
        assert (await house.ask("POST", path, body)).status == 400
        assert (await house.ask("POST", path.replace(made["Id"], "Users-1"), {**body})).status in {400, 409}
        assert await house.digest() == before

    play(tmp_path, scene)


def test_identities_are_changed_and_removed(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        issuing = furnish(house)
        account, audience = await robot(house)
        place = f"/api/serviceaccounts/{account}/oidcidentities"
        one = (await house.ask("GET", f"{place}/v1")).json["OidcIdentities"][0]
        changed = await house.ask(
            "PUT", f"{place}/{one['Id']}/v1", {**one, "Subject": "repo:acme/*:ref:refs/heads/main"}
        )
        assert changed.json["Subject"] == "repo:acme/*:ref:refs/heads/main"
        assert (await exchange(house, issuing.token(claims(house, audience)), audience)).status == 200
        assert (await house.ask("DELETE", f"{place}/{one['Id']}/v1")).status == 200
        assert (await house.ask("GET", f"{place}/v1/{one['Id']}")).status == 404
        assert (await exchange(house, issuing.token(claims(house, audience)), audience)).status == 400

    play(tmp_path, scene)


def test_this_server_shows_the_keys_it_signs_with_and_replaces_them(tmp_path: Path) -> None:
    async def scene(house: Household) -> None:
        furnish(house)
        about = (
            await house.ask(
                "GET", "/.well-known/openid-configuration", key=None, headers={"Host": "evil.test"}
            )
        ).json
        assert about["issuer"] == "https://deploy.example.org"
        assert about["token_endpoint"] == "https://deploy.example.org/token/v1"
        await ensure_key(house.services)

        async def sign() -> str:
            return await house.store.read(
                lambda tx: signed_in(
                    tx,
                    house.services,
                    about["issuer"],
                    {"sub": "space:x", "aud": "cloud"},
                    timedelta(minutes=10),
                )
            )

        async def keys() -> KeySet:
            document = (await house.ask("GET", "/.well-known/jwks", key=None)).json
            assert not any("d" in key or "p" in key for key in document["keys"])
            return KeySet.import_key_set(document)

        first = await sign()
        assert jwt.decode(first, await keys(), ["RS256"]).claims["sub"] == "space:x"
        rotated = await house.ask("POST", "/api/signingkeyconfiguration/rotate", {})
        assert rotated.status == 200, rotated.body
        second = await sign()
        found = await keys()
        assert len(found.keys) == 2
        assert (
            jwt.decode(first, found, ["RS256"]).header["kid"]
            != jwt.decode(second, found, ["RS256"]).header["kid"]
        )
        house.clock.pass_(hours=25)
        await house.ask("POST", "/api/signingkeyconfiguration/rotate", {})
        assert rotated.json["SigningKeyId"] in {key.kid for key in (await keys())}
        assert len((await keys()).keys) == 2

    play(tmp_path, scene)


def slow_fits(pattern: str, subject: str) -> bool:
    if not pattern:
        return not subject
    if pattern[0] == "*":
        return slow_fits(pattern[1:], subject) or (bool(subject) and slow_fits(pattern, subject[1:]))
    return bool(subject) and pattern[0] in ("?", subject[0]) and slow_fits(pattern[1:], subject[1:])


@given(st.text("ab*?", max_size=7), st.text("ab", max_size=8))
def test_wildcards_mean_what_the_slow_and_obvious_way_says(pattern: str, subject: str) -> None:
    assert fits(pattern, subject) == slow_fits(pattern, subject)


def test_a_pattern_made_to_be_slow_is_quick() -> None:
    assert not fits("aaaa" + "*a" * 5 + "b", "a" * 1000)
    assert problem("aaaa" + "*a" * 6)
