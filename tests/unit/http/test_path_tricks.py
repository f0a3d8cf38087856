"""No way of writing a path reaches a route without its proof of who asks, or reaches another route than it names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from gurita.http.api import Api
from gurita.http.context import NOBODY
from gurita.http.permissions import PUBLIC, SIGNED_IN, Inside
from gurita.http.routes import Route
from gurita.server.routes import ROUTES
from tests.unit.http.asking import Answer, asked, make_api

GUARDED = [one for one in ROUTES if one.permission != PUBLIC and one.method != "WEBSOCKET"]
OPEN = "/api/serverstatus/health"
"""A public route, whose path others try to pass for."""


def tricks(path: str) -> Iterator[str]:
    """A path written in ways that other servers were taken in by."""
    head, _, last = path.rpartition("/")
    first = last[:1] or "x"
    yield from (
        path.replace("/", "//"),
        f"/{path}",
        f"//{path.lstrip('/')}",
        f"{path}//",
        path.replace("/", "/./"),
    )
    yield from (
        f"{path}/.",
        f"{path}/..",
        f"{path}/../{last}",
        f"{head}/x/../{last}",
        f"{OPEN}/../../..{path}",
    )
    yield from (
        f"{OPEN}/..%2f..%2f..{path}",
        f"{OPEN}/%2e%2e/%2E%2e/%2e.{path}",
        f"{OPEN};/../..{path}",
        f"{OPEN}%00{path}",
    )
    yield from (
        f"{path};",
        f"{path};x=1",
        f"{head};x=1/{last}",
        f"{path};.js",
        f"{path}/;/",
        f"{path}%3b",
        f"{path}%3Bx",
    )
    yield from (
        f"{path}.",
        f"{path}..",
        f"{path}%2e",
        f"{path}.json",
        f"{path}.css",
        f"{path}%20",
        f"{path}+",
        f"{path}%09",
        f"{path}%00",
    )
    yield from (
        f"{path}%00.css",
        f"{path}%0a",
        f"{path}%0d%0aX-Octopus-ApiKey:%20x",
        f"{path}\\",
        path.replace("/", "\\"),
        path.replace("/", "%5c"),
    )
    yield from (
        f"{head}%2f{last}",
        path.replace("/", "%2f"),
        path.replace("/", "%252f"),
        f"{head}/%{ord(first):02x}{last[1:]}",
    )
    yield from (
        f"{head}/%25{ord(first):02x}{last[1:]}",
        f"{path}%c0%af",
        f"{path}/%ef%bc%8f",
        f"{path}?{OPEN}",
        f"{path}%3f{OPEN}",
        f"{path}%23",
    )
    yield from (
        f"http://gurita.test{path}",
        f"{path}/index.html",
        f"{path}/favicon.ico",
        f"/public{path}",
        path.upper(),
        path.swapcase(),
    )


METHODS: list[tuple[str, dict[str, str]]] = [
    ("HEAD", {}), ("OPTIONS", {}), ("TRACE", {}), ("CONNECT", {}), ("PROPFIND", {}), ("get", {}), ("GET ", {}),
    ("POST", {"X-HTTP-Method-Override": "GET"}), ("POST", {"X-HTTP-Method": "DELETE"}), ("POST", {"X-Method-Override": "PUT"}),
    ("GET", {"X-HTTP-Method-Override": "DELETE"}), ("GET", {"X-Original-URL": OPEN}), ("GET", {"X-Rewrite-URL": OPEN}),
    ("GET", {"X-Forwarded-Prefix": OPEN}), ("POST", {"X-HTTP-Method-Override": "DELETE, GET"}),
]  # fmt: skip


def filled(route: Route) -> str:
    """The path with a value for each parameter."""
    return route.public_path.replace("{spaceId}", "Spaces-1").replace("{", "").replace("}", "")


def watched(viewer: Any) -> tuple[Api, list[str]]:
    """All routes, each with a handler that only notes that it was reached."""
    reached: list[str] = []

    def noting(route: Route) -> Any:
        async def handler(*_given: object, **_named: object) -> dict[str, str]:
            reached.append(f"{route.method} {route.public_path}")
            return {}

        return handler

    routes = [
        replace(one, handler=noting(one), body=None, query=None) for one in ROUTES if one.permission != PUBLIC
    ]
    return make_api(routes, viewer, nobody=viewer is None), reached


def _enters(route: Route) -> bool:
    """Whether everybody who is signed in reaches the handler."""
    return route.permission == SIGNED_IN or isinstance(route.permission, Inside)


@pytest.mark.parametrize("viewer", [None, NOBODY], ids=["nobody", "somebody who may nothing"])
def test_no_trick_with_a_path_reaches_a_guarded_route(viewer: Any) -> None:
    api, reached = watched(viewer)
    # What only takes a sign-in is there for everybody who is signed in; and some handlers ask for the permission themselves.
    routes = [one for one in GUARDED if viewer is None or not _enters(one)]
    own = {f"{one.method} {one.public_path}" for one in routes}

    async def ask_all() -> list[tuple[str, Answer]]:
        requests = [
            (method, target, headers)
            for route in routes
            for method, target, headers in (
                *((route.method, target, {}) for target in tricks(filled(route))),
                *((method, filled(route), headers) for method, headers in METHODS),
            )
        ]
        return [
            (f"{method} {target} {headers}", await asked(api, method, target, headers=headers))
            for method, target, headers in requests
        ]

    told = asyncio.run(ask_all())
    assert [one for one in reached if one in own] == []
    assert [what for what, answer in told if answer.status not in {400, 401, 403, 404, 405, 200, 204}] == []
    good = [what for what, answer in told if answer.status in {200, 204}]
    assert viewer is not None or good == []
    assert len(told) > 15_000
