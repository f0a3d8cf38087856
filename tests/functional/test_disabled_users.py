"""Disabling a user ends whatever they hold within seconds: keys, sessions, tokens, and streams that are open (T7, T28)."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import httpx2

from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server
from tests.patience import within

SECONDS = 10.0


class Stream(threading.Thread):
    """A stream somebody listens to; `ended` is set when the server ends it."""

    def __init__(self, server: GuritaServer, headers: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.url, self.headers = f"{server.url}/api/Spaces-1/gurita/changes", headers
        self.open, self.ended = threading.Event(), threading.Event()

    def run(self) -> None:
        with (
            httpx2.Client(trust_env=False, timeout=300) as client,
            client.stream("GET", self.url, headers=self.headers) as answer,
        ):
            if answer.status_code == 200:
                self.open.set()
            for _ in answer.iter_raw():
                pass
        self.ended.set()


def asked(method: str, url: str, headers: dict[str, str], body: Any = None) -> httpx2.Response:
    """A request with nothing but these headers."""
    return httpx2.request(method, url, headers=headers, json=body, trust_env=False, timeout=120)


def test_a_disabled_users_keys_sessions_tokens_and_open_streams_are_dead_within_seconds(
    tmp_path: Path,
) -> None:
    with gurita_server(tmp_path / "server") as server, httpx2.Client(trust_env=False, timeout=120) as client:
        eve = server.post("users", {"Username": "eve", "Password": PASSWORD, "DisplayName": "Eve"})
        team = server.post("teams", {"Name": "Viewers", "MemberUserIds": [eve["Id"]]})
        given = {"UserRoleId": "userroles-projectviewer", "TeamId": team["Id"], "SpaceId": "Spaces-1"}
        server.post("scopeduserroles", given)
        signed_in = client.post(
            f"{server.url}/api/users/login", json={"Username": "eve", "Password": PASSWORD}
        )
        assert signed_in.status_code == 200
        pairs = dict(client.cookies.items())
        csrf = next(value for name, value in pairs.items() if name.startswith("Octopus-Csrf-Token_"))
        session = {"Cookie": "; ".join(f"{name}={value}" for name, value in pairs.items())}
        writing = {**session, "X-Octopus-Csrf-Token": csrf}
        me = f"{server.url}/api/users/me"
        key = asked("POST", f"{me}/apikeys", writing, {"Purpose": "x"}).json()["ApiKey"]
        token = asked("POST", f"{server.url}/api/users/access-token", writing)
        proofs = [
            session,
            {"X-Octopus-ApiKey": key},
            {"Authorization": f"Bearer {token.json()['AccessToken']}"},
        ]
        streams = [Stream(server, proof) for proof in proofs]
        for stream in streams:
            stream.start()
        assert all(stream.open.wait(120) for stream in streams)
        whole = server.get(f"users/{eve['Id']}")
        server.put(f"users/{eve['Id']}", {**whole, "IsActive": False})
        with within(SECONDS):
            for proof in proofs:
                assert asked("GET", me, proof).status_code == 401
            for stream in streams:
                assert stream.ended.wait(120), "a stream outlives its user"
