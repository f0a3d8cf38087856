"""What is believed of a JSON Web Token: pure, given the issuer's keys and the time (security.md T7)."""

from __future__ import annotations

import hmac
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import decode
from joserfc.util import urlsafe_b64decode

from gurita.kernel.errors import Terminal

__all__ = [
    "ALGORITHMS",
    "LONGEST",
    "SKEW",
    "Expected",
    "TokenRefused",
    "UnknownKey",
    "key_set",
    "peek",
    "verify",
]

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519",
)  # fmt: skip
"""Signatures with a public key. Never `none`, and nothing with a shared secret: our copy of a key is public."""

SKEW = 60
"""Seconds two clocks may differ."""

LONGEST = 32 * 1024
"""Characters of the longest token that is looked at."""

_LONGEST_SUBJECT = 1000
_MOST_KEYS = 100
_SHORTEST_RSA = 341  # characters of Base64 that 2048 bits take
_PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "key_ops"}


class TokenRefused(Terminal):
    """A token that is not believed; says why, without the token."""


class UnknownKey(TokenRefused):
    """Signed with a key the issuer did not show when it was last asked."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say. `nonce` None: none is asked for; `sole_audience`: other audiences need us as the party."""

    issuer: str
    audiences: Collection[str]
    nonce: str | None = None
    sole_audience: bool = False


def key_set(document: object) -> KeySet:
    """The keys an issuer shows that may verify signatures: public ones, not those for encryption. Raises TokenRefused."""
    listed = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(listed, list):
        raise TokenRefused("The issuer's keys are not a JSON Web Key Set.")
    found: list[Any] = []
    for each in filter(_may_verify, listed[:_MOST_KEYS]):
        public = {name: value for name, value in each.items() if name not in _PRIVATE}
        try:
            found += KeySet.import_key_set({"keys": [public]}).keys
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return KeySet(found)


def _may_verify(key: Any) -> bool:
    """Whether it may be a public key for signatures, and one that is long enough."""
    if not isinstance(key, dict) or key.get("use", "sig") != "sig":
        return False
    if key.get("kty") == "RSA":
        return isinstance(key.get("n"), str) and len(key["n"].lstrip("A")) >= _SHORTEST_RSA
    return key.get("kty") in ("EC", "OKP")


def peek(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a token claims of itself, unproved: good for choosing whom to ask, never for a decision. Raises TokenRefused."""
    parts = token.split(".")
    if len(token) > LONGEST or len(parts) != 3 or not token.isascii():
        raise TokenRefused("It is no signed JSON Web Token.")
    try:
        header, claims = (msgspec.json.decode(urlsafe_b64decode(part.encode())) for part in parts[:2])
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise TokenRefused("It is no signed JSON Web Token.") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise TokenRefused("It is no signed JSON Web Token.")
    return header, claims


def verify(token: str, keys: KeySet, expected: Expected, now: float) -> dict[str, Any]:
    """The claims of a token that is what it says, from whom it says, for us, and now. Raises TokenRefused, UnknownKey."""
    header, _ = peek(token)
    if header.get("alg") not in ALGORITHMS:
        raise TokenRefused("It is signed in a way that is not accepted here.")
    if not keys.keys:
        raise UnknownKey("The issuer shows no key that could have signed it.")
    try:
        claims = decode(
            token, keys, registry=JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        ).claims
    except InvalidKeyIdError:
        raise UnknownKey("It is signed with a key the issuer does not show.") from None
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
        raise TokenRefused("Its signature does not fit.") from None
    _check_parties(claims, expected)
    _check_times(claims, now)
    subject = claims.get("sub")
    if (
        not isinstance(subject, str)
        or not subject.strip()
        or len(subject) > _LONGEST_SUBJECT
        or not subject.isprintable()
    ):
        raise TokenRefused("It names no subject.")
    if expected.nonce is not None and not hmac.compare_digest(
        str(claims.get("nonce", "")).encode(), expected.nonce.encode()
    ):
        raise TokenRefused("It does not belong to this sign-in: its nonce differs.")
    return claims


def _check_parties(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise TokenRefused("It is from another issuer.")
    told = claims.get("aud")
    audiences = [told] if isinstance(told, str) else told if isinstance(told, list) else []
    if not any(isinstance(one, str) and one in expected.audiences for one in audiences):
        raise TokenRefused("It is for another audience.")
    party = claims.get("azp")
    if (
        expected.sole_audience
        and (party is not None or len(audiences) > 1)
        and party not in expected.audiences
    ):
        raise TokenRefused("It was made for another party.")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    expires, begins, made = (_moment(claims, name) for name in ("exp", "nbf", "iat"))
    if expires is None:
        raise TokenRefused("It never expires.")
    if expires <= now - SKEW:
        raise TokenRefused("It has expired.")
    if (begins is not None and begins > now + SKEW) or (made is not None and made > now + SKEW):
        raise TokenRefused("It is not valid yet. Are the clocks of both sides right?")


def _moment(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TokenRefused(f"Its '{name}' is no time.")
    return float(value)
