"""The rules of the API, enumerated over every route the server has."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec import inspect as shapes
from openapi_spec_validator import OpenAPIV31SpecValidator

from gurita.http.openapi import describe
from gurita.http.permissions import PUBLIC, SIGNED_IN, known
from gurita.http.routes import Route
from gurita.http.tree import Trees
from gurita.http.wire import Wire
from gurita.server.routes import ROUTES
from tests.unit.http.asking import ask, make_api

OPEN_TO_ALL = {
    "GET /api",
    "GET /api/gurita/agent/bootstrap",  # the fingerprint of a public key, and a port
    "GET /api/openapi.json",
    "WEBSOCKET /api/gurita/agent/carrier",  # an agent proves its key inside, as on the port for agents
    "GET /api/authentication",
    "POST /api/users/login",
    "POST /api/users/register",  # with the code of an invitation
    "GET /api/users/authenticate/{provider}",  # the way to another provider, and back from it
    "POST /api/users/authenticate/{provider}",
    "GET /api/users/authenticatedToken/{provider}",
    "POST /api/users/authenticate/guest",  # refused unless guests are let in
    "POST /api/authentication/checklogininitiated",  # always no
    "GET /api/serverstatus/health",
    "GET /api/octopusservernodes/ping",
}
"""Everything below /api that answers nobody in particular. A route is added here after thinking twice."""


def _name(route: Route) -> str:
    return f"{route.method} {route.public_path}"


def test_every_route_names_a_permission_that_exists() -> None:
    assert [_name(route) for route in ROUTES if not known(route.permission)] == []


def test_what_is_public_below_api_is_on_the_list() -> None:
    public = {_name(route) for route in ROUTES if route.permission == PUBLIC and route.level != "root"}
    assert public <= OPEN_TO_ALL


def test_no_two_routes_are_alike() -> None:
    Trees(ROUTES)


trees = Trees(ROUTES)
nobodys = make_api(ROUTES, nobody=True)


@pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.permission != PUBLIC and one.method != "WEBSOCKET"], ids=_name
)
def test_nobody_is_turned_away_before_anything_is_read(route: Route) -> None:
    path = route.public_path.replace("{spaceId}", "Spaces-1").replace("{", "").replace("}", "")
    assert ask(nobodys, route.method, path, b"not JSON").status == 401


def test_the_whole_description_is_valid_openapi() -> None:
    description: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(describe(ROUTES, "Gurita", "1")))
    OpenAPIV31SpecValidator(description).validate()
    ids = [one["operationId"] for path in description["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids))


def _structs(info: shapes.Type, found: dict[type, shapes.StructType]) -> None:
    if isinstance(info, shapes.StructType):
        if info.cls in found:
            return
        found[info.cls] = info
        for field in info.fields:
            _structs(field.type, found)
    for name in ("type", "item_type", "value_type"):
        if isinstance(inner := getattr(info, name, None), shapes.Type):
            _structs(inner, found)
    for inner in getattr(info, "types", ()):
        _structs(inner, found)


def test_every_shape_of_the_description_has_a_name_of_its_own() -> None:
    """Two of one name would be told apart by where their code lies, which clients' types would then follow."""
    shapes_of = describe(ROUTES, "Gurita", "1")["components"]["schemas"]
    assert [name for name in shapes_of if name.startswith("gurita.")] == []


def test_every_struct_of_every_body_forbids_unknown_members_since_any_case_rests_on_it() -> None:
    found: dict[type, shapes.StructType] = {}
    for route in ROUTES:
        for kind in (route.body, route.query):
            if kind not in (None, bytes):
                _structs(shapes.type_info(kind), found)
    assert len(found) > 20
    loose = [
        one.__qualname__
        for one, info in found.items()
        if not (issubclass(one, Wire) and info.forbid_unknown_fields)
    ]
    assert loose == []


def test_every_route_that_needs_only_a_sign_in_is_about_the_viewer_or_the_server() -> None:
    loose = {_name(route) for route in ROUTES if route.permission == SIGNED_IN and route.level == "space"}
    assert loose == {
        "GET /api/{spaceId}",
        "GET /api/{spaceId}/permissions/explain",  # about oneself; about others with TeamView
        "GET /api/{spaceId}/search",  # finds what the viewer may see of each kind
    }


@pytest.mark.parametrize("route", [one for one in ROUTES if one.level == "space"], ids=_name)
def test_every_route_of_a_space_is_found_in_all_four_forms_and_in_any_case(route: Route) -> None:
    values = [f"Value{number}" for number, _ in enumerate(route.names)]
    given = iter(values)
    rest = [next(given) if part.startswith("{") else part for part in route.path.split("/") if part]
    for before in (["api", "Spaces-2"], ["API", "SPACES", "Spaces-2"], ["api"]):
        if not rest and len(before) != 2:
            continue  # /api is the system's root; /api/spaces/S is the space itself as a resource
        for segments in (rest, [part if part in values else part.upper() for part in rest]):
            found = trees.find(route.method, [*before, *segments])
            assert found.route is route
            assert list(found.values) == values
            assert found.space == ("Spaces-2" if len(before) > 1 else None)
