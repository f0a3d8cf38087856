from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as private_rsa
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from gurita.access.providers.tokens import Expected, TokenRefused, UnknownKey, key_set, verify

NOW = 1_800_000_000
ISSUER, CLIENT, NONCE = "https://login.example.org", "gurita", "n-0S6_WzA2Mj"
EXPECTED = Expected(ISSUER, (CLIENT,), NONCE, sole_audience=True)
GOOD = {"iss": ISSUER, "aud": CLIENT, "sub": "a-1", "nonce": NONCE, "iat": NOW - 5, "exp": NOW + 300}


@cache
def made(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"}, private=True)


def rsa(kid: str = "first") -> RSAKey:
    return made(kid)


@cache
def shown() -> dict[str, Any]:
    return {"keys": [rsa().as_dict(private=False), rsa("second").as_dict(private=False)]}


def token(claims: dict[str, Any] | None = None, **header: Any) -> str:
    key = rsa(header.get("kid", "first"))
    return jwt.encode({"alg": "RS256", "kid": "first", **header}, GOOD if claims is None else claims, key)


def without(*names: str, **more: Any) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name not in names} | more


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes(value.bit_length() // 8 + 1, "big")).decode().rstrip("=")


def none_at_all() -> str:
    return f"{part({'alg': 'none'})}.{part(GOOD)}."


def none_with_a_signature() -> str:
    return f"{part({'alg': 'none', 'kid': 'first'})}.{part(GOOD)}.{token().rpartition('.')[2]}"


def shared_secret_of_the_public_key() -> str:
    signed = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(GOOD)}"
    made = hmac.new(rsa().as_pem(private=False), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def key_of_its_own() -> str:
    own = RSAKey.generate_key(2048, {"kid": "first"}, private=True)
    return jwt.encode({"alg": "RS256", "kid": "first"}, GOOD, own)


def key_in_its_header() -> str:
    own = RSAKey.generate_key(2048, {"kid": "own"}, private=True)
    return jwt.encode({"alg": "RS256", "jwk": own.as_dict(private=False)}, GOOD, own)


def another_payload() -> str:
    head, _, signature = token().split(".")
    return f"{head}.{part({**GOOD, 'sub': 'admin'})}.{signature}"


def other_curve() -> str:
    own = ECKey.generate_key("P-256", {"kid": "first"}, private=True)
    return jwt.encode({"alg": "ES256", "kid": "first"}, GOOD, own)


def critical_header() -> str:
    signed = f"{part({'alg': 'RS256', 'kid': 'first', 'crit': ['x'], 'x': 1})}.{part(GOOD)}"
    key = rsa().private_key
    assert key is not None
    signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


FORGED: dict[str, str | Callable[[], str]] = {
    "no token": "",
    "two dots": "..",
    "not Base64": "a.b$.c",
    "not JSON": f"{base64.urlsafe_b64encode(b'nope').decode().rstrip('=')}.e30.x",
    "an encrypted one": "a.b.c.d.e",
    "alg none": none_at_all,
    "alg none with a signature": none_with_a_signature,
    "HS256 with the public key": shared_secret_of_the_public_key,
    "a key of its own": key_of_its_own,
    "a key in its header": key_in_its_header,
    "another payload": another_payload,
    "a key of another type": other_curve,
    "an unknown critical header": critical_header,
    "another issuer": lambda: token({**GOOD, "iss": "https://evil.example.org"}),
    "the issuer with a slash": lambda: token({**GOOD, "iss": ISSUER + "/"}),
    "no issuer": lambda: token(without("iss")),
    "another audience": lambda: token({**GOOD, "aud": "other"}),
    "no audience": lambda: token(without("aud")),
    "an audience that is no text": lambda: token({**GOOD, "aud": {"gurita": 1}}),
    "an audience that begins alike": lambda: token({**GOOD, "aud": "gurita2"}),
    "several audiences and no party": lambda: token({**GOOD, "aud": [CLIENT, "other"]}),
    "made for another party": lambda: token({**GOOD, "aud": [CLIENT, "other"], "azp": "other"}),
    "expired": lambda: token({**GOOD, "exp": NOW - 61}),
    "never expires": lambda: token(without("exp")),
    "expires at a text": lambda: token({**GOOD, "exp": str(NOW + 300)}),
    "expires at infinity": lambda: token({**GOOD, "exp": float("inf")}),
    "expires at true": lambda: token({**GOOD, "exp": True}),
    "not valid yet": lambda: token({**GOOD, "nbf": NOW + 61}),
    "made in the future": lambda: token({**GOOD, "iat": NOW + 61}),
    "no nonce": lambda: token(without("nonce")),
    "another nonce": lambda: token({**GOOD, "nonce": "other"}),
    "a nonce that is no text": lambda: token({**GOOD, "nonce": None}),
    "no subject": lambda: token(without("sub")),
    "an empty subject": lambda: token({**GOOD, "sub": " "}),
    "a subject that is no text": lambda: token({**GOOD, "sub": 1}),
    "a subject with a null byte": lambda: token({**GOOD, "sub": "a-1\x00"}),
    "huge": lambda: token({**GOOD, "filler": "x" * 40_000}),
}


@pytest.mark.parametrize("which", FORGED)
def test_a_forged_token_is_not_believed(which: str) -> None:
    forged = FORGED[which]
    with pytest.raises(TokenRefused) as refused:
        verify(forged if isinstance(forged, str) else forged(), key_set(shown()), EXPECTED, NOW)
    assert "a-1" not in str(refused.value)


@pytest.mark.parametrize(
    "claims",
    [
        GOOD,
        {**GOOD, "aud": [CLIENT]},
        {**GOOD, "aud": [CLIENT, "other"], "azp": CLIENT},
        {**GOOD, "exp": NOW - 59},
        {**GOOD, "nbf": NOW + 59, "iat": NOW + 59.5},
        without("iat"),
    ],
)
def test_a_good_token_is_believed_also_with_clocks_a_minute_apart(claims: dict[str, Any]) -> None:
    assert verify(token(claims), key_set(shown()), EXPECTED, NOW)["sub"] == "a-1"
    assert verify(token(claims, kid="second"), key_set(shown()), EXPECTED, NOW)["sub"] == "a-1"


def test_a_key_the_issuer_does_not_show_is_told_apart_so_that_keys_are_asked_for_again() -> None:
    with pytest.raises(UnknownKey):
        verify(token(kid="third"), key_set(shown()), EXPECTED, NOW)
    rotated = {"keys": [rsa("third").as_dict(private=False)]}
    assert verify(token(kid="third"), key_set(rotated), EXPECTED, NOW)
    with pytest.raises(UnknownKey):
        verify(token(), key_set(rotated), EXPECTED, NOW)
    with pytest.raises(UnknownKey):
        verify(token(), key_set({"keys": []}), EXPECTED, NOW)


def test_keys_that_must_not_verify_are_left_out() -> None:
    small = private_rsa(65537, 1024).public_key().public_numbers()  # noqa: S505 - that is the point
    weak = {"kty": "RSA", "kid": "weak", "e": "AQAB", "n": number(small.n)}
    secret = {"kty": "oct", "k": "c2VjcmV0", "kid": "secret"}
    encrypting = {**rsa().as_dict(private=False), "use": "enc"}
    private = {**rsa("second").as_dict(private=True)}
    found = key_set({"keys": [weak, secret, encrypting, private, {"kty": "RSA"}, 5, None, {"kty": "new"}]})
    assert [key.kid for key in found] == ["second"]
    assert not found.keys[0].is_private


@pytest.mark.parametrize("document", [None, [], {"keys": {}}, {"no": "keys"}, "text"])
def test_what_is_no_key_set_is_refused(document: object) -> None:
    with pytest.raises(TokenRefused):
        key_set(document)


@given(st.text(max_size=200))
def test_no_text_is_taken_for_a_token(text: str) -> None:
    with pytest.raises(TokenRefused):
        verify(text, key_set(shown()), EXPECTED, NOW)
