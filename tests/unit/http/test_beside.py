"""Routes beside /api: of a space all the same, and with a question for name and password."""

from __future__ import annotations

import base64

import pytest
from starlette.requests import Request

from gurita.access.authentication import _presented
from gurita.http.api import Call
from gurita.http.context import Services
from gurita.http.routes import Routes
from tests.unit.http.asking import ask, make_api

beside, space = Routes("beside"), Routes("space")


@beside.get("/nuget/{what}", permission="FeedView")
async def read(call: Call, what: str) -> dict[str, str]:
    return {"Space": call.space, "What": what}


@space.get("/things", permission="FeedView")
async def things(call: Call) -> dict[str, str]:
    return {"Space": call.space}


APP = make_api([*beside.items, *space.items])


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/nuget/x", "Spaces-1"),
        ("/NuGet/x/", "Spaces-1"),
        ("/Spaces-2/nuget/x", "Spaces-2"),
        ("/second%20space/nuget/x", "Spaces-2"),
    ],
)
def test_a_space_comes_first_or_is_the_default_one(path: str, found: str) -> None:
    assert ask(APP, "GET", path).json["Space"] == found


def test_what_is_not_there_is_refused_as_everywhere() -> None:
    assert ask(APP, "GET", "/Spaces-9/nuget/x").status == 404
    assert ask(APP, "GET", "/api/Spaces-1/nuget/x").status == 404
    assert ask(APP, "DELETE", "/Spaces-1/nuget/x").status == 405
    assert ask(APP, "GET", "/Spaces-1/things").status == 404


def test_only_there_a_password_is_asked_for() -> None:
    nobody = make_api([*beside.items, *space.items], nobody=True)
    asked = ask(nobody, "GET", "/nuget/x")
    assert (asked.status, asked.headers["www-authenticate"]) == (401, 'Basic realm="Gurita", charset="UTF-8"')
    other = ask(nobody, "GET", "/api/things")
    assert (other.status, other.headers.get("www-authenticate")) == (401, None)


class _Settings:
    prefix = "/octopus"


@pytest.mark.parametrize(
    ("path", "password", "found"),
    [
        ("/nuget/packages", "somebody:API-1", [("key", "API-1")]),
        ("/octopus/Spaces-1/NuGet/v3/index.json", ":API-1", [("key", "API-1")]),
        ("/api/nuget/packages", "somebody:API-1", []),
        ("/octopus/api/nuget/packages", "somebody:API-1", []),
        ("/api/Spaces-1/projects", "somebody:API-1", []),
        ("/nuget/packages", "no colon", []),
    ],
)
def test_a_password_is_a_key_below_nuget_alone(
    path: str, password: str, found: list[tuple[str, str]]
) -> None:
    basic = base64.b64encode(password.encode())
    scope = {
        "type": "http",
        "path": path,
        "query_string": b"",
        "headers": [(b"authorization", b"Basic " + basic)],
    }
    services = Services(settings=_Settings())
    assert list(_presented(Request(scope), services)) == found
    scope["headers"] = [(b"authorization", b"Basic !!")]
    assert not list(_presented(Request(scope), services))
