"""What another site can make a browser do: write with somebody's session, show our pages in a frame, lead people away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import httpx2
import pytest

from gurita.http.permissions import PUBLIC
from gurita.http.routes import Route
from gurita.server.routes import ROUTES
from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server
from tests.functional.rooms import at_rest, tables

EVIL = "evil.example"
PUBLIC_URL = "https://deploy.example.org"
CHANGING = [one for one in ROUTES if one.method in {"POST", "PUT", "DELETE"}]
PLAIN = [one for one in ROUTES if one.method == "GET" and "{" not in one.public_path.replace("{spaceId}", "")]
_RESTLESS = {"sign_in", "engine_beat", "session"}


@dataclass
class Victim:
    """Somebody signed in with a browser: what it sends along by itself, and the token only our pages can read."""

    server: GuritaServer
    client: httpx2.Client
    token: str

    def send(self, method: str, path: str, **headers: str) -> httpx2.Response:
        """A request as a form of another site can make it, unless headers say otherwise."""
        return self.client.request(
            method, path, content=b'{"Name":"x"}', headers={"Content-Type": "text/plain", **headers}
        )


@pytest.fixture(scope="module", name="server")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuritaServer]:
    # Without a public address an index of packages, whose addresses must be whole, can only say the one it was asked at.
    with gurita_server(tmp_path_factory.mktemp("browser"), options=["--public-url", PUBLIC_URL]) as made:
        yield made


@pytest.fixture(name="victim")
def _victim(server: GuritaServer) -> Iterator[Victim]:
    with httpx2.Client(base_url=server.url, trust_env=False, timeout=120) as client:
        body = {"Username": "admin", "Password": PASSWORD}
        assert client.post("/api/users/login", json=body).status_code == 200
        token = next(
            value for name, value in client.cookies.items() if name.startswith("Octopus-Csrf-Token_")
        )
        yield Victim(server, client, token)


def path_of(route: Route) -> str:
    """The path with anything for its parameters."""
    return re.sub(r"{(\w+)}", r"\1", route.public_path.replace("{spaceId}", "Spaces-1"))


def test_no_write_is_taken_from_another_site_whatever_the_route(victim: Victim) -> None:
    before = at_rest(victim.server)
    ways: list[dict[str, str]] = [
        {},
        {"X-Octopus-Csrf-Token": ""},
        {"X-Octopus-Csrf-Token": "0" * len(victim.token)},
        {"X-Octopus-Csrf-Token": victim.token, "Origin": f"https://{EVIL}"},
        {"X-Octopus-Csrf-Token": victim.token, "Origin": "null"},
        {"X-Octopus-Csrf-Token": victim.token, "Origin": f"{victim.server.url}.{EVIL}"},
    ]
    wrong = []
    for route in CHANGING:
        if route.permission == PUBLIC:
            continue
        for headers in ways:
            answer = victim.send(route.method, path_of(route), **headers)
            if answer.status_code not in {401, 403} or "another site" not in answer.text:
                wrong.append(
                    f"{route.method} {route.public_path} {headers}: {answer.status_code} {answer.text[:120]}"
                )
        for override in ("PUT", "DELETE"):
            answer = victim.send("POST", path_of(route), **{"X-HTTP-Method-Override": override})
            if answer.status_code < 400:
                wrong.append(f"{override} by POST {route.public_path}: {answer.status_code}")
    assert wrong == [], "\n".join(wrong)
    after = tables(victim.server)
    assert [name for name in before if before[name] != after[name] and name not in _RESTLESS] == []


def test_signing_in_is_not_begun_by_another_site(victim: Victim) -> None:
    asked = 0
    for route in CHANGING:
        if route.permission == PUBLIC and route.level == "system" and "checklogininitiated" not in route.path:
            asked += 1
            answer = victim.send(route.method, path_of(route), Origin=f"https://{EVIL}")
            assert answer.status_code in {400, 403, 404}, (
                f"{route.public_path}: {answer.status_code} {answer.text}"
            )
    assert asked > 3


def test_nothing_is_changed_by_a_read(victim: Victim) -> None:
    before = at_rest(victim.server)
    for route in CHANGING:
        for method in ("GET", "HEAD"):
            victim.client.request(method, path_of(route), headers={"X-HTTP-Method-Override": route.method})
    after = tables(victim.server)
    assert [name for name in before if before[name] != after[name] and name not in _RESTLESS] == []


def answers(victim: Victim, **headers: str) -> Iterator[httpx2.Response]:
    """What all routes without parameters answer, pages, and refusals of every kind."""
    paths = [path_of(one) for one in PLAIN if "event-stream" not in one.media]
    others = [
        "/",
        "/app",
        "/api/nothing",
        "/nothing",
        "/api//x",
        "/api/users/nobody",
        "/api/environments?take=x",
    ]
    for path in dict.fromkeys([*paths, *others]):
        yield victim.client.get(path, headers=headers)
    yield victim.client.request("PATCH", "/api/users")
    yield victim.send("POST", "/api/Spaces-1/environments")
    yield httpx2.get(f"{victim.server.url}/api/users/me", headers=headers, trust_env=False, timeout=120)


def test_every_answer_keeps_browsers_from_framing_sniffing_and_storing_it(victim: Victim) -> None:
    seen = 0
    for answer in answers(victim):
        seen += 1
        found, where = (
            answer.headers,
            f"{answer.request.method} {answer.request.url.path} {answer.status_code}",
        )
        assert found["x-content-type-options"] == "nosniff", where
        assert found["x-frame-options"] == "DENY", where
        assert found["referrer-policy"] in {"same-origin", "no-referrer"}, where
        policy = found["content-security-policy"]
        assert "frame-ancestors 'none'" in policy and policy.startswith("default-src 'none'"), where
        assert "unsafe" not in policy and "*" not in policy and "http" not in policy, where
        assert "access-control-allow-origin" not in found, where
        if answer.status_code == 200 and found["content-type"] == "application/json":
            assert "no-store" in found["cache-control"] or "no-cache" in found["cache-control"], where
    assert seen > 60


def test_the_host_a_request_claims_is_in_no_answer(victim: Victim) -> None:
    claims = {"Host": EVIL, "X-Forwarded-Host": EVIL, "Forwarded": f"host={EVIL}", "X-Forwarded-Proto": "https",
              "X-Original-Host": EVIL, "X-Forwarded-Prefix": f"/{EVIL}"}  # fmt: skip
    for answer in answers(victim, **claims):
        where = f"{answer.request.method} {answer.request.url.path}"
        assert EVIL not in answer.text, where
        assert EVIL not in repr(answer.headers), where
        assert "strict-transport-security" not in answer.headers, where


def test_nobody_is_sent_to_another_server(victim: Victim) -> None:
    asked: list[str] = []
    for target in (
        f"//{EVIL}",
        f"https://{EVIL}",
        f"/\\{EVIL}",
        f"/%2f{EVIL}",
        f"/%0d%0aLocation:%20//{EVIL}",
        f"/{EVIL}/..//",
    ):
        asked += [target if target.startswith("/") else f"/{target}", f"/app/{target}", f"/api/{target}"]
        for name in ("returnUrl", "redirectTo", "ReturnUrl", "url", "next", "redirectAfterLoginTo"):
            asked += [f"/?{name}={target}", f"/app?{name}={target}", f"/api/users/authenticate/x?{name}={target}",
                      f"/api/users/authenticatedToken/x?{name}={target}&code=1&state=1"]  # fmt: skip
    seen: list[tuple[str, str]] = []
    for path in asked:
        status, headers = raw(victim.server, path)
        if 300 <= status < 400:
            seen.append((path, headers.get("location", "")))
    wrong = [
        (path, to)
        for path, to in seen
        if EVIL in to.partition("#")[0].partition("?")[0] or not re.match(r"/(?![/\\])", to)
    ]
    assert wrong == [] and seen


def raw(server: GuritaServer, path: str) -> tuple[int, dict[str, str]]:
    """A request whose path travels as it is written, and no redirect is followed."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
    try:
        connection.putrequest("GET", path, skip_host=False)
        connection.endheaders()
        answer: Any = connection.getresponse()
        answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()
