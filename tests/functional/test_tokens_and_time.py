"""Whatever proves who somebody is ends when it says, by the server's clock, also when that clock is set to another time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx2
import pytest

from tests.canary import secret
from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server
from tests.needs import need

pytestmark = pytest.mark.needs("faketime")

MOMENTS = (-90, 8, 12, 32, 62, 25 * 60, 47 * 60, 49 * 60, 400 * 24 * 60)
"""Minutes by which the clock is set away from the true time, one after the other."""

Proof = Callable[[], int]


@pytest.fixture(name="server")
def _server(tmp_path: Path) -> Iterator[GuritaServer]:
    (tmp_path / "clock").write_text("+0")
    faked = {
        "LD_PRELOAD": need("faketime"),
        "FAKETIME_TIMESTAMP_FILE": str(tmp_path / "clock"),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "1",
        # A clock that is set does not change how time passes.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with gurita_server(tmp_path / "server", environment=faked) as made:
        yield made


def set_clock(server: GuritaServer, **to: float) -> None:
    """Sets the server's clock so much after (or before) the true one, and returns once it has seen it."""
    away = timedelta(**to)
    clock = server.folder.parent / "clock"
    # At once: whoever reads it meanwhile finds the former or the new time.
    clock.with_suffix(".new").write_text(f"{away.total_seconds():+.0f}")
    clock.with_suffix(".new").rename(clock)

    def seen() -> bool:
        told = parsedate_to_datetime(server.client.get("/api").headers["date"])
        return abs(told - datetime.now(UTC) - away) < timedelta(minutes=1)

    server.until(seen)


def proofs(server: GuritaServer, client: httpx2.Client) -> dict[str, tuple[timedelta, Proof]]:
    """Everything that proves who somebody is, how long it is good, and the status a request with it gets."""
    assert (
        client.post("/api/users/login", json={"Username": "admin", "Password": PASSWORD}).status_code == 200
    )
    cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}
    client.cookies.clear()
    me = server.get("users/me")["Id"]
    bearer = server.post("users/access-token", {})["AccessToken"]
    soon = (datetime.now(UTC) + timedelta(minutes=30)).isoformat()
    short = server.post(f"users/{me}/apikeys", {"Purpose": "Soon gone", "Expires": soon})["ApiKey"]
    body = {"Roles": ["web"], "EnvironmentIds": [], "ExpiresInMinutes": 10}
    tokens = [server.post("Spaces-1/gurita/registration-tokens", body)["Token"] for _ in MOMENTS]
    codes = [server.post("users/invitations", {"AddToTeamIds": []})["InvitationCode"] for _ in MOMENTS]

    def reads(**headers: str) -> Proof:
        return lambda: client.get("/api/users/me", headers=headers).status_code

    def registers() -> int:
        answer = client.post(
            "/api/Spaces-1/machines", json={"Name": "m"}, headers={"X-Octopus-ApiKey": tokens.pop()}
        )
        return (
            200 if answer.status_code == 400 else answer.status_code
        )  # the machine is no good, the token is

    def joins() -> int:
        new = {"Username": f"u{len(codes)}", "Password": secret("joins"), "InvitationCode": codes.pop()}
        answer = client.post("/api/users/register", json=new)
        client.cookies.clear()
        return 200 if answer.status_code == 201 else 401

    return {
        "registration token": (timedelta(minutes=10), registers),
        "key with an end": (timedelta(minutes=30), reads(**{"X-Octopus-ApiKey": short})),
        "bearer token": (timedelta(hours=1), reads(Authorization=f"Bearer {bearer}")),
        "session": (timedelta(hours=24), reads(**cookies)),
        "invitation": (timedelta(hours=48), joins),
        "key without end": (timedelta(days=40_000), reads(**{"X-Octopus-ApiKey": server.api_key})),
    }


def test_what_has_an_end_is_good_until_then_and_not_a_moment_longer(server: GuritaServer) -> None:
    with httpx2.Client(base_url=server.url, trust_env=False, timeout=120) as client:
        known = proofs(server, client)
        for minutes in MOMENTS:
            set_clock(server, minutes=minutes)
            for name, (good, asks) in known.items():
                wanted = 200 if timedelta(minutes=minutes) < good else 401
                assert asks() == wanted, f"{name} after {minutes} minutes"
    assert "Traceback" not in server.log.read_text()
