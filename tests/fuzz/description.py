"""Our OpenAPI description with the ids of a filled server in it, so that requests reach what is there."""

from __future__ import annotations

import contextlib
from typing import Any

from gurita.http.routes import Route
from tests.contract_answers import Get, paths
from tests.every_route import BELOW_API, name_of

__all__ = ["LEFT_OUT", "described"]

LEFT_OUT = {
    "POST /api/{spaceId}/tasks": "runs made-up scripts on this machine",
    "POST /api/users/login": "many wrong passwords close the door",
    "GET /api/tasks/{id}/log/events": "a stream without an end",
    "GET /api/{spaceId}/gurita/changes": "a stream without an end",
}
"""Routes that are not fuzzed, and why; the enumeration asks them all."""

_ONLY_MADE_UP = ("/users/", "/octopusservernodes/")
"""Places whose real things the fuzzer may not have: it would lock itself out, or drain the node."""


def described(get: Get) -> dict[str, Any]:
    """The description the server gives, less the routes left out, with what may stand in each path."""
    whole: dict[str, Any] = get("/api/openapi.json")
    for route in BELOW_API:
        name = name_of(route)
        method, _, path = name.partition(" ")
        inside = "/api/{spaceId}" + route.path
        for one in {path, inside} & whole["paths"].keys():
            operations = whole["paths"][one]
            if name in LEFT_OUT:
                operations.pop(method.lower(), None)
            elif method.lower() in operations:
                _fill(operations[method.lower()], route, get)
    whole["paths"] = {path: operations for path, operations in whole["paths"].items() if operations}
    return whole


def _fill(operation: dict[str, Any], route: Route, get: Get) -> None:
    known: dict[str, list[str]] = {"spaceId": ["Spaces-1"]}
    parts = route.path.split("/")
    for path in _known_paths(route, get):
        found = path.split("/")[-len(parts) + 1 :]
        for part, value in zip(parts[1:], found, strict=True):
            if part.startswith("{"):
                known.setdefault(part[1:-1], []).append(value)
    for parameter in operation["parameters"]:
        if parameter["in"] == "path" and (values := known.get(parameter["name"])):
            made_up = [{"type": "string", "minLength": 1}] if parameter["name"] != "spaceId" else []
            parameter["schema"] = {"anyOf": [{"enum": sorted(set(values))}, *made_up]}


def _known_paths(route: Route, get: Get) -> list[str]:
    """Paths to what is there; none where there is nothing of the kind, so that all of them are made up."""
    if not route.names or route.path.startswith(_ONLY_MADE_UP):
        return []
    with contextlib.suppress(AssertionError):
        return paths(route, get)
    return []
