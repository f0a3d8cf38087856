"""An issuer of tokens inside the test: an outbound client that answers for it, with keys that may change."""

from __future__ import annotations

from typing import Any

import msgspec
from joserfc import jwt
from joserfc.jwk import RSAKey

from gurita.configuration.routes import routes as configuration_routes
from gurita.http.api import Api
from gurita.outbound.client import Answer, Ask
from gurita.outbound.errors import Unreachable
from tests.unit.access.household import Household

__all__ = ["ISSUER", "Issuing", "Settings", "furnish"]

ISSUER = "https://ci.example.org"


class Settings:
    prefix = ""
    public_url = "https://deploy.example.org"
    node_name = "here"


class Issuing:
    """Stands for `Outbound`. `asked` are the addresses it was asked for, `bodies` what was sent; `away` makes it fail."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.bodies: list[bytes] = []
        self.away = False
        self.discovery: dict[str, Any] = {
            "issuer": ISSUER,
            "jwks_uri": f"{ISSUER}/keys",
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
        }
        self.tokens: Any = {}
        self.rotate("first")

    def rotate(self, kid: str) -> None:
        """From now on it signs with, and shows, another key."""
        self.key = RSAKey.generate_key(2048, {"kid": kid}, private=True)
        self.kid = kid

    def token(self, claims: dict[str, Any]) -> str:
        """A token it signed."""
        return jwt.encode({"alg": "RS256", "kid": self.kid}, {"iss": ISSUER, **claims}, self.key)

    async def ask(self, ask: Ask) -> Answer:
        """What a request is answered."""
        self.asked.append(ask.url)
        self.bodies.append(ask.body)
        if self.away or not ask.url.startswith(ISSUER):
            raise Unreachable("No connection.", ask.url)
        body: Any = self.discovery
        if ask.url.endswith("/keys"):
            body = {"keys": [self.key.as_dict(private=False)]}
        elif ask.url.endswith("/token"):
            body = self.tokens
        return Answer(200, {"content-type": "application/json"}, msgspec.json.encode(body), ask.url)


def furnish(house: Household) -> Issuing:
    """Gives a household settings with their routes, and an issuer to ask."""
    issuing = Issuing()
    house.services.settings = Settings()  # type: ignore[assignment]
    house.services.outbound = issuing  # type: ignore[assignment]
    house.app = Api(
        [*house.app.routes, *configuration_routes],
        house.services,
        authenticate=house.app._authenticate,
        resolve_space=house.app._resolve_space,
    )
    return issuing
