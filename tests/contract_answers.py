"""What a filled server answers to every route that reads, each with the interface it must have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from starlette.responses import Response

from gurita.http.routes import Route
from gurita.server.routes import ROUTES
from tests.contract_table import TYPED, VALUES
from tests.contract_types import Answer

__all__ = ["Get", "answers", "paths", "reading", "shown"]

_MOST = 6

Get = Callable[[str], Any]


def shown(route: Route) -> str:
    """A route's name in the tables: its path as it stands in the description, below /api and the space."""
    return "/{spaceId}" if not route.path and route.level == "space" else route.path or "/"


def reading() -> list[Route]:
    """Every route that answers a GET with JSON."""
    return [
        one for one in ROUTES if one.method == "GET" and one.level not in {"root", "beside"} and _is_json(one)
    ]


def _is_json(route: Route) -> bool:
    raw = isinstance(route.returns, type) and issubclass(route.returns, Response)
    return not raw and route.media == "application/json"


def answers(get: Get, queries: Mapping[str, str]) -> Iterator[Answer]:
    """The answers of all routes in the table, at each thing the server has of a kind. `get` takes path and query.

    `queries` are those a route does not answer without. AssertionError when there is nothing to look at.
    """
    for route in reading():
        name = shown(route)
        if interface := TYPED.get(name):
            for path in paths(route, get):
                yield Answer(name, interface, get(path + queries.get(name, "")))


def paths(route: Route, get: Get, space: str = "Spaces-1") -> list[str]:
    """The route's path with every value of its parameters that the space has, a few of each. AssertionError if none."""
    inside = route.level == "space" or (route.level == "mixed" and space != "Spaces-1")
    found = [f"/api/{space}" if inside else "/api"]
    for segment in route.path.split("/")[1:]:
        if segment.startswith("{"):
            found = [
                f"{path}/{value}" for path in found for value in _values(route, path, segment, get, space)
            ]
            assert found, f"the filled space {space} has nothing to look at for {route.path}"
        else:
            found = [f"{path}/{segment}" for path in found]
    return found[:_MOST]


def _values(route: Route, path: str, segment: str, get: Get, space: str) -> list[str]:
    """What may stand for a parameter: ids from the list before it, or from where the table says."""
    place, member, shape = VALUES.get((route.path, segment), VALUES.get(("", segment), ("", "Id", "{}")))
    if not member:
        return [shape]
    if place.startswith("./"):
        place = path + place[1:]
    told = get(path if not place else place if place.startswith("/api/") else f"/api/{space}{place}")
    lists = [told] if isinstance(told, list) else [each for each in told.values() if isinstance(each, list)]
    assert lists, f"say in VALUES where {segment} of {route.path} comes from: {path} is no list"
    (items, *_) = lists
    return [shape.format(item[member]) for item in items[:_MOST]]
